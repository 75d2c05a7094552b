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
// or repeated key or a missing part is a fault that names the item. All that is
// wrong is told at once, as [Faults] with their lines.
func Load(r io.Reader, known ...hub.Standard) ([]hub.Standard, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read standards: %w", err)
	}
	if len(b) > maxBytes { // a part of a file is not the file
		return nil, fmt.Errorf("at most %d bytes at once", maxBytes)
	}
	roots, wrong := exact(b)
	if len(roots) > maxDocuments {
		return nil, fmt.Errorf("at most %d standards at once", maxDocuments)
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	var out []hub.Standard
	for n, root := range roots {
		var d document
		if err := decode(dec, &d); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			wrong = append(wrong, faultsOf(err, root, fmt.Sprintf("standard %d: ", n+1))...)
			continue
		}
		s, err := d.standard(append(known, out...))
		if err != nil {
			wrong = append(wrong, faultsOf(err, root, fmt.Sprintf("standard %q of %q: ", d.Item, d.Agency))...)
			continue
		}
		out = append(out, s)
	}
	if err := wrong.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// exact refuses what the reader would make into something else without a word:
// it cuts 80.5 fen to 80, and takes a value that was forgotten for nought.
// It returns the documents; after one that is not readable there are no more.
func exact(b []byte) (roots []*yaml.Node, wrong Faults) {
	dec := yaml.NewDecoder(bytes.NewReader(b))
	for n := 1; len(roots) <= maxDocuments; n++ {
		root := &yaml.Node{}
		before := fmt.Sprintf("standard %d: ", n)
		if err := decode(dec, root); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return roots, append(wrong, faultsOf(err, nil, before)...)
		}
		roots = append(roots, root)
		wrong = exactNode(root, before, wrong)
	}
	return roots, wrong
}

func exactNode(n *yaml.Node, before string, wrong Faults) Faults {
	switch n.ShortTag() {
	case "!!float":
		return append(wrong, Fault{n.Line, fmt.Sprintf("%s%q is no whole number", before, n.Value)})
	case "!!null":
		return append(wrong, Fault{n.Line, before + "a value is missing"})
	}
	if n.Kind == yaml.AliasNode {
		return wrong // it is looked at where it stands
	}
	for _, c := range n.Content {
		wrong = exactNode(c, before, wrong)
	}
	return wrong
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
	from, wrongDay := time.ParseInLocation(time.DateOnly, d.From, beijing)
	if wrongDay != nil {
		wrongDay = fmt.Errorf("from: %w", wrongDay)
	}
	s.Item, s.Agency, s.Version, s.From, s.Base, s.State = d.Item, d.Agency, d.Version, from.UTC(), d.Base, ""
	if s.Answer == 0 {
		s.Answer = 1
	}
	if s.Plan.Reviews == 0 {
		s.Plan.Reviews = 2
	}
	if err := errors.Join(wrongDay, check(&s)); err != nil {
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
