//go:build no_ui

package web

import (
	"embed"
	"io/fs"
)

// Files returns no pages: this binary was built with the tag no_ui, for nodes
// that only speak the API.
func Files() fs.FS { return embed.FS{} }
