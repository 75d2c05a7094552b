package api

import (
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/signin"
)

const noFile = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

// The steps between receiving and rating over the wire: at each the refused
// commands first, of wrong content, wrong person, wrong place and wrong state.
func TestTheStepsOfACaseOverHTTP(t *testing.T) {
	s := demandingSite(t)
	path := s.arrived("steps")
	sign := s.signature("clerk")
	theirs := s.signature("foreign")
	questions := func(party int, answers body) step {
		return step{
			name: "questioning", who: "clerk", stranger: "second", texts: map[string]int{"text": 2000},
			body: body{"party": party, "mode": "window", "answers": answers, "signature": sign, "text": "已当面宣读"},
			bad: []badPart{
				{"no such party", "party", 2, "/party", "unknown"},
				{"a party below nothing", "party", -1, "/party", "range"},
				{"no such mode", "mode", "telepathy", "/mode", "unknown"},
				{"no answers", "answers", body{}, "/answers/will", "required"},
				{"an answer in words", "answers", body{"will": "yes", "words": "无"}, "/answers/will", "type"},
				{"an answer that is a number", "answers", body{"will": 1, "words": "无"}, "/answers/will", "type"},
				{"an answer that is half a number", "answers", body{"will": 0.5, "words": "无"}, "/answers/will", "type"},
				{"an answer that is nothing", "answers", body{"will": nil, "words": "无"}, "/answers/will", "type"},
				{"an answer that is a list", "answers", body{"will": []any{}, "words": "无"}, "/answers/will", "type"},
				{"what is not asked", "answers", body{"will": true, "words": "无", "age": 7}, "/answers/age", "unknown_field"},
				{"no signature", "signature", "", "/signature", "format"},
				{"a signature that is nowhere", "signature", noFile, "/signature", "not_uploaded"},
				{"another agency's signature", "signature", theirs, "/signature", "not_uploaded"},
			},
		}
	}
	tax := step{
		name: "tax", who: "first", stranger: "clerk", texts: map[string]int{"document": 100, "text": 2000},
		body: body{"result": "paid", "document": "(161)豫税证 0012345", "text": "契税已缴"},
		bad: []badPart{
			{"no such result", "result", "maybe", "/result", "unknown"},
			{"paid without a document", "document", " ", "/document", "required"},
		},
	}
	open := step{
		name: "notice/open", who: "first", stranger: "clerk", body: body{"text": "公告内容"},
		bad: []badPart{{"nothing to publish", "text", "  ", "/text", "required"}},
	}
	end := step{
		name: "notice/end", who: "first", stranger: "clerk", texts: map[string]int{"text": 2000}, body: body{"objection": false, "text": "无异议"},
	}
	visit := step{
		name: "visit", who: "first", stranger: "clerk", body: body{"agrees": true, "text": "与申请一致"},
		bad: []badPart{{"nothing seen", "text", "\n", "/text", "required"}, {"too much seen", "text", long(2001), "/text", "too_long"}},
	}
	suspend := step{
		name: "suspend", who: "second", stranger: "clerk", texts: map[string]int{"entry": 100},
		body: body{"ground": "seizure", "entry": "查封2026-1", "text": "法院查封"},
		bad: []badPart{
			{"no such ground", "ground", "mood", "/ground", "unknown"},
			{"no words", "text", "", "/text", "required"},
			{"too many words", "text", long(2001), "/text", "too_long"},
		},
	}
	resume := step{
		name: "resume", who: "second", stranger: "clerk", body: body{"text": "已解封"},
		bad: []badPart{{"no words", "text", "", "/text", "required"}},
	}
	rate := step{
		name: "rate", who: "clerk", stranger: "first", texts: map[string]int{"text": 2000}, body: body{"place": "handling", "grade": 1, "text": "等了很久"},
		bad: []badPart{
			{"no such place", "place", "elsewhere", "/place", "unknown"},
			{"grade 0", "grade", 0, "/grade", "range"},
			{"grade 6", "grade", 6, "/grade", "range"},
			{"half a grade", "grade", 1.5, "/grade", "type"},
		},
	}
	answer := step{
		name: "rating/answer", who: "lead", stranger: "clerk", body: body{"place": "handling", "outcome": "explained", "text": "已致电说明"},
		bad: []badPart{
			{"no such place", "place", "elsewhere", "/place", "unknown"},
			{"no such outcome", "outcome", "forgotten", "/outcome", "unknown"},
			{"no words", "text", "", "/text", "required"},
		},
	}
	wrongState := func(steps ...step) {
		t.Helper()
		var all []scenario
		for _, x := range steps {
			all = append(all, scenario{name: x.name + ": too early or too late", who: x.who, path: path + "/" + x.name, body: x.body, status: 409, code: "wrong_state"})
		}
		s.refused(all)
	}

	seller := questions(0, body{"will": true, "words": "无补充"})
	wrongState(tax, open, end, visit, suspend, resume, rate, answer)
	s.refused(s.refusals(path, seller))
	s.refused([]scenario{{
		name: "accepted before anybody was questioned", who: "first", path: path + "/accept", body: body{}, status: 422, code: "missing_step",
		has: []string{`"pointer":"/parties/0"`, `"pointer":"/parties/1"`},
	}})
	s.done(path, seller)
	s.must(200, s.cmd("clerk", path+"/questioning", "buyer", body{"party": 1, "mode": "window", "answers": body{"will": false}, "signature": sign}))
	a := s.must(200, s.do("first", "GET", path, nil, nil))
	for _, want := range []string{`"flags":["will"]`, `"conflicts":["will"]`} {
		if !contains(a, want) {
			t.Errorf("the questioning lacks %s: %s", want, a.body)
		}
	}
	s.must(200, s.cmd("first", path+"/accept", "steps-accept", body{}))

	wrongState(resume, rate, answer, end)
	notHere := func(x step) scenario {
		return scenario{name: x.name + ": by the window's reviewer", who: "winfirst", path: path + "/" + x.name, body: x.body, status: 409, code: "not_custodian"}
	}
	s.refused([]scenario{notHere(tax), notHere(open), notHere(visit), notHere(suspend)})
	s.refused(s.refusals(path, tax))
	s.refused(s.refusals(path, open))
	s.refused(s.refusals(path, visit))
	s.refused(s.refusals(path, suspend))
	s.done(path, tax)
	s.done(path, visit)
	s.done(path, open)
	wrongState(open) // published once
	s.refused([]scenario{{name: "ended on the same day", who: "first", path: path + "/notice/end", body: end.body, status: 409, code: "wrong_state"}})
	s.refused([]scenario{{
		name: "ended by an objection that says nothing", who: "first", path: path + "/notice/end", body: body{"objection": true}, status: 422, code: "invalid",
		has: []string{`"pointer":"/text"`, `"code":"required"`},
	}})
	s.refused(s.refusals(path, step{name: end.name, who: end.who, stranger: end.stranger, texts: end.texts, body: body{"objection": true, "text": "有异议"}}))
	s.done(path, suspend, `"status":"suspended"`)
	wrongState(tax, open, end, visit, suspend)
	s.refused(s.refusals(path, resume))
	s.done(path, resume, `"status":"accepted"`)
	s.must(200, s.cmd("first", path+"/review/first", "steps-1", body{"pass": true}))
	s.must(200, s.cmd("second", path+"/review/second", "steps-2", body{"pass": true}))
	s.refused([]scenario{{
		name: "approved while the notice runs", who: "second", path: path + "/decide", body: body{"approve": true}, status: 422, code: "missing_step",
		has: []string{`"pointer":"/steps/notice"`},
	}})
	s.later(40 * 24 * time.Hour)
	s.done(path, end)
	wrongState(end)
	s.must(200, s.cmd("second", path+"/decide", "steps-d", body{"approve": true}))
	s.rated(path, rate, answer, wrongState)
}

