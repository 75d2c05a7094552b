package seed_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/standard"
)

var standards = sync.OnceValues(seed.Standards)

// base is the national base of an item.
func base(t *testing.T, item hub.ItemCode) *hub.Standard {
	t.Helper()
	all, err := standards()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(s hub.Standard) bool { return s.Item == item && s.Agency == "" })
	if i < 0 {
		t.Fatalf("no base of %s", item)
	}
	return &all[i]
}

// filled is a form with an answer to every field that is always asked, laid
// over with what a row of a table says otherwise.
func filled(s *hub.Standard, own hub.Form) hub.Form {
	form := hub.Form{}
	for _, f := range s.Fields {
		if f.Required && f.If == "" {
			form[f.Key] = answer(f)
		}
	}
	for k, v := range map[string]any{"use": "home", "old_value": "旧", "new_value": "新", "term_to": "2046-01-01"} {
		if _, asked := form[k]; asked {
			form[k] = v
		}
	}
	maps.Copy(form, own)
	return form
}

func answer(f hub.Field) any {
	switch f.Kind {
	case "fen", "integer", "area":
		return int64(1)
	case "date":
		return "2026-01-01"
	case "bool":
		return true
	case "certificate":
		return "豫(2022)郏县不动产权第0001234号"
	case "unit":
		return "410425001002GB00003F00050021"
	case "choice":
		return f.Options[0].Key
	case "list":
		row := map[string]any{}
		for _, c := range f.Columns {
			if c.Required {
				row[c.Key] = answer(c.Field())
			}
		}
		return []any{row}
	}
	return "文字"
}

func roles(names ...string) []hub.Party {
	var out []hub.Party
	for _, r := range names {
		p := hub.Party{Role: r, Name: "某人", IDKind: "citizen_id", IDNumber: "410425199003071231"}
		if r == "agent" {
			p.Represents = "某人"
		}
		out = append(out, p)
	}
	return out
}

func units(uses ...string) []any {
	var out []any
	for _, u := range uses {
		out = append(out, map[string]any{"unit": "410425001002GB00003F00050021", "area": int64(9000), "use": u})
	}
	return out
}

// The fees of 发改价格规〔2016〕2559号: 80 for a home, 550 otherwise, 10 for a copy;
// micro firms, cancellations, changes and advance notices are free.
func TestFeesOfTheTwelveItems(t *testing.T) {
	day := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
	judge := standard.NewAssessor()
	for _, x := range []struct {
		item    hub.ItemCode
		form    hub.Form
		parties []hub.Party
		yuan    int64
	}{
		{"transfer.resale", hub.Form{}, roles("seller", "buyer"), 80},
		{"transfer.resale", hub.Form{"use": "garage"}, roles("seller", "buyer"), 80},
		{"transfer.resale", hub.Form{"use": "other", "copies": int64(2)}, roles("seller", "buyer"), 570},
		{"transfer.resale", hub.Form{"use": "other", "micro_firm": true}, roles("seller", "buyer"), 0},
		{"transfer.new", hub.Form{}, roles("developer", "buyer"), 80},
		{"transfer.new", hub.Form{"use": "other"}, roles("developer", "buyer"), 550},
		{"transfer.new", hub.Form{"use": "other", "micro_firm": true}, roles("developer", "buyer"), 0},
		{"notice.dual", hub.Form{"stage": "notice"}, roles("developer", "buyer", "bank"), 0},
		{
			"notice.dual",
			hub.Form{"stage": "conversion", "proof_no": "豫(2023)郏县不动产证明第0000567号", "certificate": "豫(2022)郏县不动产权第0001234号"},
			roles("developer", "buyer", "bank"), 160,
		},
		{"mortgage.first", hub.Form{}, roles("owner", "bank"), 80},
		{"mortgage.first", hub.Form{"use": "other"}, roles("owner", "bank"), 550},
		{"mortgage.cancel", hub.Form{}, roles("bank"), 0},
		{"package.mortgaged_transfer", hub.Form{}, roles("seller", "buyer", "old_bank", "new_bank"), 160},
		{"package.mortgaged_transfer", hub.Form{"mode": "changed"}, roles("seller", "buyer", "old_bank"), 80},
		{"package.mortgaged_transfer", hub.Form{"use": "other"}, roles("seller", "buyer", "old_bank", "new_bank"), 1100},
		{"transfer.inherit", hub.Form{}, roles("heir"), 80},
		{"transfer.spouse", hub.Form{"ground": "divorce_court"}, roles("spouse"), 80},
		{"transfer.spouse", hub.Form{"ground": "spouse_name"}, roles("spouse", "spouse"), 10},
		{"change", hub.Form{}, roles("owner"), 0},
		{"first.building", hub.Form{"units": units("home", "garage", "other"), "pieces": int64(3)}, roles("developer"), 710},
		{"first.building", hub.Form{"units": units("other"), "pieces": int64(1)}, roles("developer"), 550},
		{"first.building", hub.Form{"units": units("home", "other"), "pieces": int64(2), "micro_firm": true}, roles("developer"), 0},
		{"search", hub.Form{}, roles("seeker"), 0},
		{"utilities", hub.Form{}, roles("holder"), 0},
	} {
		s := base(t, x.item)
		a, err := judge.Assess(t.Context(), s, hub.Application{Form: filled(s, x.form), Parties: x.parties, Day: day})
		if err != nil || len(a.Wrong) > 0 {
			t.Errorf("%s %v: %v %v", x.item, x.form, a.Wrong, err)
			continue
		}
		total := int64(0)
		for _, f := range a.Fees {
			total += f.Fen * f.Count
			if f.Fen > 0 && !slices.ContainsFunc(x.parties, func(p hub.Party) bool { return p.Role == f.Payer }) {
				t.Errorf("%s %v: %s is paid by %q, who takes no part", x.item, x.form, f.Key, f.Payer)
			}
		}
		if total != 100*x.yuan {
			t.Errorf("%s %v: %d fen, want %d yuan", x.item, x.form, total, x.yuan)
		}
	}
}

