package evidence

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// entry is one file in the container.
type entry struct {
	name   string // ASCII
	size   uint64
	crc    uint32
	offset uint64 // of its local header
	// streamed files are written before their checksum is known; it follows them.
	streamed bool
}

// container writes the records around the files (PKWARE APPNOTE 6.3.10). The
// same bytes are written and, when verifying, expected.
type container struct {
	limit uint64 // from here on the 64-bit forms are used; 2³²−1 except in tests
}

const (
	zipLimit   = 1<<32 - 1
	dosDate    = 0x21 // 1 January 1980: a bundle does not depend on when it was written
	flagStream = 1 << 3

	sigLocal      = 0x04034b50
	sigDescriptor = 0x08074b50
	sigCentral    = 0x02014b50
	sigEnd64      = 0x06064b50
	sigLocator64  = 0x07064b50
	sigEnd        = 0x06054b50

	localFixed = 30 // bytes of a local header before the name
)

var le = binary.LittleEndian

// version is what a reader must support: 2.0, or 4.5 for the 64-bit forms.
func version(big bool) uint16 {
	if big {
		return 45
	}
	return 20
}

func (c container) big(v uint64) bool { return v >= c.limit }

// clip is the value in a 32-bit field, which all ones replaces when it is too big.
func (c container) clip(v uint64) uint32 {
	if c.big(v) {
		return 1<<32 - 1
	}
	return uint32(v)
}

// local is the record before a file.
func (c container) local(e entry) []byte {
	flags, crc, size, extra := uint16(0), e.crc, c.clip(e.size), []byte(nil)
	if c.big(e.size) {
		extra = le.AppendUint16(extra, 1)
		extra = le.AppendUint16(extra, 16)
		extra = le.AppendUint64(extra, 0)
		extra = le.AppendUint64(extra, 0)
	}
	if e.streamed {
		flags, crc = flagStream, 0
		if extra == nil {
			size = 0
		}
	}
	b := le.AppendUint32(nil, sigLocal)
	b = le.AppendUint16(b, version(extra != nil))
	b = le.AppendUint16(b, flags)
	b = le.AppendUint16(b, 0) // stored
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, dosDate)
	b = le.AppendUint32(b, crc)
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(e.name)))
	b = le.AppendUint16(b, uint16(len(extra)))
	return append(append(b, e.name...), extra...)
}

// descriptor is the record after a streamed file; empty for others.
func (c container) descriptor(e entry) []byte {
	if !e.streamed {
		return nil
	}
	b := le.AppendUint32(nil, sigDescriptor)
	b = le.AppendUint32(b, e.crc)
	if c.big(e.size) {
		return le.AppendUint64(le.AppendUint64(b, e.size), e.size)
	}
	return le.AppendUint32(le.AppendUint32(b, uint32(e.size)), uint32(e.size))
}

// central is a file's line in the directory at the end.
func (c container) central(e entry) []byte {
	var wide []byte
	if c.big(e.size) {
		wide = le.AppendUint64(le.AppendUint64(wide, e.size), e.size)
	}
	if c.big(e.offset) {
		wide = le.AppendUint64(wide, e.offset)
	}
	var extra []byte
	if wide != nil {
		extra = le.AppendUint16(le.AppendUint16(extra, 1), uint16(len(wide)))
		extra = append(extra, wide...)
	}
	flags := uint16(0)
	if e.streamed {
		flags = flagStream
	}
	b := le.AppendUint32(nil, sigCentral)
	b = le.AppendUint16(b, version(extra != nil))
	b = le.AppendUint16(b, version(extra != nil))
	b = le.AppendUint16(b, flags)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, dosDate)
	b = le.AppendUint32(b, e.crc)
	b = le.AppendUint32(b, c.clip(e.size))
	b = le.AppendUint32(b, c.clip(e.size))
	b = le.AppendUint16(b, uint16(len(e.name)))
	b = le.AppendUint16(b, uint16(len(extra)))
	b = append(b, make([]byte, 10)...) // no comment, disk 0, no attributes
	b = le.AppendUint32(b, c.clip(e.offset))
	return append(append(b, e.name...), extra...)
}

// directory is everything after the last file, which ends at offset.
func (c container) directory(entries []entry, offset uint64) []byte {
	var b []byte
	for _, e := range entries {
		b = append(b, c.central(e)...)
	}
	n, size := uint64(len(entries)), uint64(len(b))
	count := uint16(n)
	if n >= 1<<16-1 || c.big(size) || c.big(offset) {
		b = le.AppendUint32(b, sigEnd64)
		b = le.AppendUint64(b, 44) // bytes of this record after here
		b = le.AppendUint16(b, version(true))
		b = le.AppendUint16(b, version(true))
		b = append(b, make([]byte, 8)...) // disk 0
		for _, v := range []uint64{n, n, size, offset} {
			b = le.AppendUint64(b, v)
		}
		b = le.AppendUint32(b, sigLocator64)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, offset+size)
		b = le.AppendUint32(b, 1)
		count = 1<<16 - 1
	}
	b = le.AppendUint32(b, sigEnd)
	b = le.AppendUint32(b, 0) // disk 0
	b = le.AppendUint16(b, count)
	b = le.AppendUint16(b, count)
	b = le.AppendUint32(b, c.clip(size))
	b = le.AppendUint32(b, c.clip(offset))
	return le.AppendUint16(b, 0) // no comment
}

// containerWriter writes files one after the other.
type containerWriter struct {
	container
	w       io.Writer
	offset  uint64
	entries []entry
}

func newContainerWriter(w io.Writer) *containerWriter {
	return &containerWriter{container: container{zipLimit}, w: w}
}

// add writes a small file.
func (w *containerWriter) add(name string, content []byte) error {
	e := entry{name: name, size: uint64(len(content)), crc: crc32.ChecksumIEEE(content), offset: w.offset}
	w.entries = append(w.entries, e)
	if err := w.write(w.local(e)); err != nil {
		return err
	}
	return w.write(content)
}

// stream writes a file of a known size from r, which must hold exactly that.
func (w *containerWriter) stream(name string, size int64, r io.Reader) error {
	e := entry{name: name, size: uint64(size), offset: w.offset, streamed: true}
	if err := w.write(w.local(e)); err != nil {
		return err
	}
	crc := crc32.NewIEEE()
	n, err := io.CopyBuffer(io.MultiWriter(w.w, crc), onlyReader{io.LimitReader(r, size+1)}, make([]byte, 256<<10))
	w.offset += uint64(n)
	if err != nil {
		return err
	}
	if n != size {
		return fmt.Errorf("has %d bytes or more, not %d", n, size)
	}
	e.crc = crc.Sum32()
	w.entries = append(w.entries, e)
	return w.write(w.descriptor(e))
}

// onlyReader keeps io.CopyBuffer to its buffer.
type onlyReader struct{ io.Reader }

// close writes the directory. It does not close the writer below.
func (w *containerWriter) close() error {
	return w.write(w.directory(w.entries, w.offset))
}

func (w *containerWriter) write(b []byte) error {
	n, err := w.w.Write(b)
	w.offset += uint64(n)
	return err
}
