package api

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/hub"
)

const octets = "application/offset+octet-stream"

// tus calls as somebody with the headers of the protocol.
func (s *site) tus(who, method, id string, body []byte, header map[string]string) answer {
	s.t.Helper()
	h := map[string]string{"Tus-Resumable": "1.0.0", "Content-Type": octets}
	maps.Copy(h, header)
	if id != "" && !strings.HasPrefix(id, "/") {
		id = "/api/v1/uploads/tus/" + id
	}
	if id == "" {
		id = "/api/v1/uploads/tus"
	}
	var b any
	if body != nil {
		b = body
	}
	return s.do(who, method, id, b, h)
}

func meta(d hub.Digest) string {
	return "filename 5byg5LiJLnBkZg==,digest " + base64.StdEncoding.EncodeToString([]byte(d))
}

// begin creates an upload and returns its address.
func (s *site) begin(who string, size int, header ...string) string {
	s.t.Helper()
	h := map[string]string{"Upload-Length": fmt.Sprint(size)}
	for i := 0; i < len(header); i += 2 {
		h[header[i]] = header[i+1]
	}
	a := s.must(201, s.tus(who, "POST", "", nil, h))
	return a.header.Get("Location")
}

func TestResumableUploadsRefuse(t *testing.T) {
	s := newSite(t)
	at := s.begin("clerk", 1000)
	if !strings.HasPrefix(at, "/api/v1/uploads/tus/") {
		t.Fatalf("location %q", at)
	}
	before := s.counts.now()
	type h = map[string]string
	program := append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 100)...)
	for _, c := range []struct {
		name, who, method, at string
		body                  []byte
		header                h
		status                int
		code                  string
	}{
		{"nobody begins", "", "POST", "", nil, h{"Upload-Length": "5"}, 401, "unauthenticated"},
		{"nobody asks", "", "HEAD", at, nil, nil, 401, ""},
		{"nobody goes on", "", "PATCH", at, pdf, h{"Upload-Offset": "0"}, 401, "unauthenticated"},
		{"nobody ends", "", "DELETE", at, nil, nil, 401, "unauthenticated"},
		{"system admin begins", "admin", "POST", "", nil, h{"Upload-Length": "5"}, 403, "forbidden"},
		{"system admin goes on", "admin", "PATCH", at, pdf, h{"Upload-Offset": "0"}, 403, "forbidden"},
		{"stranger asks", "stranger", "HEAD", at, nil, nil, 404, ""},
		{"stranger goes on", "stranger", "PATCH", at, pdf, h{"Upload-Offset": "0"}, 404, "not_found"},
		{"stranger ends", "stranger", "DELETE", at, nil, nil, 404, "not_found"},
		{"another version", "clerk", "POST", "", nil, h{"Upload-Length": "5", "Tus-Resumable": "0.9.0"}, 412, "bad_request"},
		{"no version", "clerk", "PATCH", at, pdf, h{"Upload-Offset": "0", "Tus-Resumable": ""}, 412, "bad_request"},
		{"no length", "clerk", "POST", "", nil, nil, 400, "bad_request"},
		{"length told later", "clerk", "POST", "", nil, h{"Upload-Defer-Length": "1"}, 400, "bad_request"},
		{"no bytes", "clerk", "POST", "", nil, h{"Upload-Length": "0"}, 422, "invalid"},
		{"too large", "clerk", "POST", "", nil, h{"Upload-Length": fmt.Sprint(8<<20 + 1)}, 413, "too_large"},
		{"digest that is none", "clerk", "POST", "", nil, h{"Upload-Length": "5", "Upload-Metadata": "digest eA=="}, 422, "invalid"},
		{"a program", "clerk", "POST", "", program, h{"Upload-Length": fmt.Sprint(len(program))}, 415, "wrong_type"},
		{
			"other bytes than announced", "clerk", "POST", "", pdf,
			h{"Upload-Length": fmt.Sprint(len(pdf)), "Upload-Metadata": meta(hub.SHA256([]byte("x")))},
			422, "digest_mismatch",
		},
		{"another offset", "clerk", "PATCH", at, pdf, h{"Upload-Offset": "3"}, 409, "conflict"},
		{"no offset", "clerk", "PATCH", at, pdf, nil, 400, "bad_request"},
		{"another type of body", "clerk", "PATCH", at, pdf, h{"Upload-Offset": "0", "Content-Type": "application/pdf"}, 400, "bad_request"},
		{"more than announced", "clerk", "PATCH", at, make([]byte, 1001), h{"Upload-Offset": "0"}, 413, "too_large"},
		{"no such upload", "clerk", "PATCH", strings.Repeat("0", 32), pdf, h{"Upload-Offset": "0"}, 404, "not_found"},
		{"an id that is none", "clerk", "DELETE", "..%2f..", nil, nil, 404, "not_found"},
		{"reading it back", "clerk", "GET", at, nil, nil, 404, "not_found"},
		{"a method in disguise", "clerk", "POST", "", nil, h{"Upload-Length": "", "X-HTTP-Method-Override": "OPTIONS"}, 400, "bad_request"},
	} {
		a := s.tus(c.who, c.method, c.at, c.body, c.header)
		if a.status != c.status || a.code() != c.code && c.code != "" {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
		if c.method != "GET" && a.header.Get("Tus-Resumable") != "1.0.0" || a.header.Get("Access-Control-Allow-Origin") != "" || strings.Contains(a.text(), "ERR_") {
			t.Errorf("%s: %v %s", c.name, a.header, a.body)
		}
		if c.code == "" {
			continue
		}
		inWords(t, c.name, "en", a)
		header := maps.Clone(c.header)
		if header == nil {
			header = h{}
		}
		header["Accept-Language"] = "zh-CN"
		inWords(t, c.name, "zh-CN", s.tus(c.who, c.method, c.at, c.body, header))
	}
	if after := s.counts.now(); after != before {
		t.Errorf("wrote %+v, before %+v", after, before)
	}
	if a := s.tus("clerk", "PATCH", at, pdf, h{"Upload-Offset": "3", "Accept-Language": "zh-CN"}); !strings.Contains(a.text(), "偏移") && !strings.Contains(a.text(), "他人") {
		t.Errorf("in Chinese: %s", a.body)
	}
}

