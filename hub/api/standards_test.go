package api

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// reads are the addresses that anybody with a role may read.
func TestReadingStandardsRefuses(t *testing.T) {
	s := demandingSite(t)
	get := func(name, who, at string, status int, code string, has ...string) scenario {
		return scenario{name: name + " " + at, who: who, method: "GET", path: "/api/v1/" + at, status: status, code: code, has: has}
	}
	var all []scenario
	for _, at := range []string{
		"items", "standards?item=transfer.resale&unit=" + hubtest.Unit, "standards/all", "standards/diff?item=transfer.resale&agency=410425.registry",
		"standards/export?item=transfer.resale&version=1",
	} {
		sign := "&"
		if !strings.Contains(at, "?") {
			sign = "?"
		}
		all = append(all,
			get("nobody", "", at, 401, "unauthenticated"),
			get("without a role", "nobody", at, 403, "forbidden"),
			get("unknown parameter", "clerk", at+sign+"colour=red", 422, "invalid", `"in":"query"`, `"pointer":"/colour"`, `"code":"unknown_field"`),
		)
	}
	for _, at := range []string{"standards?", "standards/diff?", "standards/export?version=1&"} {
		all = append(all,
			get("no item", "clerk", strings.TrimRight(at, "?&"), 422, "invalid", `"pointer":"/item"`, `"code":"required"`),
			get("an item too long", "clerk", at+"item="+strings.Repeat("x", 61), 422, "invalid", `"pointer":"/item"`, `"code":"length"`),
		)
	}
	for _, at := range []string{"standards", "standards/diff"} {
		all = append(all,
			get("no such item", "clerk", at+"?item=marriage", 422, "unknown_item"),
			get("no such item at an agency", "clerk", at+"?item=marriage&agency=410425.registry", 422, "unknown_item"),
			get("an agency too long", "clerk", at+"?item=transfer.resale&agency="+strings.Repeat("x", 61), 422, "invalid", `"pointer":"/agency"`),
		)
	}
	s.refused(append(all,
		get("a list's item too long", "clerk", "standards/all?item="+strings.Repeat("x", 61), 422, "invalid", `"pointer":"/item"`),
		get("to compare with, too long", "clerk", "standards/diff?item=transfer.resale&with="+strings.Repeat("x", 61), 422, "invalid", `"pointer":"/with"`),
		get("no version", "clerk", "standards/export?item=transfer.resale", 422, "invalid", `"pointer":"/version"`, `"code":"required"`),
		get("version nought", "clerk", "standards/export?item=transfer.resale&version=0", 422, "invalid", `"pointer":"/version"`, `"code":"range"`),
		get("a version that is a word", "clerk", "standards/export?item=transfer.resale&version=new", 422, "invalid", `"pointer":"/version"`, `"code":"type"`),
		get("no such version", "clerk", "standards/export?item=transfer.resale&version=9", 404, "not_found"),
		get("no such version to read", "clerk", "standards?item=transfer.resale&agency=410425.registry&version=9", 404, "not_found"),
		get("another agency's version", "clerk", "standards/export?item=transfer.resale&version=1&agency=440305.window", 404, "not_found"),
	))
	s.run([]scenario{
		get("a clerk sees what differs", "clerk", "standards/diff?item=transfer.resale&agency=410425.registry", 200, "", `"there":{"item":"transfer.resale","agency":"410425.registry"`, `"what":"added"`),
		get("in force", "clerk", "standards?item=transfer.resale&unit="+hubtest.Unit, 200, "", `"agency":"410425.registry"`, `"schema":{"$schema"`),
		get("the version that a case is pinned to", "first", "standards?item=transfer.resale&agency=410425.registry&version=1", 200, "", `"agency":"410425.registry","version":1`),
		get("where nobody has his own", "clerk", "standards?item=transfer.resale&agency=440305.window", 200, "", `"promised_days":5`),
		get("every version", "clerk", "standards/all?item=transfer.resale", 200, "", `"agency":"410425.registry"`),
		get("of no item", "clerk", "standards/all?item=marriage", 200, "", `"standards":[]`),
	})
}

