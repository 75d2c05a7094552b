package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/session"
)

// meeting is a case at the registry with an appointment, over HTTP.
type meeting struct {
	*site
	path, at string // of the case, of the session
	id       session.ID
	wish     body
	from     time.Time
}

func newMeeting(t testing.TB, key string) *meeting {
	t.Helper()
	s := demandingSite(t)
	m := &meeting{site: s, path: s.arrived(key)}
	w := s.Appointment()
	m.from = w.From
	m.wish = body{
		"from": w.From, "to": w.To, "window": "3号窗口", "text": "远程询问",
		"people": []body{{"role": "host", "person": "p-first"}, {"role": "applicant", "party": 1, "told": "phone"}, {"role": "applicant", "party": 2}, {"role": "clerk", "person": "p-clerk"}, {"role": "reviewer", "person": "p-second"}},
	}
	return m
}

func (m *meeting) schedule() {
	m.t.Helper()
	var got struct{ Session session.ID }
	a := m.must(201, m.cmd("clerk", m.path+"/sessions", "schedule", m.wish))
	a.into(m.t, &got)
	m.id, m.at = got.Session, m.path+"/sessions/"+string(got.Session)
	if a.header.Get("Location") != m.at {
		m.t.Errorf("it is at %s", a.header.Get("Location"))
	}
}

// comes lets somebody in by a link; from then on he is a login of the site.
func (m *meeting) comes(login, who string) {
	m.t.Helper()
	var in struct{ Link, Code, Token string }
	m.must(200, m.do("clerk", "POST", m.at+"/invitations", body{"who": who}, nil)).into(m.t, &in)
	m.must(201, m.request("", "POST", "/api/v1/attend", body{"link": in.Link, "code": in.Code, "bearer": true}, nil)).into(m.t, &in)
	m.mu.Lock()
	m.tokens[login] = in.Token
	m.mu.Unlock()
}

// again signs the officers in anew: the clock was set forward.
func (m *meeting) until(at time.Time) {
	m.Clock.Until(at)
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.tokens)
}

var attended = "/api/v1/attend"

func (m *meeting) texts(login string) []string {
	m.t.Helper()
	var page struct{ Texts []struct{ Digest string } }
	m.must(200, m.do(login, "GET", attended, nil, nil)).into(m.t, &page)
	var out []string
	for _, x := range page.Texts {
		out = append(out, x.Digest)
	}
	return out
}

func get(name, who, path string, status int, code string, has ...string) scenario {
	return scenario{name: name, who: who, method: "GET", path: path, status: status, code: code, has: has}
}

func put(name, who, path string, b any, status int, code string) scenario {
	return scenario{name: name, who: who, method: "PUT", path: path, body: b, status: status, code: code}
}

func post(name, who, path string, b any, status int, code string, has ...string) scenario {
	return scenario{name: name, who: who, path: path, body: b, status: status, code: code, has: has}
}

