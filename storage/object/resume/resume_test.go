package resume_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
	"tongban/storage/object"
	"tongban/storage/object/resume"
)

const part = object.PartSize

func TestRefusesWhatIsWrongAndKeepsNothing(t *testing.T) {
	w := newWorld(t, 1)
	content := pdf(1000)
	id := w.create(content, false)
	const octets = "application/offset+octet-stream"
	for _, c := range []struct {
		name, method, id, body string
		header                 []string
		status                 int
		code                   hub.Code
	}{
		{"no version", "POST", "", "", []string{"Tus-Resumable", "", "Upload-Length", "5"}, 412, hub.BadRequest},
		{"another version", "POST", "", "", []string{"Tus-Resumable", "0.2.2", "Upload-Length", "5"}, 412, hub.BadRequest},
		{"no length", "POST", "", "", nil, 499, hub.BadRequest},
		{"length that is none", "POST", "", "", []string{"Upload-Length", "many"}, 499, hub.BadRequest},
		{"length below nothing", "POST", "", "", []string{"Upload-Length", "-1"}, 499, hub.BadRequest},
		{"length told later", "POST", "", "", []string{"Upload-Defer-Length", "1"}, 400, hub.BadRequest},
		{"no bytes", "POST", "", "", []string{"Upload-Length", "0"}, 499, hub.Invalid},
		{"too large", "POST", "", "", []string{"Upload-Length", fmt.Sprint(64<<20 + 1)}, 499, hub.TooLarge},
		{"digest of another kind", "POST", "", "", []string{"Upload-Length", "5", "Upload-Metadata", "digest bWQ1OmFi"}, 499, hub.Invalid},
		{"metadata that is none", "POST", "", "", []string{"Upload-Length", "5", "Upload-Metadata", "digest ###"}, 499, hub.BadRequest},
		{"digest twice", "POST", "", "", []string{"Upload-Length", "5", "Upload-Metadata", "digest YQ==,digest YQ=="}, 499, hub.BadRequest},
		{"wrong type at once", "POST", "", "MZ no pdf at all", []string{"Upload-Length", "16", "Content-Type", octets}, 499, hub.WrongType},
		{"delete in disguise", "POST", id, "", []string{"X-HTTP-Method-Override", "DELETE"}, 405, hub.BadRequest},
		{"unknown", "HEAD", strings.Repeat("0", 32), "", nil, 499, hub.NotFound},
		{"another agency's offset", "HEAD", id, "", []string{"Who", "registry"}, 499, hub.NotFound},
		{"another agency's bytes", "PATCH", id, "x", []string{"Who", "registry", "Upload-Offset", "0"}, 499, hub.NotFound},
		{"another agency's end", "DELETE", id, "", []string{"Who", "registry"}, 499, hub.NotFound},
		{"id with a path in it", "HEAD", "..%2Ftmp", "", nil, 499, hub.NotFound},
		{"reading", "GET", id, "", nil, 405, hub.BadRequest},
		{"no offset", "PATCH", id, "x", nil, 499, hub.BadRequest},
		{"offset ahead", "PATCH", id, "x", []string{"Upload-Offset", "7"}, 499, hub.Conflict},
		{"offset below nothing", "PATCH", id, "x", []string{"Upload-Offset", "-1"}, 499, hub.BadRequest},
		{"another content type", "PATCH", id, "x", []string{"Upload-Offset", "0", "Content-Type", "text/plain"}, 499, hub.BadRequest},
		{"more than announced", "PATCH", id, strings.Repeat("x", 1001), []string{"Upload-Offset", "0"}, 499, hub.TooLarge},
		{"piece of another version", "PATCH", id, "x", []string{"Upload-Offset", "0", "Tus-Resumable", "2.0.0"}, 412, hub.BadRequest},
	} {
		a := w.send(0, c.method, c.id, strings.NewReader(c.body), c.header...)
		if a.status != c.status || a.code != c.code || a.text != "" {
			t.Errorf("%s: %d %s %q %s", c.name, a.status, a.code, a.text, a.header.Get("Text"))
		}
	}
	if at := w.offset(0, id); at != 0 {
		t.Errorf("refused requests left %d bytes", at)
	}
	if n := w.leftovers(); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

func TestSaysWhatItCan(t *testing.T) {
	w := newWorld(t, 1)
	a := w.send(0, http.MethodOptions, "", nil, "Tus-Resumable", "")
	h := a.header
	if a.status != 200 || h.Get("Tus-Version") != "1.0.0" || h.Get("Tus-Max-Size") != fmt.Sprint(64<<20) ||
		h.Get("Tus-Extension") != "creation,creation-with-upload,termination,expiration" || h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", a.status, h)
	}
}