func TestAssessRefusesAndTellsEveryGap(t *testing.T) {
	s := demandingSite(t)
	const at = "/api/v1/standards/assess"
	good := application()
	one := func(name, who string, sent any, status int, code string, has ...string) scenario {
		return scenario{name: name, who: who, path: at, body: sent, status: status, code: code, has: has}
	}
	invalid := func(name string, sent any, pointer, code string) scenario {
		return one(name, "clerk", sent, 422, "invalid", `"pointer":"`+pointer+`"`, `"code":"`+code+`"`)
	}
	party := func(key string, v any) body {
		return but(good, "parties", []any{but(body{"role": "buyer", "name": "李四", "id_kind": "passport", "id_number": "E87654321"}, key, v)})
	}
	all := []scenario{
		one("nobody", "", good, 401, "unauthenticated"),
		one("without a role", "nobody", good, 403, "forbidden"),
		one("no body", "clerk", nil, 400, "bad_request"),
		one("empty body", "clerk", "", 400, "bad_request"),
		one("broken json", "clerk", "{", 400, "bad_request", `"code":"syntax"`),
		one("a name twice", "clerk", `{"item":"a","item":"b"}`, 400, "bad_request", `"code":"duplicate_key"`, `"pointer":"/item"`),
		one("a huge body", "clerk", but(good, "unit", strings.Repeat("x", 2<<20)), 413, "too_large"),
		one("no such item", "clerk", but(good, "item", "marriage"), 422, "unknown_item"),
		invalid("unknown field", but(good, "despite", "x"), "/despite", "unknown_field"),
		invalid("a unit that is none", but(good, "unit", "410425"), "/unit", "length"),
		invalid("a unit of no division", but(good, "unit", "0"+hubtest.Unit[1:]), "/unit", "form"),
		invalid("too long an item", but(good, "item", strings.Repeat("x", 61)), "/item", "length"),
		invalid("an empty item", but(good, "item", ""), "/item", "length"),
		invalid("too long a choice", but(good, "choice", strings.Repeat("1", 13)), "/choice", "length"),
		invalid("half a fen", but(good, "form", body{"price": 1.5}), "/form/price", "type"),
		invalid("nothing for a price", but(good, "form", body{"price": nil}), "/form/price", "type"),
		invalid("too long an answer", but(good, "form", body{"price": strings.Repeat("x", 4001)}), "/form/price", "type"),
		invalid("an unknown part of a party", party("age", 7), "/parties/0/age", "unknown_field"),
		invalid("a party's name that is a number", party("name", 7), "/parties/0/name", "type"),
		invalid("too long a name", party("name", long(201)), "/parties/0/name", "length"),
	}
	for key := range good {
		all = append(all, invalid("without "+key, without(good, key), "/"+key, "required"), invalid(key+" of a wrong type", but(good, key, 7), "/"+key, "type"))
	}
	s.refused(all)
	gap := func(name string, sent any, has ...string) scenario {
		return scenario{name: name, who: "clerk", path: at, body: sent, status: 200, has: has}
	}
	s.run([]scenario{
		gap("out of range, not missing", but(good, "form", body{"price": -1}), `"wrong":[{"in":"body","pointer":"/form/price","code":"range"`),
		gap("nothing is missing", good, `"wrong":[]`, `"needs":["contract"]`, `"total_fen":8000`, `"facts":{"dear":true}`),
		gap("everything at once", but(but(good, "form", body{"use": "castle", "copies": -1, "ghost": 1}), "parties", []any{}),
			`/form/price","code":"required"`, `/form/use","code":"unknown"`, `/form/copies","code":"range"`, `/form/ghost","code":"unknown_field"`, `"code":"count_seller"`, `"code":"count_buyer"`),
		gap("a rule", but(good, "form", body{"price": 0}), `"code":"rule_price"`, "the price is more than nothing"),
		gap("more copies than there can be", but(good, "form", body{"price": 1, "copies": 20_000}), `/form/copies","code":"range"`),
		gap("a bad check digit", party("id_kind", "citizen_id"), `/parties/0/id_number","code":"length"`),
	})
	s.refused([]scenario{{
		name: "received with more copies than there can be", who: "clerk", path: "/api/v1/cases", body: but(good, "form", body{"price": 1, "copies": 20_000}), status: 422,
		code: "invalid", has: []string{`"pointer":"/form/copies"`, `"code":"range"`},
	}})
}

const managed = `
item: transfer.gift
agency: ""
version: 1
from: 2026-01-01
name: {zh: 赠与, en: Gift}
statutory_days: 30
promised_days: 5
parties: [{role: giver, min: 1, max: 2, zh: 赠与人, en: Giver}]
fields: [{key: price, kind: fen, required: true, zh: 价格, en: Price}]
slots: [{key: contract, required: true, zh: 合同, en: Contract}]
`

