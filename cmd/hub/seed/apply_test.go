package seed_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/standard"
)

var day = time.Date(2026, 11, 25, 1, 0, 0, 0, time.UTC)

func person(role, name, number string) hub.Party {
	return hub.Party{Role: role, Name: name, IDKind: "citizen_id", IDNumber: number}
}

func firm(role, name string) hub.Party {
	return hub.Party{Role: role, Name: name, IDKind: "credit_code", IDNumber: "91350100M000100Y43"}
}

func passport(role, name string) hub.Party {
	return hub.Party{Role: role, Name: name, IDKind: "passport", IDNumber: "E" + fmt.Sprintf("%07d", len(role)*31+len(name))}
}

const title = "豫(2022)郏县不动产权第0001234号"

// application is one good application of an item.
type application struct {
	form    hub.Form
	parties []hub.Party
	fen     int64 // of all fees
	plan    hub.Plan
	need    []string // slots required
}

func applications() map[hub.ItemCode]application {
	home := func(more hub.Form) hub.Form {
		f := hub.Form{"certificate": title, "address": "郏县龙山街道迎宾路8号", "use": "residential", "ownership": "sole"}
		maps.Copy(f, more)
		return f
	}
	seller, buyer := person("seller", "张建国", "410425199003071231"), person("buyer", "李明", "11010519491231002X")
	return map[hub.ItemCode]application{
		"transfer.resale": {
			home(hub.Form{"contract_date": "2026-11-20", "price": int64(68_000_000), "extra_copies": int64(1), "ownership": "spouses"}),
			[]hub.Party{seller, buyer},
			9000,
			hub.Plan{Reviews: 2, Tax: true, Booking: true, Exclusive: true, Promised: 5},
			[]string{"application", "identity", "certificate", "contract", "tax", "marriage"},
		},
		"transfer.new": {
			home(hub.Form{"project": "龙湖花园", "contract_no": "2026-0001", "contract_date": "2026-01-20", "price": int64(88_000_000), "area": int64(9_812), "has_notice": true, "notice_proof": "豫(2023)郏县不动产证明第0000567号"}),
			[]hub.Party{firm("developer", "郏县龙湖置业有限公司"), buyer},
			8000,
			hub.Plan{Reviews: 2, Tax: true, Booking: true, Exclusive: true, Promised: 1},
			[]string{"application", "identity", "certificate", "contract", "tax", "notice_proof"},
		},
		"notice.dual": {
			hub.Form{"stage": "conversion", "project": "龙湖花园", "address": "迎宾路8号", "use": "residential", "contract_no": "1", "price": int64(900), "loan": int64(500), "term_from": "2026-01-01", "term_to": "2046-01-01", "ownership": "sole", "purchase_proof": "豫(2023)郏县不动产证明第0000567号", "mortgage_proof": "豫(2023)郏县不动产证明第0000568号", "unit_unchanged": true},
			[]hub.Party{firm("developer", "郏县龙湖置业有限公司"), buyer, passport("bank", "郏县农商银行")},
			16000,
			hub.Plan{Reviews: 2, Tax: true, Booking: true, Exclusive: true, Promised: 1},
			[]string{"application", "identity", "contract", "mortgage_contract", "notice_proofs", "tax"},
		},
		"mortgage.first": {
			home(hub.Form{"use": "other", "mortgage_type": "general", "debt": int64(50_000_000), "term_from": "2026-01-01", "term_to": "2036-01-01", "scope": "本金、利息", "contract_no": "D-1"}),
			[]hub.Party{person("owner", "张建国", "410425199003071231"), firm("bank", "郏县农商银行")},
			55000,
			hub.Plan{Reviews: 2, Booking: true, Exclusive: true, Promised: 2},
			[]string{"application", "identity", "certificate", "mortgage_contract"},
		},
		"mortgage.cancel": {
			hub.Form{"proof": "豫(2023)郏县不动产证明第0000567号", "reason": "repaid", "ended_on": "2026-11-01"},
			[]hub.Party{firm("bank", "郏县农商银行")},
			0,
			hub.Plan{Reviews: 1, Booking: true, Promised: 1},
			[]string{"application", "identity", "proof", "release"},
		},
		"package.mortgaged_transfer": {
			home(hub.Form{"mode": "combined", "old_proof": "豫(2023)郏县不动产证明第0000567号", "contract_date": "2026-11-20", "price": int64(90_000_000), "payoff": int64(20_000_000), "payoff_until": "2026-12-31", "loan": int64(40_000_000), "term_from": "2026-12-01", "term_to": "2046-12-01", "escrow_kind": "bank", "escrow_account": "6222000011112222"}),
			[]hub.Party{seller, buyer, firm("old_bank", "甲银行"), passport("new_bank", "乙银行"), passport("escrow", "丙公证处")},
			16000,
			hub.Plan{Reviews: 2, Tax: true, Video: true, Booking: true, Exclusive: true, Promised: 3},
			[]string{"application", "identity", "certificate", "old_proof", "contract", "tax", "mortgage_contract", "old_bank_consent", "escrow_agreement"},
		},
		"transfer.inherit": {
			hub.Form{"certificate": title, "address": "迎宾路8号", "use": "residential", "deceased": "张老", "died_on": "2026-01-02", "ground": "agreement", "heirs": []any{
				map[string]any{"name": "张建国", "relation": "child", "share": int64(10_000)}, map[string]any{"name": "张建军", "relation": "child", "share": int64(0), "waives": true},
			}},
			[]hub.Party{person("heir", "张建国", "410425199003071231")},
			8000,
			hub.Plan{Reviews: 2, Tax: true, NoticeDays: 15, Video: true, Booking: true, Exclusive: true, Promised: 30},
			[]string{"application", "identity", "certificate", "death", "kinship", "agreement", "waiver", "tax"},
		},
		"transfer.spouse": {
			hub.Form{"certificate": title, "address": "迎宾路8号", "use": "residential", "ground": "divorce_agreement", "ground_date": "2026-06-01", "after": "sole"},
			[]hub.Party{person("spouse", "张建国", "410425199003071231"), passport("spouse", "李明")},
			8000,
			hub.Plan{Reviews: 2, Tax: true, Video: true, Booking: true, Exclusive: true, Promised: 3},
			[]string{"application", "identity", "certificate", "divorce", "tax"},
		},
		"change": {
			hub.Form{"certificate": title, "address": "迎宾路8号", "kind": "area", "old_value": "98.12", "new_area": int64(9_900)},
			[]hub.Party{person("owner", "张建国", "410425199003071231")},
			0,
			hub.Plan{Reviews: 2, Booking: true, Exclusive: true, Promised: 1},
			[]string{"application", "identity", "certificate", "proof_of_change", "survey"},
		},
		"first.building": {
			hub.Form{"project_code": "2026-410425-70-01-000001", "project": "龙湖花园", "address": "迎宾路8号", "land_certificate": title, "completed_on": "2026-10-01", "planned_area": int64(10_000_000), "units": units(500)},
			[]hub.Party{firm("developer", "郏县龙湖置业有限公司")},
			250*8000 + 250*55000,
			hub.Plan{Reviews: 2, Visit: true, Booking: true, Exclusive: true, Promised: 3},
			[]string{"application", "identity", "land_certificate", "survey", "planning", "completion", "tax"},
		},
		"search": {
			hub.Form{"relation": "interested", "purpose": "lawsuit", "scope": "result", "search_by": "unit"},
			[]hub.Party{person("inquirer", "张建国", "410425199003071231")},
			0,
			hub.Plan{Reviews: 1, Promised: 1},
			[]string{"application", "identity", "interest"},
		},
		"utilities": {
			hub.Form{"booked_case": "410425-20260105-000123-M", "address": "迎宾路8号", "phone": "13800005678", "accounts": []any{
				map[string]any{"company": "water", "account": "W1", "consent": true}, map[string]any{"company": "gas", "account": "G1", "consent": true, "meter": int64(5)},
			}},
			[]hub.Party{person("new_holder", "李明", "11010519491231002X")},
			0,
			hub.Plan{Reviews: 1, Promised: 3},
			[]string{"identity"},
		},
	}
}

