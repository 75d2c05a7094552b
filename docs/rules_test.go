// Package docs_test holds the documents and the folders to what they say of each
// other: imports, file lengths, links, names of settings.
package docs_test

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	maxFile     = 400 // lines of a Go file
	maxTestFile = 600 // lines of a test file: tables are long
	maxReadme   = 120 // lines of README.md
)

// notOurs are folders with files that nobody here wrote.
var notOurs = []string{".git", "bin", "data", "web/dist", "web/.built", "web/screens"}

func TestGoFilesStayShort(t *testing.T) {
	for name, text := range files(t, ".go") {
		limit := maxFile
		if strings.HasSuffix(name, "_test.go") {
			limit = maxTestFile
		}
		if n := bytes.Count(text, []byte("\n")); n > limit {
			t.Errorf("%s has %d lines, at most %d", name, n, limit)
		}
	}
}

func TestReadmeStaysShort(t *testing.T) {
	if n := bytes.Count(files(t, ".md")["README.md"], []byte("\n")); n > maxReadme {
		t.Errorf("README.md has %d lines, at most %d", n, maxReadme)
	}
}

func TestLinksInDocumentsResolve(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fence := regexp.MustCompile("(?s)```.*?```")
	for name, text := range files(t, ".md") {
		for _, m := range link.FindAllSubmatch(fence.ReplaceAll(text, nil), -1) {
			u, err := url.Parse(string(m[1]))
			if err != nil {
				t.Errorf("%s: link %q: %v", name, m[1], err)
				continue
			}
			if u.Scheme != "" || u.Path == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", path.Dir(name), u.Path)); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
	}
}

func TestNothingIsLeftForLaterWithoutAnIssue(t *testing.T) {
	later := regexp.MustCompile(`\b(?:TO` + `DO|FIX` + `ME|XX` + `X)\b(?:\(#\d+\))?`)
	for name, text := range files(t, ".go", ".md", ".mjs", ".js", ".yml", "") {
		for _, found := range later.FindAll(text, -1) {
			if !bytes.HasSuffix(found, []byte(")")) {
				t.Errorf("%s: %s without the issue that keeps it, as in NAME(#12)", name, found)
			}
		}
	}
}

func TestNoFileNamesAPlaceOnOneMachine(t *testing.T) {
	home := regexp.MustCompile(`(?:^|[\s"'=(` + "`" + `])/(?:ro` + `ot|ho` + `me)/`)
	for name, text := range files(t, ".go", ".md", ".mjs", ".js", ".yml", ".json", "") {
		if found := home.Find(text); found != nil {
			t.Errorf("%s: %q", name, found)
		}
	}
}

// files reads every file of ours with one of the extensions, by its name below the root.
func files(t *testing.T, exts ...string) map[string][]byte {
	t.Helper()
	root := os.DirFS("..")
	found := map[string][]byte{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(notOurs, name) || d.Name() == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !slices.Contains(exts, path.Ext(name)) {
			return nil
		}
		found[name], err = fs.ReadFile(root, name)
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("%d files with %q, error %v", len(found), exts, err)
	}
	return found
}
