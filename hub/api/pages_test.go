package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"tongban/web"
)

func TestPagesAreServedUnderAStrictPolicy(t *testing.T) {
	s := newSite(t)
	for _, x := range []struct {
		path, want, mediaType string
		status                int
	}{
		{"/", "通办", "text/html; charset=utf-8", 200},
		{"/index.html", "通办", "text/html; charset=utf-8", 200},
		{"/style.css", "h1{}", "text/css; charset=utf-8", 200},
		{"/cases/of/the/desk", "通办", "text/html; charset=utf-8", 200},
		{"/docs/", "POST /api/v1/cases", "text/html; charset=utf-8", 200},
		{"/openapi.json", `"/api/v1/cases/{id}"`, "application/json", 200},
		{"/docs", "", "", 308},
		{"/.keep", `"not_found"`, problemType, 404},
		{"/missing.js", `"not_found"`, problemType, 404},
		{"/../../etc/passwd.txt", `"not_found"`, problemType, 404},
		{"/..%2f..%2fetc/passwd.txt", `"not_found"`, problemType, 404},
		{"/api/v1/missing", `"not_found"`, problemType, 404},
		{"/api", `"not_found"`, problemType, 404},
	} {
		a := s.request("", "GET", x.path, nil, nil)
		if a.status != x.status || !strings.Contains(a.text(), x.want) || x.mediaType != "" && a.header.Get("Content-Type") != x.mediaType {
			t.Errorf("%s: %d %s %.200s", x.path, a.status, a.header.Get("Content-Type"), a.body)
		}
		csp := a.header.Get("Content-Security-Policy")
		if csp == "" || strings.Contains(csp, "http") || strings.Contains(csp, "unsafe-inline") && !strings.HasPrefix(x.path, "/docs") {
			t.Errorf("%s: policy %q", x.path, csp)
		}
		if a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: other origins are let in", x.path)
		}
		if etag := a.header.Get("ETag"); etag != "" {
			if again := s.request("", "GET", x.path, nil, map[string]string{"If-None-Match": etag}); again.status != 304 || len(again.body) != 0 {
				t.Errorf("%s: unchanged, but %d", x.path, again.status)
			}
		}
	}
	if a := s.request("", "POST", "/", "x", nil); a.status != 405 || a.code() != "bad_request" || a.header.Get("Allow") == "" {
		t.Errorf("POST to a page: %d %s %v", a.status, a.body, a.header)
	}
}

func TestTheBuiltReaderReplacesThePlainOne(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.UI = fstest.MapFS{"index.html": {Data: []byte("x")}, "docs/index.html": {Data: []byte("reader")}, "docs/ui.js": {Data: []byte("1")}}
	})
	if a := s.request("", "GET", "/docs/", nil, nil); a.text() != "reader" {
		t.Errorf("%s", a.body)
	}
	if a := s.request("", "GET", "/docs/ui.js", nil, nil); !strings.HasPrefix(a.header.Get("Content-Type"), "text/javascript") {
		t.Errorf("%v", a.header)
	}
}

func TestPackedPagesAreServedToEveryClient(t *testing.T) {
	const page = "/* 通办 */ let x = 1;"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(page)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(c *Config) {
		c.UI = fstest.MapFS{"index.html": {Data: []byte("x")}, "app.js.gz": {Data: packed.Bytes()}}
	})
	tags := map[string]string{}
	for _, x := range []struct{ accept, encoding string }{
		{"identity", ""},
		{"br", ""},
		{"gzip;q=0", ""},
		{"gzip; q=0.0, *;q=1", ""},
		{"*;q=0", ""},
		{"gzip;q=x", ""},
		{"gzipped", ""},
		{"gzip", "gzip"},
		{"br, GZIP;q=0.5", "gzip"},
		{"deflate, *", "gzip"},
		{"gzip, deflate, br, zstd", "gzip"},
		{"identity;q=0,gzip;q=1.0", "gzip"},
	} {
		a := s.must(200, s.request("", "GET", "/app.js", nil, map[string]string{"Accept-Encoding": x.accept}))
		h, want := a.header, page
		if x.encoding != "" {
			want = packed.String()
		}
		if h.Get("Content-Encoding") != x.encoding || a.text() != want || !strings.Contains(h.Get("Vary"), "Accept-Encoding") ||
			h.Get("Content-Type") != "text/javascript; charset=utf-8" || h.Get("Content-Security-Policy") != pagePolicy {
			t.Errorf("%q: %q %v", x.accept, a.text(), h)
		}
		again := s.request("", "GET", "/app.js", nil, map[string]string{"Accept-Encoding": x.accept, "If-None-Match": h.Get("ETag")})
		if again.status != 304 || len(again.body) != 0 {
			t.Errorf("%q: unchanged, but %d", x.accept, again.status)
		}
		tags[x.encoding] = h.Get("ETag")
	}
	if tags[""] == tags["gzip"] {
		t.Errorf("both forms have the tag %s", tags[""])
	}
	if a := s.request("", "GET", "/app.js.gz", nil, nil); a.status != 404 {
		t.Errorf("the packed name: %d", a.status)
	}
	if _, err := loadAssets(fstest.MapFS{"a.js.gz": {Data: packed.Bytes()[:packed.Len()-3]}}); err == nil {
		t.Error("a broken file loads")
	}
}

func TestTheRealPagesLoad(t *testing.T) {
	assets, err := loadAssets(web.Files())
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range assets {
		if a.mediaType == "application/octet-stream" {
			t.Errorf("%s has no media type", name)
		}
	}
}

func TestReadinessFollowsTheStores(t *testing.T) {
	down := errors.New("store at 10.0.0.7 is gone")
	s := newSite(t, func(c *Config) { c.Ready = func(context.Context) error { return down } })
	a := s.request("", "GET", "/readyz", nil, nil)
	if a.status != 503 || a.code() != "unavailable" || strings.Contains(a.text(), "10.0.0.7") || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	s.must(200, s.request("", "GET", "/healthz", nil, nil))
}

func TestMetricsAreForThisMachineOrTheToken(t *testing.T) {
	s := newSite(t, func(c *Config) { c.MetricsToken = "metrics-secret" })
	path := s.received("metrics")
	s.must(200, s.do("clerk", "GET", path, nil, nil))
	a := s.must(200, s.request("", "GET", "/metrics", nil, nil))
	for _, want := range []string{`hub_http_requests_total{method="GET",route="/api/v1/cases/:id",status="200"} 1`, "hub_http_request_seconds_bucket", "hub_live_streams 0"} {
		if !strings.Contains(a.text(), want) {
			t.Errorf("lacks %s", want)
		}
	}
	if strings.Contains(a.text(), path) {
		t.Error("a path is a label")
	}
	for name, x := range map[string]struct {
		header map[string]string
		status int
	}{
		"through a proxy":            {map[string]string{"X-Forwarded-For": "203.0.113.9"}, 404},
		"through a proxy, bad token": {map[string]string{"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer x"}, 404},
		"through a proxy, token":     {map[string]string{"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer metrics-secret"}, 200},
	} {
		if a := s.request("", "GET", "/metrics", nil, x.header); a.status != x.status {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}
