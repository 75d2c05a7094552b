package seed_test

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"strings"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// good is a right answer to a field.
func good(f hub.Field) any {
	switch f.Kind {
	case "bool":
		return true
	case "fen", "integer", "area":
		return int64(5)
	case "date":
		return "2026-02-28"
	case "certificate":
		return "豫(2022)郏县不动产权第0001234号"
	case "unit":
		return hubtest.Unit
	case "choice":
		return f.Options[0].Key
	case "list":
		row := map[string]any{}
		for _, c := range f.Columns {
			row[c.Key] = good(c.Field())
		}
		return []any{row}
	}
	return "甲"
}

// odd are values that people and programs send for a field of any kind.
func odd(f hub.Field) []any {
	limit := cmp.Or(f.Max, 200)
	return []any{
		nil, true, false, "", " ", "\t\n", "\u3000", "\u0085", "\ufeff", "\u200b", int64(0), int64(1), int64(-1), int64(10_000), int64(10_001),
		int64(100_000_000_000_000), int64(100_000_000_000_001), 1.5, -0.5,
		[]any{},
		[]any{map[string]any{}},
		[]any{"x"},
		map[string]any{},
		"x", "否", "true", "5",
		strings.Repeat("长", limit), strings.Repeat("长", limit+1), " " + strings.Repeat("𠮷", limit) + "\u3000", "𠮷" + strings.Repeat("𠮷", limit), "a\u202eb", "tab\there", "nul\x00", "soft\u00adhyphen", "e\u0301",
		"2026-02-28", "2026-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "0000-00-00", "2026-2-1", " 2026-01-01 ", "2026-13-01", "2026-00-10", "2026-01-32", "２０２６-01-01", "20260101", "2026-01-01T00:00:00Z", "+2026-01-01",
		hubtest.Unit, "410425 001002 gb00003 f00050021", "4104２5001002GB00003F00050021", "440113013008G800003F00230055", hubtest.Unit + "0", hubtest.Unit[1:], "0" + hubtest.Unit[1:], "9" + hubtest.Unit[1:],
		"410425001002XB00003F00050021", "410425001002GB00003X00050021", "4104250010O2GB00003F00050021", "410425001002G好3F00050021", "410425001002GB00003F0005002一", strings.Repeat(" ", 600) + hubtest.Unit, hubtest.Unit + strings.Repeat(" ", 600) + "1",
		"豫（2022）郏县不动产权第0001234号", "豫〔2023〕郏县 不动产证明第0000567号", "豫(2022)郏县不动产权第1234号", "豫(2014)郏县不动产权第0001234号", "豫(2015)郏县不动产权第9999999号", "X(2022)郏县不动产权第0001234号", "豫(2022)A县不动产权第0001234号",
		"豫(2022)郏县不动产权第0000000号", "豫[2022]郏县不动产权第0001234号", "豫(22)郏县不动产权第0001234号", "豫(二〇)郏县不动产权第0001234号", "豫(20X2)郏县不动产权第0001234号", "豫(2022)县不动产权第0001234号", "豫(2022)" + strings.Repeat("县", 31) + "不动产权第0001234号",
		"豫(2022)郏县不动产权不动产权第0001234号", "豫(2022)郏县不动产权第000123X号", "𠮷(2022)郏县不动产权第0001234号", "豫(2022)𠮷县不动产权第0001234号", "郏房权证字第123号", "豫(2022)郏县\n不动产权第0001234号",
	}
}

// rows are lists with a wrong cell, or of a wrong length.
func rows(f hub.Field) []any {
	if f.Kind != "list" {
		return nil
	}
	row := good(f).([]any)[0].(map[string]any) //nolint:forcetypeassert // made so
	many := func(n int) []any {
		out := make([]any, n)
		for i := range out {
			out[i] = row
		}
		return out
	}
	limit := cmp.Or(f.Max, 200)
	out := []any{many(0), many(limit), many(limit + 1), []any{row, "x"}, []any{row, nil}, []any{row, map[string]any{}}, []any{with(row, "extra", "x")}, []any{row, []any{}}}
	for _, c := range f.Columns {
		out = append(out, []any{without(row, c.Key)})
		for _, v := range odd(c.Field()) {
			out = append(out, []any{with(row, c.Key, v)})
		}
	}
	return out
}

func with(m map[string]any, key string, v any) map[string]any {
	out := maps.Clone(m)
	out[key] = v
	return out
}

func without(m map[string]any, key string) map[string]any {
	out := maps.Clone(m)
	delete(out, key)
	return out
}

// formsFor are the forms of a standard with one part wrong or at its bound, and
// mixtures of these.
func formsFor(fields []hub.Field, rng *rand.Rand) []hub.Form {
	whole, least := map[string]any{}, map[string]any{}
	values := map[string][]any{}
	for _, f := range fields {
		whole[f.Key] = good(f)
		if f.Required && f.If == "" {
			least[f.Key] = whole[f.Key]
		}
		values[f.Key] = append(odd(f), rows(f)...)
		for _, o := range f.Options {
			values[f.Key] = append(values[f.Key], o.Key, " "+o.Key, strings.ToUpper(o.Key))
		}
	}
	out := []hub.Form{{}, whole, least, with(whole, "ghost", "x"), with(whole, "ghost", ""), with(whole, "Price", int64(1))}
	for _, f := range fields {
		out = append(out, without(whole, f.Key), with(least, f.Key, whole[f.Key]))
		for _, v := range values[f.Key] {
			out = append(out, with(whole, f.Key, v))
		}
	}
	for range 40 {
		form := maps.Clone(whole)
		for range 1 + rng.IntN(4) {
			f := fields[rng.IntN(len(fields))]
			form[f.Key] = mistyped(values[f.Key][rng.IntN(len(values[f.Key]))], rng)
		}
		out = append(out, form)
	}
	return out
}

// mistyped changes one character of a text.
func mistyped(v any, rng *rand.Rand) any {
	s, ok := v.(string)
	if !ok || s == "" || rng.IntN(3) == 0 {
		return v
	}
	r := []rune(s)
	alphabet := []rune("0123456789ABXGFx()（）年第号郏豫-　 \u200b")
	r[rng.IntN(len(r))] = alphabet[rng.IntN(len(alphabet))]
	return string(r)
}

// some are every eighth, from another start each time: for a place that asks
// what another place asks.
func some[T any](all []T, rng *rand.Rand) []T {
	var out []T
	for i := rng.IntN(8); i < len(all); i += 8 {
		out = append(out, all[i])
	}
	return out
}
