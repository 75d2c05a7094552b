package api

import (
	"fmt"
	"strings"
	"testing"

	"tongban/hub/hubtest"
)

const noSuchCase = "/api/v1/cases/aaaaaaaaaaaaaaaaaaaaaaaaaa"

func with(change func(m map[string]any)) map[string]any {
	m := application()
	change(m)
	return m
}

func TestReceivingRefusesWhatIsWrongAndWritesNothing(t *testing.T) {
	s := newSite(t)
	const path = "/api/v1/cases"
	one := written4{events: 1}
	s.run([]scenario{
		{name: "nobody", path: path, body: application(), status: 401, code: "unauthenticated"},
		{name: "bad token", path: path, body: application(), header: map[string]string{"Authorization": "Bearer nonsense"}, status: 401, code: "unauthenticated"},
		{name: "reviewer", who: "first", path: path, body: application(), status: 403, code: "forbidden"},
		{name: "system admin", who: "admin", path: path, body: application(), status: 403, code: "forbidden"},
		{name: "person without a role", who: "nobody", path: path, body: application(), status: 403, code: "forbidden"},
		{
			name: "no idempotency key", who: "clerk", path: path, body: application(), header: map[string]string{"Idempotency-Key": ""}, status: 422, code: "invalid",
			has: []string{`"in":"header"`, `"pointer":"/Idempotency-Key"`, `"code":"required"`},
		},
		{name: "idempotency key with spaces", who: "clerk", path: path, body: application(), header: map[string]string{"Idempotency-Key": "a b"}, status: 400, code: "bad_request"},
		{name: "idempotency key too long", who: "clerk", path: path, body: application(), header: map[string]string{"Idempotency-Key": strings.Repeat("k", 129)}, status: 422, code: "invalid"},
		{name: "broken json", who: "clerk", path: path, body: `{"item":`, status: 400, code: "bad_request", has: []string{`"code":"syntax"`}},
		{name: "two documents", who: "clerk", path: path, body: `{} {}`, status: 400, code: "bad_request"},
		{name: "empty body", who: "clerk", path: path, body: "", status: 400, code: "bad_request"},
		{name: "not utf-8", who: "clerk", path: path, body: "{\"item\":\"\xff\"}", status: 400, code: "bad_request"},
		{name: "name given twice", who: "clerk", path: path, body: `{"item":"a","item":"b"}`, status: 400, code: "bad_request", has: []string{`"code":"duplicate_key"`, `"pointer":"/item"`}},
		{name: "name in wrong case", who: "clerk", path: path, body: `{"Item":"a","unit":"b","form":{},"parties":[]}`, status: 422, code: "invalid", has: []string{`"pointer":"/Item"`, `"code":"unknown_field"`, `"pointer":"/item"`}},
		{name: "unknown field", who: "clerk", path: path, body: with(func(m map[string]any) { m["extra"] = 1 }), status: 422, code: "invalid", has: []string{`"pointer":"/extra"`, `"code":"unknown_field"`}},
		{name: "unknown query parameter", who: "clerk", path: path + "?debug=1", body: application(), status: 422, code: "invalid", has: []string{`"in":"query"`, `"pointer":"/debug"`}},
		{name: "form value of a wrong type", who: "clerk", path: path, body: with(func(m map[string]any) { m["form"] = map[string]any{"price": 1.5} }), status: 422, code: "invalid", has: []string{`"pointer":"/form/price"`}},
		{name: "text where fen belong", who: "clerk", path: path, body: with(func(m map[string]any) { m["form"] = map[string]any{"price": "viel"} }), status: 422, code: "invalid", has: []string{`"pointer":"/form/price"`, `"code":"type"`}},
		{name: "rows for a list the form does not have", who: "clerk", path: path, body: with(func(m map[string]any) {
			m["form"] = map[string]any{"price": 1, "heirs": []map[string]any{{"name": "王建军", "waives": false}}}
		}), status: 422, code: "invalid", has: []string{`"pointer":"/form/heirs"`, `"code":"unknown_field"`}},
		{name: "a list without rows with names", who: "clerk", path: path, body: with(func(m map[string]any) {
			m["form"] = map[string]any{"price": []any{1, 2}}
		}), status: 422, code: "invalid", has: []string{`"pointer":"/form/price"`, `"code":"type"`}},
		{name: "a list within a row", who: "clerk", path: path, body: with(func(m map[string]any) {
			m["form"] = map[string]any{"price": []any{map[string]any{"a": []any{}}}}
		}), status: 422, code: "invalid", has: []string{`"pointer":"/form/price"`, `"code":"type"`}},
		{name: "not json at all", who: "clerk", path: path, body: application(), header: map[string]string{"Content-Type": "text/plain"}, status: 415, code: "wrong_type"},
		{name: "unknown item", who: "clerk", path: path, body: with(func(m map[string]any) { m["item"] = "marriage" }), status: 422, code: "unknown_item"},
		{name: "bad unit", who: "clerk", path: path, body: with(func(m map[string]any) { m["unit"] = "4104250010" }), status: 422, code: "invalid", has: []string{`"pointer":"/unit"`, `"code":"length"`}},
		{name: "bad check digit and a missing field, both told", who: "clerk", path: path, body: with(func(m map[string]any) {
			m["form"] = map[string]any{}
			m["parties"].([]map[string]any)[0]["id_number"] = "410425199003071232"
		}), status: 422, code: "invalid", has: []string{`"pointer":"/form/price"`, `"code":"required"`, `"pointer":"/parties/0/id_number"`, `"code":"check_digit"`}, hasNot: []string{"410425199003071232"}},
		{name: "too large", who: "clerk", path: path, body: with(func(m map[string]any) { m["unit"] = strings.Repeat("x", 2<<20) }), status: 413, code: "too_large"},
		{name: "good", who: "clerk", path: path, body: application(), header: map[string]string{"Idempotency-Key": "first"}, status: 201, has: []string{`"status":"received"`, `"seq":1`}, writes: one},
		{name: "same key, other content", who: "clerk", path: path, body: with(func(m map[string]any) { m["form"] = map[string]any{"price": 1} }), header: map[string]string{"Idempotency-Key": "first"}, status: 422, code: "command_reused"},
	})
}

