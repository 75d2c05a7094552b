package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"sync"
)

// Beside the pages, so that a node without pages (no_ui) prints papers too, and
// nobody is served the font. The file .keep lets this line compile before
// `make web`.
//
//go:embed all:fonts/built
var fonts embed.FS

// MainFont returns the TrueType font of papers, Noto Sans SC cut down by
// `make web`. It is unpacked once, at the first call; the caller must not
// change the bytes. The error is fs.ErrNotExist where `make web` was not run.
func MainFont() ([]byte, error) { return mainFont() }

var mainFont = sync.OnceValues(func() ([]byte, error) {
	packed, err := fonts.ReadFile("fonts/built/main.ttf.gz")
	if err != nil {
		return nil, fmt.Errorf("web: the font of papers is not built: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("web: font: %w", err)
	}
	font, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("web: font: %w", err)
	}
	return font, nil
})
