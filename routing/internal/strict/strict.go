// Package strict reads the YAML files of routing: every key known, one
// document, line numbers at hand.
package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// YAML reads one document of at most limit bytes into v and, for line
// numbers, into root. An unknown or doubled key and a second document are
// errors.
func YAML(r io.Reader, limit int64, v any, root *yaml.Node) error {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return err
	}
	if int64(len(b)) > limit {
		return fmt.Errorf("larger than %d bytes", limit)
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(v); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("empty")
		}
		return err
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.New("more than one document")
	}
	return yaml.Unmarshal(b, root)
}

// Lines tells on which line each entry of the lists under the root begins.
type Lines map[string][]int

// LinesOf finds the lines of a document.
func LinesOf(root *yaml.Node) Lines {
	lines := Lines{}
	if len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return lines
	}
	top := root.Content[0].Content
	for i := 0; i+1 < len(top); i += 2 {
		list := top[i+1]
		if list.Kind == yaml.AliasNode {
			list = list.Alias
		}
		for _, entry := range list.Content {
			lines[top[i].Value] = append(lines[top[i].Value], entry.Line)
		}
	}
	return lines
}

// Of is the line of one entry; 0 when the list came in by a merge key.
func (l Lines) Of(list string, i int) int {
	if i >= len(l[list]) {
		return 0
	}
	return l[list][i]
}
