package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tongban/hub"
)

// asset is one file of the built pages.
type asset struct {
	body      []byte
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

// loadAssets reads the pages by their URL: "/", "/docs/", "/style.css".
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
		a := asset{body: b, mediaType: mediaTypes[path.Ext(name)], etag: etagOf(b)}
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
	if p == "/docs" {
		return c.Redirect("/docs/", fiber.StatusPermanentRedirect)
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

func serve(c *fiber.Ctx, a asset) error {
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderETag, a.etag)
	if c.Get(fiber.HeaderIfNoneMatch) == a.etag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, a.mediaType)
	return c.Send(a.body)
}
