package seed_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/code"
	"tongban/hub/standard"
)

// citizen is a right number of somebody, another one for each n.
func citizen(n int) string {
	for _, check := range "0123456789X" {
		id := fmt.Sprintf("41042519900307%03d%c", n%1000, check)
		if _, err := code.ParseCitizenID(id); err == nil {
			return id
		}
	}
	panic("no check character fits")
}

// enough are the fewest parties that a standard takes without a condition.
func enough(std *hub.Standard) []hub.Party {
	var out []hub.Party
	for _, r := range std.Parties {
		for range r.Min {
			out = append(out, hub.Party{Role: r.Role, Name: "王五", IDKind: "citizen_id", IDNumber: citizen(100 + len(out))})
		}
	}
	return out
}

// numbers are identity numbers, right and wrong ones of every kind.
var numbers = []string{
	"", " ", "11010519491231002X", "11010519491231002x", " 1101 0519 4912 3100 2X ", "110105194912310021", "440524188001010014", "440524179901010014", "410425900307123", "41042590030712X",
	"410425199013071231", "410425199002301231", "010425199003071231", "910425199003071231", "４１０425199003071231", "41042519900307123X", "4104251990030712", "41042519900307123一",
	"91350100M000100Y43", "91350100m000100y43", "11100000MB03271699", "12350881MB0404670T", "91350100M000100Y44", "91350100M000I00Y43", "01350100M000100Y43", "90350100M000100Y43", "91050100M000100Y43", "91A50100M000100Y43",
	"91350100M00010OY43", "E12345678", "e12345678", "E1234", "E123", strings.Repeat("E", 20), strings.Repeat("E", 21), "H12345678(1)", "护照一二", "AB\u202eCDE", "AB\tCDE", "K-12/34 5", "\ufeffE12345678",
}

// partiesFor are lists of parties with one part wrong or at its bound.
func partiesFor(std *hub.Standard, rng *rand.Rand) [][]hub.Party {
	least := enough(std)
	out := [][]hub.Party{nil, least}
	for _, r := range std.Parties {
		for _, n := range []int{1, r.Max, r.Max + 1} {
			list := append([]hub.Party{}, least...)
			for range n {
				list = append(list, hub.Party{Role: r.Role, Name: "赵六", IDKind: "citizen_id", IDNumber: citizen(100 + len(list))})
			}
			out = append(out, list)
		}
	}
	if len(least) == 0 {
		return out
	}
	but := func(change func(p *hub.Party)) {
		list := append([]hub.Party{}, least...)
		change(&list[rng.IntN(len(list))])
		out = append(out, list)
	}
	for i := range least {
		out = append(out, append(append([]hub.Party{}, least[:i]...), least[i+1:]...))
	}
	for _, kind := range []string{"citizen_id", "credit_code", "passport", "", "nickname", "Passport"} {
		for _, number := range numbers {
			but(func(p *hub.Party) { p.IDKind, p.IDNumber = kind, number })
		}
	}
	for range 40 {
		number := mistyped(numbers[2+rng.IntN(len(numbers)-2)], rng).(string) //nolint:forcetypeassert // given a text
		but(func(p *hub.Party) { p.IDKind, p.IDNumber = []string{"citizen_id", "credit_code"}[rng.IntN(2)], number })
	}
	for _, name := range []string{"", " ", "\u3000", "张", strings.Repeat("长", 100), strings.Repeat("长", 101), " " + strings.Repeat("𠮷", 100) + " ", "a\u202eb", "a\tb", "阿卜杜勒·热合曼"} {
		but(func(p *hub.Party) { p.Name = name })
		but(func(p *hub.Party) { p.Represents = name })
	}
	for _, phone := range []string{"", " ", "1234", "12345", "13800005678", "+86 138-0000-5678", strings.Repeat("1", 20), strings.Repeat("1", 21), "１３８００００", "138x00005678", " 13800005678 "} {
		but(func(p *hub.Party) { p.Phone = phone })
	}
	for _, role := range []string{"", "ghost", "Buyer", " " + std.Parties[0].Role} {
		but(func(p *hub.Party) { p.Role = role })
	}
	return out
}

// sent is a party as a page sends it.
func sent(list []hub.Party) []map[string]string {
	out := []map[string]string{}
	for _, p := range list {
		out = append(out, map[string]string{
			"role": p.Role, "name": p.Name, "id_kind": p.IDKind, "id_number": p.IDNumber, "phone": p.Phone, "represents": p.Represents,
		})
	}
	return out
}

// ofParties leaves out what only the hub can say: rules, what is asked under a
// condition, and that one person is there twice. A blank is "required" for all.
func ofParties(std *hub.Standard, list []hub.Party, wrong []hub.FieldError) map[string]string {
	out := map[string]string{}
	count := map[string]int{}
	for _, p := range list {
		count[p.Role]++
	}
	blank := map[string]bool{}
	for n, p := range list {
		for key, v := range sent([]hub.Party{p})[0] {
			blank[fmt.Sprintf("/%d/%s", n, key)] = strings.TrimSpace(v) == ""
		}
	}
	for _, w := range wrong {
		pointer, ok := strings.CutPrefix(w.Pointer, "/parties")
		if !ok || w.Code == "same_party" || strings.HasPrefix(w.Code, "rule_") {
			continue
		}
		if role, ok := strings.CutPrefix(w.Code, "count_"); ok {
			conditional := false
			for _, r := range std.Parties {
				conditional = conditional || r.Role == role && r.If != "" && count[role] <= r.Max
			}
			if conditional {
				continue
			}
			w.Code = "count"
		}
		if blank[pointer] {
			w.Code = "required"
		}
		out[pointer] = strings.TrimSpace(out[pointer] + " " + w.Code)
	}
	return out
}

func TestTheBrowserJudgesPartiesAsTheHubDoes(t *testing.T) {
	all, err := seed.Standards()
	if err != nil {
		t.Fatal(err)
	}
	seedOfTest := rand.Uint64()
	t.Logf("seed %d", seedOfTest)
	rng := rand.New(rand.NewPCG(seedOfTest, 2))
	assessor := standard.NewAssessor()
	var sets []map[string]any
	var tried [][][]hub.Party
	seen := map[string]bool{}
	for i := range all {
		schema, err := standard.PartiesSchema(&all[i])
		if err != nil {
			t.Fatal(err)
		}
		lists := partiesFor(&all[i], rng)
		if seen[string(schema)] {
			lists = some(lists, rng)
		}
		seen[string(schema)] = true
		var values []any
		for _, l := range lists {
			values = append(values, sent(l))
		}
		tried = append(tried, lists)
		sets = append(sets, map[string]any{"schema": json.RawMessage(schema), "values": values})
	}
	n, right := 0, 0
	for i, found := range ask(t, sets) {
		std := &all[i]
		form := hub.Form{}
		for _, f := range std.Fields {
			form[f.Key] = good(f)
		}
		for k, list := range tried[i] {
			hubs := ofParties(std, list, judged(t, assessor, std, form, list))
			agree(t, fmt.Sprintf("%s of %q", std.Item, std.Agency), sent(list), hubs, found[k])
			if n++; len(hubs) == 0 {
				right++
			}
			if t.Failed() && n%50 == 0 {
				t.Fatal("enough")
			}
		}
	}
	if right < len(all) || n-right < len(all)*10 {
		t.Errorf("of %d lists %d are right: that says little", n, right)
	}
	t.Logf("%d lists of %d standards, %d without a fault", n, len(all), right)
}
