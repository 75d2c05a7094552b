// Package standard reads and checks the written form of standards: an item as
// one agency applies it, one YAML document each, strict.
package standard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"tongban/hub"
)

type document struct {
	Item      hub.ItemCode `yaml:"item"`
	Agency    hub.AgencyID `yaml:"agency"`
	Version   int          `yaml:"version"`
	From      string       `yaml:"from"`
	Name      names        `yaml:"name"`
	Statutory int          `yaml:"statutory_days"`
	Promised  int          `yaml:"promised_days"`
	Fields    []field      `yaml:"fields"`
	Parties   []party      `yaml:"parties"`
	Slots     []slot       `yaml:"slots"`
}

type names struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

type field struct {
	Key      string `yaml:"key"`
	Kind     string `yaml:"kind"`
	Required bool   `yaml:"required"`
	Personal bool   `yaml:"personal"`
	Max      int    `yaml:"max"`
	names    `yaml:",inline"`
}

type party struct {
	Role  string `yaml:"role"`
	Min   int    `yaml:"min"`
	Max   int    `yaml:"max"`
	names `yaml:",inline"`
}

type slot struct {
	Key      string   `yaml:"key"`
	Required bool     `yaml:"required"`
	If       string   `yaml:"if"`
	Types    []string `yaml:"types"`
	MaxMiB   int64    `yaml:"max_mib"`
	MaxFiles int      `yaml:"max_files"`
	names    `yaml:",inline"`
}

// Load reads any number of standards, one YAML document each. An unknown key,
// a repeated key or a missing part is an error that names the item.
func Load(r io.Reader) ([]hub.Standard, error) {
	dec := yaml.NewDecoder(r)
	dec.KnownFields(true)
	var out []hub.Standard
	for {
		var d document
		if err := dec.Decode(&d); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("standard %d: %w", len(out)+1, err)
		}
		s, err := d.standard()
		if err != nil {
			return nil, fmt.Errorf("standard %q of %q: %w", d.Item, d.Agency, err)
		}
		out = append(out, s)
	}
}

// beijing is the zone in which the law's days begin everywhere in China.
var beijing = time.FixedZone("UTC+8", 8*3600)

func (d *document) standard() (hub.Standard, error) {
	from, err := time.ParseInLocation(time.DateOnly, d.From, beijing)
	if err != nil {
		return hub.Standard{}, fmt.Errorf("from: %w", err)
	}
	s := hub.Standard{
		Item: d.Item, Agency: d.Agency, Version: d.Version, From: from.UTC(), NameZH: d.Name.ZH, NameEN: d.Name.EN,
		Statutory: d.Statutory, Promised: d.Promised,
	}
	for _, f := range d.Fields {
		s.Fields = append(s.Fields, hub.Field{Key: f.Key, Kind: f.Kind, Required: f.Required, Personal: f.Personal, Max: f.Max, ZH: f.ZH, EN: f.EN})
	}
	for _, p := range d.Parties {
		s.Parties = append(s.Parties, hub.PartyRule{Role: p.Role, Min: p.Min, Max: p.Max, ZH: p.ZH, EN: p.EN})
	}
	for _, x := range d.Slots {
		s.Slots = append(s.Slots, hub.Slot{
			Key: x.Key, Required: x.Required, If: x.If, Types: x.Types,
			MaxBytes: x.MaxMiB << 20, MaxFiles: x.MaxFiles, ZH: x.ZH, EN: x.EN,
		})
	}
	if err := check(&s); err != nil {
		return hub.Standard{}, err
	}
	b, err := hub.Marshal(s)
	s.Digest = hub.SHA256(b)
	return s, err
}

// check refuses a standard that could not be worked with.
func check(s *hub.Standard) error {
	switch {
	case s.Item == "":
		return errors.New("item is missing")
	case s.Version < 1:
		return errors.New("version must be 1 or more")
	case s.NameZH == "" || s.NameEN == "":
		return errors.New("name needs zh and en")
	case s.Promised < 1 || s.Statutory < s.Promised:
		return errors.New("promised_days must be 1 or more and at most statutory_days")
	case len(s.Slots) == 0:
		return errors.New("a standard asks for at least one material")
	}
	seen := map[string]bool{}
	once := func(kind, key, zh, en string) error {
		if key == "" || zh == "" || en == "" {
			return fmt.Errorf("%s %q needs a key and both names", kind, key)
		}
		if seen[kind+key] {
			return fmt.Errorf("%s %q is there twice", kind, key)
		}
		seen[kind+key] = true
		return nil
	}
	for _, f := range s.Fields {
		if !slices.Contains([]string{"text", "fen", "date", "bool", "certificate", "integer"}, f.Kind) {
			return fmt.Errorf("field %q: kind %q is not known", f.Key, f.Kind)
		}
		if err := once("field", f.Key, f.ZH, f.EN); err != nil {
			return err
		}
	}
	for _, p := range s.Parties {
		if p.Min < 0 || p.Max < max(1, p.Min) {
			return fmt.Errorf("party %q: min and max do not fit", p.Role)
		}
		if err := once("party", p.Role, p.ZH, p.EN); err != nil {
			return err
		}
	}
	for _, x := range s.Slots {
		if len(x.Types) == 0 || x.MaxBytes < 1 || x.MaxFiles < 1 {
			return fmt.Errorf("slot %q needs types, max_mib and max_files", x.Key)
		}
		if x.If != "" && !seen["party"+x.If] {
			return fmt.Errorf("slot %q: no party %q", x.Key, x.If)
		}
		if err := once("slot", x.Key, x.ZH, x.EN); err != nil {
			return err
		}
	}
	return nil
}

// LoadBytes is Load of a document in memory.
func LoadBytes(b []byte) ([]hub.Standard, error) { return Load(bytes.NewReader(b)) }
