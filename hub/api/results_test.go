package api

import (
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// Booking and its papers over the wire: what is refused before anything is booked.
func TestBookingAndPapersRefuse(t *testing.T) {
	s := demandingSite(t)
	s.employ("booker", hubtest.Registry, hub.BookingOfficer)
	s.employ("winbooker", hubtest.Window, hub.BookingOfficer)
	s.employ("foreign", hubtest.Stranger, hub.Clerk, hub.BookingOfficer, hub.WindowLead)
	path := s.arrived("results")
	book := step{name: "book", who: "booker", stranger: "first", texts: map[string]int{"note": 2000}, body: body{"note": "登簿"}}
	issue := step{name: "issue", who: "booker", stranger: "first", texts: map[string]int{"note": 2000}, body: body{"note": "缮证"}}
	revoke := step{
		name: "revoke", who: "booker", stranger: "clerk", body: body{"id": "x", "ground": "court", "text": "判决撤销"},
		bad: []badPart{{"no such ground", "ground", "mood", "/ground", "unknown"}, {"no id", "id", "", "/id", "length"}},
	}
	handOut := step{
		name: "hand-out", who: "clerk", stranger: "first", body: body{"id": "x", "way": "mail"},
		bad: []badPart{{"no such way", "way", "pigeon", "/way", "unknown"}, {"no id", "id", "", "/id", "length"}, {"too long an id", "id", long(101), "/id", "length"}},
	}
	var all []scenario
	for _, x := range []step{book, issue, revoke, handOut} {
		texts := x.texts
		x.texts = map[string]int{} // what the case service bounds is asked only at its time
		for key := range texts {
			x.bad = append(x.bad, badPart{"beyond all bounds", key, strings.Repeat("x", 8001), "/" + key, "length"})
			delete(x.body, key)
		}
		all = append(all, s.refusals(path, x)...)
		all = append(all, scenario{name: x.name + ": before its time", who: x.who, path: path + "/" + x.name, body: x.body, status: 409, code: "wrong_state"})
	}
	s.refused(append(all, scenario{name: "booked by the window", who: "winbooker", path: path + "/book", body: book.body, status: 409, code: "wrong_state"}))
	get := func(name, who, at string, status int, code string, has ...string) scenario {
		return scenario{name: name + " " + at, who: who, method: "GET", path: at, status: status, code: code, has: has}
	}
	s.refused([]scenario{
		get("nobody", "", path+"/papers/receipt", 401, "unauthenticated"), get("another agency", "foreign", path+"/papers/receipt", 404, "not_found"),
		get("no case", "clerk", noSuchCase+"/papers/receipt", 404, "not_found"), get("no such paper", "clerk", path+"/papers/poem", 422, "invalid", `"pointer":"/kind"`),
		get("no such party", "clerk", path+"/papers/questioning?party=200", 422, "invalid", `"pointer":"/party"`),
		get("purpose", "clerk", path+"/papers/receipt?why=x", 422, "invalid", `"pointer":"/why"`),
		get("nobody", "", path+"/results/x", 401, "unauthenticated"), get("another agency", "foreign", path+"/results/x", 404, "not_found"),
		get("no result", "clerk", path+"/results/x", 404, "not_found"),
		get("no id", "", "/api/v1/check?code=x", 422, "invalid", `"in":"query"`, `"pointer":"/id"`), get("no code", "", "/api/v1/check?id=x", 422, "invalid", `"pointer":"/code"`),
		get("a made up paper", "", "/api/v1/check?id=x&code=y", 404, "not_found"), get("too long", "", "/api/v1/check?code=x&id="+long(121), 422, "invalid", `"pointer":"/id"`),
		get("the register by nobody", "", path+"/register", 401, "unauthenticated"), get("by another agency", "foreign", path+"/register", 404, "not_found"),
		get("by a clerk", "clerk", path+"/register", 403, "forbidden"), get("of no case", "first", noSuchCase+"/register", 404, "not_found"),
	})
}

func TestTheRegisterRefuses(t *testing.T) {
	s := demandingSite(t)
	s.employ("booker", hubtest.Registry, hub.BookingOfficer)
	s.employ("foreign", hubtest.Stranger, hub.BookingOfficer)
	s.KeepRegister(t, hubtest.Unit)
	const orders, takeOver = "/api/v1/register/orders", "/api/v1/register/take-over"
	order := body{"kind": "seizure", "unit": hubtest.Unit, "court": "郏县人民法院", "order": "(2026)豫0425执1号", "months": 36}
	seed := body{"register": body{}, "people": []any{}}
	one := func(name, who, at string, sent any, status int, code string, has ...string) scenario {
		return scenario{name: name + " " + at, who: who, path: at, body: sent, status: status, code: code, has: has}
	}
	var all []scenario
	for at, good := range map[string]body{orders: order, takeOver: seed} {
		all = append(all,
			one("nobody", "", at, good, 401, "unauthenticated"), one("a clerk", "clerk", at, good, 403, "forbidden"), one("a reviewer", "first", at, good, 403, "forbidden"),
			one("no body", "booker", at, nil, 400, "bad_request"), one("broken", "booker", at, "{", 400, "bad_request", `"code":"syntax"`),
			one("huge", "booker", at, but(good, "x", strings.Repeat("x", 9<<20)), 413, "too_large"),
			one("unknown field", "booker", at, but(good, "force", 1), 422, "invalid", `"pointer":"/force"`, `"code":"unknown_field"`),
		)
	}
	bad := func(key string, v any, reason string) {
		all = append(all, one("bad "+key, "booker", orders, but(order, key, v), 422, "invalid", `"pointer":"/`+key+`"`, `"code":"`+reason+`"`))
	}
	bad("kind", "gift", "unknown")
	bad("unit", "410425", "length")
	bad("unit", 7, "type")
	bad("court", "", "required")
	bad("court", long(101), "too_long")
	bad("order", " ", "required")
	bad("order", "a\u202eb", "characters")
	bad("months", 0, "range")
	bad("months", 37, "range")
	bad("months", 1.5, "type")
	get := func(name, who, at string, status int, code string, has ...string) scenario {
		return scenario{name: name, who: who, method: "GET", path: "/api/v1/register/units/" + at, status: status, code: code, has: has}
	}
	s.refused(append(all,
		one("an agency without a register", "foreign", orders, order, 403, "forbidden"),
		one("no register", "booker", takeOver, seed, 422, "invalid", `"pointer":"/register`),
		get("a unit by nobody", "", hubtest.Unit, 401, "unauthenticated"), get("a unit by a clerk", "clerk", hubtest.Unit, 403, "forbidden"),
		get("a unit by another agency", "foreign", hubtest.Unit, 403, "forbidden"), get("no unit", "booker", "410425", 422, "invalid", `"pointer":"/unit"`),
		get("at no time", "booker", hubtest.Unit+"?at=yesterday", 422, "invalid", `"in":"query"`, `"pointer":"/at"`),
	))
}