func TestAppointmentsOverHTTP(t *testing.T) {
	m := newMeeting(t, "appoint")
	people := func(change func([]body)) body {
		var all []body
		for _, p := range m.wish["people"].([]body) {
			all = append(all, but(p, "role", p["role"]))
		}
		change(all)
		return but(m.wish, "people", all)
	}
	x := step{
		name: "sessions", who: "clerk", stranger: "audit", body: m.wish, texts: map[string]int{"text": 2000, "window": 40},
		bad: []badPart{
			{"no time", "from", "tomorrow", "/from", "date"},
			{"off the grain", "from", m.from.Add(time.Minute), "/from", "invalid"},
			{"backwards", "to", m.from.Add(-time.Hour), "/to", "invalid"},
			{"alone", "people", m.wish["people"].([]body)[:1], "/people", "count"},
		},
	}
	refusals := m.refusals(m.path, x)
	refusals = slices.DeleteFunc(refusals, func(x scenario) bool { return x.name == "sessions: people of a wrong type" }) // a list of empty rows: told row by row
	for i := range refusals {                                                                                             // longer names are told with what the window may hold
		if strings.HasPrefix(refusals[i].name, "sessions: window") && strings.HasSuffix(refusals[i].name, "too long") {
			refusals[i].has = []string{`"pointer":"/window"`}
		}
		if strings.HasSuffix(refusals[i].name, "window beyond all bounds") {
			refusals[i].has = []string{`"pointer":"/window"`, `"code":"length"`}
		}
	}
	m.run(refusals)
	m.run([]scenario{
		post("no such part", "clerk", m.path+"/sessions", people(func(p []body) { p[1]["role"] = "judge" }), 422, "invalid", `"pointer":"/people/1/role"`),
		post("a clerk leads", "clerk", m.path+"/sessions", people(func(p []body) { p[0]["person"], p[3]["person"] = "p-clerk", "p-first" }), 422, "invalid", `"pointer":"/people/0/person"`, `"code":"host"`),
		post("no such party", "clerk", m.path+"/sessions", people(func(p []body) { p[1]["party"] = 9 }), 422, "invalid", `"pointer":"/people/1/party"`),
		get("slots by nobody", "", m.path+"/sessions/slots?host=p-first&from="+m.from.Format(time.RFC3339), 401, "unauthenticated"),
		get("slots of another agency", "foreign", m.path+"/sessions/slots?host=p-first&from="+m.from.Format(time.RFC3339), 404, "not_found"),
		get("slots without a host", "clerk", m.path+"/sessions/slots?from="+m.from.Format(time.RFC3339), 422, "invalid"),
		get("slots on no day", "clerk", m.path+"/sessions/slots?host=p-first&from=soon", 422, "invalid"),
		get("slots that are too long", "clerk", m.path+"/sessions/slots?host=p-first&minutes=300&from="+m.from.Format(time.RFC3339), 422, "invalid"),
		get("list by nobody", "", "/api/v1/sessions", 401, "unauthenticated"),
		get("list without a role", "nobody", "/api/v1/sessions", 403, "forbidden"),
		get("board without the right", "first", "/api/v1/sessions/board", 403, "forbidden"),
		get("no such session", "clerk", m.path+"/sessions/aaaaaaaaaaaaaaaaaaaaaaaaaa", 404, "not_found"),
		get("not a session id", "clerk", m.path+"/sessions/1", 404, "not_found"),
	})
	m.schedule()
	slots := m.path + "/sessions/slots?host=p-first&days=1&from=" + m.from.Format(time.RFC3339)
	free := m.must(200, m.do("clerk", "GET", slots, nil, nil))
	if contains(free, `"from":"`+m.from.Format(time.RFC3339)) || !contains(free, `"from":"`+m.from.Add(time.Hour).Format(time.RFC3339)) {
		t.Errorf("free: %s", free.body)
	}
	later := but(but(m.wish, "from", m.from.Add(time.Hour)), "to", m.from.Add(90*time.Minute))
	line := written4{accesses: 1}
	m.run([]scenario{
		post("the same time again", "clerk", m.path+"/sessions", m.wish, 409, "slot_taken"),
		post("another agency changes it", "foreign", m.at+"/change", later, 404, "not_found"),
		post("changed without a word", "clerk", m.at+"/change", but(later, "text", " "), 422, "invalid", `"pointer":"/text"`),
		post("somebody is left out", "clerk", m.at+"/change", but(later, "people", m.wish["people"].([]body)[:3]), 422, "invalid", `"code":"invited"`),
		post("cancelled for no reason", "clerk", m.at+"/cancel", body{"ground": "agency", "text": ""}, 422, "invalid", `"pointer":"/text"`),
		post("cancelled on a whim", "clerk", m.at+"/cancel", body{"ground": "mood", "text": "x"}, 422, "invalid", `"pointer":"/ground"`),
		post("invited by nobody", "", m.at+"/invitations", body{"who": "p2"}, 401, "unauthenticated"),
		post("an officer is invited", "clerk", m.at+"/invitations", body{"who": "p1"}, 422, "invalid", `"pointer":"/who"`),
		{name: "list", who: "clerk", method: "GET", path: "/api/v1/sessions", status: 200, has: []string{`"state":"scheduled"`, `"host":"p-first"`}},
		{name: "mine", who: "second", method: "GET", path: "/api/v1/sessions?mine=true", status: 200, has: []string{string(m.id)}},
		{name: "another agency's list", who: "foreign", method: "GET", path: "/api/v1/sessions", status: 200, has: []string{`"sessions":[]`}},
		{name: "seen by who takes part", who: "first", method: "GET", path: m.at, status: 200, has: []string{`"张*丰"`, `"seat":"p1"`, `"state":"scheduled"`}},
		{name: "seen by who does not", who: "lead", method: "GET", path: m.at, status: 200, has: []string{`"state":"scheduled"`}, writes: line},
		{name: "calendar", who: "clerk", method: "GET", path: m.at + "/calendar", status: 200, has: []string{"BEGIN:VCALENDAR", "SEQUENCE:0"}, writes: line},
		{name: "changed", who: "clerk", path: m.at + "/change", body: later, status: 200, writes: oneEvent},
		{name: "cancelled", who: "first", path: m.at + "/cancel", body: body{"ground": "applicant", "text": "申请人要求"}, status: 200, writes: oneEvent},
		post("cancelled twice", "first", m.at+"/cancel", body{"ground": "applicant", "text": "x"}, 409, "session_state", `"code":"not_now"`),
	})
}

