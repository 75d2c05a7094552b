package api

import (
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

var oneEvent = written4{events: 1}

func TestCommandsAtTheWindow(t *testing.T) {
	s := newSite(t)
	path := s.received("window")
	d := s.upload("clerk", pdf)
	theirs := s.upload("stranger", []byte("%PDF-1.7 of somebody else"))
	jpeg := s.upload("clerk", []byte("\xff\xd8\xff\xe0\x00\x10JFIF"))
	material := func(slot, digest, name string) map[string]any {
		return map[string]any{"slot": slot, "digest": digest, "name": name, "seen_original": true}
	}
	mid := string(hub.NewMaterialID(hub.CaseID(path[len("/api/v1/cases/"):]), "added"))
	s.run([]scenario{
		{name: "material by nobody", path: path + "/materials", body: material("contract", d, "a.pdf"), status: 401, code: "unauthenticated"},
		{name: "material to another agency's case", who: "stranger", path: path + "/materials", body: material("contract", theirs, "a.pdf"), status: 404, code: "not_found"},
		{name: "material to no case", who: "clerk", path: noSuchCase + "/materials", body: material("contract", d, "a.pdf"), status: 404, code: "not_found"},
		{name: "another agency's upload", who: "clerk", path: path + "/materials", body: material("contract", theirs, "a.pdf"), status: 422, code: "invalid", has: []string{`"code":"not_uploaded"`}},
		{name: "unknown slot", who: "clerk", path: path + "/materials", body: material("gift", d, "a.pdf"), status: 422, code: "invalid", has: []string{`"pointer":"/slot"`}},
		{name: "type that the slot does not take", who: "clerk", path: path + "/materials", body: material("contract", jpeg, "a.pdf"), status: 415, code: "wrong_type"},
		{name: "a name of another type", who: "clerk", path: path + "/materials", body: material("contract", d, "合同.PDF.exe"), status: 415, code: "wrong_type", has: []string{`"pointer":"/name"`, `"code":"name_differs"`}},
		{name: "not a digest", who: "clerk", path: path + "/materials", body: material("contract", "sha256:00", "a.pdf"), status: 422, code: "invalid", has: []string{`"pointer":"/digest"`, `"code":"format"`}},
		{name: "offer before routing", who: "clerk", path: path + "/offer", body: map[string]any{}, status: 409, code: "wrong_state"},
		{name: "accept at the window", who: "first", path: path + "/accept", body: map[string]any{}, status: 404, code: "not_found"},
		{name: "clerk decides", who: "clerk", path: path + "/decide", body: map[string]any{"approve": true}, status: 403, code: "forbidden"},
		{name: "route by hand before a decline", who: "clerk", path: path + "/route", body: map[string]any{"manual": hubtest.Stranger, "reason": "r"}, status: 409, code: "wrong_state"},
		{name: "added", who: "clerk", path: path + "/materials", body: material("contract", d, "a.pdf"), header: map[string]string{"Idempotency-Key": "added"}, status: 201, has: []string{`"material":"` + mid}, writes: oneEvent},
		{name: "added twice", who: "clerk", path: path + "/materials", body: material("contract", d, "a.pdf"), status: 422, code: "invalid", has: []string{`"code":"duplicate"`}},
		{name: "removed without a reason", who: "clerk", method: "DELETE", path: path + "/materials/" + mid, body: map[string]any{"reason": ""}, status: 422, code: "invalid", has: []string{`"pointer":"/reason"`}},
		{name: "removed what is not there", who: "clerk", method: "DELETE", path: path + "/materials/none", body: map[string]any{"reason": "r"}, status: 404, code: "not_found"},
		{name: "removed", who: "clerk", method: "DELETE", path: path + "/materials/" + mid, body: map[string]any{"reason": "扫描不清"}, status: 200, has: []string{`"kind":"material.removed"`}, writes: oneEvent},
		{name: "routed", who: "clerk", path: path + "/route", body: map[string]any{}, status: 200, has: []string{`"kind":"case.routed"`}, writes: oneEvent},
		{name: "offered with a gap", who: "clerk", path: path + "/offer", body: map[string]any{}, status: 422, code: "missing_material", has: []string{`"pointer":"/materials/contract"`}},
		{name: "withdrawn without a reason", who: "clerk", path: path + "/withdraw", body: map[string]any{"reason": ""}, status: 422, code: "invalid"},
		{name: "withdrawn", who: "clerk", path: path + "/withdraw", body: map[string]any{"reason": "申请人撤回"}, status: 200, has: []string{`"status":"withdrawn"`}, writes: oneEvent},
		{name: "closed by a reviewer who cannot know of it", who: "second", path: path + "/close", body: map[string]any{}, status: 404, code: "not_found"},
		{name: "closed", who: "clerk", path: path + "/close", body: map[string]any{}, status: 200, has: []string{`"status":"closed"`}, writes: oneEvent},
	})
}

func TestCommandsInTheAir(t *testing.T) {
	s := newSite(t)
	path, offer := s.offered("air")
	take := map[string]any{"offer": offer}
	s.run([]scenario{
		{name: "frozen", who: "clerk", path: path + "/withdraw", body: map[string]any{"reason": "r"}, status: 409, code: "case_frozen"},
		{name: "taken before it is delivered", who: "first", path: path + "/take", body: take, status: 409, code: "not_delivered"},
		{name: "taken by a stranger", who: "stranger", path: path + "/take", body: take, status: 404, code: "not_found"},
		{name: "taken by who offers", who: "clerk", path: path + "/take", body: take, status: 403, code: "forbidden"},
		{name: "recalled by the other side", who: "lead", path: path + "/recall", status: 409, code: "wrong_state"},
		{name: "declined with a code of machines", who: "first", path: path + "/decline", body: map[string]any{"offer": offer, "code": "recalled", "text": "x"}, status: 422, code: "invalid", has: []string{`"pointer":"/code"`}},
		{name: "declined without words", who: "first", path: path + "/decline", body: map[string]any{"offer": offer, "code": "wrong_place", "text": ""}, status: 422, code: "invalid"},
		{name: "another offer declined", who: "first", path: path + "/decline", body: map[string]any{"offer": "x", "code": "wrong_place", "text": "x"}, status: 409, code: "wrong_state"},
		{name: "recalled without a key", who: "clerk", path: path + "/recall", header: map[string]string{"Idempotency-Key": ""}, status: 422, code: "invalid"},
		{name: "declined", who: "first", path: path + "/decline", body: map[string]any{"offer": offer, "code": "wrong_place", "text": "不属本区"}, status: 200, has: []string{`"kind":"custody.declined"`}, writes: oneEvent},
	})
}

func TestAnOpenOfferCanBeAskedBack(t *testing.T) {
	s := newSite(t)
	path, offer := s.offered("recall")
	a := s.must(202, s.cmd("clerk", path+"/recall", "r1", nil))
	var got struct{ Offer string }
	if a.into(t, &got); got.Offer != offer {
		t.Errorf("recalled %q, offered %q", got.Offer, offer)
	}
	s.must(202, s.cmd("clerk", path+"/recall", "r2", nil))
}

func TestCommandsAtTheHandlingPlace(t *testing.T) {
	s := newSite(t)
	path := s.arrived("handling")
	gap := map[string]any{"target": "field", "ref": "price", "reason": "incorrect"}
	s.run([]scenario{
		{name: "window routes what it no longer holds", who: "clerk", path: path + "/route", body: map[string]any{}, status: 409, code: "not_custodian"},
		{name: "stranger", who: "stranger", path: path + "/accept", body: map[string]any{}, status: 404, code: "not_found"},
		{name: "refused without a ground", who: "first", path: path + "/refuse", body: map[string]any{"code": "mood", "text": "x"}, status: 422, code: "invalid", has: []string{`"pointer":"/code"`}},
		{name: "review before acceptance", who: "first", path: path + "/review/first", body: map[string]any{"pass": true}, status: 409, code: "wrong_state"},
		{name: "no gaps", who: "first", path: path + "/supplement", body: map[string]any{"gaps": []any{}}, status: 422, code: "invalid", has: []string{`"pointer":"/gaps"`}},
		{
			name: "gaps that are none", who: "first", path: path + "/supplement", body: map[string]any{"gaps": []any{
				map[string]any{"target": "field", "ref": "colour", "reason": "incorrect"}, map[string]any{"target": "region", "ref": "x", "reason": "outdated", "page": 1},
			}},
			status: 422, code: "invalid", has: []string{`"pointer":"/gaps/0/ref"`, `"pointer":"/gaps/1/ref"`},
		},
		{name: "answer to nothing", who: "clerk", path: path + "/answer", body: map[string]any{"answers": []any{}}, status: 409, code: "wrong_state"},
		{name: "supplement", who: "first", path: path + "/supplement", body: map[string]any{"gaps": []any{gap}}, status: 200, has: []string{`"status":"correcting"`}, writes: oneEvent},
		{name: "half an answer", who: "clerk", path: path + "/answer", body: map[string]any{"answers": []any{}}, status: 422, code: "invalid", has: []string{`"code":"incomplete"`}},
		{name: "answer of a wrong type", who: "clerk", path: path + "/answer", body: map[string]any{"answers": []any{map[string]any{"gap": "g1", "value": "much"}}}, status: 422, code: "invalid", has: []string{`"pointer":"/answers/0/value"`}},
		{name: "answer that is an object", who: "clerk", path: path + "/answer", body: map[string]any{"answers": []any{map[string]any{"gap": "g1", "value": map[string]any{}}}}, status: 422, code: "invalid"},
		{name: "answer", who: "clerk", path: path + "/answer", body: map[string]any{"answers": []any{map[string]any{"gap": "g1", "value": 5}}}, status: 200, has: []string{`"status":"arrived"`}, writes: oneEvent},
		{name: "second round", who: "first", path: path + "/supplement", body: map[string]any{"gaps": []any{gap}}, status: 422, code: "second_round"},
		{name: "accept", who: "first", path: path + "/accept", body: map[string]any{}, status: 200, writes: oneEvent},
		{name: "second review before the first", who: "second", path: path + "/review/second", body: map[string]any{"pass": true}, status: 409, code: "wrong_state"},
		{name: "fails without words", who: "first", path: path + "/review/first", body: map[string]any{"pass": false}, status: 422, code: "invalid", has: []string{`"pointer":"/text"`}},
		{name: "first review", who: "first", path: path + "/review/first", body: map[string]any{"pass": true}, status: 200, writes: oneEvent},
		{name: "decide early", who: "second", path: path + "/decide", body: map[string]any{"approve": true}, status: 409, code: "wrong_state"},
		{name: "decide without saying what", who: "second", path: path + "/decide", body: map[string]any{}, status: 422, code: "invalid", has: []string{`"pointer":"/approve"`}},
	})
}

func TestReference(t *testing.T) {
	s := newSite(t)
	get := func(name, who, path string, status int, code string, has ...string) scenario {
		return scenario{name: name, who: who, method: "GET", path: path, status: status, code: code, has: has}
	}
	s.run([]scenario{
		get("items by nobody", "", "/api/v1/items", 401, "unauthenticated"),
		get("route by nobody", "", "/api/v1/route?item=transfer.resale&unit="+hubtest.Unit, 401, "unauthenticated"),
		get("route of no item", "clerk", "/api/v1/route?item=marriage&unit="+hubtest.Unit, 422, "unknown_item"),
		get("route without an item", "clerk", "/api/v1/route", 422, "invalid", `"in":"query"`, `"pointer":"/item"`),
		get("route on no day", "clerk", "/api/v1/route?item=transfer.resale&unit="+hubtest.Unit+"&date=2026-02-30", 422, "invalid", `"pointer":"/date"`),
		get("route without the right", "nobody", "/api/v1/route?item=transfer.resale&unit="+hubtest.Unit, 403, "forbidden"),
		get("standard of no item", "clerk", "/api/v1/standards?item=marriage", 422, "unknown_item"),
		get("agencies by nobody", "", "/api/v1/agencies", 401, "unauthenticated"),
		get("items", "clerk", "/api/v1/items", 200, "", `{"item":"transfer.resale","name_zh":"二手房转移登记"`),
		get("standard", "clerk", "/api/v1/standards?item=transfer.resale&unit="+hubtest.Unit, 200, "", `"slots":[{"key":"contract","required":true`),
		get("route", "clerk", "/api/v1/route?item=transfer.resale&unit="+hubtest.Unit+"&date=2026-02-28", 200, "", `"agency":"410425.registry"`, `"code":"unit_in"`),
		get("agencies", "clerk", "/api/v1/agencies", 200, "", `"id":"440305.window"`),
		get("me", "clerk", "/api/v1/me", 200, "", `"roles":["clerk"]`, `"case.receive"`, `"id":"440305.window"`),
		get("alive", "", "/healthz", 200, "", `"alive"`),
		get("ready", "", "/readyz", 200, "", `"ready"`),
	})
}
