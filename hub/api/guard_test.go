package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Behind a proxy that reuses connections, a body nobody read must never become
// the next person's request. The requests are refused before their body is
// read; hidden in the body is a request that would be answered 200.
func TestAnUnreadBodyIsNeverTheNextRequest(t *testing.T) {
	s := newSite(t)
	const hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	targets := map[string]string{
		"upload without a session": "PUT /api/v1/uploads",
		"command of nobody":        "POST /api/v1/cases",
		"address that is not":      "POST /api/v1/nothing",
		"page":                     "POST /index.html",
		"stream":                   "GET /api/v1/stream",
		"resumable, creation":      "POST /api/v1/uploads/tus",
		"resumable, a piece":       "PATCH /api/v1/uploads/tus/00000000000000000000000000000000",
		"resumable, an end":        "DELETE /api/v1/uploads/tus/00000000000000000000000000000000",
	}
	for name, line := range targets {
		for _, pad := range []int{0, 100, 8192, 100_000, 2 << 20} {
			for _, chunked := range []bool{false, true} {
				s.smuggle(fmt.Sprintf("%s, %d bytes before, chunked %t", name, pad, chunked), line, pad, chunked, hidden)
			}
		}
	}
}

func (s *site) smuggle(name, line string, pad int, chunked bool, hidden string) {
	s.t.Helper()
	c := s.raw()
	defer c.Close()
	body := strings.Repeat("x", pad) + hidden
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n", line)
	if chunked {
		fmt.Fprintf(&b, "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	} else {
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	go func() { _, _ = c.Write(b.Bytes()) }() // the server may close while we write
	r := bufio.NewReader(c)
	status, closes, text := readAnswer(r)
	if status == 0 || status == http.StatusOK {
		s.t.Errorf("%s: answered %d %s", name, status, text)
	}
	if closes {
		return
	}
	// The connection lives on, so the body must have been drained: what is
	// answered next must be what is asked next.
	fmt.Fprint(c, "DELETE /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if status, _, text := readAnswer(r); status != 0 && status != http.StatusMethodNotAllowed {
		s.t.Errorf("%s: the next answer was %d %s", name, status, text)
	}
}

// readAnswer reads one answer; status 0 is a connection that was closed.
func readAnswer(r *bufio.Reader) (status int, closes bool, text string) {
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return 0, true, err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Close || err != nil, string(b)
}

// Pipelined requests are each answered once, in order.
func TestPipelinedRequestsKeepTheirOrder(t *testing.T) {
	s := newSite(t)
	c := s.raw()
	body := `{"login":"clerk","password":"wrong"}`
	fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"+
		"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"+
		"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body, len(body), body)
	r := bufio.NewReader(c)
	for i, want := range []int{200, 401, 401} {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatalf("answer %d: %v", i, err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("answer %d: %d, want %d", i, resp.StatusCode, want)
		}
	}
}

// Streaming mode has no limit of its own: ours must hold for a body of known length and for one without.
func TestBodyLimitsHoldInStreamingMode(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits.JSONBytes = 1000 })
	post := func(body io.Reader) int {
		req, err := http.NewRequestWithContext(t.Context(), "POST", s.base+"/api/v1/session", body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := s.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	text := func(n int) string {
		head := `{"login":"x","password":"y"}`
		return head + strings.Repeat(" ", n-len(head))
	}
	for n, want := range map[int]int{1000: 401, 1001: 413, 50_000: 413} {
		if got := post(strings.NewReader(text(n))); got != want {
			t.Errorf("%d bytes: %d, want %d", n, got, want)
		}
		if got := post(io.MultiReader(strings.NewReader(text(n)))); got != want {
			t.Errorf("%d bytes chunked: %d, want %d", n, got, want)
		}
	}
}

func TestWhatIsRefusedBeforeAnyHandlerIsAProblemToo(t *testing.T) {
	s := newSite(t)
	a := s.request("", "GET", "/healthz", nil, map[string]string{"X-Long": strings.Repeat("x", 32<<10)})
	if a.status != 431 || a.code() != "bad_request" || a.header.Get("X-Request-Id") == "" || a.header.Get("X-Content-Type-Options") == "" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
}

func TestBrokenFramingIsRefused(t *testing.T) {
	s := newSite(t)
	for name, text := range map[string]string{
		"length and chunked":  "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
		"two lengths":         "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n{}   GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
		"bad chunk":           "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
		"header without name": "GET /healthz HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n",
	} {
		c := s.raw()
		fmt.Fprint(c, text)
		r := bufio.NewReader(c)
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			continue // closed without a word
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode < 400 {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
		if next, err := http.ReadResponse(r, nil); err == nil {
			next.Body.Close()
			t.Errorf("%s: a second answer, %d", name, next.StatusCode)
		}
	}
}