func units(n int) []any {
	out := make([]any, n)
	for i := range out {
		use := "residential"
		if i%2 == 1 {
			use = "other"
		}
		out[i] = map[string]any{"unit": fmt.Sprintf("410425001002GB00003F%08d", i+1), "location": fmt.Sprintf("%d室", i+1), "use": use, "area": int64(9_000)}
	}
	return out
}

func TestEveryItemTakesAGoodApplication(t *testing.T) {
	engine := standard.NewEngine()
	apps := applications()
	for _, s := range standards(t) {
		x, ok := apps[s.Item]
		if !ok {
			t.Fatalf("no application for %s", s.Item)
		}
		a, err := engine.Assess(t.Context(), &s, x.form, x.parties, day)
		if err != nil || len(a.Wrong) > 0 {
			t.Errorf("%s of %q: %v %+v", s.Item, s.Agency, err, a.Wrong)
			continue
		}
		total := int64(0)
		for _, f := range a.Fees {
			total += f.Total
		}
		if total != x.fen {
			t.Errorf("%s of %q: fees %d, want %d: %+v", s.Item, s.Agency, total, x.fen, a.Fees)
		}
		if s.Agency != "" {
			continue
		}
		if a.Plan != x.plan {
			t.Errorf("%s: plan %+v, want %+v", s.Item, a.Plan, x.plan)
		}
		var need []string
		for i := range s.Slots {
			if a.Slots[s.Slots[i].Key] == hub.NeedRequired {
				need = append(need, s.Slots[i].Key)
			}
		}
		if !slices.Equal(need, x.need) {
			t.Errorf("%s: needs %q, want %q", s.Item, need, x.need)
		}
	}
}

