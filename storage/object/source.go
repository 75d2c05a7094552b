package object

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"tongban/hub"
)

// source reads a file on its way into the store: it hashes and counts, and it
// withholds the end of a file that is not what was announced. Since a server
// publishes only a complete body, such a file is never seen by anyone.
//
// It is read by one goroutine at a time; a loan guards the hand-over.
type source struct {
	r    io.Reader
	hash hash.Hash
	n    int64      // bytes so far
	size int64      // announced, or -1
	max  int64      // limit, or 0
	want hub.Digest // announced, or ""
	err  error      // sticky; io.EOF after a good end
}

func newSource(r io.Reader, opt PutOptions) *source {
	return &source{r: r, hash: sha256.New(), size: opt.Size, max: opt.Max, want: opt.Want}
}

// Read returns io.EOF only after a file that is as announced.
func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	s.hash.Write(p[:n])
	s.err = s.judge(err)
	if s.err != nil && s.err != io.EOF { //nolint:errorlint // Read's contract is the bare value
		return 0, s.err // the rest is withheld
	}
	return n, s.err
}

// judge says what the bytes so far amount to, given the reader's own verdict.
func (s *source) judge(err error) error {
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return cut(err)
	case s.max > 0 && s.n > s.max:
		return hub.E(hub.TooLarge, "the file is larger than %d bytes", s.max)
	case s.size >= 0 && s.n > s.size:
		return hub.E(hub.BadRequest, "the file is longer than the %d bytes announced", s.size)
	case err != nil && s.n < s.size:
		return hub.E(hub.UploadTruncated, "%d of %d bytes arrived", s.n, s.size)
	case err != nil:
		return s.end()
	case s.n == s.size:
		return s.atSize()
	}
	return nil
}

// cut gives a broken stream its code; a coded error of the caller stays.
func cut(err error) error {
	if _, ok := errors.AsType[*hub.Error](err); ok {
		return err
	}
	return hub.Wrap(hub.UploadTruncated, err, "the upload broke off")
}

// atSize looks one byte past the announced size, so that the last block is
// only handed on when the whole file is known to be good.
func (s *source) atSize() error {
	var extra [1]byte
	for {
		n, err := s.r.Read(extra[:])
		if n > 0 {
			s.n++
			return s.judge(nil)
		}
		if errors.Is(err, io.EOF) {
			return s.end()
		}
		if err != nil {
			return cut(err)
		}
	}
}

// end is io.EOF for a file with the announced digest.
func (s *source) end() error {
	if got := s.digest(); s.want != "" && got != s.want {
		return hub.E(hub.DigestMismatch, "announced %s, received %s", s.want, got)
	}
	return io.EOF
}

// finish reads what is left and reports whether the file was good.
func (s *source) finish() error {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return err
	}
	return nil
}

// failure is the reason the source gave for stopping short, or nil.
func (s *source) failure() error {
	if s.err == nil || errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

// digest is the digest of everything read; the file's after a good end.
func (s *source) digest() hub.Digest {
	return hub.Digest("sha256:" + hex.EncodeToString(s.hash.Sum(nil)))
}
