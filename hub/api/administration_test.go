package api

import (
	"strings"
	"testing"
	"time"

	"tongban/hub/hubtest"
)

func TestAdministrationRefuses(t *testing.T) {
	s := newSite(t)
	one := func(name, who, method, at string, status int, code string, has ...string) scenario {
		return scenario{name: name + " " + at, who: who, method: method, path: "/api/v1/" + at, status: status, code: code, has: has}
	}
	var all []scenario
	for at, allowed := range map[string]string{"keys": "guard", "deliveries": "admin", "access": "audit", "duties": "", "calendar": ""} {
		all = append(all, one("nobody", "", "GET", at, 401, "unauthenticated"), one("without a role", "nobody", "GET", at, 403, "forbidden"),
			one("unknown parameter", "admin", "GET", at+"?colour=red", 422, "invalid", `"pointer":"/colour"`))
		for _, who := range []string{"clerk", "first", "lead", "admin", "guard", "audit"} {
			if allowed != "" && who != allowed {
				all = append(all, one(who, who, "GET", at, 403, "forbidden"))
			}
		}
	}
	s.refused(append(all,
		one("a year before the law", "clerk", "GET", "calendar?year=1949", 422, "invalid", `"pointer":"/year"`),
		one("a year that is a word", "clerk", "GET", "calendar?year=x", 422, "invalid", `"pointer":"/year"`),
		one("nobody", "", "POST", "deliveries/x/retry", 401, "unauthenticated"),
		one("a clerk", "clerk", "POST", "deliveries/x/retry", 403, "forbidden"),
		one("security", "guard", "POST", "deliveries/x/retry", 403, "forbidden"),
		one("too many", "admin", "GET", "deliveries?limit=1000", 422, "invalid", `"pointer":"/limit"`),
	))
}

func TestAdministrationReads(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Duties = func() []Duty {
			return []Duty{{Agency: "410425.registry", Place: "410425", PlaceZH: "河南省平顶山市郏县", Item: "*"}}
		}
	})
	get := func(name, who, at string, has ...string) scenario {
		return scenario{name: name, who: who, method: "GET", path: "/api/v1/" + at, status: 200, has: has}
	}
	keys := get("keys", "guard", "keys", `"fingerprint":"`, `"ours":true`, `"scheme":"ed25519"`)
	keys.hasNot = []string{"sealed", "private", "PRIVATE"}
	audit := get("administration", "audit", "access", `"what":"access"`)
	audit.writes.accesses = 1
	s.run([]scenario{
		get("duties", "clerk", "duties", `"agency":"410425.registry","place":"410425","place_zh":"河南省平顶山市郏县","item":"*"`),
		get("a year", "clerk", "calendar?year=2026", `"year":2026`, `"provisional":false`, `"worked":false`, `"open":"09:00"`),
		get("a year to come", "clerk", "calendar?year=2090", `"provisional":true`, `"days":[]`),
		keys, audit,
		get("nothing is stuck", "admin", "deliveries", `"deliveries":[]`),
	})
	var list struct{ Keys []keyView }
	s.must(200, s.do("guard", "GET", "/api/v1/keys?agency="+string(hubtest.Registry), nil, nil)).into(t, &list)
	for _, k := range list.Keys {
		if k.Agency != hubtest.Registry || len(k.Fingerprint) != 95 || !strings.HasPrefix(strings.ReplaceAll(strings.ToLower(k.Fingerprint), ":", ""), strings.TrimPrefix(string(k.ID), k.Scheme+":")) {
			t.Errorf("%+v", k)
		}
	}
	if len(list.Keys) == 0 {
		t.Error("no keys")
	}
}

// A message that nobody took is seen with its reason, and tried again when told.
func TestAStuckDeliveryIsSeenAndTriedAgain(t *testing.T) {
	s := newSite(t)
	s.offered("stuck")
	now := s.Clock.Now()
	waiting, err := s.db.Outbox().Stuck(t.Context(), 0, 10)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d messages, %v", len(waiting), err)
	}
	p := waiting[0]
	if err := s.db.Outbox().Retry(t.Context(), p.ID, now.Add(time.Hour), "no answer within 10s"); err != nil {
		t.Fatal(err)
	}
	s.run([]scenario{
		{name: "seen", who: "admin", method: "GET", path: "/api/v1/deliveries", status: 200, has: []string{`"id":"` + p.ID + `"`, `"attempts":1`, `"reason":"no answer within 10s"`}},
		{name: "not often enough", who: "admin", method: "GET", path: "/api/v1/deliveries?attempts=2", status: 200, has: []string{`"deliveries":[]`}},
	})
	s.refused([]scenario{{name: "another", who: "admin", path: "/api/v1/deliveries/none/retry", status: 404, code: "not_found"}})
	s.must(204, s.do("admin", "POST", "/api/v1/deliveries/"+p.ID+"/retry", nil, nil))
	got, err := s.db.Outbox().Parcel(t.Context(), p.ID)
	if err != nil || got.Due.After(s.Clock.Now()) || got.Attempts != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	s.deliver()
	s.refused([]scenario{{name: "delivered", who: "admin", path: "/api/v1/deliveries/" + p.ID + "/retry", status: 409, code: "wrong_state"}})
	s.run([]scenario{{name: "no longer stuck", who: "admin", method: "GET", path: "/api/v1/deliveries?attempts=0", status: 200, has: []string{`"deliveries":[]`}}})
}

func TestVersionsAreCompared(t *testing.T) {
	s := demandingSite(t)
	at := func(query string) string { return "/api/v1/standards/compare?" + query }
	const good = "item=transfer.resale&agency=410425.registry&version=1&with_version=1"
	s.refused([]scenario{
		{name: "nobody", method: "GET", path: at(good), status: 401, code: "unauthenticated"},
		{name: "without a role", who: "nobody", method: "GET", path: at(good), status: 403, code: "forbidden"},
		{name: "no item", who: "admin", method: "GET", path: at("version=1&with_version=1"), status: 422, code: "invalid", has: []string{`"pointer":"/item"`}},
		{name: "no version", who: "admin", method: "GET", path: at("item=transfer.resale&version=1"), status: 422, code: "invalid", has: []string{`"pointer":"/with_version"`}},
		{name: "no such version", who: "admin", method: "GET", path: at("item=transfer.resale&version=1&with_version=7"), status: 404, code: "not_found"},
	})
	s.run([]scenario{
		{name: "one with another", who: "admin", method: "GET", path: at(good), status: 200, has: []string{`"what":"added"`, `"agency":"410425.registry"`}},
		{name: "one with itself", who: "clerk", method: "GET", path: at("item=transfer.resale&version=1&with_version=1"), status: 200, has: []string{`"changes":[]`}},
	})
}
