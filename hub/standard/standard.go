package standard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"tongban/hub"
)

// Bounds of an import.
const (
	maxBytes     = 4 << 20
	maxDocuments = 500
)

// Load reads any number of standards, one YAML document each. A variant must
// stand after its national base, in the same input or among known. An unknown
// or repeated key or a missing part is an error that names the item.
func Load(r io.Reader, known ...hub.Standard) ([]hub.Standard, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read standards: %w", err)
	}
	if len(b) > maxBytes { // a part of a file is not the file
		return nil, fmt.Errorf("at most %d bytes at once", maxBytes)
	}
	if err := exact(b); err != nil {
		return nil, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	var out []hub.Standard
	for {
		var d document
		if err := decode(dec, &d); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("standard %d: %w", len(out)+1, err)
		}
		if len(out) == maxDocuments {
			return nil, fmt.Errorf("at most %d standards at once", maxDocuments)
		}
		s, err := d.standard(append(known, out...))
		if err != nil {
			return nil, fmt.Errorf("standard %q of %q: %w", d.Item, d.Agency, err)
		}
		out = append(out, s)
	}
}

// exact refuses what the reader would make into something else without a word:
// it cuts 80.5 fen to 80, and takes a value that was forgotten for nought.
func exact(b []byte) error {
	dec := yaml.NewDecoder(bytes.NewReader(b))
	for n := 1; ; n++ {
		var root yaml.Node
		if err := decode(dec, &root); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("standard %d: %w", n, err)
		}
		if err := exactNode(&root); err != nil {
			return fmt.Errorf("standard %d: %w", n, err)
		}
	}
}

func exactNode(n *yaml.Node) error {
	switch n.ShortTag() {
	case "!!float":
		return fmt.Errorf("line %d: %q is no whole number", n.Line, n.Value)
	case "!!null":
		return fmt.Errorf("line %d: a value is missing", n.Line)
	}
	if n.Kind == yaml.AliasNode {
		return nil // it is looked at where it stands
	}
	for _, c := range n.Content {
		if err := exactNode(c); err != nil {
			return err
		}
	}
	return nil
}

// decode turns the reader's panics on hostile input into errors.
func decode(dec *yaml.Decoder, d any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("not readable: %v", p)
		}
	}()
	return dec.Decode(d)
}

// LoadBytes is Load of a document in memory.
func LoadBytes(b []byte, known ...hub.Standard) ([]hub.Standard, error) {
	return Load(bytes.NewReader(b), known...)
}

// Export writes a standard whole: what Load reads back as the same.
func Export(s hub.Standard) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(documentOf(&s)); err != nil {
		return nil, fmt.Errorf("export standard: %w", err)
	}
	return b.Bytes(), enc.Close()
}

// standard resolves a document: a variant takes from its base what it does not say.
func (d *document) standard(known []hub.Standard) (hub.Standard, error) {
	s := hub.Standard{}
	if d.Base > 0 && !d.Whole {
		base, err := baseOf(d, known)
		if err != nil {
			return s, err
		}
		s = base
	}
	if err := d.layOver(&s); err != nil {
		return s, err
	}
	from, err := time.ParseInLocation(time.DateOnly, d.From, beijing)
	if err != nil {
		return s, fmt.Errorf("from: %w", err)
	}
	s.Item, s.Agency, s.Version, s.From, s.Base, s.State = d.Item, d.Agency, d.Version, from.UTC(), d.Base, ""
	if s.Answer == 0 {
		s.Answer = 1
	}
	if s.Plan.Reviews == 0 {
		s.Plan.Reviews = 2
	}
	if err := check(&s); err != nil {
		return s, err
	}
	return s, seal(&s)
}

func seal(s *hub.Standard) error {
	b, err := s.Sealed()
	s.Digest = hub.SHA256(b)
	return err
}

func baseOf(d *document, known []hub.Standard) (hub.Standard, error) {
	for _, k := range known {
		if k.Item == d.Item && k.Agency == "" && k.Version == d.Base {
			return k, nil
		}
	}
	return hub.Standard{}, fmt.Errorf("there is no national base %d to lie on", d.Base)
}
