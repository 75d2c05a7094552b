package api

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tongban/hub"
)

func TestUploadsRefuseWhatIsWrongAndKeepNothing(t *testing.T) {
	s := newSite(t)
	put := func(name, who string, body []byte, digest string, status int, code string) scenario {
		x := scenario{
			name: name, who: who, method: "PUT", path: "/api/v1/uploads", body: body, status: status, code: code,
			header: map[string]string{"Repr-Digest": digest, "Content-Type": "application/pdf"},
		}
		if status == 201 {
			x.writes = written4{uploads: 1, objects: 1}
			x.has = []string{`"size":` + fmt.Sprint(len(body)), `"type":"application/pdf"`, string(hub.SHA256(body))}
		}
		return x
	}
	big := append([]byte("%PDF-1.7"), make([]byte, 9<<20)...)
	s.run([]scenario{
		put("nobody", "", pdf, digestHeader(pdf), 401, "unauthenticated"),
		put("system admin", "admin", pdf, digestHeader(pdf), 403, "forbidden"),
		put("no digest", "clerk", pdf, "", 422, "invalid"),
		put("digest of another kind", "clerk", pdf, "sha-512=:AAAA:", 400, "bad_request"),
		put("digest in hex", "clerk", pdf, "sha-256=:"+hub.SHA256(pdf).Hex()+":", 400, "bad_request"),
		put("other bytes than announced", "clerk", pdf, digestHeader([]byte("x")), 422, "digest_mismatch"),
		put("a program named pdf", "clerk", []byte("\x7fELF\x02\x01\x01\x00 and so on"), digestHeader([]byte("\x7fELF\x02\x01\x01\x00 and so on")), 415, "wrong_type"),
		put("a page named pdf", "clerk", []byte("<html><script>x</script>"), digestHeader([]byte("<html><script>x</script>")), 415, "wrong_type"),
		put("nothing", "clerk", []byte{}, digestHeader(nil), 415, "wrong_type"),
		put("too large", "clerk", big, digestHeader(big), 413, "too_large"),
		put("good", "clerk", pdf, digestHeader(pdf), 201, ""),
		put("the same again", "clerk", pdf, "sha-512=:AAAA:, "+digestHeader(pdf), 201, ""),
	})
	if missing, err := s.objects.Missing(t.Context(), []hub.Digest{hub.SHA256(big), hub.SHA256([]byte("x"))}); err != nil || len(missing) != 2 {
		t.Errorf("something was kept: %v %v", missing, err)
	}
}

// raw opens a connection of its own.
func (s *site) raw() net.Conn {
	s.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestAnUploadThatBreaksOffIsTold(t *testing.T) {
	s := newSite(t)
	token := s.token("clerk")
	for name, sent := range map[string]int{"in the first bytes": 10, "in the middle": 200_000} {
		before := s.counts.now()
		content := append([]byte("%PDF-1.7 "), bytes.Repeat([]byte("x"), 400_000)...)
		c := s.raw()
		fmt.Fprintf(c, "PUT /api/v1/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nRepr-Digest: %s\r\nContent-Length: %d\r\n\r\n",
			token, digestHeader(content), len(content))
		_, _ = c.Write(content[:sent])
		if err := c.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 400 || !strings.Contains(string(body), `"upload_truncated"`) {
			t.Errorf("%s: %d %s", name, resp.StatusCode, body)
		}
		if after := s.counts.now(); after != before {
			t.Errorf("%s: wrote %+v", name, after)
		}
	}
}

func TestAnUploadWithoutALengthIsRefused(t *testing.T) {
	s := newSite(t)
	a := s.request(s.token("clerk"), "PUT", "/api/v1/uploads", struct{ X string }{}, map[string]string{"Repr-Digest": digestHeader(pdf)})
	if a.status == 201 {
		t.Error("json was taken for a file")
	}
	req, err := http.NewRequestWithContext(t.Context(), "PUT", s.base+"/api/v1/uploads", io.MultiReader(bytes.NewReader(pdf))) // chunked
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token("clerk"))
	req.Header.Set("Repr-Digest", digestHeader(pdf))
	resp, err := s.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 400 || resp.Header.Get("Connection") == "keep-alive" {
		t.Errorf("chunked upload: %d", resp.StatusCode)
	}
}

