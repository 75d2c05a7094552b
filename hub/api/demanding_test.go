package api

import (
	"bytes"
	"image"
	"image/png"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/signin"
	"tongban/hub/standard"
)

// demanding is a standard with every step there is, as one registry applies it.
const demanding = `
item: transfer.resale
agency: "410425.registry"
version: 1
from: 2020-01-01
name: {zh: 转移登记（全部环节）, en: Transfer with every step}
answer_days: 1
statutory_days: 30
promised_days: 10
facts: [{key: dear, when: "form.price > 1000000", zh: 高价, en: dear}]
parties:
  - {role: seller, min: 1, max: 5, zh: 转让方, en: Seller}
  - {role: buyer, min: 1, max: 5, zh: 受让方, en: Buyer}
fields:
  - {key: price, kind: fen, required: true, zh: 成交价格, en: Price}
  - {key: use, kind: choice, zh: 用途, en: Use, options: [{key: home, zh: 住宅, en: home}, {key: other, zh: 其他, en: other}]}
  - {key: copies, kind: integer, zh: 加证, en: Copies}
  - {key: heirs, kind: list, max: 2, zh: 继承人, en: Heirs, columns: [{key: name, kind: text, required: true, max: 10, zh: 姓名, en: Name}, {key: waives, kind: bool, required: true, zh: 放弃, en: Waives}]}
rules: [{key: price, pointer: /form/price, must: "form.price > 0", zh: 价格应大于零, en: the price is more than nothing}]
slots:
  - {key: contract, required: true, types: [application/pdf], zh: 合同, en: Contract}
  - {key: certificate, types: [image/jpeg], zh: 证书, en: Certificate}
questions:
  - {key: will, kind: bool, risk: "no", compare: true, zh: 是否真实意愿, en: your true will}
  - {key: words, kind: text, roles: [seller], zh: 补充说明, en: in your words}
fees:
  - {key: registration, fen: 8000, payer: buyer, zh: 登记费, en: registration fee}
  - {key: copies, when: has(form.copies), fen: 1000, count: form.copies, payer: buyer, zh: 加证工本费, en: extra copies}
plan: {reviews: 2, tax: "true", notice: is.dear, notice_days: 15, visit: "true"}
`

// demandingSite is a site whose registry asks for every step, with people who
// have the right at another place.
func demandingSite(t testing.TB) *site {
	t.Helper()
	s := newSite(t)
	s.employ("winfirst", hubtest.Window, hub.FirstReviewer, hub.SecondReviewer, hub.Supervisor)
	s.employ("foreign", hubtest.Stranger, hub.Clerk, hub.WindowLead, hub.FirstReviewer, hub.SecondReviewer, hub.Supervisor, hub.SystemAdmin)
	all, err := standard.LoadBytes([]byte(demanding))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.people.SaveStandard(t.Context(), all[0]); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) employ(login string, a hub.AgencyID, roles ...hub.Role) {
	s.t.Helper()
	p := hub.Person{
		ID: hub.PersonID("p-" + login), Login: login, NameZH: "乙" + login, NameEN: login, Agency: a, Roles: roles,
		Secret: signin.Hash(password, cheap),
	}
	if err := s.people.SavePerson(s.t.Context(), p); err != nil {
		s.t.Fatal(err)
	}
}

// signature is a picture that an agency has uploaded.
func (s *site) signature(login string) string {
	s.t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, len(login)))); err != nil {
		s.t.Fatal(err)
	}
	return s.upload(login, b.Bytes())
}

type body = map[string]any

// but is a body with one part made otherwise.
func but(of body, key string, value any) body {
	out := maps.Clone(of)
	out[key] = value
	return out
}

func without(of body, key string) body {
	out := maps.Clone(of)
	delete(out, key)
	return out
}

var chinese = regexp.MustCompile(`\p{Han}`)

// refused plays scenarios that must all be refused, and holds every standard to
// what it was before.
func (s *site) refused(scenarios []scenario) {
	s.t.Helper()
	before := s.published()
	s.run(scenarios)
	if after := s.published(); after != before {
		s.t.Errorf("the standards have changed from %s to %s", before, after)
	}
}

// inWords holds a problem to its language: what a person reads of it.
func inWords(t testing.TB, name, lang string, a answer) {
	t.Helper()
	var p Problem
	a.into(t, &p)
	words := []string{p.Title, p.Detail}
	for _, f := range p.Errors {
		if words = append(words, f.Message); f.Pointer == "" && f.In == "body" && !slices.Contains([]string{"syntax", "type"}, f.Code) && a.status != 415 {
			t.Errorf("%s: %s names no field", name, f.Code)
		}
	}
	for _, w := range words {
		if w == "" || chinese.MatchString(w) != (lang == "zh-CN") {
			t.Errorf("%s: %q is not in %s: %s", name, w, lang, a.body)
		}
	}
}

// published is a fingerprint of every standard that the site has.
func (s *site) published() string {
	s.t.Helper()
	all, err := s.people.Standards(s.t.Context(), "")
	if err != nil {
		s.t.Fatal(err)
	}
	var b strings.Builder
	for _, x := range all {
		b.WriteString(string(x.Item) + "/" + string(x.Agency) + "/" + string(x.State) + "/" + string(x.Digest) + "\n")
	}
	return b.String()
}

