package record

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// A segment object is a head and, after it, one or more fragments. The head is
// a box that players skip (MP4 "uuid", WebM Void), so that segments can be
// joined byte by byte. It holds a digest of itself and the fragments, and the
// digest of the whole segment before it: a segment proves itself and its order.

const (
	headVersion = 1
	maxHead     = 256 << 10 // bytes
	maxDigest   = 64
	maxFragment = 16 << 20 // bytes
	maxMedia    = 64 << 20 // bytes of one segment's fragments
)

// headUUID marks our box in an MP4.
var headUUID = [16]byte{0x6c, 0x1d, 0x8a, 0x52, 0x3e, 0x0b, 0x4f, 0x97, 0xa1, 0x4c, 0xd2, 0x67, 0x90, 0xe5, 0x2b, 0x38}

// Segment is one stored segment, as the caller puts it into the chain.
type Segment struct {
	Lane     Lane
	Index    int // 1, 2, … for each lane; a number that a crash has lost is not used again
	Key      string
	Digest   []byte // of the whole object
	Size     int64
	From, To time.Time // hub's clock, milliseconds
	Gaps     []Gap
}

// head is the JSON of a segment. The stored form is the contract; see
// docs/recording.md.
type head struct {
	Version   int            `json:"v"`
	Index     int            `json:"n"`
	Lane      string         `json:"lane"`
	Container Container      `json:"container"`
	Start     time.Time      `json:"start"` // hub's time of position 0
	From      int64          `json:"from_ms"`
	To        int64          `json:"to_ms"`
	Hash      string         `json:"hash"`
	PrevIndex int            `json:"prev_n"` // 0 for the first
	Prev      string         `json:"prev"`   // hex; "" for the first
	Tracks    []trackLine    `json:"tracks,omitempty"`
	Fragments []fragmentLine `json:"fragments,omitempty"`
	Gaps      []gapLine      `json:"gaps,omitempty"`
	Clocks    []clockLine    `json:"clocks,omitempty"`
}

type trackLine struct {
	ID      uint32       `json:"id"`
	Kind    string       `json:"kind"`
	Codec   string       `json:"codec"`
	Frames  int          `json:"frames"`
	Bytes   int          `json:"bytes"`
	From    int64        `json:"from_ms"`
	To      int64        `json:"to_ms"`
	Configs []configLine `json:"configs,omitempty"` // of the key frames in it
}

type configLine struct {
	Width  int    `json:"width"`
	Height int    `json:"height"`
	SPS    string `json:"sps,omitempty"` // base64
	PPS    string `json:"pps,omitempty"`
}

// fragmentLine is the index of one fragment; Offset counts from the head's end.
type fragmentLine struct {
	Offset int   `json:"off"`
	Size   int   `json:"size"`
	From   int64 `json:"from_ms"`
	To     int64 `json:"to_ms"`
	Key    bool  `json:"key,omitempty"` // its first picture is a key frame
	Video  int64 `json:"video"`         // first time in ticks, -1: none
	Audio  int64 `json:"audio"`
}

type gapLine struct {
	Kind    string    `json:"kind"` // "all" for every track
	From    int64     `json:"from_ms"`
	To      int64     `json:"to_ms"`
	Reason  GapReason `json:"reason"`
	Packets int       `json:"packets,omitempty"`
}

// clockLine says that a source's RTP time was taken for a moment of the hub's
// clock, because a sender report (or, for want of one, the arrival) said so.
type clockLine struct {
	Kind   string    `json:"kind"`
	SSRC   uint32    `json:"ssrc"`
	RTP    uint32    `json:"rtp"`
	Wall   time.Time `json:"wall"`
	Sender time.Time `json:"sender,omitzero"` // the report's own time
	By     string    `json:"by"`              // "report", "arrival"
}

