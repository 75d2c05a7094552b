package resume_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
	"tongban/storage/object/resume"
)

// faults lets one of the writes fail, before or after it is done: what a crash
// or a lost answer at that point leaves.
type faults struct {
	resume.Records
	hub.Uploads
	at    int64 // which write fails, from 1
	done  bool  // whether it is done all the same
	calls atomic.Int64
}

var errFault = hub.E(hub.Unavailable, "the answer was lost")

func (f *faults) write(do func() error) error {
	if f.calls.Add(1) != f.at {
		return do()
	}
	if f.done {
		_ = do()
	}
	return errFault
}

func (f *faults) Save(ctx context.Context, u hub.OpenUpload, from int64) error {
	return f.write(func() error { return f.Records.Save(ctx, u, from) })
}

func (f *faults) SaveUpload(ctx context.Context, u hub.Upload) error {
	return f.write(func() error { return f.Uploads.SaveUpload(ctx, u) })
}

// One write after the other fails, on the way of an upload of several parts and
// on that of a small one; the client asks where to go on, and goes on.
func TestAnyWriteMayFailOnce(t *testing.T) {
	for _, size := range []int{1000, 2*part + 100} {
		for _, announce := range []bool{true, false} {
			for _, done := range []bool{true, false} {
				for at := int64(1); ; at++ {
					f := &faults{at: at, done: done}
					w := newWorld(t, 1, func(c *resume.Config) {
						f.Records, f.Uploads = c.Records, c.Uploads
						c.Records, c.Uploads = f, f
					})
					w.goOn(fmt.Sprintf("%d bytes, announced %t, write %d fails, done %t", size, announce, at, done), pdf(size), announce)
					if f.calls.Load() < at {
						break
					}
				}
			}
		}
	}
}

// goOn uploads as a client does, whatever happens on the way.
func (w *world) goOn(name string, content []byte, announce bool) {
	w.t.Helper()
	id := w.create(content, announce)
	safe := 0
	for try := 0; ; try++ {
		a := w.send(0, http.MethodHead, id, nil)
		if a.status != 200 {
			if try > 5 {
				w.t.Fatalf("%s: %+v", name, a)
			}
			continue
		}
		at := 0
		_, _ = fmt.Sscan(a.header.Get("Upload-Offset"), &at)
		if at < safe {
			w.t.Fatalf("%s: %d bytes were safe, now %d", name, safe, at)
		}
		if safe = at; at == len(content) {
			if a.header.Get("Repr-Digest") == "" {
				w.t.Errorf("%s: whole and not finished", name)
			}
			break
		}
		w.patch(0, id, content, at, max(at+1, len(content)*3/4*(1-try%2)+len(content)*(try%2)))
	}
	w.kept(content)
}

// Two writers from one offset, on two nodes: bytes of at most one count, and
// the file comes out right.
func TestOfTwoWritersOneWins(t *testing.T) {
	w := newWorld(t, 2)
	content := pdf(3*part + 7)
	id := w.create(content, true)
	for at := 0; at < len(content); at = w.offset(0, id) {
		var wg sync.WaitGroup
		var won atomic.Int64
		to := min(len(content), at+part+1000)
		for node := range 2 {
			wg.Go(func() {
				a, err := w.try(node, http.MethodPatch, id, strings.NewReader(string(content[at:to])), "Upload-Offset", fmt.Sprint(at))
				switch {
				case err == nil && a.status == 204:
					won.Add(1)
				case err == nil && a.code != hub.Conflict && a.code != hub.UploadTruncated:
					t.Errorf("%+v", a)
				}
			})
		}
		wg.Wait()
		if won.Load() > 1 {
			t.Errorf("%d writers were told that they went on from %d", won.Load(), at)
		}
	}
	w.kept(content)
}

// A request that stands still in its middle gives way to the next one, and what
// it brought stays.
func TestAStalledRequestIsTakenOver(t *testing.T) {
	w := newWorld(t, 2, func(c *resume.Config) { c.Stall = time.Minute })
	content := pdf(part + 9000)
	id := w.create(content, true)
	r, pipe := io.Pipe()
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _ = w.try(0, http.MethodPatch, id, r, "Upload-Offset", "0")
	}()
	if _, err := pipe.Write(content[:part+4000]); err != nil {
		t.Fatal(err)
	}
	at := 0
	for end := time.Now().Add(20 * time.Second); at < part && time.Now().Before(end); {
		at = w.offset(1, id)
	}
	if at < part || at > part+4000 {
		t.Fatalf("the other node hears of %d bytes", at)
	}
	if a := w.patch(1, id, content, at, len(content)); a.status != 204 {
		t.Fatalf("%+v", a)
	}
	pipe.Close()
	<-over
	w.kept(content)
}

// A node that dies while it holds an upload is given up after a while; a part
// that it still sends has a number that nobody else uses.
func TestADeadNodeIsGivenUp(t *testing.T) {
	w := newWorld(t, 1)
	content := pdf(2*part + 5)
	id := w.create(content, true)
	w.patch(0, id, content, 0, part+10)
	now := w.clock()
	if _, err := w.db.OpenUploads().Take(t.Context(), id, "dead", now, now.Add(500*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if at := w.offset(0, id); at != part+10 {
		t.Errorf("%d bytes", at)
	}
	u, err := w.db.OpenUploads().Read(t.Context(), id)
	if err != nil || u.Next != 3 || u.Parts[0].Number != 1 {
		t.Errorf("%+v %v", u, err)
	}
	if a := w.patch(0, id, content, part+10, len(content)); a.status != 204 {
		t.Fatalf("%+v", a)
	}
	w.kept(content)
}
