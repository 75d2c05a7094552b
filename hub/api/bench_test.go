package api

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"testing"
)

// One file of 200 MB through HTTP into the object store; heap_MiB is what the process holds while it does.
func BenchmarkUpload200MB(b *testing.B) {
	s := newSite(b, func(c *Config) { c.Limits.UploadBytes = 1 << 30 })
	content := append([]byte("%PDF-1.7 "), bytes.Repeat([]byte("0123456789abcdef"), 200_000_000/16)...)
	token := s.token("clerk")
	b.SetBytes(int64(len(content)))
	var peak uint64
	for i := 0; b.Loop(); i++ {
		content[20] = byte(i) // another file each time
		digest := digestHeader(content)
		req, err := http.NewRequestWithContext(b.Context(), "PUT", s.base+"/api/v1/uploads", bytes.NewReader(content))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Repr-Digest", digest)
		resp, err := s.http.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 201 {
			b.Fatalf("%d %s", resp.StatusCode, text)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse)
	}
	b.ReportMetric(float64(peak)/(1<<20)-float64(len(content))/(1<<20), "heap_MiB")
}

func BenchmarkOpenCase(b *testing.B) {
	s := newSite(b)
	path := s.withContract("bench")
	s.token("clerk")
	b.ReportAllocs()
	for b.Loop() {
		s.must(200, s.do("clerk", "GET", path, nil, nil))
	}
}

func BenchmarkHealth(b *testing.B) {
	s := newSite(b)
	b.ReportAllocs()
	for b.Loop() {
		s.must(200, s.request("", "GET", "/healthz", nil, nil))
	}
}
