package record

import (
	"encoding/binary"
	"errors"
)

// sampleTable is where every sample of one track is and how long it lasts. A
// whole file has it in its head, so that players know length and key frames at
// once. A player of fragments does not: Chromium and ffmpeg take the end of a
// track that begins late for its length, and add the beginning (measured: 17 s
// for a 12 s file whose picture begins at 5 s).
//
// It takes about 9 bytes for each sample: 3 MB for an hour of sound and picture.
type sampleTable struct {
	first  int64 // ticks of the first sample
	last   int64 // of the newest
	sizes  []uint32
	lasts  []uint32 // ticks; of the newest as its fragment says
	keys   []uint32 // numbers of key frames, from 1
	chunks []chunk
}

// chunk is the samples of one fragment.
type chunk struct {
	offset int64 // from the first segment's first byte
	count  int
}

var errFragment = errors.New("not a fragment of this recorder")

// mark remembers the tables; what it returns takes them back to that.
func mark(tables *[2]*sampleTable) (back func()) {
	var old [2]sampleTable
	var newest [2]uint32
	for i, t := range tables {
		if old[i] = *t; len(t.lasts) > 0 {
			newest[i] = t.lasts[len(t.lasts)-1]
		}
	}
	return func() {
		for i, t := range tables {
			if *t = old[i]; len(t.lasts) > 0 {
				t.lasts[len(t.lasts)-1] = newest[i]
			}
		}
	}
}

// readFragment adds the samples of one moof and mdat, which lie at an offset.
// It reads only what appendFragment writes.
func readFragment(b []byte, offset int64, tables *[2]*sampleTable) error {
	moof, rest, ok := cutBox(b, "moof")
	if !ok {
		return errFragment
	}
	mdat, rest, ok := cutBox(rest, "mdat")
	if !ok || len(rest) > 0 {
		return errFragment
	}
	dataAt := len(b) - len(mdat)
	_, trafs, ok := cutBox(moof, "mfhd")
	if !ok || len(trafs) == 0 {
		return errFragment
	}
	for len(trafs) > 0 {
		var traf []byte
		if traf, trafs, ok = cutBox(trafs, "traf"); !ok {
			return errFragment
		}
		tfhd, traf, ok1 := cutBox(traf, "tfhd")
		tfdt, traf, ok2 := cutBox(traf, "tfdt")
		trun, traf, ok3 := cutBox(traf, "trun")
		if !ok1 || !ok2 || !ok3 || len(traf) > 0 || len(tfhd) != 8 || len(tfdt) != 12 || len(trun) < 12 {
			return errFragment
		}
		id, at := binary.BigEndian.Uint32(tfhd[4:]), binary.BigEndian.Uint64(tfdt[4:])
		count, data := binary.BigEndian.Uint32(trun[4:]), int(int32(binary.BigEndian.Uint32(trun[8:])))
		if id != 1 && id != 2 || at > 1<<48 || binary.BigEndian.Uint32(trun) != 0x701 || count == 0 ||
			uint64(len(trun)) != 12+12*uint64(count) || data != dataAt {
			return errFragment
		}
		n, err := tables[id-1].add(int64(at), trun[12:], offset+int64(data))
		if err != nil || n > int64(len(b)-dataAt) {
			return errFragment
		}
		dataAt += int(n)
	}
	if dataAt != len(b) {
		return errFragment
	}
	return nil
}