func TestComingByALink(t *testing.T) {
	m := newMeeting(t, "link")
	m.schedule()
	var in struct{ Link, Code string }
	m.must(200, m.do("clerk", "POST", m.at+"/invitations", body{"who": "p2"}, nil)).into(t, &in)
	m.run([]scenario{
		post("no link", "", attended, body{"link": "", "code": in.Code}, 422, "invalid"),
		post("another link", "", attended, body{"link": "AAAAAAAAAAAAAAAAAAAAAA", "code": in.Code}, 401, "unauthenticated"),
		{name: "from another site", path: attended, body: body{"link": in.Link, "code": in.Code}, header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403, code: "forbidden"},
		get("the session of nobody", "", attended, 401, "unauthenticated"),
		get("the session of an officer", "clerk", attended, 401, "unauthenticated"),
	})
	a := m.must(201, m.request("", "POST", attended, body{"link": in.Link, "code": in.Code}, nil))
	c, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
	if err != nil || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Name != "tongban-session" || strings.Contains(a.text(), "token") {
		t.Fatalf("cookie %v, %v: %s", c, err, a.body)
	}
	cookie := c.Name + "=" + c.Value
	for _, x := range []struct {
		name, method, path string
		header             map[string]string
		status             int
	}{
		{"from the page", "GET", attended, map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		{"from another site", "GET", attended, map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"a command without a sign of the page", "PUT", attended + "/help", nil, 403},
		{"a page of officers", "GET", m.at, map[string]string{"Sec-Fetch-Site": "same-origin"}, 401},
		{"the case", "GET", m.path, map[string]string{"Sec-Fetch-Site": "same-origin"}, 401},
	} {
		if x.header == nil {
			x.header = map[string]string{}
		}
		x.header["Cookie"] = cookie
		var b any
		if x.method != "GET" {
			b = body{"text": ""}
		}
		if a := m.request("", x.method, x.path, b, x.header); a.status != x.status {
			t.Errorf("%s: %d %s", x.name, a.status, a.body)
		}
	}
	m.run([]scenario{post("the link again", "", attended, body{"link": in.Link, "code": in.Code}, 401, "unauthenticated")})
	m.must(200, m.do("clerk", "POST", m.at+"/invitations", body{"who": "p2"}, nil))
	if a := m.request("", "GET", attended, nil, map[string]string{"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}); a.status != 401 {
		t.Errorf("the old device is still in: %d", a.status)
	}
	if strings.Contains(m.log.String(), in.Link) || strings.Contains(m.log.String(), c.Value) {
		t.Error("a secret is in the log")
	}
}

// A whole session over the wire, the refusals of each step before it.
func TestASessionOverHTTP(t *testing.T) {
	m := newMeeting(t, "whole")
	m.schedule()
	m.until(m.from.Add(-10 * time.Minute))
	m.comes("seller", "p2")
	consent := body{"lang": "en", "texts": m.texts("seller")}
	test := body{"score": "good", "camera": true, "mic": true, "speaker": true}
	line, event := written4{accesses: 1}, oneEvent
	m.run([]scenario{
		post("waits without consent", "seller", attended+"/wait", body{}, 409, "session_state", `"code":"not_tested"`),
		put("a score there is not", "seller", attended+"/self-test", but(test, "score", "great"), 422, "invalid"),
		put("a test by nobody", "", attended+"/self-test", test, 401, "unauthenticated"),
		put("a test of an officer who takes no part", "lead", m.at+"/self-test", test, 403, "forbidden"),
		{name: "tested", who: "seller", method: "PUT", path: attended + "/self-test", body: test, status: 204},
		post("still without consent", "seller", attended+"/wait", body{}, 409, "consent_missing"),
		post("other texts", "seller", attended+"/consent", body{"lang": "zh-CN", "texts": consent["texts"]}, 422, "invalid", `"code":"other_texts"`),
		post("an officer consents", "first", m.at+"/consent", consent, 403, "forbidden"),
		{name: "consents", who: "seller", path: attended + "/consent", body: consent, status: 200, writes: event},
		{name: "waits", who: "seller", path: attended + "/wait", body: body{}, status: 204},
		{name: "sees the door", who: "seller", method: "GET", path: attended, status: 200, has: []string{`"state":"waiting"`, `"seat":"p2"`, `"hear":false`}, hasNot: []string{`"words":`}},
		{name: "a pass to the door", who: "seller", path: attended + "/pass", body: body{}, status: 200, has: []string{`"token":"`, `"socket":"/api/v1/video/socket"`}},
		post("a pass for a device before its owner is in", "seller", attended+"/pass", body{"device": true}, 409, "wrong_state"),
		post("a pass for who is not at the door", "second", m.at+"/pass", body{}, 409, "session_state", `"code":"not_there"`),
		post("a pass by nobody", "", attended+"/pass", body{}, 401, "unauthenticated"),
	})
	m.doorAndFormal()
	m.questioning()
	m.run([]scenario{
		{name: "closed", who: "first", path: m.at + "/close", body: body{}, status: 200, writes: event},
		post("closed twice", "first", m.at+"/close", body{}, 409, "session_state"),
		post("in again", "seller", attended+"/wait", body{}, 409, "session_state"),
		{name: "board when it is over", who: "lead", method: "GET", path: "/api/v1/sessions/board", status: 200, writes: line},
		get("no such recording", "lead", m.at+"/recordings/p2/person", 422, "invalid", `"pointer":"/purpose"`),
	})
	a := m.do("lead", "GET", m.at+"/recordings/p2/person", nil, map[string]string{"Access-Purpose": "x"})
	if a.status != 404 {
		t.Errorf("a recording that is not: %d %s", a.status, a.body)
	}
}

// doorAndFormal plays what the host does, and everybody else may not.
func (m *meeting) doorAndFormal() {
	event, line := oneEvent, written4{accesses: 1}
	node := hub.SessionNode{ID: "n1", Address: "https://n1.example.cn"}
	still := m.signature("first")
	who := body{"who": "p2", "method": "citizen_card", "result": "matches", "still": still, "document": "4104"}
	m.run([]scenario{
		post("opened by the clerk", "clerk", m.at+"/open", body{}, 403, "forbidden"),
		post("opened by a person of the session", "second", m.at+"/open", body{}, 403, "forbidden"),
		{name: "opened", who: "first", path: m.at + "/open", body: body{}, status: 200, writes: event},
		post("admitted by himself", "seller", attended+"/admit", body{"who": "p2"}, 405, "bad_request"),
		post("admitted by the clerk", "clerk", m.at+"/admit", body{"who": "p2"}, 403, "forbidden"),
		post("admitted who is not there", "first", m.at+"/admit", body{"who": "p3"}, 409, "session_state", `"code":"not_there"`),
		post("admitted who does not exist", "first", m.at+"/admit", body{"who": "p9"}, 404, "not_found"),
		put("locked by the clerk", "clerk", m.at+"/lock", body{"on": true}, 403, "forbidden"),
		{name: "locked", who: "first", method: "PUT", path: m.at + "/lock", body: body{"on": true}, status: 204},
		post("admitted behind a lock", "first", m.at+"/admit", body{"who": "p2"}, 409, "session_locked"),
		{name: "unlocked", who: "first", method: "PUT", path: m.at + "/lock", body: body{"on": false}, status: 204},
		{name: "admitted", who: "first", path: m.at + "/admit", body: body{"who": "p2"}, status: 200, writes: event},
		post("begun without a recording", "first", m.at+"/begin", body{}, 409, "recording_stalled", `"code":"not_recorded"`),
		post("identified before it begins", "first", m.at+"/identify", who, 409, "session_state"),
		post("a private talk of an officer and a party", "first", m.at+"/consult", body{"people": []string{"p2", "p4"}}, 409, "session_state"),
	})
	if err := m.LookAfterSessions(m.t.Context(), node); err != nil {
		m.t.Fatal(err)
	}
	m.run([]scenario{
		{name: "begun", who: "first", path: m.at + "/begin", body: body{}, status: 200, writes: event},
		post("looked at without a reason", "lead", m.at+"/look", body{"purpose": " "}, 422, "invalid", `"pointer":"/purpose"`),
		post("looked at by an officer", "clerk", m.at+"/look", body{"purpose": "x"}, 403, "forbidden"),
		{name: "looked at with a reason", who: "lead", path: m.at + "/look", body: body{"purpose": "求助"}, status: 200, has: []string{`"token":"`, `"socket":"wss://n1.example.cn/api/v1/video/socket"`}, writes: line},
		put("help that hides", "seller", attended+"/help", body{"text": "a\u202eb"}, 422, "invalid"),
		{name: "help", who: "seller", method: "PUT", path: attended + "/help", body: body{"text": "听不清"}, status: 204},
		{name: "board", who: "lead", method: "GET", path: "/api/v1/sessions/board", status: 200, has: []string{`"help":"听不清"`, `"state":"formal"`, `"address":"https://n1.example.cn"`}, hasNot: []string{"张"}, writes: line},
		post("identified by the seller", "seller", attended+"/identify", who, 405, "bad_request"),
		post("a still that is nowhere", "first", m.at+"/identify", but(who, "still", noFile), 422, "invalid", `"pointer":"/still"`, `"code":"not_uploaded"`),
		post("no document", "first", m.at+"/identify", without(who, "document"), 422, "invalid", `"pointer":"/document"`),
		post("differs without a word", "first", m.at+"/identify", but(who, "result", "differs"), 422, "invalid", `"pointer":"/text"`),
		{name: "identified", who: "first", path: m.at + "/identify", body: who, status: 200, writes: event},
		{name: "paused", who: "first", path: m.at + "/pause", body: body{"text": "休息"}, status: 200, writes: event},
		post("questioned in a pause", "first", m.at+"/record", body{"text": noFile}, 409, "session_state"),
		{name: "resumed", who: "first", path: m.at + "/resume", body: body{}, status: 200, writes: event},
	})
}

func strokes() []body {
	return []body{{"dots": []body{{"x": 0.1, "y": 0.2, "t": 0}, {"x": 0.9, "y": 0.7, "t": 300}}}}
}

// questioning plays the record from the draft to its confirmation; the press of
// the site makes no papers, so that the seal is refused.
func (m *meeting) questioning() {
	draft := body{"rev": 0, "who": "p2", "answers": body{"will": true, "words": "自愿"}, "text": "无"}
	line := written4{accesses: 1}
	m.run([]scenario{
		put("a draft by the seller", "seller", attended+"/draft", draft, 405, "bad_request"),
		put("a draft of nobody", "first", m.at+"/draft", but(draft, "who", "p1"), 422, "invalid"),
		{name: "a draft", who: "first", method: "PUT", path: m.at + "/draft", body: draft, status: 200, has: []string{`"rev":1`}},
		put("an older draft", "first", m.at+"/draft", draft, 412, "stale_version"),
		{name: "not read to him yet", who: "seller", method: "GET", path: attended + "/draft", status: 200, hasNot: []string{"自愿"}},
		post("read back of another draft", "first", m.at+"/draft/read-back", body{"rev": 7}, 412, "stale_version"),
		{name: "read back", who: "first", path: m.at + "/draft/read-back", body: body{"rev": 1}, status: 200},
		{name: "read by him", who: "seller", method: "GET", path: attended + "/draft", status: 200, has: []string{"自愿", `"needed":["p1","p2"]`}, writes: line},
		get("by an officer who takes no part", "lead", m.at+"/draft", 403, "forbidden"),
	})
	var d struct{ Digest string }
	m.must(200, m.do("first", "GET", m.at+"/draft", nil, nil)).into(m.t, &d)
	m.run([]scenario{
		post("ended with nobody's word", "first", m.at+"/record", body{"text": d.Digest}, 422, "invalid", `"pointer":"/confirmed/p2"`),
		post("confirmed by a dot", "seller", attended+"/draft/confirm", body{"text": d.Digest, "strokes": []body{}}, 422, "invalid", `"pointer":"/strokes"`),
		post("confirmed what was not read", "seller", attended+"/draft/confirm", body{"text": noFile, "strokes": strokes()}, 412, "stale_version"),
		{name: "confirmed", who: "seller", path: attended + "/draft/confirm", body: body{"text": d.Digest, "strokes": strokes()}, status: 204},
		{name: "confirmed by the host", who: "first", path: m.at + "/draft/confirm", body: body{"text": d.Digest, "strokes": strokes()}, status: 204},
		post("ended by the clerk who is not in", "clerk", m.at+"/record", body{"text": d.Digest}, 403, "forbidden"),
		post("sealed without a press", "first", m.at+"/record", body{"text": d.Digest}, 503, "unavailable"),
		post("signed what is not shown", "seller", attended+"/sign", body{"material": "x", "strokes": strokes()}, 422, "invalid", `"code":"not_shown"`),
		post("shown by the seller", "seller", attended+"/show", body{"material": "x"}, 405, "bad_request"),
		post("shown what is not there", "first", m.at+"/show", body{"material": "x"}, 404, "not_found"),
		get("a material that is not shown", "seller", attended+"/materials/x", 404, "not_found"),
	})
	c, _, err := m.Load(m.t.Context(), hub.CaseID(strings.TrimPrefix(m.path, "/api/v1/cases/")))
	if err != nil {
		m.t.Fatal(err)
	}
	mat := string(c.Materials[0].ID)
	event := written4{events: 1}
	m.run([]scenario{
		{name: "shown", who: "first", path: m.at + "/show", body: body{"material": mat}, status: 204, writes: line},
		{name: "looked at", who: "seller", method: "GET", path: attended + "/materials/" + mat, status: 200, has: []string{"%PDF"}, writes: line},
		{name: "signed", who: "seller", path: attended + "/sign", body: body{"material": mat, "strokes": strokes()}, status: 200, writes: event},
	})
}
