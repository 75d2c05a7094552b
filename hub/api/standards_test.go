package api

import (
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// localStandard is a variant of the site's window over nothing: a full standard.
const localStandard = `
item: transfer.resale
agency: 440305.window
version: 1
from: 2026-01-01
name: {zh: 转移登记（本窗口）, en: Transfer (this window)}
promised_days: 3
statutory_days: 10
fields: [{key: price, kind: fen, required: true, zh: 成交价, en: price}, {key: loan, kind: fen, zh: 贷款, en: loan}]
parties: [{role: seller, min: 1, max: 5, zh: 转让方, en: seller}, {role: buyer, min: 1, max: 5, zh: 受让方, en: buyer}]
slots: [{key: contract, required: true, if: form.loan > 0, zh: 合同, en: contract}]
rules: [{key: loan_over_price, holds: form.loan <= form.price, at: /form/loan, zh: 贷款不能超过价格, en: the loan is above the price}]
`

func TestStandardsAreImportedPublishedAndWithdrawn(t *testing.T) {
	s := newSite(t)
	path := "/api/v1/standards"
	one := path + "/transfer.resale/440305.window/1"
	body := map[string]any{"yaml": localStandard}
	wrong := func(from, to string) map[string]any {
		return map[string]any{"yaml": strings.Replace(localStandard, from, to, 1)}
	}
	a := s.must(201, s.do("admin", "POST", path, body, nil))
	var got struct{ Standards []standardHead }
	if a.into(t, &got); len(got.Standards) != 1 || got.Standards[0].State != hub.StandardDraft {
		t.Fatalf("%s", a.body)
	}
	digest := map[string]any{"digest": got.Standards[0].Digest}
	other := map[string]any{"digest": hub.SHA256([]byte("another"))}
	get := func(name, path string, status int, code string, has ...string) scenario {
		return scenario{name: name, who: "clerk", method: "GET", path: path, status: status, code: code, has: has}
	}
	s.run([]scenario{
		{name: "import by a clerk", who: "clerk", path: path, body: body, status: 403, code: "forbidden"},
		{name: "publish by a clerk", who: "clerk", path: one + "/publish", body: digest, status: 403, code: "forbidden"},
		{name: "withdraw by a reviewer", who: "first", path: one + "/withdraw", body: digest, status: 403, code: "forbidden"},
		{name: "another agency's", who: "admin", path: path, body: wrong("440305.window", "410425.registry"), status: 403, code: "forbidden"},
		{name: "not YAML", who: "admin", path: path, body: map[string]any{"yaml": "{"}, status: 422, code: "bad_standard", has: []string{`"pointer":"/yaml"`}},
		{name: "unknown key", who: "admin", path: path, body: wrong("version: 1", "version: 1\ncolour: red"), status: 422, code: "bad_standard"},
		{name: "expression of an unknown field", who: "admin", path: path, body: wrong("form.loan > 0", "form.lone > 0"), status: 422, code: "bad_standard", has: []string{`"pointer":"/slots/contract/if"`, `"code":"expression"`}},
		{name: "base that is not here", who: "admin", path: path, body: map[string]any{"yaml": "base: {item: x, version: 1}\nagency: 440305.window"}, status: 422, code: "bad_standard"},
		get("draft is not in force", path+"?item=transfer.resale&agency=440305.window", 200, "", `"promised_days":5`),
		{name: "publish another draft", who: "admin", path: one + "/publish", body: other, status: 409, code: "conflict"},
		{name: "publish nothing", who: "admin", path: path + "/transfer.resale/440305.window/7/publish", body: digest, status: 404, code: "not_found"},
		{name: "publish", who: "admin", path: one + "/publish", body: digest, status: 200, has: []string{`"state":"published"`}},
		{name: "publish again", who: "admin", path: one + "/publish", body: digest, status: 200, has: []string{`"state":"published"`}},
		{name: "change what is published", who: "admin", path: path, body: wrong("promised_days: 3", "promised_days: 4"), status: 409, code: "conflict"},
		{name: "import what is published", who: "admin", path: path, body: body, status: 201, has: []string{`"state":"published"`}},
		get("in force", path+"?item=transfer.resale&agency=440305.window", 200, "", `"promised_days":3`, `"$schema":"https://json-schema.org/draft/2020-12/schema"`),
		get("versions", path+"/versions?item=transfer.resale", 200, "", `"agency":"440305.window"`, `"state":"published"`),
		get("one", one, 200, "", `"name_en":"Transfer (this window)"`),
		get("base", path+"/transfer.resale/base/1", 200, "", `"name_en":"Transfer (resale)"`),
		get("none", path+"/transfer.resale/base/9", 404, "not_found"),
		get("no version", path+"/transfer.resale/base/x", 422, "invalid"),
		get("diff with home", path+"/diff?item=transfer.resale&unit="+hubtest.Unit, 200, "", `"path":"promised_days"`, `"a":"3"`, `"b":"5"`, `"path":"fields/loan"`, `"kind":"removed"`),
		get("diff of one", path+"/diff?item=transfer.resale&agency=440305.window&with=440305.window", 200, "", `"changes":[]`),
		get("diff of a version", path+"/diff?item=transfer.resale&agency=440305.window&version=1&with=base&with_version=1", 200, "", `"kind":"added"`),
		get("diff of nothing", path+"/diff?item=marriage&agency=base", 422, "unknown_item"),
		{name: "withdraw", who: "admin", path: one + "/withdraw", body: digest, status: 200, has: []string{`"state":"withdrawn"`}},
		{name: "publish what is withdrawn", who: "admin", path: one + "/publish", body: digest, status: 409, code: "wrong_state"},
		get("withdrawn is not in force", path+"?item=transfer.resale&agency=440305.window", 200, "", `"promised_days":5`),
	})
}

func TestAnExportIsImportedAsTheSame(t *testing.T) {
	s := newSite(t)
	first := s.must(201, s.do("admin", "POST", "/api/v1/standards", map[string]any{"yaml": localStandard}, nil))
	a := s.must(200, s.do("clerk", "GET", "/api/v1/standards/transfer.resale/440305.window/1.yaml", nil, nil))
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/yaml") || !strings.HasPrefix(string(a.body), "item: transfer.resale\n") {
		t.Fatalf("%v %s", a.header, a.body)
	}
	again := s.must(201, s.do("admin", "POST", "/api/v1/standards", map[string]any{"yaml": string(a.body)}, nil))
	if string(first.body) != string(again.body) {
		t.Errorf("first %s, again %s", first.body, again.body)
	}
}