func (t *trackLine) count(s *stream, fs []mediaFrame) {
	rate := s.codec.rate()
	last := fs[len(fs)-1]
	if t.Frames == 0 {
		t.From = millis(scale(fs[0].at, rate, nanosecond))
	}
	t.ID, t.Kind, t.Codec = s.kind.trackID(), s.kind.String(), s.codec.String()
	t.Frames += len(fs)
	t.To = millis(scale(last.at+last.dur, rate, nanosecond))
	for _, f := range fs {
		t.Bytes += len(f.data)
		if c := f.config; c != nil {
			b64 := base64.StdEncoding.EncodeToString
			line := configLine{Width: c.width, Height: c.height, SPS: b64(c.sps), PPS: b64(c.pps)}
			if !slices.Contains(t.Configs, line) && len(t.Configs) < 16 {
				t.Configs = append(t.Configs, line)
			}
		}
	}
}

// draft is a segment that has no number yet.
type draft struct {
	lane    Lane
	head    head
	media   []byte
	initKey string // an init object to be stored before, "" for none
	init    []byte
}

func (l *lane) draft(end int64) *draft {
	d := &draft{lane: l.name, media: l.body, head: head{
		Version: headVersion, Lane: l.name.String(), Container: l.container,
		Start: time.Unix(0, l.zero).UTC(), From: millis(l.from), To: millis(end),
		Hash: l.cfg.Hash.Name, Fragments: l.frags, Clocks: l.clocks,
	}}
	var told [2]string
	var tracks []initTrack
	for slot, s := range l.streams {
		if s == nil {
			continue
		}
		if s.line.Frames > 0 {
			d.head.Tracks = append(d.head.Tracks, s.line)
		}
		s.line = trackLine{}
		if s.placed && (slot == 1 || s.config != nil) {
			told[slot] = s.codec.String()
			tracks = append(tracks, s.initTrack())
		}
	}
	for _, g := range l.gaps {
		line := gapLine{Kind: g.kind.String(), From: millis(g.from), To: millis(g.to), Reason: g.reason, Packets: g.packets}
		if g.all {
			line.Kind = "all"
		}
		d.head.Gaps = append(d.head.Gaps, line)
	}
	if told != l.told && len(tracks) > 0 {
		l.told = told
		d.initKey = fmt.Sprintf("%s/%s/init-%d%s", l.cfg.Prefix, l.name, l.inits, l.container.suffix())
		l.inits++
		if l.container == WebM {
			d.init = webmInit(tracks, d.head.Start)
		} else {
			d.init = mp4Init(tracks, d.head.Start)
		}
	}
	return d
}

// seal gives the draft its number and makes the object.
func (d *draft) seal(n, prevN int, prev []byte, h Hash) ([]byte, error) {
	d.head.Index, d.head.PrevIndex, d.head.Prev = n, prevN, hex.EncodeToString(prev)
	js, err := json.Marshal(d.head)
	if err != nil {
		return nil, err
	}
	w := h.New()
	w.Write(js)
	w.Write(d.media)
	return append(appendHead(make([]byte, 0, len(js)+len(d.media)+128), d.head.Container, w.Sum(nil), js), d.media...), nil
}

func appendHead(b []byte, c Container, digest, js []byte) []byte {
	n := 1 + len(digest) + len(js)
	if c == WebM {
		b = append(b, 0xec)
		b = ebmlSize8(b, n)
	} else {
		b = binary.BigEndian.AppendUint32(b, uint32(n+24))
		b = append(b, "uuid"...)
		b = append(b, headUUID[:]...)
	}
	b = append(b, byte(len(digest)))
	b = append(b, digest...)
	return append(b, js...)
}

// rawHead is the head of a segment as it was read.
type rawHead struct {
	head
	digest []byte
	json   []byte
	bytes  []byte // all of it, as stored
}