// cutBox takes the first box, which must have the given name.
func cutBox(b []byte, name string) (content, rest []byte, ok bool) {
	if len(b) < 8 || string(b[4:8]) != name {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if n < 8 || uint64(n) > uint64(len(b)) {
		return nil, nil, false
	}
	return b[8:n], b[n:], true
}

// add appends the samples of one run and returns the bytes they take.
func (t *sampleTable) add(at int64, run []byte, offset int64) (int64, error) {
	if n := len(t.lasts); n == 0 {
		t.first = at
	} else {
		if at <= t.last || at-t.last > 1<<32-1 {
			return 0, errFragment
		}
		t.lasts[n-1] = uint32(at - t.last)
	}
	t.chunks = append(t.chunks, chunk{offset, len(run) / 12})
	bytes := int64(0)
	for ; len(run) > 0; run = run[12:] {
		dur, size, flags := binary.BigEndian.Uint32(run), binary.BigEndian.Uint32(run[4:]), binary.BigEndian.Uint32(run[8:])
		if dur == 0 || size == 0 {
			return 0, errFragment
		}
		t.last = at
		at += int64(dur)
		bytes += int64(size)
		t.sizes, t.lasts = append(t.sizes, size), append(t.lasts, dur)
		if flags == sampleSync {
			t.keys = append(t.keys, uint32(len(t.sizes)))
		}
	}
	return bytes, nil
}

// length of the track in its own ticks, from its first sample on.
func (t *sampleTable) length() uint64 {
	if t == nil {
		return 0
	}
	return uint64(t.last-t.first) + uint64(t.lasts[len(t.lasts)-1])
}

// movieTime is when the track ends in the movie's clock.
func (t *sampleTable) movieTime(c Codec) uint64 {
	if t == nil {
		return 0
	}
	return uint64(scale(t.first+int64(t.length()), c.rate(), mp4Scale))
}

// edits lets a track begin later than the file (§8.6.6).
func (t *sampleTable) edits(b []byte, c Codec) []byte {
	if t == nil || t.first == 0 {
		return b
	}
	late := uint64(scale(t.first, c.rate(), mp4Scale))
	return box(b, "edts", func(b []byte) []byte {
		return full(b, "elst", 1, 0, func(b []byte) []byte {
			b = u32(b, 2)
			b = u32(u64(u64(b, late), 1<<64-1), 0x10000)
			return u32(u64(u64(b, t.movieTime(c)-late), 0), 0x10000)
		})
	})
}

// boxes are the tables themselves (§8.6, §8.7), empty for fragments.
func (t *sampleTable) boxes(b []byte, video bool) []byte {
	none := func(b []byte) []byte { return u32(b, 0) }
	if t == nil {
		b = full(b, "stts", 0, 0, none)
		b = full(b, "stsc", 0, 0, none)
		b = full(b, "stsz", 0, 0, func(b []byte) []byte { return zero(b, 8) })
		return full(b, "stco", 0, 0, none)
	}
	b = full(b, "stts", 0, 0, func(b []byte) []byte {
		return runs(b, len(t.lasts), func(i int) uint32 { return t.lasts[i] }, func(b []byte, first, n int) []byte {
			return u32(u32(b, uint32(n)), t.lasts[first])
		})
	})
	if video {
		b = full(b, "stss", 0, 0, func(b []byte) []byte {
			b = u32(b, uint32(len(t.keys)))
			for _, k := range t.keys {
				b = u32(b, k)
			}
			return b
		})
	}
	b = full(b, "stsc", 0, 0, func(b []byte) []byte {
		return runs(b, len(t.chunks), func(i int) uint32 { return uint32(t.chunks[i].count) }, func(b []byte, first, _ int) []byte {
			return u32(u32(u32(b, uint32(first)+1), uint32(t.chunks[first].count)), 1)
		})
	})
	b = full(b, "stsz", 0, 0, func(b []byte) []byte {
		b = u32(u32(b, 0), uint32(len(t.sizes)))
		for _, s := range t.sizes {
			b = u32(b, s)
		}
		return b
	})
	return full(b, "co64", 0, 0, func(b []byte) []byte {
		b = u32(b, uint32(len(t.chunks)))
		for _, c := range t.chunks {
			b = u64(b, uint64(c.offset))
		}
		return b
	})
}

// runs writes a count and one entry for each stretch of equal values.
func runs(b []byte, n int, value func(int) uint32, entry func(b []byte, first, n int) []byte) []byte {
	at, count := len(b), uint32(0)
	b = u32(b, 0)
	for first := 0; first < n; {
		end := first + 1
		for end < n && value(end) == value(first) {
			end++
		}
		b = entry(b, first, end-first)
		count++
		first = end
	}
	binary.BigEndian.PutUint32(b[at:], count)
	return b
}