func TestTheCatalogueRefuses(t *testing.T) {
	engine := standard.NewEngine()
	all := standards(t)
	for name, c := range map[string]struct {
		item   hub.ItemCode
		change func(*application)
		wrong  string
	}{
		"expired payoff":          {"package.mortgaged_transfer", func(a *application) { a.form["payoff_until"] = "2026-11-24" }, "/form/payoff_until quote_expired"},
		"registered clause":       {"package.mortgaged_transfer", func(a *application) { a.form["no_transfer_clause"] = true }, "/form/no_transfer_clause transfer_forbidden"},
		"second mortgage":         {"package.mortgaged_transfer", func(a *application) { a.form["second_mortgage"] = true }, "/form/second_mortgage ranked"},
		"no new bank":             {"package.mortgaged_transfer", func(a *application) { a.parties = slices.Delete(a.parties, 3, 4) }, "/parties count_new_bank"},
		"shares of the heirs":     {"transfer.inherit", func(a *application) { a.form["heirs"].([]any)[0].(map[string]any)["share"] = int64(9_999) }, "/form/heirs shares_sum"},
		"waiver with a share":     {"transfer.inherit", func(a *application) { a.form["heirs"].([]any)[1].(map[string]any)["share"] = int64(1) }, "/form/heirs waiver_has_share"},
		"one spouse alone":        {"transfer.spouse", func(a *application) { a.parties = a.parties[:1] }, "/parties both_spouses"},
		"nobody cancels":          {"mortgage.cancel", func(a *application) { a.parties = nil }, "/parties nobody_applies"},
		"other unit":              {"notice.dual", func(a *application) { a.form["unit_unchanged"] = false }, "/form/unit_unchanged unit_changed"},
		"original papers":         {"search", func(a *application) { a.form["scope"] = "original" }, "/form/scope scope_too_wide"},
		"no consent":              {"utilities", func(a *application) { a.form["accounts"].([]any)[0].(map[string]any)["consent"] = false }, "/form/accounts no_consent"},
		"developer without code":  {"transfer.new", func(a *application) { a.parties[0].IDKind = "passport" }, "/parties developer_is_firm"},
		"agent of nobody":         {"transfer.resale", func(a *application) { a.parties = append(a.parties, passport("agent", "王律师")) }, "/parties agent_for_nobody"},
		"more than was planned":   {"first.building", func(a *application) { a.form["planned_area"] = int64(1) }, "/form/units area_above_plan"},
		"contract of the future":  {"transfer.resale", func(a *application) { a.form["contract_date"] = "2026-11-26" }, "/form/contract_date contract_in_future"},
		"loan ends before it is":  {"mortgage.first", func(a *application) { a.form["term_to"] = "2025-01-01" }, "/form/term_to term_order"},
		"nothing changes":         {"change", func(a *application) { a.form["kind"], a.form["new_value"] = "name", "98.12" }, "/form/new_value nothing_changes"},
		"new value not mentioned": {"change", func(a *application) { a.form["kind"] = "name" }, "/form/new_value required"},
	} {
		x := applications()[c.item]
		c.change(&x)
		i := slices.IndexFunc(all, func(s hub.Standard) bool { return s.Item == c.item })
		a, err := engine.Assess(t.Context(), &all[i], x.form, x.parties, day)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.ContainsFunc(a.Wrong, func(w hub.FieldError) bool { return w.Pointer+" "+w.Code == c.wrong }) {
			t.Errorf("%s: %+v", name, a.Wrong)
		}
	}
}
