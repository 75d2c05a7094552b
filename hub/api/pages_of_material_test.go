package api

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/material"
	"tongban/storage/object"
)

// pictures is the object store of a site for the preparation of materials.
type pictures struct{ *object.Store }

func (p pictures) Put(ctx context.Context, in io.Reader, size int64, want hub.Digest) error {
	_, err := p.Store.Put(ctx, in, object.PutOptions{Size: size, Want: want})
	return err
}

// withPages is a site whose files are prepared for review.
func withPages(t *testing.T) (*site, *material.Worker) {
	t.Helper()
	s := newSite(t)
	w, err := material.New(material.Config{
		Jobs: s.db.Preparations(), Files: pictures{s.objects}, Dir: t.TempDir(), Poll: 5 * time.Millisecond, Retry: time.Millisecond,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Preparer = w
	s.server.cfg.CheckContent = func(ctx context.Context, f hub.File) error {
		_, err := w.Check(ctx, f.Digest, "")
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { w.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return s, w
}

func photo(t *testing.T) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 2000, 3000))
	for i := range m.Pix {
		m.Pix[i] = byte(200 + i%50)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withPhoto is a case with one photo in it, and the address of the photo's pages.
func (s *site) withPhoto(key string, content []byte) (path, pages string) {
	s.t.Helper()
	path = s.received(key)
	d := s.upload("clerk", content)
	a := s.must(201, s.cmd("clerk", path+"/materials", key+"-m", map[string]any{"slot": "certificate", "digest": d, "name": "张三丰的证书.jpg", "seen_original": true}))
	var added struct{ Material string }
	a.into(s.t, &added)
	return path, path + "/materials/" + added.Material + "/pages"
}

// prepared polls until a material is no longer waiting.
func (s *site) prepared(pages string) pagesView {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		var v pagesView
		s.must(200, s.do("clerk", "GET", pages, nil, nil)).into(s.t, &v)
		if v.State != hub.PrepWaiting {
			return v
		}
	}
	s.t.Fatal("the material was never prepared")
	return pagesView{}
}

func TestPagesOfAMaterial(t *testing.T) {
	s, _ := withPages(t)
	path, pages := s.withPhoto("pages", photo(t))
	v := s.prepared(pages)
	if v.State != hub.PrepDone || v.Scan != hub.ScanNotConfigured || v.Type != "image/jpeg" || len(v.Pages) != 1 || !v.Pages[0].Full || v.Pages[0].Height != 1600 {
		t.Fatalf("%+v", v)
	}
	oneLine := written4{accesses: 1}
	get := func(name, who, address string, status int, code string, writes written4) scenario {
		return scenario{name: name, who: who, method: "GET", path: address, status: status, code: code, writes: writes}
	}
	s.run([]scenario{
		get("list by nobody", "", pages, 401, "unauthenticated", written4{}),
		get("list by another agency", "stranger", pages, 404, "not_found", written4{}),
		get("list by an agency that does not have it yet", "first", pages, 404, "not_found", written4{}),
		get("list without the right", "nobody", pages, 404, "not_found", written4{}),
		get("list of no material", "clerk", path+"/materials/none/pages", 404, "not_found", written4{}),
		get("list of no case", "clerk", noSuchCase+"/materials/none/pages", 404, "not_found", written4{}),
		get("page by nobody", "", pages+"/1", 401, "unauthenticated", written4{}),
		get("page by another agency", "stranger", pages+"/1?size=thumb", 404, "not_found", written4{}),
		get("page of no material", "clerk", path+"/materials/none/pages/1", 404, "not_found", written4{}),
		get("no page", "clerk", pages+"/0", 422, "invalid", written4{}),
		get("a page behind the last", "clerk", pages+"/2", 404, "not_found", oneLine),
		get("another size", "clerk", pages+"/1?size=poster", 422, "invalid", written4{}),
		get("thumb", "clerk", pages+"/1?size=thumb", 200, "", oneLine),
		get("page", "clerk", pages+"/1", 200, "", oneLine),
		get("list", "clerk", pages, 200, "", written4{}),
	})
	for size, height := range map[string]int{"thumb": 400, "page": 1600, "full": 3000} {
		a := s.must(200, s.do("clerk", "GET", pages+"/1?size="+size, nil, map[string]string{"Access-Purpose": "check"}))
		c, err := jpeg.DecodeConfig(bytes.NewReader(a.body))
		if err != nil || c.Height != height || a.header.Get("Content-Type") != "image/jpeg" || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %v %v %v", size, c, err, a.header)
		}
	}
	if a := s.do("audit", "GET", path+"/access", nil, nil); !strings.Contains(a.text(), `"what":"page"`) || !strings.Contains(a.text(), "/1/thumb") {
		t.Errorf("the readings are not recorded: %s", a.body)
	}
}

func TestWhatIsInQuarantineIsForNobody(t *testing.T) {
	s, _ := withPages(t)
	s.Preparer = quarantine{s.Preparer}
	path, pages := s.withPhoto("quarantine", photo(t))
	oneLine := written4{accesses: 1}
	s.run([]scenario{
		{name: "the file", who: "clerk", method: "GET", path: strings.TrimSuffix(pages, "pages") + "content", status: 403, code: "quarantined", writes: oneLine},
		{name: "a page", who: "clerk", method: "GET", path: pages + "/1", status: 403, code: "quarantined", writes: oneLine},
		{name: "what is known of it", who: "clerk", method: "GET", path: pages, status: 200},
	})
	if a := s.do("audit", "GET", path+"/access", nil, nil); !strings.Contains(a.text(), `"what":"material"`) {
		t.Errorf("the attempt is not recorded: %s", a.body)
	}
}

// quarantine stands for a scanner that has found something.
type quarantine struct{ hub.Preparer }

func (quarantine) Readable(context.Context, hub.File) error {
	return hub.E(hub.Quarantined, "the virus scanner found something in this file")
}

// What may not become a material is refused while the clerk still stands at
// the scanner, in both languages and with its reason.
func TestUploadsAreLookedInto(t *testing.T) {
	s, _ := withPages(t)
	locked := []byte("%PDF-1.7\n1 0 obj\n<< /Type /Page >>\nendobj\ntrailer << /Encrypt 2 0 R >>\n%%EOF\n")
	script := []byte("%PDF-1.7\n1 0 obj\n<< /Type /Page /AA << /S /JavaScript >> >>\nendobj\n%%EOF\n")
	for _, c := range []struct {
		body               []byte
		code, reason, text string
		lang               string
	}{
		{locked, "encrypted", "password", "密码", "zh-CN"},
		{script, "unsafe_content", "script", "脚本", "zh-CN"},
		{script, "unsafe_content", "script", "active content", "en"},
		{photo(t)[:900], "unsafe_content", "truncated", "ends before", "en"},
	} {
		a := s.do("clerk", "PUT", "/api/v1/uploads", c.body, map[string]string{"Repr-Digest": digestHeader(c.body), "Accept-Language": c.lang})
		if a.status != 422 || a.code() != c.code || !strings.Contains(a.text(), `"code":"`+c.reason+`"`) || !strings.Contains(a.text(), c.text) {
			t.Errorf("%s: %d %s", c.reason, a.status, a.body)
		}
		if _, err := s.Uploads.Upload(t.Context(), "440305.window", hub.SHA256(c.body)); hub.ErrorCode(err) != hub.NotFound {
			t.Errorf("%s: may become a material: %v", c.reason, err)
		}
	}
}
