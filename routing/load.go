package routing

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/internal/strict"
	"tongban/routing/ledger"
)

const maxConfig = 16 << 20 // bytes of a configuration file

// configFile is the file as written; docs/routing.md explains each key.
type configFile struct {
	Agencies []struct {
		ID       string `yaml:"id"`
		Name     string `yaml:"name"`
		NameEn   string `yaml:"name_en"`
		Register bool   `yaml:"register"`
		Place    string `yaml:"place"`
		From     string `yaml:"from"`
		Ended    *struct {
			On        string `yaml:"on"`
			How       string `yaml:"how"`
			Successor string `yaml:"successor"`
		} `yaml:"ended"`
	} `yaml:"agencies"`
	Duties      []dutyFile `yaml:"duties"`
	Delegations []dutyFile `yaml:"delegations"`
	Zones       []struct {
		County  string `yaml:"county"`
		AsOf    string `yaml:"as_of"`
		Default string `yaml:"default"`
		Areas   []struct {
			Zones []string `yaml:"zones"`
			To    string   `yaml:"to"`
		} `yaml:"areas"`
	} `yaml:"zones"`
	Rules []ruleFile `yaml:"rules"`
}

type dutyFile struct {
	Agency string   `yaml:"agency"`
	To     string   `yaml:"to"` // delegations only
	Places []string `yaml:"places"`
	Items  []string `yaml:"items"`
	From   string   `yaml:"from"`
	Until  string   `yaml:"until"`
}

type ruleFile struct {
	ID      string `yaml:"id"`
	Title   string `yaml:"title"`
	TitleEn string `yaml:"title_en"`
	When    struct {
		Places []string            `yaml:"places"`
		Items  []string            `yaml:"items"`
		Units  []string            `yaml:"units"`
		From   string              `yaml:"from"`
		Until  string              `yaml:"until"`
		Facts  map[string]factFile `yaml:"facts"`
	} `yaml:"when"`
	To string `yaml:"to"`
}

type factFile struct {
	In  []string `yaml:"in"`
	Is  *bool    `yaml:"is"`
	Min *int64   `yaml:"min"`
	Max *int64   `yaml:"max"`
}

// LoadConfig reads a configuration file. An unknown or doubled key refuses it;
// values that cannot be read are all told at once, as a *ConfigError. Whether
// the parts fit together is for Compile to see.
func LoadConfig(r io.Reader) (Config, error) {
	var root yaml.Node
	var f configFile
	if err := strict.YAML(r, maxConfig, &f, &root); err != nil {
		return Config{}, fmt.Errorf("routing configuration: %w", err)
	}
	p := &reader{lines: strict.LinesOf(&root)}
	c := Config{
		Agencies: p.agencies(&f),
		Zones:    p.zones(&f),
	}
	for i, x := range f.Duties {
		p.at("duties", i)
		if x.To != "" {
			p.add(p.line, "unknown_key", "a duty has no \"to\"; that is a delegation")
		}
		c.Duties = append(c.Duties, Duty{
			Line: p.line, Agency: hub.AgencyID(x.Agency), Places: p.codes(x.Places), Items: p.items(x.Items),
			From: p.day(x.From), Until: p.day(x.Until),
		})
	}
	for i, x := range f.Delegations {
		p.at("delegations", i)
		c.Delegations = append(c.Delegations, Delegation{
			Line: p.line, Agency: hub.AgencyID(x.Agency), To: hub.AgencyID(x.To), Places: p.codes(x.Places),
			Items: p.items(x.Items), From: p.day(x.From), Until: p.day(x.Until),
		})
	}
	for i, x := range f.Rules {
		p.at("rules", i)
		c.Rules = append(c.Rules, p.rule(x))
	}
	if err := p.err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// reader turns the file's texts into values and collects what it cannot read.
type reader struct {
	problems

	lines strict.Lines
	line  int
}

// at moves to one entry of a list.
func (p *reader) at(list string, i int) { p.line = p.lines.Of(list, i) }

func (p *reader) day(s string) ledger.Day {
	if s == "" {
		return 0
	}
	d, err := ledger.ParseDay(s)
	if err != nil {
		p.add(p.line, "day", "%v", err)
	}
	return d
}

func (p *reader) code(s string) code.Division {
	if s == "" {
		return 0
	}
	c, err := code.ParseDivision(s)
	if err != nil {
		p.add(p.line, "division", "%q: %v", s, err)
	}
	return c
}

func (p *reader) codes(all []string) []code.Division {
	var out []code.Division
	for _, s := range all {
		out = append(out, p.code(s))
	}
	return out
}

func (p *reader) items(all []string) []Pattern {
	var out []Pattern
	for _, s := range all {
		out = append(out, Pattern(s))
	}
	return out
}

func (p *reader) agencies(f *configFile) []Agency {
	var out []Agency
	for i, x := range f.Agencies {
		p.at("agencies", i)
		a := Agency{
			Line: p.line, ID: hub.AgencyID(x.ID), Name: x.Name, NameEn: x.NameEn, Register: x.Register, Place: p.code(x.Place), From: p.day(x.From),
		}
		if x.Ended != nil {
			a.Closed, a.End, a.Successor = p.day(x.Ended.On), End(x.Ended.How), hub.AgencyID(x.Ended.Successor)
			if a.Closed == 0 {
				p.add(p.line, "day", "an agency that ended needs the day: on")
			}
		}
		out = append(out, a)
	}
	return out
}

func (p *reader) zones(f *configFile) []ZoneTable {
	var out []ZoneTable
	for i, x := range f.Zones {
		p.at("zones", i)
		z := ZoneTable{Line: p.line, County: p.code(x.County), AsOf: p.day(x.AsOf), Default: p.code(x.Default)}
		for _, a := range x.Areas {
			z.Areas = append(z.Areas, ZoneArea{Zones: a.Zones, To: p.code(a.To)})
		}
		out = append(out, z)
	}
	return out
}

func (p *reader) rule(x ruleFile) Rule {
	r := Rule{
		Line: p.line, ID: x.ID, Title: x.Title, TitleEn: x.TitleEn, Places: p.codes(x.When.Places),
		Items: p.items(x.When.Items), Units: x.When.Units, From: p.day(x.When.From), Until: p.day(x.When.Until),
		To: hub.AgencyID(x.To),
	}
	for _, key := range slices.Sorted(maps.Keys(x.When.Facts)) {
		t := x.When.Facts[key]
		r.Facts = append(r.Facts, FactTest{Key: key, In: t.In, Is: t.Is, Min: t.Min, Max: t.Max})
	}
	return r
}