func TestARepeatedCommandGetsTheFirstAnswer(t *testing.T) {
	s := newSite(t)
	first := s.must(201, s.cmd("clerk", "/api/v1/cases", "again", application()))
	before := s.counts.now()
	again := s.must(201, s.cmd("clerk", "/api/v1/cases", "again", application()))
	if first.text() != again.text() || again.header.Get("Idempotent-Replayed") != "true" || first.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("first %v %s\nagain %v %s", first.header, first.body, again.header, again.body)
	}
	if after := s.counts.now(); after != before {
		t.Errorf("the repeat wrote %+v after %+v", after, before)
	}
}

func TestReadingACase(t *testing.T) {
	s := newSite(t)
	path := s.withContract("read")
	seen := written4{accesses: 1}
	s.run([]scenario{
		{name: "nobody", method: "GET", path: path, status: 401, code: "unauthenticated"},
		{name: "another agency does not learn that it exists", who: "stranger", method: "GET", path: path, status: 404, code: "not_found", hasNot: []string{hubtest.Unit}},
		{name: "the other province, before the offer", who: "first", method: "GET", path: path, status: 404, code: "not_found"},
		{name: "no such case", who: "clerk", method: "GET", path: noSuchCase, status: 404, code: "not_found"},
		{name: "not a case id", who: "clerk", method: "GET", path: "/api/v1/cases/..%2fsecret", status: 404, code: "not_found"},
		{name: "events of another agency's case", who: "stranger", method: "GET", path: path + "/events", status: 404, code: "not_found"},
		{name: "bundle of another agency's case", who: "stranger", method: "GET", path: path + "/bundle", status: 404, code: "not_found"},
		{name: "unmask another agency's case", who: "stranger", path: path + "/unmask", body: map[string]any{"purpose": "curiosity"}, status: 404, code: "not_found"},
		{name: "unmask without a purpose", who: "clerk", path: path + "/unmask", body: map[string]any{"purpose": " "}, status: 422, code: "invalid", has: []string{`"pointer":"/purpose"`}},
		{name: "unmask without the field", who: "clerk", path: path + "/unmask", body: map[string]any{}, status: 422, code: "invalid", has: []string{`"pointer":"/purpose"`, `"code":"required"`}},
		{name: "who saw it, asked by a clerk", who: "clerk", method: "GET", path: path + "/access", status: 403, code: "forbidden"},
		{name: "masked", who: "clerk", method: "GET", path: path, status: 200, has: []string{`"masked":true`, "张*丰", "4104**********1231"}, writes: seen},
		{name: "events", who: "clerk", method: "GET", path: path + "/events", status: 200, has: []string{`"kind":"case.received"`, `"kind":"material.added"`, `"sealed":true`}, writes: seen},
		{name: "who saw it", who: "audit", method: "GET", path: path + "/access", status: 200, has: []string{`"what":"case"`, `"what":"chain"`}, writes: seen},
	})
	a := s.must(200, s.request(s.token("clerk"), "POST", path+"/unmask", map[string]any{"purpose": "电话核对"}, nil))
	for _, secret := range []string{"张三丰", "410425199003071231", `"masked":false`} {
		if !strings.Contains(a.text(), secret) {
			t.Errorf("the unmasked case lacks %q: %s", secret, a.body)
		}
	}
	a = s.must(200, s.do("audit", "GET", path+"/access?limit=100", nil, nil))
	if !strings.Contains(a.text(), `"what":"personal"`) || !strings.Contains(a.text(), "电话核对") {
		t.Errorf("the record lacks the purpose: %s", a.body)
	}
}

