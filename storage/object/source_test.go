package object

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"tongban/hub"
)

// However the bytes arrive, a good file is read whole, and of a file that is
// not as announced the end is withheld.
func TestASourceWithholdsTheEndOfAWrongFile(t *testing.T) {
	b := bytes.Repeat([]byte("材料"), 5000)
	n, d := int64(len(b)), hub.SHA256(b)
	arrivals := map[string]func(io.Reader) io.Reader{
		"at once":            func(r io.Reader) io.Reader { return r },
		"byte by byte":       iotest.OneByteReader,
		"by halves":          iotest.HalfReader,
		"with the last byte": iotest.DataErrReader,
	}
	for name, arrive := range arrivals {
		t.Run(name, func(t *testing.T) {
			for _, opt := range []PutOptions{{Size: n, Want: d}, {Size: n}, {Size: -1, Want: d}, {Size: -1, Max: n}} {
				if err := iotest.TestReader(newSource(arrive(bytes.NewReader(b)), opt), b); err != nil {
					t.Errorf("%+v: %v", opt, err)
				}
			}
			for code, opt := range map[hub.Code]PutOptions{
				hub.DigestMismatch:  {Size: n, Want: hub.SHA256(nil)},
				hub.UploadTruncated: {Size: n + 1},
				hub.BadRequest:      {Size: n - 1},
				hub.TooLarge:        {Size: -1, Max: n - 1},
			} {
				src := newSource(arrive(bytes.NewReader(b)), opt)
				got, err := io.Copy(io.Discard, src)
				if hub.ErrorCode(err) != code {
					t.Errorf("%+v: %v, want %s", opt, err, code)
				}
				if opt.Size == n && got >= n {
					t.Errorf("%+v: all %d bytes were handed on", opt, got)
				}
				if _, again := src.Read(make([]byte, 1)); !errors.Is(again, err) {
					t.Errorf("%+v: after %v, %v", opt, err, again)
				}
			}
		})
	}
}

func TestARevokedLoanReadsNothing(t *testing.T) {
	l := &loan{r: bytes.NewReader([]byte("x"))}
	l.revoke()
	if n, err := l.Read(make([]byte, 1)); n != 0 || !errors.Is(err, errRevoked) {
		t.Errorf("read %d, %v", n, err)
	}
}