// With a cookie a request must come from the same site, as everywhere.
func TestResumableUploadsMindTheirOrigin(t *testing.T) {
	s := newSite(t)
	cookie := "tongban=" + s.token("clerk")
	for site, want := range map[string]int{"cross-site": 403, "same-site": 403, "": 403, "same-origin": 201} {
		a := s.request("", "POST", "/api/v1/uploads/tus/", nil, map[string]string{
			"Cookie": cookie, "Sec-Fetch-Site": site, "Tus-Resumable": "1.0.0", "Upload-Length": "10",
		})
		if a.status != want {
			t.Errorf("from %q: %d %s", site, a.status, a.body)
		}
	}
}

func TestAResumedFileGoesIntoACase(t *testing.T) {
	s := newSite(t)
	content := append(append([]byte(nil), pdf...), bytes.Repeat([]byte("通办"), 1_000_000)...)
	digest := hub.SHA256(content)
	at := s.begin("clerk", len(content), "Upload-Metadata", meta(digest))
	half := len(content) / 2
	for _, cut := range [][2]int{{0, 100}, {100, half}, {half, len(content)}} {
		a := s.must(204, s.tus("clerk", "PATCH", at, content[cut[0]:cut[1]], map[string]string{"Upload-Offset": fmt.Sprint(cut[0])}))
		if a.header.Get("Upload-Offset") != fmt.Sprint(cut[1]) || a.header.Get("Upload-Expires") == "" {
			t.Errorf("%v", a.header)
		}
		head := s.must(200, s.tus("clerk", "HEAD", at, nil, nil))
		if head.header.Get("Upload-Offset") != fmt.Sprint(cut[1]) || head.header.Get("Upload-Length") != fmt.Sprint(len(content)) || head.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%v", head.header)
		}
		if done := head.header.Get("Repr-Digest") == digestHeader(content); done != (cut[1] == len(content)) {
			t.Errorf("after %d bytes done is %t", cut[1], done)
		}
	}
	path := s.received("tus")
	s.must(201, s.cmd("clerk", path+"/materials", "tus-m", map[string]any{"slot": "contract", "digest": digest, "name": "合同.pdf", "seen_original": true}))
}

// hanging sends a piece over a connection of its own, up to some byte, and leaves it open.
func (s *site) hanging(who, at string, from int, announced int, sent []byte) net.Conn {
	s.t.Helper()
	c := s.raw()
	fmt.Fprintf(c, "PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nContent-Type: %s\r\nUpload-Offset: %d\r\nContent-Length: %d\r\n\r\n",
		at, s.token(who), octets, from, announced)
	_, _ = c.Write(sent)
	return c
}

func TestACutPieceIsKept(t *testing.T) {
	s := newSite(t)
	content := append(append([]byte(nil), pdf...), make([]byte, 6<<20)...)
	at := s.begin("clerk", len(content))
	const sent = 5<<20 + 70_000
	s.hanging("clerk", at, 0, len(content), content[:sent]).Close()
	offset := 0
	eventually(t, "the bytes of the cut piece", func() bool {
		a := s.must(200, s.tus("clerk", "HEAD", at, nil, nil))
		_, _ = fmt.Sscan(a.header.Get("Upload-Offset"), &offset)
		return offset == sent
	})
	a := s.must(204, s.tus("clerk", "PATCH", at, content[offset:], map[string]string{"Upload-Offset": fmt.Sprint(offset)}))
	if a.header.Get("Repr-Digest") != digestHeader(content) {
		t.Errorf("%v", a.header)
	}
}

