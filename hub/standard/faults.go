package standard

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Fault is one thing that is wrong with a file of standards.
type Fault struct {
	Line    int // from 1; 0 when it is of no line
	Message string
}

// Faults is everything that is wrong with a file, so that it is mended at once.
type Faults []Fault

func (f Faults) Error() string {
	all := make([]string, len(f))
	for i, x := range f {
		all[i] = x.Message
		if x.Line > 0 {
			all[i] = fmt.Sprintf("line %d: %s", x.Line, x.Message)
		}
	}
	return strings.Join(all, "\n")
}

// maxFaults bounds what is told of a file that is something else.
const maxFaults = 200

func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return f[:min(len(f), maxFaults)]
}

var (
	lineOf  = regexp.MustCompile(`^(?:yaml: )?line (\d+): (?s)(.*)$`)
	goTypes = regexp.MustCompile(` in type standard\.\w+`)
	partOf  = regexp.MustCompile(`^(fact|rule|field|party|slot|question|fee) ("(?:[^"\\]|\\.)*")`)
	condOf  = regexp.MustCompile(`^(?:count of fee "[^"]*": )?condition ("(?:[^"\\]|\\.)*")`)
)

// partLists names the list in which each part stands.
var partLists = map[string]string{
	"fact": "facts", "rule": "rules", "field": "fields", "party": "parties", "slot": "slots", "question": "questions", "fee": "fees",
}

// faultsOf takes an error of the reader or the checks apart and says where each
// stands; root is the document it is of, nil when there is none.
func faultsOf(err error, root *yaml.Node, before string) Faults {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var all Faults
		for _, e := range many.Unwrap() {
			all = append(all, faultsOf(e, root, before)...)
		}
		return all
	}
	if t, ok := errors.AsType[*yaml.TypeError](err); ok {
		var all Faults
		for _, text := range t.Errors {
			all = append(all, faultsOf(errors.New(goTypes.ReplaceAllString(text, "")), root, before)...)
		}
		return all
	}
	text := err.Error()
	if m := lineOf.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1]) // digits
		return Faults{{line, before + m[2]}}
	}
	return Faults{{placeOf(text, root), before + text}}
}

// placeOf is the line of the part or condition that a text begins with, or of
// the document.
func placeOf(text string, root *yaml.Node) int {
	if root == nil || len(root.Content) == 0 {
		return 0
	}
	top := root.Content[0]
	if m := condOf.FindStringSubmatch(text); m != nil {
		if source, err := strconv.Unquote(m[1]); err == nil {
			if n := findValue(top, source); n != nil {
				return n.Line
			}
		}
	}
	if m := partOf.FindStringSubmatch(text); m != nil {
		key, err := strconv.Unquote(m[2])
		list := valueOf(top, partLists[m[1]])
		if err == nil && list != nil {
			last := list
			for _, one := range list.Content {
				for _, name := range []string{"key", "role"} {
					if v := valueOf(one, name); v != nil && v.Value == key {
						last = v // of two with one key, the second is too many
					}
				}
			}
			return last.Line
		}
	}
	first, _, _ := strings.Cut(text, " ")
	if v := valueOf(top, strings.TrimSuffix(first, ":")); v != nil {
		return v.Line
	}
	return top.Line
}

// valueOf is what stands behind a key of a mapping.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func findValue(n *yaml.Node, value string) *yaml.Node {
	if n.Kind == yaml.ScalarNode && n.Value == value {
		return n
	}
	for _, c := range n.Content {
		if found := findValue(c, value); found != nil {
			return found
		}
	}
	return nil
}
