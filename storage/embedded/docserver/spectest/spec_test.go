package spectest

import (
	"cmp"
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/storage/embedded/docserver/spectest/mongospec"
)

const (
	specWorkers = 8                // servers that run files side by side
	caseTimeout = 20 * time.Second // a case that takes longer hangs
)

// folders are the test files of the driver module that the server is held to.
func folders() []mongospec.Folder {
	return []mongospec.Folder{
		{Name: "crud/v1", Format: mongospec.CRUDv1},
		{Name: "crud/unified", Format: mongospec.Unified},
		{Name: "transactions/legacy", Format: mongospec.LegacyTransactions},
		{Name: "transactions/unified", Format: mongospec.Unified},
		{Name: "retryable-writes/legacy", Format: mongospec.LegacyRetryableWrites},
		{Name: "retryable-writes/unified", Format: mongospec.Unified},
		{Name: "index-management", Format: mongospec.Unified},
	}
}

// result is what became of one case.
type result struct {
	c        *mongospec.Case
	notFor   string     // why it does not apply, by its own requirements
	excluded *exclusion // our reason not to count it
	err      error      // what is not as MongoDB expects
}

func (r result) passed() bool { return r.notFor == "" && r.excluded == nil && r.err == nil }

// Every published test passes, does not apply by its own requirements, or stands in
// the table of exclusions — where it has to fail, so that the table stays exact.
func TestMongoDBSpecifications(t *testing.T) {
	cases := loadCases(t)
	results := runCases(t, cases)
	used := map[string]bool{}
	for _, r := range results {
		t.Run(r.c.ID(), func(t *testing.T) {
			switch {
			case r.notFor != "":
			case r.excluded == nil && r.err != nil:
				t.Error(r.err)
			case r.excluded != nil:
				used[r.excluded.test] = true
				if r.err == nil {
					t.Errorf("passes, but is excluded: %s", r.excluded.reason)
				}
			}
		})
	}
	if external() != "" {
		return // the table and the document are about our own server
	}
	for _, e := range exclusions() {
		if !used[e.test] {
			t.Errorf("exclusion %q is of no test that applies", e.test)
		}
	}
	checkDocument(t, results)
}

func loadCases(t *testing.T) []*mongospec.Case {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "go.mongodb.org/mongo-driver").Output()
	if err != nil {
		t.Fatalf("find the driver module: %v", err)
	}
	testdata := filepath.Join(strings.TrimSpace(string(out)), "testdata")
	var cases []*mongospec.Case
	for _, f := range folders() {
		found, err := f.Load(testdata)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, found...)
	}
	return cases
}

// runCases runs the files on several servers at once, the cases of a file in order.
func runCases(t *testing.T, cases []*mongospec.Case) []result {
	t.Helper()
	workers := specWorkers
	if external() != "" {
		workers = 1 // the files share collection names
	}
	files := make(chan []*mongospec.Case)
	var mu sync.Mutex
	var results []result
	var wg sync.WaitGroup
	for range workers {
		target := specTarget(t)
		wg.Go(func() {
			for file := range files {
				for _, c := range file {
					r := runCase(t.Context(), target, c)
					mu.Lock()
					results = append(results, r)
					mu.Unlock()
				}
			}
		})
	}
	for file := range byFile(cases) {
		files <- file
	}
	close(files)
	wg.Wait()
	order := map[*mongospec.Case]int{}
	for i, c := range cases {
		order[c] = i
	}
	slices.SortFunc(results, func(a, b result) int { return cmp.Compare(order[a.c], order[b.c]) })
	return results
}

// byFile yields runs of cases of the same file.
func byFile(cases []*mongospec.Case) func(yield func([]*mongospec.Case) bool) {
	return func(yield func([]*mongospec.Case) bool) {
		for start := 0; start < len(cases); {
			end := start
			for end < len(cases) && cases[end].Folder == cases[start].Folder && cases[end].File == cases[start].File {
				end++
			}
			if !yield(cases[start:end]) {
				return
			}
			start = end
		}
	}
}

func runCase(ctx context.Context, target *mongospec.Target, c *mongospec.Case) result {
	r := result{c: c, notFor: c.Unmet(target.Info)}
	if r.notFor != "" {
		return r
	}
	if external() == "" {
		r.excluded = exclusionOf(c.ID())
	}
	ctx, cancel := context.WithTimeout(ctx, caseTimeout)
	defer cancel()
	r.err = c.Run(ctx, target)
	return r
}