// A piece that stands still gives way to a question from another connection,
// is told so in our own words, and its connection is never used again.
func TestAStalledPieceGivesWay(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits.Stall = time.Minute })
	content := append(append([]byte(nil), pdf...), make([]byte, 100_000)...)
	at := s.begin("clerk", len(content))
	c := s.hanging("clerk", at, 0, len(content), content[:50_000])
	offset := 0
	eventually(t, "what arrived", func() bool {
		a := s.must(200, s.tus("clerk", "HEAD", at, nil, nil))
		_, _ = fmt.Sscan(a.header.Get("Upload-Offset"), &offset)
		return offset == 50_000
	})
	r := bufio.NewReader(c)
	status, closes, text := readAnswer(r)
	if status != 409 || !closes || !strings.Contains(text, `"code":"conflict"`) {
		t.Errorf("%d %t %s", status, closes, text)
	}
	s.must(204, s.tus("clerk", "PATCH", at, content[offset:], map[string]string{"Upload-Offset": fmt.Sprint(offset)}))
}

// Refused before its bytes are read, a piece must not become the next request.
func TestTheRestOfARefusedPieceIsNeverARequest(t *testing.T) {
	s := newSite(t)
	const hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	at := s.begin("clerk", 4<<20)
	auth := "\r\nAuthorization: Bearer " + s.token("clerk") + "\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 10"
	for name, head := range map[string]string{
		"another offset":  "PATCH " + at + " HTTP/1.1" + auth + "\r\nUpload-Offset: 7\r\nX:",
		"no such upload":  "PATCH /api/v1/uploads/tus/" + strings.Repeat("1", 32) + " HTTP/1.1" + auth + "\r\nUpload-Offset: 0\r\nX:",
		"another version": "PATCH " + at + " HTTP/1.1" + auth + "\r\nTus-Resumable: 3\r\nX:",
		"a body of HEAD":  "DELETE /api/v1/uploads/tus/" + strings.Repeat("1", 32) + " HTTP/1.1" + auth + "\r\nX:",
		"a wrong type":    "POST /api/v1/uploads/tus HTTP/1.1" + strings.Replace(auth, ": 10", ": 4000000", 1) + "\r\nContent-Type: " + octets + "\r\nX:",
	} {
		for _, pad := range []int{0, 100, 8192, 100_000, 2 << 20} {
			for _, chunked := range []bool{false, true} {
				s.smuggle(fmt.Sprintf("%s, %d bytes before, chunked %t", name, pad, chunked), head, pad, chunked, hidden)
			}
		}
	}
}

// Requests on one kept connection, with uploads between them, stay themselves.
func TestAConnectionServesUploadsAndOthersInTurn(t *testing.T) {
	s := newSite(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			content := append([]byte(fmt.Sprintf("%%PDF-1.7 %d ", i)), bytes.Repeat([]byte{byte(i)}, 1<<20)...)
			at := s.begin("clerk", len(content), "Upload-Metadata", meta(hub.SHA256(content)))
			for from := 0; from < len(content); from += 200_000 {
				to := min(len(content), from+200_000)
				a := s.tus("clerk", "PATCH", at, content[from:to], map[string]string{"Upload-Offset": fmt.Sprint(from)})
				if a.status != 204 {
					t.Errorf("%d %s", a.status, a.body)
				}
				if a := s.do("clerk", "GET", "/api/v1/me", nil, nil); a.status != 200 || !strings.Contains(a.text(), "clerk") {
					t.Errorf("%d %s", a.status, a.body)
				}
			}
		})
	}
	wg.Wait()
}

// A server that stops keeps what has arrived and does not wait for the rest.
func TestAStopEndsAPieceAndKeepsIt(t *testing.T) {
	s := newSite(t)
	content := append(append([]byte(nil), pdf...), make([]byte, 7<<20)...)
	at := s.begin("clerk", len(content))
	c := s.hanging("clerk", at, 0, len(content), content[:6<<20])
	record := func() hub.OpenUpload {
		u, err := s.db.OpenUploads().Read(t.Context(), at[strings.LastIndexByte(at, '/')+1:])
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	eventually(t, "the first part is safe", func() bool { return len(record().Parts) == 1 })
	s.stop()
	if status, _, text := readAnswer(bufio.NewReader(c)); status != 503 || !strings.Contains(text, `"code":"unavailable"`) {
		t.Errorf("%d %s", status, text)
	}
	if u := record(); u.Offset < 5<<20 || u.Offset > 6<<20 || u.Holder != "" {
		t.Errorf("%+v", u)
	}
}

func BenchmarkResumable8MiB(b *testing.B) {
	s := newSite(b)
	content := append(append([]byte(nil), pdf...), make([]byte, 8<<20-len(pdf))...)
	b.SetBytes(int64(len(content)))
	for i := range b.N {
		copy(content[20:], fmt.Sprint(i))
		a := s.tus("clerk", http.MethodPost, "", content, map[string]string{"Upload-Length": fmt.Sprint(len(content))})
		if a.status != 201 {
			b.Fatal(a.status, a.text())
		}
	}
}