// A stream that nobody answers to must not hold the file open for ever.
func TestAStalledUploadEnds(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits.Stall = 300 * time.Millisecond })
	c := s.raw()
	fmt.Fprintf(c, "PUT /api/v1/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nRepr-Digest: %s\r\nContent-Length: 400000\r\n\r\n%%PDF-1.7 %s",
		s.token("clerk"), digestHeader(pdf), strings.Repeat("x", 20_000))
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != 400 || !strings.Contains(string(body), "upload_truncated") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestAMaterialIsServedWithALineAndUnderItsName(t *testing.T) {
	s := newSite(t)
	path := s.withContract("content")
	mid := string(hub.NewMaterialID(hub.CaseID(path[len("/api/v1/cases/"):]), "content-m"))
	file := path + "/materials/" + mid + "/content"
	s.run([]scenario{
		{name: "nobody", method: "GET", path: file, status: 401, code: "unauthenticated"},
		{name: "stranger", who: "stranger", method: "GET", path: file, status: 404, code: "not_found"},
		{name: "no such material", who: "clerk", method: "GET", path: path + "/materials/none/content", status: 404, code: "not_found"},
		{name: "purpose that is no text", who: "clerk", method: "GET", path: file, header: map[string]string{"Access-Purpose": "%ff"}, status: 400, code: "bad_request"},
		{name: "bundle, purpose too long", who: "clerk", method: "GET", path: path + "/bundle", header: map[string]string{"Access-Purpose": strings.Repeat("x", 201)}, status: 400, code: "bad_request"},
	})
	before := s.counts.now()
	a := s.must(200, s.do("clerk", "GET", file, nil, map[string]string{"Access-Purpose": url.PathEscape("核对签字")}))
	if want := append(append([]byte(nil), pdf...), "content"...); !bytes.Equal(a.body, want) {
		t.Errorf("got %q", a.body)
	}
	_, params, err := mime.ParseMediaType(a.header.Get("Content-Disposition"))
	if err != nil || params["filename"] != "张三丰的合同.pdf" || a.header.Get("Content-Type") != "application/pdf" ||
		!strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") || a.header.Get("Repr-Digest") != digestHeader(a.body) {
		t.Errorf("headers %v (%v)", a.header, err)
	}
	if after := s.counts.now(); after.accesses != before.accesses+1 {
		t.Errorf("%d lines were written", after.accesses-before.accesses)
	}
	if a := s.do("audit", "GET", path+"/access", nil, nil); !strings.Contains(a.text(), "核对签字") {
		t.Errorf("the purpose is not recorded: %s", a.body)
	}
}

func TestTheBundleIsOneZIP(t *testing.T) {
	s := newSite(t)
	path := s.arrived("bundle")
	a := s.must(200, s.do("lead", "GET", path+"/bundle", nil, nil))
	if a.header.Get("Content-Type") != "application/zip" || !bytes.HasPrefix(a.body, []byte("PK\x03\x04")) {
		t.Errorf("%v %.40q", a.header, a.body)
	}
}

// A bundle that fails on the way must not look whole.
func TestABundleThatFailsHalfwayBreaksOff(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Bundle = halfBundle{} })
	path := s.received("half")
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.base+path+"/bundle", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token("clerk"))
	resp, err := s.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.Discard, resp.Body); err == nil || resp.StatusCode != 200 || n < 1<<20 {
		t.Errorf("read %d bytes of a broken bundle with status %d and no error", n, resp.StatusCode)
	}
}

type halfBundle struct{}

func (halfBundle) WriteBundle(_ context.Context, _ hub.Reading, _ hub.CaseID, w io.Writer) error {
	if _, err := w.Write(make([]byte, 2<<20)); err != nil {
		return err
	}
	return hub.E(hub.Unavailable, "the object store went away")
}
