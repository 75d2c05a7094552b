package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tongban/hub"
)

// asset is one file of the built pages.
type asset struct {
	body      []byte // gzipped if packed
	packed    bool
	mediaType string
	etag      string
}

// mediaTypes are those of our pages; the machine's own table is not asked.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".mjs": "text/javascript; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png",
	".ico": "image/x-icon", ".woff2": "font/woff2", ".map": "application/json", ".txt": "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json", ".wasm": "application/wasm", ".jpg": "image/jpeg", ".webp": "image/webp",
}

// loadAssets reads the pages by their URL: "/", "/docs/", "/style.css". NAME.gz
// is the file NAME, gzipped; it stays so in memory.
func loadAssets(files fs.FS) (map[string]asset, error) {
	all := map[string]asset{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		a := asset{body: b, etag: etagOf(b)}
		if name, a.packed = strings.CutSuffix(name, ".gz"); a.packed {
			if _, err := unpack(b); err != nil { // not first when somebody asks for it
				return fmt.Errorf("%s.gz: %w", name, err)
			}
		}
		a.mediaType = mediaTypes[path.Ext(name)]
		if a.mediaType == "" {
			a.mediaType = fiber.MIMEOctetStream
		}
		all["/"+name] = a
		if dir, ok := strings.CutSuffix("/"+name, "index.html"); ok {
			all[dir] = a
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	return all, nil
}

const (
	pagePolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
	docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// pages registers what is not described by OpenAPI.
func (s *Server) pages() {
	description := asset{body: s.openapi, mediaType: "application/json", etag: etagOf(s.openapi)}
	s.app.Get("/openapi.json", func(c *fiber.Ctx) error { return serve(c, description) })
	s.app.Get("/metrics", s.serveMetrics())
	if _, built := s.assets["/docs/"]; !built {
		page := asset{body: s.plainDocs(), mediaType: mediaTypes[".html"]}
		page.etag = etagOf(page.body)
		s.assets["/docs/"] = page
	}
	s.app.Get("/*", s.servePage)
}

func etagOf(b []byte) string {
	sum := sha256.Sum256(b)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// servePage serves the pages; an address that is no file and no API belongs to
// the desks, whose first page finds its own way.
func (s *Server) servePage(c *fiber.Ctx) error {
	p := c.Path()
	if _, folder := s.assets[p+"/"]; folder && p != "/" {
		to := p + "/"
		if q := string(c.Request().URI().QueryString()); q != "" {
			to += "?" + q
		}
		return c.Redirect(to, fiber.StatusPermanentRedirect)
	}
	c.Set(fiber.HeaderContentSecurityPolicy, pagePolicy)
	if strings.HasPrefix(p, "/docs/") {
		c.Set(fiber.HeaderContentSecurityPolicy, docsPolicy)
	}
	if a, ok := s.assets[p]; ok {
		return serve(c, a)
	}
	first, ok := s.assets["/"]
	if !ok || path.Ext(p) != "" || strings.HasPrefix(p, "/api/") || p == "/api" {
		return hub.E(hub.NotFound, "nothing here")
	}
	return serve(c, first)
}

// unpack returns the whole of a gzipped file.
func unpack(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// takesGzip reads Accept-Encoding: gzip or * with a weight that is not 0. No
// header at all means that the client did not say so.
func takesGzip(accept string) bool {
	other := false
	for one := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(one, ";")
		_, q, _ := strings.Cut(params, "=")
		weight, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		yes := q == "" || err == nil && weight > 0
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip":
			return yes
		case "*":
			other = yes
		}
	}
	return other
}

// serve answers with the asset. A packed one goes out as it is, or unpacked to
// a client that does not take gzip; each form has a tag of its own (RFC 9110,
// 8.8.3.3).
func serve(c *fiber.Ctx, a asset) error {
	etag, unpacked := a.etag, false
	if a.packed {
		c.Vary(fiber.HeaderAcceptEncoding)
		if unpacked = !takesGzip(c.Get(fiber.HeaderAcceptEncoding)); unpacked {
			etag = strings.TrimSuffix(etag, `"`) + `-plain"`
		}
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if strings.HasPrefix(c.Path(), "/assets/") { // named by what is in them
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	c.Set(fiber.HeaderETag, etag)
	if c.Get(fiber.HeaderIfNoneMatch) == etag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	body := a.body
	if unpacked {
		var err error
		if body, err = unpack(body); err != nil {
			return fmt.Errorf("unpack a page: %w", err)
		}
	} else if a.packed {
		c.Set(fiber.HeaderContentEncoding, "gzip")
	}
	c.Set(fiber.HeaderContentType, a.mediaType)
	return c.Send(body)
}