func TestDraftsArePublishedAndWithdrawnOnlyAsTheyShould(t *testing.T) {
	s := demandingSite(t)
	const drafts, publish, withdraw = "/api/v1/standards/drafts", "/api/v1/standards/publish", "/api/v1/standards/withdraw"
	one := func(name, who, at string, sent any, status int, code string, has ...string) scenario {
		return scenario{name: name + " " + at, who: who, path: at, body: sent, status: status, code: code, has: has}
	}
	yaml := func(text string) body { return body{"yaml": text} }
	version := body{"item": "transfer.gift", "version": 1, "digest": noFile}
	var all []scenario
	for at, good := range map[string]body{drafts: yaml(managed), publish: version, withdraw: version} {
		all = append(all,
			one("nobody", "", at, good, 401, "unauthenticated"), one("a clerk", "clerk", at, good, 403, "forbidden"),
			one("a lead", "lead", at, good, 403, "forbidden"), one("without a role", "nobody", at, good, 403, "forbidden"),
			one("no body", "admin", at, nil, 400, "bad_request"), one("empty body", "admin", at, "", 400, "bad_request"),
			one("broken json", "admin", at, "[", 400, "bad_request", `"code":"syntax"`),
			one("a huge body", "admin", at, but(good, "item", strings.Repeat("x", 2<<20)), 413, "too_large"),
			one("unknown field", "admin", at, but(good, "force", true), 422, "invalid", `"pointer":"/force"`, `"code":"unknown_field"`),
			one("not json", "admin", at, good, 415, "wrong_type"),
		)
		all[len(all)-1].header = map[string]string{"Content-Type": "application/yaml"}
		for key := range good {
			all = append(all,
				one("without "+key, "admin", at, without(good, key), 422, "invalid", `"pointer":"/`+key+`"`, `"code":"required"`),
				one(key+" of a wrong type", "admin", at, but(good, key, []any{}), 422, "invalid", `"pointer":"/`+key+`"`, `"code":"type"`),
			)
		}
	}
	for _, at := range []string{publish, withdraw} {
		all = append(all,
			one("version nought", "admin", at, but(version, "version", 0), 422, "invalid", `"pointer":"/version"`, `"code":"range"`),
			one("no digest", "admin", at, but(version, "digest", ""), 422, "invalid", `"pointer":"/digest"`, `"code":"format"`),
			one("too long an item", "admin", at, but(version, "item", strings.Repeat("x", 61)), 422, "invalid", `"pointer":"/item"`),
			one("no such version", "admin", at, version, 404, "not_found"),
		)
	}
	bad := func(name, from, to string) scenario {
		text := strings.Replace(managed, from, to, 1)
		if text == managed {
			t.Fatalf("%s changes nothing", name)
		}
		return one(name, "admin", drafts, yaml(text), 422, "invalid", `"pointer":"/yaml"`, `"code":"standard"`)
	}
	all = append(all,
		one("nothing in it", "admin", drafts, yaml("---"), 422, "invalid", `"pointer":"/yaml"`),
		one("an empty text", "admin", drafts, yaml(""), 422, "invalid", `"pointer":"/yaml"`, `"code":"length"`),
		one("a text too long", "admin", drafts, yaml("#"+strings.Repeat("x", 900_000)), 422, "invalid", `"pointer":"/yaml"`, `"code":"length"`),
		one("a list", "admin", drafts, yaml("- a\n- b\n"), 422, "invalid", `"pointer":"/yaml"`),
		one("a bomb", "admin", drafts, yaml(bomb()), 422, "invalid", `"pointer":"/yaml"`),
		one("the same twice", "admin", drafts, yaml(managed+"---"+managed), 422, "invalid", `"pointer":"/yaml"`, `"code":"standard"`, "twice"),
		one("a good and a bad one", "admin", drafts, yaml(managed+"---\nitem: x\n"), 422, "invalid", `"pointer":"/yaml"`),
		bad("an unknown word", "version: 1", "version: 1\ncolour: red"),
		bad("a word twice", "version: 1", "version: 1\nversion: 2"),
		bad("half a version", "version: 1", "version: 1.5"),
		bad("a version that is text", "version: 1", "version: one"),
		bad("a value that was forgotten", "promised_days: 5", "promised_days:"),
		bad("a day that is none", "2026-01-01", "2026-02-30"),
		bad("a name in one language", ", en: Gift", ""),
		bad("a promise beyond the law", "promised_days: 5", "promised_days: 31"),
		bad("an unknown kind", "kind: fen", "kind: yuan"),
		bad("a variant of nothing", `agency: ""`, "agency: 410425.registry\nbase: 7"),
		bad("a condition on nothing", "required: true, zh: 合同", `required: true, if: "form.ghost == 1", zh: 合同`),
		bad("a condition that is none", "required: true, zh: 合同", `required: true, if: "1 +", zh: 合同`),
		bad("a condition that breaks", "required: true, zh: 合同", `required: true, if: "parties[0].minor", zh: 合同`),
	)
	s.refused(all)
	s.moveStandards(drafts, publish, withdraw)
}

