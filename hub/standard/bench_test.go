package standard_test

import (
	"slices"
	"testing"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/standard"
)

// largest is the catalogue's item with most expressions, and a case of it.
func largest(b *testing.B) (hub.Standard, hub.Form, []hub.Party) {
	b.Helper()
	all, err := seed.Standards()
	if err != nil {
		b.Fatal(err)
	}
	i := slices.IndexFunc(all, func(s hub.Standard) bool { return s.Item == "package.mortgaged_transfer" })
	party := func(role, name, number string) hub.Party {
		return hub.Party{Role: role, Name: name, IDKind: "passport", IDNumber: number}
	}
	form := hub.Form{
		"mode": "combined", "certificate": "豫(2022)郏县不动产权第0001234号", "old_proof": "豫(2023)郏县不动产证明第0000567号",
		"address": "郏县龙山街道迎宾路8号", "use": "residential", "ownership": "spouses", "contract_date": "2026-11-20", "price": int64(90_000_000),
		"payoff": int64(20_000_000), "payoff_until": "2026-12-31", "loan": int64(40_000_000), "term_from": "2026-12-01", "term_to": "2046-12-01",
		"escrow_kind": "bank", "escrow_account": "6222000011112222",
	}
	return all[i], form, []hub.Party{
		seller(), party("buyer", "李明", "E0000001"), party("old_bank", "甲银行", "E0000002"), party("new_bank", "乙银行", "E0000003"),
		party("escrow", "丙公证处", "E0000004"),
		{Role: "agent", Name: "王律师", IDKind: "passport", IDNumber: "E0000005", Represents: "李明"},
	}
}

// BenchmarkAssess is everything: form, parties, conditions, materials, rules,
// fees, questions and plan of the largest item. BenchmarkJudge leaves the
// schema of the form out; it must stay below 50 µs.
func BenchmarkAssess(b *testing.B) {
	std, form, parties := largest(b)
	engine := standard.NewEngine()
	b.ReportAllocs()
	for b.Loop() {
		if a, err := engine.Assess(b.Context(), &std, form, parties, today); err != nil || len(a.Wrong) > 0 {
			b.Fatal(err, a.Wrong)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	std, form, parties := largest(b)
	engine := standard.NewEngine()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engine.Judge(b.Context(), &std, form, parties, today); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCompile is the first case of a version: every expression and the form.
func BenchmarkCompile(b *testing.B) {
	std, form, parties := largest(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := standard.NewEngine().Assess(b.Context(), &std, form, parties, today); err != nil {
			b.Fatal(err)
		}
	}
}