// later sets the clock forward; the sessions end meanwhile.
func (s *site) later(d time.Duration) {
	s.Clock.Advance(d)
	s.mu.Lock()
	clear(s.tokens)
	s.mu.Unlock()
}

// rated rates a case that has ended.
func (s *site) rated(path string, rate, answer step, wrongState func(...step)) {
	s.t.Helper()
	wrongState(answer)
	s.refused(s.refusals(path, rate))
	s.done(path, rate)
	wrongState(rate) // one rating for each place
	s.refused([]scenario{
		{name: "answered by the other place", who: "winfirst", path: path + "/rating/answer", body: answer.body, status: 403, code: "forbidden"},
		{name: "no bad rating there", who: "lead", path: path + "/rating/answer", body: but(answer.body, "place", "receiving"), status: 409, code: "wrong_state"},
	})
	s.refused(s.refusals(path, answer))
	s.run([]scenario{{
		name: "to follow up", who: "lead", method: "GET", path: "/api/v1/ratings", status: 200,
		has: []string{`"handling":{"grades":[1,0,0,0,0],"rated":1,"good":0}`, `"follow_up":[{`},
	}})
	s.done(path, answer)
	wrongState(answer)
	s.run([]scenario{
		{name: "followed up", who: "lead", method: "GET", path: "/api/v1/ratings", status: 200, has: []string{`"follow_up":[]`}},
		{name: "where it stands", who: "clerk", method: "GET", path: path + "/progress", status: 200, has: []string{`"rate":["receiving"]`}, writes: written4{accesses: 1}},
	})
}

