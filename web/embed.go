//go:build !no_ui

package web

import (
	"embed"
	"io/fs"
)

// dist is built by `make web` and not committed, except for the file .keep
// that lets this line compile without it.
//
//go:embed all:dist unbuilt
var embedded embed.FS

// Files returns the pages, rooted at their URLs: index.html, docs/index.html, …
// NAME.gz stands for the file NAME, which is not there, and holds it gzipped.
// Where `make web` was not run before the build, it holds one index.html that
// says so.
func Files() fs.FS {
	root := "dist"
	if _, err := fs.Stat(embedded, "dist/index.html"); err != nil {
		root = "unbuilt"
	}
	sub, err := fs.Sub(embedded, root)
	if err != nil {
		panic(err) // root is one of two constants that embed has checked
	}
	return sub
}
