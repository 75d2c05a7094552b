package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// The limits of a bundle's small files, which are read into memory.
const (
	maxManifest  = 64 << 20
	maxSignature = 4 << 10
	maxSmall     = 16 << 20  // one file
	maxSmallAll  = 256 << 20 // all of them
)

// reader walks through a bundle from its first byte to its last. What it has
// passed is exactly what the writer would have written.
type reader struct {
	container
	r       io.ReaderAt
	size    int64
	offset  int64
	entries []entry
	inSmall int64
}

// read fills b from the current place without moving on.
func (r *reader) read(item string, b []byte, at int64) error {
	if at+int64(len(b)) > r.size || at+int64(len(b)) < at {
		return wrong(item, "the bundle ends before it does")
	}
	switch n, err := r.r.ReadAt(b, at); {
	case n == len(b):
		return nil
	case errors.Is(err, io.EOF):
		return wrong(item, "the bundle ends before it does")
	default:
		return fmt.Errorf("read the bundle: %w", err)
	}
}

// headerSize reads the size that a small file's own record says; for the two
// files of the manifest there is nothing else to know it from.
func (r *reader) headerSize(name string, most int64) (int64, error) {
	var h [localFixed]byte
	if err := r.read(name, h[:], r.offset); err != nil {
		return 0, err
	}
	if le.Uint32(h[:]) != sigLocal {
		return 0, wrong(name, "is not where it must be; this is not a Tongban bundle")
	}
	size := int64(le.Uint32(h[22:]))
	if size > most {
		return 0, wrong(name, "has more than %d bytes", most)
	}
	return size, nil
}

// small reads a file into memory. With a digest it must have that digest.
func (r *reader) small(name string, size int64, digest string) ([]byte, error) {
	if r.inSmall += size; size > maxManifest || r.inSmall > maxSmallAll {
		return nil, wrong(name, "the bundle's records are too big")
	}
	e := entry{name: name, size: uint64(size), offset: uint64(r.offset)}
	head := len(r.local(e))
	if r.offset+int64(head)+size > r.size {
		return nil, wrong(name, "the bundle ends before it does")
	}
	b := make([]byte, head+int(size))
	if err := r.read(name, b, r.offset); err != nil {
		return nil, err
	}
	content := b[head:]
	e.crc = crc32.ChecksumIEEE(content)
	if sum := sha256.Sum256(content); digest != "" && hex.EncodeToString(sum[:]) != digest {
		return nil, wrong(name, "does not have the digest that the manifest says")
	}
	if !bytes.Equal(b[:head], r.local(e)) {
		return nil, wrong(name, "its record in the ZIP does not fit its name and content")
	}
	r.offset += int64(len(b))
	r.entries = append(r.entries, e)
	return content, nil
}

// stream checks a file that is not needed in memory.
func (r *reader) stream(ctx context.Context, name string, size int64, digest string, buf []byte) error {
	e := entry{name: name, size: uint64(size), offset: uint64(r.offset), streamed: true}
	head := make([]byte, len(r.local(e)))
	if err := r.read(name, head, r.offset); err != nil {
		return err
	}
	if !bytes.Equal(head, r.local(e)) {
		return wrong(name, "its record in the ZIP does not fit its name and size")
	}
	start := r.offset + int64(len(head))
	h := sha256.New()
	for done := int64(0); done < size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := buf[:min(int64(len(buf)), size-done)]
		if err := r.read(name, part, start+done); err != nil {
			return err
		}
		h.Write(part)
		e.crc = crc32.Update(e.crc, crc32.IEEETable, part)
		done += int64(len(part))
	}
	if hex.EncodeToString(h.Sum(nil)) != digest {
		return wrong(name, "does not have the digest that the manifest says")
	}
	tail := make([]byte, len(r.descriptor(e)))
	if err := r.read(name, tail, start+size); err != nil {
		return err
	}
	if !bytes.Equal(tail, r.descriptor(e)) {
		return wrong(name, "its record in the ZIP does not fit its content")
	}
	r.offset = start + size + int64(len(tail))
	r.entries = append(r.entries, e)
	return nil
}

// end checks that nothing but the directory of these files follows.
func (r *reader) end() error {
	want := r.directory(r.entries, uint64(r.offset))
	if r.size-r.offset != int64(len(want)) {
		return wrong("ZIP", "has %d bytes after the last file where its directory has %d", r.size-r.offset, len(want))
	}
	got := make([]byte, len(want))
	if err := r.read("ZIP", got, r.offset); err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return wrong("ZIP", "its directory does not fit its files")
	}
	return nil
}