// What a standard does not ask for cannot be done to a case under it.
func TestAStepThatTheStandardDoesNotAskForIsRefused(t *testing.T) {
	s := newSite(t)
	path := s.arrived("plain")
	sign := s.signature("clerk")
	s.refused([]scenario{{
		name: "no questions", who: "clerk", path: path + "/questioning", body: body{"party": 0, "mode": "window", "answers": body{}, "signature": sign},
		status: 409, code: "wrong_state",
	}})
	s.must(200, s.cmd("first", path+"/accept", "a", body{}))
	s.refused([]scenario{
		{name: "no tax", who: "first", path: path + "/tax", body: body{"result": "not_due"}, status: 409, code: "wrong_state"},
		{name: "no notice", who: "first", path: path + "/notice/open", body: body{"text": "公告"}, status: 409, code: "wrong_state"},
		{name: "no notice to end", who: "first", path: path + "/notice/end", body: body{"objection": false}, status: 409, code: "wrong_state"},
		{name: "no visit", who: "first", path: path + "/visit", body: body{"agrees": true, "text": "见"}, status: 409, code: "wrong_state"},
	})
}

// A case that is offered stands still until the answer: nothing is done to it.
func TestAFrozenCaseTakesNoStep(t *testing.T) {
	s := demandingSite(t)
	path, _ := s.offered("frozen")
	sign := s.signature("clerk")
	s.refused([]scenario{{
		name: "questioned in the air", who: "clerk", path: path + "/questioning",
		body:   body{"party": 0, "mode": "window", "answers": body{"will": true, "words": "无"}, "signature": sign},
		status: 409, code: "case_frozen",
	}})
}