// readHead reads the head of a segment and leaves r at its first fragment.
// Errors: ReasonCorrupt.
func readHead(r io.Reader, key string) (*rawHead, error) {
	bad := func(err error) error { return fail(ReasonCorrupt, key, err) }
	pre := make([]byte, 24, 1024)
	if _, err := io.ReadFull(r, pre[:9]); err != nil {
		return nil, bad(err)
	}
	var n int
	container := MP4
	if pre[0] == 0xec && pre[1] == 0x01 {
		container = WebM
		pre = pre[:9]
		n = int(binary.BigEndian.Uint64(pre[1:]) & (1<<56 - 1))
	} else {
		if _, err := io.ReadFull(r, pre[9:]); err != nil {
			return nil, bad(err)
		}
		if string(pre[4:8]) != "uuid" || !bytes.Equal(pre[8:], headUUID[:]) {
			return nil, bad(errors.New("no head"))
		}
		n = int(binary.BigEndian.Uint32(pre)) - 24
	}
	if n < 2 || n > maxHead {
		return nil, bad(errors.New("head too large"))
	}
	all := append(pre, make([]byte, n)...)
	body := all[len(pre):]
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, bad(err)
	}
	d := int(body[0])
	if d == 0 || d > maxDigest || d+1 > n {
		return nil, bad(errors.New("digest length"))
	}
	h := &rawHead{digest: body[1 : 1+d], json: body[1+d:], bytes: all}
	if err := strictJSON(bytes.NewReader(h.json), &h.head); err != nil {
		return nil, bad(err)
	}
	if h.Container != container {
		return nil, bad(errors.New("container"))
	}
	if err := h.check(); err != nil {
		return nil, bad(err)
	}
	return h, nil
}

func strictJSON(r io.Reader, v any) error {
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// check refuses what no recorder writes.
func (h *head) check() error {
	const century = int64(100 * 366 * 24 * time.Hour / time.Millisecond)
	_, known := laneByName(h.Lane)
	switch {
	case h.Version != headVersion:
		return fmt.Errorf("version %d", h.Version)
	case h.Index < 1 || h.PrevIndex < 0 || h.PrevIndex >= h.Index || (h.PrevIndex == 0) != (h.Prev == ""):
		return errors.New("numbers")
	case !known || h.Container != MP4 && h.Container != WebM:
		return errors.New("lane or container")
	case h.From < 0 || h.To < h.From || h.To > century:
		return errors.New("times")
	}
	next := 0
	for _, f := range h.Fragments {
		if f.Offset != next || f.Size < 1 || f.Size > maxFragment || next+f.Size > maxMedia || f.From < 0 || f.To < f.From || f.To > century ||
			f.Video < -1 || f.Audio < -1 || f.Video > century*90 || f.Audio > century*90 {
			return errors.New("fragments")
		}
		next += f.Size
	}
	for _, t := range h.Tracks {
		if t.ID != 1 && t.ID != 2 || t.Frames < 1 || t.Bytes < 0 {
			return errors.New("tracks")
		}
	}
	return nil
}

// mediaSize is the length of the fragments by the index.
func (h *head) mediaSize() int64 {
	n := int64(0)
	for _, f := range h.Fragments {
		n += int64(f.Size)
	}
	return n
}

// segment is what the caller is told of a stored segment.
func (h *head) segment(lane Lane, key string, digest []byte, size int64) Segment {
	at := func(ms int64) time.Time { return h.Start.Add(time.Duration(ms) * time.Millisecond) }
	s := Segment{Lane: lane, Index: h.Index, Key: key, Digest: digest, Size: size, From: at(h.From), To: at(h.To)}
	for _, g := range h.Gaps {
		gap := Gap{All: g.Kind == "all", From: at(g.From), To: at(g.To), Reason: g.Reason, Packets: g.Packets}
		if i := slices.Index(kindNames[:], g.Kind); i >= 0 {
			gap.Kind = Kind(i)
		}
		s.Gaps = append(s.Gaps, gap)
	}
	return s
}
