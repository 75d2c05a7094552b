// Package standard reads, checks, compares and applies standards: an item as
// one agency applies it. A standard is one YAML document, strict; a variant is
// written as what differs from the national base. Conditions are CEL, forms
// are JSON Schema 2020-12; both libraries live here.
package standard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"tongban/hub"
)

// Bases finds the national version that a variant is laid over. NotFound.
type Bases func(item hub.ItemCode, version int) (hub.Standard, error)

// maxDocuments bounds the text that is read as standards, in bytes.
const maxDocuments = 4 << 20

// Load reads any number of standards, one YAML document each. A variant's base
// is one that stands before it, or one that bases finds (nil: none). An unknown
// key, a repeated key, a missing part or an expression that does not compile is
// an error: BadStandard where the document could be read.
func Load(r io.Reader, bases Bases) ([]hub.Standard, error) {
	return read(r, bases, func(s *hub.Standard) error { return Check(context.Background(), s) })
}

// LoadBuiltIn is Load for what a program carries in itself and its tests have
// loaded: expressions are not compiled before they are used.
func LoadBuiltIn(b []byte) ([]hub.Standard, error) {
	return read(bytes.NewReader(b), nil, func(*hub.Standard) error { return nil })
}

func read(r io.Reader, bases Bases, check func(*hub.Standard) error) ([]hub.Standard, error) {
	r = io.LimitReader(r, maxDocuments+1)
	all, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read standards: %w", err)
	}
	if len(all) > maxDocuments {
		return nil, hub.E(hub.TooLarge, "standards of more than %d bytes", maxDocuments)
	}
	dec := yaml.NewDecoder(bytes.NewReader(all))
	var out []hub.Standard
	find := func(item hub.ItemCode, version int) (hub.Standard, error) {
		for i := range out {
			if s := &out[i]; s.Agency == "" && s.Item == item && s.Version == version {
				return *s, nil
			}
		}
		if bases == nil {
			return hub.Standard{}, hub.E(hub.NotFound, "there is no national version %d of %q", version, item)
		}
		return bases(item, version)
	}
	for {
		var raw map[string]any
		if err := dec.Decode(&raw); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, hub.Wrap(hub.BadStandard, err, "document %d is not a standard: %s", len(out)+1, syntax(err))
		}
		s, err := one(written(raw), find, check)
		if err != nil {
			return nil, fmt.Errorf("standard %d (%q of %q): %w", len(out)+1, text1(raw["item"]), text1(raw["agency"]), err)
		}
		out = append(out, s)
	}
}

// LoadBytes is Load of documents in memory.
func LoadBytes(b []byte) ([]hub.Standard, error) { return Load(bytes.NewReader(b), nil) }

// written undoes what YAML makes of a day: it is text here.
func written(m map[string]any) map[string]any {
	for k, v := range m {
		if t, ok := v.(time.Time); ok {
			m[k] = t.Format(time.DateOnly)
		}
	}
	return m
}

func text1(v any) string { return fmt.Sprintf("%.60v", v) }

// syntax is the text of a YAML error, shortened: it goes to who wrote the document.
func syntax(err error) string { return fmt.Sprintf("%.300s", err.Error()) }

// one makes a standard of a document, resolving an overlay.
func one(raw map[string]any, find Bases, check func(*hub.Standard) error) (hub.Standard, error) {
	var base *hub.Standard
	if _, isOverlay := raw["base"]; isOverlay {
		var err error
		if raw, base, err = resolve(raw, find); err != nil {
			return hub.Standard{}, err
		}
	}
	d, err := strict(raw)
	if err != nil {
		return hub.Standard{}, err
	}
	s, err := d.standard()
	if err != nil {
		return hub.Standard{}, hub.Wrap(hub.BadStandard, err, "%s", err)
	}
	if base == nil && s.Over != (hub.StandardRef{}) {
		b, err := find(s.Over.Item, s.Over.Version)
		if err != nil {
			return hub.Standard{}, fmt.Errorf("the base of the variant: %w", err)
		}
		if b.Digest != s.Over.Digest {
			return hub.Standard{}, hub.E(hub.BadStandard, "the variant was laid over another version %d of the base", b.Version)
		}
		base = &b
	}
	return seal(s, func(s *hub.Standard) error {
		if err := check(s); err != nil {
			return err
		}
		return checkGrounds(base, s)
	})
}

// strict reads a map as a document and refuses every key that is not known.
func strict(raw map[string]any) (*document, error) {
	b, err := yaml.Marshal(raw)
	if err != nil {
		return nil, hub.Wrap(hub.BadStandard, err, "the document cannot be read")
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	d := &document{}
	if err := dec.Decode(d); err != nil {
		return nil, hub.Wrap(hub.BadStandard, err, "the document is not a standard: %s", syntax(err))
	}
	return d, nil
}