// step is one command with what it takes and what it must refuse.
type step struct {
	name, who string
	stranger  string // another role that sees the case and may not do it
	body      body
	bad       []badPart
	texts     map[string]int // free texts and their limits
}

// badPart is a body with one part that is wrong, and what is told about it.
type badPart struct {
	name    string
	key     string
	value   any
	pointer string
	code    string
}

// refusals are what every command on a case refuses in the same way.
func (s *site) refusals(path string, x step) []scenario {
	at := path + "/" + x.name
	one := func(name, who string, sent any, status int, code string, header map[string]string, has ...string) scenario {
		return scenario{name: x.name + ": " + name, who: who, path: at, body: sent, status: status, code: code, header: header, has: has}
	}
	invalid := func(name string, sent any, pointer, code string) scenario {
		return one(name, x.who, sent, 422, "invalid", nil, `"pointer":"`+pointer+`"`, `"code":"`+code+`"`)
	}
	out := []scenario{
		one("by nobody", "", x.body, 401, "unauthenticated", nil),
		one("by a system administrator", "admin", x.body, 404, "not_found", nil),
		one("by a person without a role", "nobody", x.body, 404, "not_found", nil),
		one("by another agency", "foreign", x.body, 404, "not_found", nil),
		{name: x.name + ": of no case", who: x.who, path: noSuchCase + "/" + x.name, body: x.body, status: 404, code: "not_found"},
		one("without a key", x.who, x.body, 422, "invalid", map[string]string{"Idempotency-Key": ""}, `"in":"header"`, `"pointer":"/Idempotency-Key"`),
		one("key with a space", x.who, x.body, 400, "bad_request", map[string]string{"Idempotency-Key": "a b"}),
		one("without a body", x.who, nil, 400, "bad_request", nil),
		one("empty body", x.who, "", 400, "bad_request", nil),
		one("a list for a body", x.who, "[]", 422, "invalid", nil),
		one("broken json", x.who, `{"`, 400, "bad_request", nil, `"code":"syntax"`),
		one("not json", x.who, x.body, 415, "wrong_type", map[string]string{"Content-Type": "text/plain"}),
		one("a huge body", x.who, but(x.body, "text", strings.Repeat("x", 2<<20)), 413, "too_large", nil),
		invalid("unknown field", but(x.body, "colour", 1), "/colour", "unknown_field"),
		one("unknown parameter", x.who, x.body, 422, "invalid", nil),
		one("an older version", x.who, x.body, 412, "stale_version", map[string]string{"If-Match": `"1"`}),
		one("a bare version", x.who, x.body, 400, "bad_request", map[string]string{"If-Match": `1`}),
	}
	for i := range out {
		if strings.HasSuffix(out[i].name, "unknown parameter") {
			out[i].path += "?really=1"
			out[i].has = []string{`"in":"query"`, `"pointer":"/really"`}
		}
	}
	if x.stranger != "" {
		out = append(out, one("by another role", x.stranger, x.body, 403, "forbidden", nil))
	}
	for key := range x.body {
		if x.texts[key] == 0 {
			out = append(out, invalid("without "+key, without(x.body, key), "/"+key, "required"))
		}
		out = append(out, invalid(key+" of a wrong type", but(x.body, key, []any{body{}}), "/"+key, "type"))
	}
	for key, limit := range x.texts {
		out = append(out,
			invalid(key+" too long", but(x.body, key, strings.Repeat("长", limit+1)), "/"+key, "too_long"),
			invalid(key+" that hides itself", but(x.body, key, "a\u202eb"), "/"+key, "characters"),
			invalid(key+" beyond all bounds", but(x.body, key, strings.Repeat("x", 8001)), "/"+key, "length"),
		)
	}
	for _, b := range x.bad {
		out = append(out, invalid(b.name, but(x.body, b.key, b.value), b.pointer, b.code))
	}
	return out
}

// done carries a step out and holds its repeats to the first answer.
func (s *site) done(path string, x step, has ...string) {
	s.t.Helper()
	at, key := path+"/"+x.name, strings.ReplaceAll(x.name, "/", "-")+"-done"
	header := map[string]string{"Idempotency-Key": key}
	s.run([]scenario{{name: x.name + ": done", who: x.who, path: at, body: x.body, header: header, status: 200, has: has, writes: oneEvent}})
	again := s.must(200, s.do(x.who, "POST", at, x.body, header))
	if again.header.Get("Idempotent-Replayed") != "true" {
		s.t.Errorf("%s: the repeat was done again: %s", x.name, again.body)
	}
	other := body{"text": "另一内容"}
	if _, ok := x.body["text"]; !ok {
		other = body{"reason": "另一内容"}
	}
	changed := maps.Clone(x.body)
	maps.Copy(changed, other)
	before := s.counts.now()
	s.refused([]scenario{
		{name: x.name + ": the key again with another body", who: x.who, path: at, body: changed, header: header, status: 422, code: "command_reused"},
	})
	if after := s.counts.now(); after != before {
		s.t.Errorf("%s: repeats wrote %+v after %+v", x.name, after, before)
	}
}

func contains(a answer, s string) bool { return strings.Contains(a.text(), s) }

func long(n int) string { return strings.Repeat("长", n) }
