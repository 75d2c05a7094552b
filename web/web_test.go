package web_test

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"tongban/web"
)

var (
	linked = regexp.MustCompile(`(?:src|href)="([^"]*)"`)
	inline = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)
)

// answeredElsewhere are links to what the API answers, not to files of ours.
var answeredElsewhere = map[string]bool{"/openapi.json": true, "/readyz": true}

func TestFilesHasAPageWhetherBuiltOrNot(t *testing.T) {
	page, err := fs.ReadFile(web.Files(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"通办", `lang="en"`} {
		if !strings.Contains(string(page), want) {
			t.Errorf("index.html lacks %q", want)
		}
	}
}

// A page that runs under default-src 'self' has no inline script and asks no other host for anything.
func TestPagesWorkUnderTheContentSecurityPolicy(t *testing.T) {
	files := web.Files()
	for name, page := range pages(t, files) {
		if found := inline.FindString(page); found != "" {
			t.Errorf("%s: inline code or style: %q", name, found)
		}
		for _, m := range linked.FindAllStringSubmatch(page, -1) {
			if !answeredElsewhere[m[1]] && !exists(files, name, m[1]) {
				t.Errorf("%s: %q is no file of ours", name, m[1])
			}
		}
	}
}

func pages(t *testing.T, files fs.FS) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		page, err := fs.ReadFile(files, name)
		found[name] = string(page)
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("%d pages, error %v", len(found), err)
	}
	return found
}

func exists(files fs.FS, page, link string) bool {
	name, absolute := strings.CutPrefix(link, "/")
	if !absolute {
		name = path.Join(path.Dir(page), link)
	}
	if name == "" || strings.HasSuffix(name, "/") {
		name = path.Join(name, "index.html")
	}
	for _, n := range []string{name, name + ".gz"} {
		if info, err := fs.Stat(files, n); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}
