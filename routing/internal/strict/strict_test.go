package strict_test

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tongban/routing/internal/strict"
)

type file struct {
	Names []string `yaml:"names"`
}

func TestOnlyOneKnownDocumentIsRead(t *testing.T) {
	for name, sc := range map[string]struct {
		text  string
		valid bool
	}{
		"empty":         {"", false},
		"unknown key":   {"names: [a]\nages: [1]\n", false},
		"doubled key":   {"names: [a]\nnames: [b]\n", false},
		"two documents": {"names: [a]\n---\nnames: [b]\n", false},
		"too large":     {"names: [" + strings.Repeat("a", 100) + "]\n", false},
		"no YAML":       {"names: [", false},
		"good":          {"names: [a, b]\n", true},
	} {
		var f file
		var root yaml.Node
		if err := strict.YAML(strings.NewReader(sc.text), 64, &f, &root); (err == nil) != sc.valid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryEntryHasItsLine(t *testing.T) {
	var f file
	var root yaml.Node
	if err := strict.YAML(strings.NewReader("# first\nnames:\n  - a\n\n  - b\n"), 64, &f, &root); err != nil {
		t.Fatal(err)
	}
	lines := strict.LinesOf(&root)
	if got := []int{lines.Of("names", 0), lines.Of("names", 1), lines.Of("names", 2), lines.Of("ages", 0)}; !slices.Equal(got, []int{3, 5, 0, 0}) {
		t.Errorf("got lines %v", got)
	}
}