// moveStandards goes through the life of one version.
func (s *site) moveStandards(drafts, publish, withdraw string) {
	t := s.t
	t.Helper()
	version := func(a answer) body {
		var v struct{ Standards []versionView }
		a.into(t, &v)
		if len(v.Standards) == 0 {
			t.Fatalf("no version: %s", a.body)
		}
		x := v.Standards[0]
		return body{"item": x.Item, "version": x.Version, "digest": x.Digest}
	}
	post := func(name, at string, sent any, status int, code string) scenario {
		return scenario{name: name, who: "admin", path: at, body: sent, status: status, code: code}
	}
	old := version(s.must(200, s.do("admin", "POST", drafts, body{"yaml": managed}, nil)))
	now := version(s.must(200, s.do("admin", "POST", drafts, body{"yaml": strings.Replace(managed, "en: Gift", "en: Donation", 1)}, nil)))
	s.refused([]scenario{
		post("published as it was before", publish, old, 404, "not_found"),
		{name: "a draft is not for everybody", who: "clerk", method: "GET", path: "/api/v1/standards/export?item=transfer.gift&version=1", status: 404, code: "not_found"},
		{name: "a draft is not in force", who: "clerk", method: "GET", path: "/api/v1/standards?item=transfer.gift", status: 422, code: "unknown_item"},
	})
	s.run([]scenario{
		{name: "a draft is not listed for everybody", who: "clerk", method: "GET", path: "/api/v1/standards/all?item=transfer.gift", status: 200, has: []string{`"standards":[]`}},
		{name: "its makers see it", who: "admin", method: "GET", path: "/api/v1/standards/all?item=transfer.gift", status: 200, has: []string{`"state":"draft"`}},
		{name: "its makers read it", who: "admin", method: "GET", path: "/api/v1/standards/export?item=transfer.gift&version=1", status: 200, has: []string{"Donation"}},
	})
	s.must(204, s.do("admin", "POST", publish, now, nil))
	s.must(204, s.do("admin", "POST", publish, now, nil)) // again
	s.refused([]scenario{post("a published one as a draft", drafts, body{"yaml": managed}, 409, "conflict")})
	s.run([]scenario{{name: "in force", who: "clerk", method: "GET", path: "/api/v1/standards?item=transfer.gift", status: 200, has: []string{"Donation"}}})
	s.must(204, s.do("admin", "POST", withdraw, now, nil))
	s.must(204, s.do("admin", "POST", withdraw, now, nil)) // again
	s.refused([]scenario{
		post("a withdrawn one published", publish, now, 409, "wrong_state"),
		post("a withdrawn one as a draft", drafts, body{"yaml": managed}, 409, "conflict"),
		{name: "no longer in force", who: "clerk", method: "GET", path: "/api/v1/standards?item=transfer.gift", status: 422, code: "unknown_item"},
	})
	s.received("freezes") // pins the registry's version
	std, err := s.people.Standard(t.Context(), hub.StandardRef{Item: "transfer.resale", Agency: hubtest.Registry, Version: 1})
	if err != nil || std.State != hub.StandardFrozen {
		t.Fatalf("%v, %v", std.State, err)
	}
	pinned := body{"item": std.Item, "agency": std.Agency, "version": 1, "digest": std.Digest}
	s.refused([]scenario{post("withdrawn under a case", withdraw, pinned, 409, "wrong_state"), post("published when frozen", publish, pinned, 409, "wrong_state")})
	a := s.must(200, s.do("clerk", "GET", "/api/v1/standards/export?item=transfer.resale&version=1&agency=410425.registry", nil, nil))
	if a.header.Get("Content-Type") != "application/yaml; charset=utf-8" || !contains(a, "item: transfer.resale") {
		t.Errorf("exported %v %s", a.header, a.body)
	}
}

// bomb is a document that unfolds to more than a machine holds.
func bomb() string {
	var b strings.Builder
	b.WriteString("grounds: &a0 [{zh: x, en: x}]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "k%d: &a%d [%s*a%d]\n", i, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	return b.String()
}

// noRoute refuses every unit, as a router does that cannot read it.
type noRoute struct{ hub.Router }

func (noRoute) Route(context.Context, hub.RouteQuery) (hub.RouteDecision, error) {
	return hub.RouteDecision{}, hub.InvalidFields([]hub.FieldError{{Pointer: "/unit", Code: "length", Message: "28 characters"}})
}

// A parameter that is wrong is told as one: the reader looks in the address.
func TestAWrongUnitIsToldWhereItStands(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Router = noRoute{c.Router} })
	var all []scenario
	for _, at := range []string{"standards?item=transfer.resale&unit=1", "standards/diff?item=transfer.resale&unit=1"} {
		all = append(all, scenario{
			name: at, who: "clerk", method: "GET", path: "/api/v1/" + at, status: 422, code: "invalid", has: []string{`"in":"query"`, `"pointer":"/unit"`},
		})
	}
	s.refused(all)
}