func TestAVersionInUseIsNotWithdrawn(t *testing.T) {
	s := newSite(t)
	std := hubtest.Standard()
	s.Receive(t, "uses-it")
	base := "/api/v1/standards/transfer.resale/base/1"
	s.run([]scenario{
		{name: "frozen", who: "clerk", method: "GET", path: base, status: 200, has: []string{`"state":"frozen"`}},
		{name: "withdraw", who: "admin", path: base + "/withdraw", body: map[string]any{"digest": std.Digest}, status: 409, code: "wrong_state"},
	})
}

func TestAssessTellsWhatTheCaseNeeds(t *testing.T) {
	s := newSite(t)
	a := s.must(201, s.do("admin", "POST", "/api/v1/standards", map[string]any{"yaml": localStandard}, nil))
	var got struct{ Standards []standardHead }
	a.into(t, &got)
	s.must(200, s.do("admin", "POST", "/api/v1/standards/transfer.resale/440305.window/1/publish", map[string]any{"digest": got.Standards[0].Digest}, nil))
	ask := func(form map[string]any) map[string]any {
		return map[string]any{"item": "transfer.resale", "agency": "440305.window", "form": form, "parties": []any{}}
	}
	path := "/api/v1/standards/assess"
	s.run([]scenario{
		{name: "by nobody", path: path, body: ask(nil), status: 401, code: "unauthenticated"},
		{name: "no item", who: "clerk", path: path, body: map[string]any{"item": "x", "form": map[string]any{}, "parties": []any{}}, status: 422, code: "unknown_item"},
		{name: "rows too deep", who: "clerk", path: path, body: ask(map[string]any{"price": []any{map[string]any{"a": []any{}}}}), status: 422, code: "invalid"},
		{name: "rows that are none", who: "clerk", path: path, body: ask(map[string]any{"price": []any{1, 2}}), status: 422, code: "invalid"},
		{name: "column named twice", who: "clerk", path: path, body: `{"item":"transfer.resale","form":{"price":[{"a":1,"a":2}]},"parties":[]}`, status: 400, code: "bad_request", has: []string{`"code":"duplicate_key"`}},
		{name: "too many rows", who: "clerk", path: path, body: `{"item":"transfer.resale","form":{"price":[` + strings.Repeat(`{"a":1},`, 500) + `{"a":1}]},"parties":[]}`, status: 422, code: "invalid"},
		{name: "part of a number", who: "clerk", path: path, body: ask(map[string]any{"price": 1.5}), status: 422, code: "invalid"},
		{name: "nothing yet", who: "clerk", path: path, body: ask(map[string]any{}), status: 200, has: []string{`"pointer":"/form/price","code":"required"`, `"code":"count_seller"`, `"contract":"none"`}},
		{name: "rows where none belong", who: "clerk", path: path, body: ask(map[string]any{"price": []any{map[string]any{"a": 1}}}), status: 200, has: []string{`"pointer":"/form/price","code":"type"`}},
		{name: "a rule in Chinese", who: "clerk", path: path, body: ask(map[string]any{"price": 5, "loan": 6}), header: map[string]string{"Accept-Language": "zh-CN"}, status: 200, has: []string{`"contract":"required"`, `"message":"贷款不能超过价格"`}},
		{name: "a rule in English", who: "clerk", path: path, body: ask(map[string]any{"price": 5, "loan": 6}), header: map[string]string{"Accept-Language": "en"}, status: 200, has: []string{`"message":"the loan is above the price"`}},
	})
}
