package spectest

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The document that the results are published in, and the marks around them.
const (
	documentPath = "../../../../docs/document-server.md"
	beginMark    = "<!-- begin: written by go test ./storage/embedded/docserver/spectest -update -->"
	endMark      = "<!-- end -->"
)

var update = flag.Bool("update", false, "write the results into "+documentPath)

// checkDocument compares the published results with these, or writes them.
func checkDocument(t *testing.T, results []result) {
	t.Helper()
	path := filepath.FromSlash(documentPath)
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(old), beginMark)
	_, after, ok2 := strings.Cut(rest, endMark)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the results", documentPath)
	}
	text := before + beginMark + "\n\n" + report(results) + "\n" + endMark + after
	if text == string(old) {
		return
	}
	if !*update {
		t.Errorf("%s is not in step with the results: run this test with -update", documentPath)
		return
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tally counts the results of one folder.
type tally struct{ tests, passed, excluded, notFor int }

// report is the published form of the results.
func report(results []result) string {
	var b strings.Builder
	folders, files := map[string]*tally{}, map[string]map[string]bool{}
	var sum tally
	for _, r := range results {
		f := folders[r.c.Folder]
		if f == nil {
			f, files[r.c.Folder] = &tally{}, map[string]bool{}
			folders[r.c.Folder] = f
		}
		files[r.c.Folder][r.c.File] = true
		f.add(r)
		sum.add(r)
	}
	b.WriteString("| Folder | Files | Tests | Apply | Passed | Excluded |\n|---|--:|--:|--:|--:|--:|\n")
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		f := folders[name]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n",
			name, len(files[name]), f.tests, f.tests-f.notFor, f.passed, f.excluded)
	}
	fmt.Fprintf(&b, "| all | | %d | %d | **%d** | %d |\n\n", sum.tests, sum.tests-sum.notFor, sum.passed, sum.excluded)
	b.WriteString("Every test that was not run or did not pass. “Excluded” apply to this server and fail on it; " +
		"the others do not apply, by what the file itself requires.\n\n")
	b.WriteString("| File or test | Tests | Excluded | Reason |\n|---|--:|---|---|\n")
	for _, row := range missed(results) {
		mark := ""
		if row.excluded {
			mark = "yes"
		}
		fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", row.what, row.tests, mark, row.reason)
	}
	return b.String()
}

func (f *tally) add(r result) {
	f.tests++
	switch {
	case r.notFor != "":
		f.notFor++
	case r.excluded != nil:
		f.excluded++
	case r.passed():
		f.passed++
	}
}

// missedRow is one line of the table of tests not run or not passed.
type missedRow struct {
	what, reason string
	excluded     bool
	tests        int
}

// missed groups the tests that did not pass: by the entry of the exclusion table, or
// by file and requirement.
func missed(results []result) []missedRow {
	rows := map[string]*missedRow{}
	for _, r := range results {
		row := missedRow{what: r.c.Folder + "/" + strings.TrimSuffix(r.c.File, ".json"), reason: r.notFor}
		if r.excluded != nil {
			row = missedRow{what: r.excluded.test, reason: r.excluded.reason, excluded: true}
		}
		if row.reason == "" {
			continue
		}
		key := row.what + "\x00" + row.reason
		if rows[key] == nil {
			rows[key] = &row
		}
		rows[key].tests++
	}
	list := make([]missedRow, 0, len(rows))
	for _, row := range rows {
		list = append(list, *row)
	}
	slices.SortFunc(list, func(a, b missedRow) int {
		return cmp.Or(cmp.Compare(a.what, b.what), cmp.Compare(a.reason, b.reason))
	})
	return list
}