func TestListsShowOnlyWhatOneMaySeeAndPageWithoutGaps(t *testing.T) {
	s := newSite(t)
	var paths []string
	for i := range 5 {
		paths = append(paths, s.received(fmt.Sprint("list-", i)))
	}
	one := written4{accesses: 1}
	search := func(kind, number string) map[string]any {
		return map[string]any{"party": map[string]any{"id_kind": kind, "id_number": number}}
	}
	s.run([]scenario{
		{name: "nobody", method: "GET", path: "/api/v1/cases", status: 401, code: "unauthenticated"},
		{name: "limit too high", who: "clerk", method: "GET", path: "/api/v1/cases?limit=101", status: 422, code: "invalid", has: []string{`"pointer":"/limit"`, `"code":"range"`}},
		{name: "limit zero", who: "clerk", method: "GET", path: "/api/v1/cases?limit=0", status: 422, code: "invalid"},
		{name: "unknown queue", who: "clerk", method: "GET", path: "/api/v1/cases?queue=410425.registry/all", status: 422, code: "invalid", has: []string{`"pointer":"/queue"`, `"code":"unknown"`}},
		{name: "unknown status", who: "clerk", method: "GET", path: "/api/v1/cases?status=lost", status: 422, code: "invalid"},
		{name: "made up cursor", who: "clerk", method: "GET", path: "/api/v1/cases?cursor=AAAA", status: 422, code: "invalid", has: []string{`"pointer":"/cursor"`}},
		{name: "person's number in the address", who: "clerk", method: "GET", path: "/api/v1/cases?party=410425199003071232", status: 422, code: "invalid"},
		{name: "search by nobody", path: "/api/v1/cases/search", body: search("passport", "X1234567"), status: 401, code: "unauthenticated"},
		{name: "search without the right", who: "nobody", path: "/api/v1/cases/search", body: search("passport", "X1234567"), status: 403, code: "forbidden"},
		{name: "search with a bad number", who: "clerk", path: "/api/v1/cases/search", body: search("citizen_id", "410425199003071232"), status: 422, code: "invalid", has: []string{`"pointer":"/party/id_number"`}, hasNot: []string{"410425199003071232"}},
		{name: "search of an unknown kind", who: "clerk", path: "/api/v1/cases/search", body: search("nickname", "x"), status: 422, code: "invalid"},
		{name: "another agency's list", who: "stranger", method: "GET", path: "/api/v1/cases", status: 200, has: []string{`"cases":[]`}},
		{name: "another agency's search", who: "stranger", path: "/api/v1/cases/search", body: search("citizen_id", "410425199003071231"), status: 200, has: []string{`"cases":[]`}, writes: one},
		{name: "search however typed", who: "clerk", path: "/api/v1/cases/search", body: search("citizen_id", " 4104 2519 9003 0712 31 "), status: 200, has: []string{`"id":"`}, writes: one},
		{name: "queue", who: "clerk", method: "GET", path: "/api/v1/cases?queue=intake&status=received&item=transfer.resale", status: 200, has: []string{`"queues":["all","intake"]`, "张*丰"}},
		{name: "empty queue", who: "clerk", method: "GET", path: "/api/v1/cases?queue=done", status: 200, has: []string{`"cases":[]`}},
		{name: "counts", who: "clerk", method: "GET", path: "/api/v1/queues", status: 200, has: []string{`{"queue":"intake","count":5,"more":false}`}},
		{name: "counts of another agency", who: "stranger", method: "GET", path: "/api/v1/queues", status: 200, hasNot: []string{`"count":5`}},
	})
	seen, next, pages := map[string]bool{}, "", 0
	for pages == 0 || next != "" {
		var page pageView
		s.must(200, s.do("clerk", "GET", "/api/v1/cases?limit=2&cursor="+next, nil, nil)).into(t, &page)
		for _, r := range page.Cases {
			seen["/api/v1/cases/"+string(r.ID)] = true
		}
		if next, pages = page.Next, pages+1; pages > 5 {
			t.Fatal("the pages do not end")
		}
		if next != "" && pages == 1 {
			a := s.do("clerk", "GET", "/api/v1/cases?limit=2&queue=intake&cursor="+next, nil, nil)
			if a.status != 422 {
				t.Errorf("the cursor of one list worked in another: %d %s", a.status, a.body)
			}
		}
	}
	for _, p := range paths {
		if !seen[p] || pages != 3 {
			t.Errorf("%d pages lack %s", pages, p)
		}
	}
}

func TestAVersionThatIsOutOfDateIsRefused(t *testing.T) {
	s := newSite(t)
	path := s.withContract("etag") // seq 2
	match := func(v string) map[string]string { return map[string]string{"If-Match": v} }
	s.run([]scenario{
		{name: "stale", who: "clerk", path: path + "/route", body: map[string]any{}, header: match(`"1"`), status: 412, code: "stale_version"},
		{name: "future", who: "clerk", path: path + "/route", body: map[string]any{}, header: match(`"99"`), status: 412, code: "stale_version"},
		{name: "weak", who: "clerk", path: path + "/route", body: map[string]any{}, header: match(`W/"2"`), status: 400, code: "bad_request"},
		{name: "bare", who: "clerk", path: path + "/route", body: map[string]any{}, header: match(`2`), status: 400, code: "bad_request"},
		{name: "right", who: "clerk", path: path + "/route", body: map[string]any{}, header: match(`"2"`), status: 200, has: []string{`"seq":3`}, writes: written4{events: 1}},
	})
}
