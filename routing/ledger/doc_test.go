package ledger_test

import (
	"os"
	"strings"
	"testing"

	"tongban/routing/ledger"
)

func TestTheUpdateInTheDocumentsWorks(t *testing.T) {
	text, err := os.ReadFile("../../docs/routing.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```yaml\n")
	example, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("docs/routing.md has no example")
	}
	u, err := ledger.LoadUpdate(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	l, err := builtin(t).Apply(u)
	if err != nil {
		t.Fatal(err)
	}
	if got := reached(t, l, 330104, "2015-01-01", "2021-04-08"); got != "330104" {
		t.Errorf("the day before the exact day: %s", got)
	}
}
