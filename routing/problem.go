package routing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one fault of a configuration.
type Problem struct {
	Line int    // 0 when the configuration did not come from a file
	Code string // stable, as "overlap"
	Text string // for the person who wrote the configuration
}

// ConfigError names every fault found, in order of line.
type ConfigError struct{ Problems []Problem }

func (e *ConfigError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "routing configuration: %d problems", len(e.Problems))
	if len(e.Problems) == 1 {
		b.Reset()
		b.WriteString("routing configuration")
	}
	for _, p := range e.Problems {
		if p.Line > 0 {
			fmt.Fprintf(&b, "\nline %d: %s: %s", p.Line, p.Code, p.Text)
		} else {
			fmt.Fprintf(&b, "\n%s: %s", p.Code, p.Text)
		}
	}
	return b.String()
}

// problems collects faults.
type problems struct{ all []Problem }

func (p *problems) add(line int, code, format string, args ...any) {
	p.all = append(p.all, Problem{Line: line, Code: code, Text: fmt.Sprintf(format, args...)})
}

// err is nil when nothing was found.
func (p *problems) err() error {
	if len(p.all) == 0 {
		return nil
	}
	slices.SortStableFunc(p.all, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return &ConfigError{Problems: p.all}
}