func TestTheBoardShowsOnlyOnesOwn(t *testing.T) {
	s := demandingSite(t)
	path := s.arrived("board")
	line := written4{accesses: 1}
	get := func(name, who, at string, status int, code string, has ...string) scenario {
		x := scenario{name: name, who: who, method: "GET", path: at, status: status, code: code, has: has}
		if status == 200 && at == path+"/clocks" || status == 200 && at == path+"/progress" {
			x.writes = line
		}
		return x
	}
	s.refused([]scenario{
		get("clocks by nobody", "", "/api/v1/clocks", 401, "unauthenticated"),
		get("clocks by a person without a role", "nobody", "/api/v1/clocks", 403, "forbidden"),
		get("clocks by a system administrator", "admin", "/api/v1/clocks", 403, "forbidden"),
		get("a level there is not", "clerk", "/api/v1/clocks?level=51", 422, "invalid", `"in":"query"`, `"pointer":"/level"`),
		get("a level that is a word", "clerk", "/api/v1/clocks?level=high", 422, "invalid", `"pointer":"/level"`, `"code":"unknown"`),
		get("no rows", "clerk", "/api/v1/clocks?limit=0", 422, "invalid", `"pointer":"/limit"`, `"code":"range"`),
		get("too many rows", "clerk", "/api/v1/clocks?limit=201", 422, "invalid", `"pointer":"/limit"`, `"code":"range"`),
		get("another's list", "clerk", "/api/v1/clocks?agency=110101.registry", 422, "invalid", `"pointer":"/agency"`, `"code":"unknown_field"`),
		get("a case's clocks by nobody", "", path+"/clocks", 401, "unauthenticated"),
		get("a case's clocks by another agency", "foreign", path+"/clocks", 404, "not_found"),
		get("a case's clocks without a role", "nobody", path+"/clocks", 404, "not_found"),
		get("clocks of no case", "clerk", noSuchCase+"/clocks", 404, "not_found"),
		get("clocks of what is no case id", "clerk", "/api/v1/cases/x/clocks", 404, "not_found"),
		get("progress by nobody", "", path+"/progress", 401, "unauthenticated"),
		get("progress by another agency", "foreign", path+"/progress", 404, "not_found"),
		get("progress of no case", "clerk", noSuchCase+"/progress", 404, "not_found"),
		get("progress with a parameter", "clerk", path+"/progress?full=1", 422, "invalid", `"pointer":"/full"`),
		get("ratings by nobody", "", "/api/v1/ratings", 401, "unauthenticated"),
		get("ratings by a clerk", "clerk", "/api/v1/ratings", 403, "forbidden"),
		get("ratings of another agency", "lead", "/api/v1/ratings?agency=440305.window", 422, "invalid", `"pointer":"/agency"`),
	})
	s.run([]scenario{
		get("another agency's clocks", "foreign", "/api/v1/clocks?level=0", 200, "", `"clocks":[]`),
		get("nothing is urgent yet", "first", "/api/v1/clocks?level=100", 200, "", `"clocks":[]`),
		get("the registry's", "first", "/api/v1/clocks?level=0", 200, "", `"clocks":[{"level":0`),
		get("the window's", "clerk", "/api/v1/clocks?level=0", 200, "", `"clocks":[{"level":0`),
		get("a case's clocks", "clerk", path+"/clocks", 200, "", `"kind":"answer"`, `"state":"running"`),
		get("progress", "clerk", path+"/progress", 200, "", `"holder":{"agency":"410425.registry"`, "will answer", `"rate":[]`),
		get("another agency's ratings", "foreign", "/api/v1/ratings", 200, "", `"rated":0`, `"follow_up":[]`),
	})
	if a := s.must(200, s.do("clerk", "GET", path+"/progress", nil, map[string]string{"Accept-Language": "zh-CN"})); !contains(a, "等待受理") || !contains(a, "办理地接收") {
		t.Errorf("in Chinese: %s", a.body)
	}
	s.later(40 * 24 * time.Hour)
	s.run([]scenario{
		get("overdue", "first", "/api/v1/clocks?level=100", 200, "", `"clocks":[{"level":100`),
		get("late", "clerk", path+"/progress", 200, "", `"late":true`),
	})
}

// Who applied sees where his own case stands, and no other one.
func TestAnApplicantSeesHisOwnProgress(t *testing.T) {
	s := demandingSite(t)
	for login, number := range map[string]string{"zhang": "410425199003071231", "other": "410425199001010011"} {
		p := hub.Person{ID: hub.PersonID("p-" + login), Login: login, NameZH: "丙", NameEN: login, Roles: []hub.Role{hub.Applicant}, Secret: signin.Hash(password, cheap)}
		p.Ref = s.Keys.PartyRef("citizen_id", number)
		if err := s.people.SavePerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	path := s.arrived("applicant")
	s.refused([]scenario{
		{name: "another applicant", who: "other", method: "GET", path: path + "/progress", status: 404, code: "not_found"},
		{name: "another applicant's clocks", who: "other", method: "GET", path: path + "/clocks", status: 404, code: "not_found"},
		{name: "the files", who: "zhang", method: "GET", path: path + "/materials/x/content", status: 403, code: "forbidden"},
		{name: "the grades of the office", who: "zhang", method: "GET", path: "/api/v1/ratings", status: 403, code: "forbidden"},
	})
	s.run([]scenario{
		{name: "his own", who: "zhang", method: "GET", path: path + "/progress", status: 200, has: []string{`"status":"arrived"`, "The handling place"}, writes: written4{accesses: 1}},
		{name: "no list of clocks", who: "zhang", method: "GET", path: "/api/v1/clocks?level=0", status: 200, has: []string{`"clocks":[]`}},
	})
}