// What the twelve standards refuse, each as its code.
func TestRulesOfTheTwelveItems(t *testing.T) {
	day := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
	judge := standard.NewAssessor()
	agent := roles("seller", "buyer", "agent")
	agent[2].Represents = ""
	for _, x := range []struct {
		item    hub.ItemCode
		form    hub.Form
		parties []hub.Party
		code    string
	}{
		{"transfer.resale", hub.Form{}, agent, "rule_represents"},
		{"transfer.resale", hub.Form{"price": int64(0)}, roles("seller", "buyer"), "rule_price"},
		{"transfer.resale", hub.Form{}, roles("buyer"), "count_seller"},
		{"transfer.new", hub.Form{"noticed": true}, roles("developer", "buyer"), "required"},
		{"notice.dual", hub.Form{"stage": "conversion"}, roles("developer", "buyer", "bank"), "required"},
		{"notice.dual", hub.Form{"loan": int64(2)}, roles("developer", "buyer", "bank"), "rule_loan"},
		{"notice.dual", hub.Form{"loan": int64(0)}, roles("developer", "buyer", "bank"), "rule_lends"},
		{"mortgage.first", hub.Form{"term_to": "2020-01-01"}, roles("owner", "bank"), "rule_term"},
		{"mortgage.cancel", hub.Form{"alone": true}, roles("owner"), "rule_alone"},
		{"mortgage.cancel", hub.Form{"alone": true, "reason": "court"}, nil, "count_owner"},
		{"mortgage.cancel", hub.Form{}, roles("owner"), "count_bank"},
		{"package.mortgaged_transfer", hub.Form{}, roles("seller", "buyer", "old_bank"), "count_new_bank"},
		{"package.mortgaged_transfer", hub.Form{"payoff": int64(2)}, roles("seller", "buyer", "old_bank", "new_bank"), "rule_payoff"},
		{"package.mortgaged_transfer", hub.Form{"payoff_until": "2025-12-31"}, roles("seller", "buyer", "old_bank", "new_bank"), "rule_quote"},
		{"transfer.inherit", hub.Form{"basis": "agreement", "heirs": []any{
			map[string]any{"name": "甲", "kinship": "配偶"}, map[string]any{"name": "乙", "kinship": "子", "waives": true},
		}}, roles("heir"), "rule_all_heirs"},
		{"transfer.inherit", hub.Form{"heirs": []any{map[string]any{"name": "甲", "kinship": "配偶", "waives": true}}}, roles("heir"), "rule_takers"},
		{"transfer.spouse", hub.Form{"ground": "divorce_agreement"}, roles("spouse"), "rule_both"},
		{"change", hub.Form{"new_value": "旧"}, roles("owner"), "rule_differs"},
		{"first.building", hub.Form{"pieces": int64(2)}, roles("developer"), "rule_pieces"},
		{"utilities", hub.Form{"consents": false}, roles("holder"), "rule_consent"},
	} {
		s := base(t, x.item)
		a, err := judge.Assess(t.Context(), s, hub.Application{Form: filled(s, x.form), Parties: x.parties, Day: day})
		if err != nil {
			t.Errorf("%s %v: %v", x.item, x.form, err)
		}
		if !slices.ContainsFunc(a.Wrong, func(f hub.FieldError) bool { return f.Code == x.code }) {
			t.Errorf("%s %v: %v, want %s", x.item, x.form, a.Wrong, x.code)
		}
	}
}

// Whoever applies for a registration is asked (民法典 art. 212); a search and a
// service are no registrations.
func TestWhoeverAppliesIsQuestioned(t *testing.T) {
	silent := []string{"agent", "escrow"} // one acts for another, one only keeps money
	all, err := seed.Standards()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		asks := s.Item != "search" && s.Item != "utilities"
		for _, p := range s.Parties {
			if n := len(s.QuestionsFor(p.Role)); !slices.Contains(silent, p.Role) && (n > 0) != asks {
				t.Errorf("%s at %q asks %s %d questions", s.Item, s.Agency, p.Role, n)
			}
		}
		for _, q := range s.Questions {
			if !strings.HasSuffix(q.ZH, "？") || !strings.HasSuffix(q.EN, "?") {
				t.Errorf("%s: %q is no question", s.Item, q.Key)
			}
		}
	}
}

// An inheritance that a notary or a court has settled is promised sooner.
func TestInheritanceIsPromisedByItsBasis(t *testing.T) {
	s, judge := base(t, "transfer.inherit"), standard.NewAssessor()
	for basis, want := range map[string]int{"notarial": 5, "court": 5, "agreement": 30} {
		a, err := judge.Assess(t.Context(), s, hub.Application{Form: filled(s, hub.Form{"basis": basis}), Parties: roles("heir")})
		if err != nil || len(a.Wrong) > 0 || a.Steps.Promised != want || (a.Steps.NoticeDays > 0) != (basis == "agreement") || a.Needs["kinship"] != (basis == "agreement") {
			t.Errorf("%s: %v %v %+v", basis, a.Wrong, err, a.Steps)
		}
	}
}