// Every size around the limits of parts and of what a type is told from, in
// one piece and in several, announced or not.
func TestKeepsWhatPutWouldKeep(t *testing.T) {
	w := newWorld(t, 1)
	for _, size := range []int{10, 3071, 3072, 3073, part - 1, part, part + 1, 2 * part, 2*part + 77} {
		for _, announce := range []bool{true, false} {
			for _, pieces := range []int{1, 2, 5} {
				content := pdf(size)
				id := w.create(content, announce)
				for i := range pieces {
					from, to := size*i/pieces, size*(i+1)/pieces
					a := w.patch(0, id, content, from, to)
					if a.status != 204 || a.header.Get("Upload-Offset") != fmt.Sprint(to) || a.header.Get("Upload-Expires") == "" {
						t.Fatalf("%d bytes, announced %t, piece %d of %d: %+v", size, announce, i, pieces, a)
					}
					if last := a.header.Get("Repr-Digest") != ""; last != (i == pieces-1) {
						t.Errorf("%d bytes, piece %d of %d: digest told %t", size, i, pieces, last)
					}
				}
				w.kept(content)
				if at := w.offset(0, id); at != size {
					t.Errorf("%d bytes: at %d afterwards", size, at)
				}
			}
		}
	}
	if n := w.leftovers(); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

func TestCreationMayBringAllBytes(t *testing.T) {
	w := newWorld(t, 1)
	content := pdf(part + 5)
	a := w.send(0, http.MethodPost, "", bytes.NewReader(content), "Upload-Length", fmt.Sprint(len(content)),
		"Content-Type", "application/offset+octet-stream", "Upload-Metadata", digestMeta(hub.SHA256(content)))
	if a.status != 201 || a.header.Get("Upload-Offset") != fmt.Sprint(len(content)) || a.header.Get("Repr-Digest") == "" {
		t.Fatalf("%+v", a)
	}
	w.kept(content)
	head := w.send(0, http.MethodHead, a.header.Get("Location"), nil)
	if meta := head.header.Get("Upload-Metadata"); strings.Contains(meta, "filename") || !strings.Contains(meta, "digest") {
		t.Errorf("metadata %q: names of files are not kept, the digest is", meta)
	}
}

func TestOtherBytesThanAnnouncedLeaveNothing(t *testing.T) {
	w := newWorld(t, 1)
	for _, size := range []int{500, part + 500} {
		content := pdf(size)
		id := w.create(content, true)
		other := bytes.Clone(content)
		other[size-1] ^= 1
		if a := w.patch(0, id, other, 0, size); a.code != hub.DigestMismatch {
			t.Errorf("%d bytes: %+v", size, a)
		}
		w.absent(hub.SHA256(other))
		w.absent(hub.SHA256(content))
		if a := w.send(0, http.MethodHead, id, nil); a.code != hub.NotFound {
			t.Errorf("%d bytes: still there: %+v", size, a)
		}
	}
	if n := w.leftovers(); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

// A program is refused while most of it has not been sent.
func TestTheWrongTypeIsRefusedAfterTheFirstBytes(t *testing.T) {
	w := newWorld(t, 1)
	for _, size := range []int{3000, 40 << 20} {
		content := pdf(size)
		copy(content, "\x7fELF")
		id := w.create(content, false)
		r := &counting{r: bytes.NewReader(content)}
		a, err := w.try(0, http.MethodPatch, id, struct{ io.Reader }{r}, "Upload-Offset", "0")
		if err == nil && a.code != hub.WrongType {
			t.Errorf("%d bytes: %+v", size, a)
		}
		if size > part && r.n.Load() > part*2 {
			t.Errorf("%d of %d bytes were taken", r.n.Load(), size)
		}
		if a := w.send(0, http.MethodHead, id, nil); a.code != hub.NotFound {
			t.Errorf("%d bytes: still there: %+v", size, a)
		}
	}
}

type counting struct {
	r io.Reader
	n atomic.Int64 // the transport may read on after the answer
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// Cut again and again at random places: what was told to be safe stays, and
// nobody asks for it again.
func TestACutConnectionLosesNoSafeByte(t *testing.T) {
	w := newWorld(t, 2)
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	content := pdf(4*part + 12345)
	id := w.create(content, true)
	at, sent := 0, 0
	for cuts := 0; at < len(content); cuts++ {
		to := min(len(content), at+1+r.IntN(2*part))
		body := io.Reader(bytes.NewReader(content[at:to]))
		if cut := to < len(content) && r.IntN(3) > 0; cut {
			body = broken{body}
		}
		_, _ = w.try(cuts%2, http.MethodPatch, id, struct{ io.Reader }{body}, "Upload-Offset", fmt.Sprint(at))
		now := w.offset((cuts+1)%2, id) // of the other node
		// A request that was cut may be heard after the question where to go on.
		if sent = max(sent, to); now < at || now > sent {
			t.Fatalf("safe were %d bytes, sent %d, now %d", at, sent, now)
		}
		at = now
	}
	w.kept(content)
	if n := w.leftovers(); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

func TestAnEndRemovesWhatArrived(t *testing.T) {
	w := newWorld(t, 1)
	for _, size := range []int{100, part + 100} {
		content := pdf(size)
		id := w.create(content, false)
		w.patch(0, id, content, 0, size-1)
		if a := w.send(0, http.MethodDelete, id, nil); a.status != 204 {
			t.Fatalf("%+v", a)
		}
		if a := w.send(0, http.MethodHead, id, nil); a.code != hub.NotFound {
			t.Errorf("still there: %+v", a)
		}
	}
	if n := w.leftovers(); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

func TestAnAbandonedUploadEnds(t *testing.T) {
	w := newWorld(t, 1)
	content := pdf(part + 100)
	id, small := w.create(content, false), w.create(content[:200], false)
	w.patch(0, id, content, 0, len(content)-1)
	w.patch(0, small, content, 0, 200)
	if n, err := w.nodes[0].Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("too early: %d %v", n, err)
	}
	w.later(20 * time.Hour)
	if a := w.send(0, http.MethodHead, id, nil); a.code != hub.NotFound {
		t.Errorf("its time is over: %+v", a)
	}
	if n, err := w.nodes[0].Sweep(t.Context()); n != 2 || err != nil {
		t.Errorf("ended %d, %v", n, err)
	}
	if n := w.leftovers(); n != 0 {
		t.Errorf("%d objects are left", n)
	}
	w.kept(content[:200]) // a whole file stays
}

func TestOpenUploadsAreLimited(t *testing.T) {
	w := newWorld(t, 1)
	for range 6 {
		w.create(pdf(10), false)
	}
	if a := w.send(0, http.MethodPost, "", nil, "Upload-Length", "10"); a.code != hub.RateLimited {
		t.Errorf("a seventh: %+v", a)
	}
	if a := w.send(0, http.MethodPost, "", nil, "Upload-Length", "10", "Who", "registry"); a.status != 201 {
		t.Errorf("another agency: %+v", a)
	}
}

func FuzzMetadata(f *testing.F) {
	for _, s := range []string{"", "a", "a YQ==", "a YQ==,b", "digest c2hh, filename 5byg", " ,", "a  b", "a YQ", "\x00 YQ=="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, h string) {
		meta, err := resume.ParseMetadata(h)
		if err != nil && hub.ErrorCode(err) != hub.BadRequest {
			t.Errorf("%q: %v", h, err)
		}
		for k := range meta {
			if k == "" || strings.ContainsAny(k, " ,") {
				t.Errorf("%q: key %q", h, k)
			}
		}
	})
}
