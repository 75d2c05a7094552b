package standard

import (
	"bytes"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"

	"tongban/hub"
)

// Export writes a standard in full, so that Load gives the same content, with
// the same digest, again. State is not part of it.
func Export(s *hub.Standard) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(documentOf(s)); err != nil {
		return nil, fmt.Errorf("export standard %s: %w", s.Item, err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("export standard %s: %w", s.Item, err)
	}
	return b.Bytes(), nil
}

func nameOf(key, zh, en string) named     { return named{key, text{zh, en}} }
func optionDoc(o hub.Option) named        { return nameOf(o.Key, o.ZH, o.EN) }
func reasonDoc(r hub.Reason) named        { return nameOf(r.Key, r.ZH, r.EN) }
func textDoc(t hub.Text) text             { return text(t) }
func ruleDoc(r hub.Rule) rule             { return rule{r.Key, r.Holds, r.At, text{r.ZH, r.EN}} }
func groundDoc(g hub.Departure) departure { return departure{g.At, text{g.ZH, g.EN}} }

func documentOf(s *hub.Standard) *document {
	return &document{
		Item: s.Item, Agency: s.Agency, Version: s.Version, From: s.From.In(beijing).Format(time.DateOnly),
		Over: over{s.Over.Item, s.Over.Version, s.Over.Digest}, Name: text{s.NameZH, s.NameEN}, Modes: s.Modes,
		Basis: each(s.Basis, textDoc), Answer: s.Answer, Promised: s.Promised, Statutory: s.Statutory, Plan: plan(s.Plan),
		Conditions: each(s.Conditions, func(x hub.Condition) condition { return condition{x.Key, x.When, text{x.ZH, x.EN}} }),
		Fields:     each(s.Fields, fieldDoc),
		Parties:    each(s.Parties, func(x hub.PartyRule) party { return party{x.Role, x.Min, x.Max, x.If, text{x.ZH, x.EN}} }),
		Slots:      each(s.Slots, slotDoc),
		Rules:      each(s.Rules, ruleDoc),
		Fees: each(s.Fees, func(x hub.FeeRule) feeRule {
			return feeRule{x.Key, x.When, x.Fen, x.Per, x.Count, x.Payer, each(x.Exempt, func(e hub.Exemption) exemption {
				return exemption{e.When, e.Percent, text{e.ZH, e.EN}}
			}), text{x.ZH, x.EN}}
		}),
		Questions: each(s.Questions, func(x hub.Question) asked {
			return asked{x.Key, x.Kind, x.Roles, x.If, x.Flag, text{x.ZH, x.EN}}
		}),
		Outputs: each(s.Outputs, func(x hub.Output) output { return output{x.Key, x.Kind, x.If, text{x.ZH, x.EN}} }),
		Rejects: each(s.Rejects, reasonDoc), Grounds: each(s.Grounds, groundDoc),
	}
}

func fieldDoc(f hub.Field) field {
	return field{
		Key: f.Key, Kind: f.Kind, Required: f.Required, If: f.If, Personal: f.Personal, Min: f.Min, Max: f.Max,
		Options: each(f.Options, optionDoc), text: text{f.ZH, f.EN}, Help: text{f.HelpZH, f.HelpEN},
		Columns: each(f.Columns, func(c hub.Column) columnDoc {
			return columnDoc{c.Key, c.Kind, c.Required, c.Personal, c.Min, c.Max, each(c.Options, optionDoc), text{c.ZH, c.EN}}
		}),
	}
}

func slotDoc(x hub.Slot) slot {
	return slot{
		Key: x.Key, Required: x.Required, If: x.If, Types: x.Types, MaxMiB: x.MaxBytes >> 20, MaxFiles: x.MaxFiles,
		Original: x.Original, Shared: x.Shared, Reusable: x.Reusable, ValidDays: x.ValidDays, text: text{x.ZH, x.EN},
		Hints: each(x.Hints, textDoc), Rejects: each(x.Rejects, reasonDoc),
	}
}
