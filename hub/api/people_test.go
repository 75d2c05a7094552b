package api

import (
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

func newcomer() body {
	return body{"login": "wang.fang", "name_zh": "王芳", "name_en": "Wang Fang", "agency": hubtest.Registry, "roles": []string{"first_reviewer"}}
}

func TestPeopleAreManagedBySecurityAdministratorsAlone(t *testing.T) {
	s := newSite(t)
	one := func(name, who, method, at string, sent any, status int, code string, has ...string) scenario {
		return scenario{name: name, who: who, method: method, path: "/api/v1/people" + at, body: sent, status: status, code: code, has: has}
	}
	good := newcomer()
	change := without(good, "login")
	var all []scenario
	for _, who := range []string{"clerk", "lead", "admin", "audit", "nobody"} {
		for at, sent := range map[string]any{"": good, "/p-clerk": change, "/p-clerk/disable": nil, "/p-clerk/enable": nil, "/p-clerk/password": nil, "/p-clerk/factor/reset": nil} {
			all = append(all, one(who+at, who, "POST", at, sent, 403, "forbidden"))
		}
		all = append(all, one(who+" lists", who, "GET", "", nil, 403, "forbidden"))
	}
	for at, sent := range map[string]any{"": good, "/p-clerk": change, "/p-clerk/password": nil} {
		all = append(all, one("nobody signed in "+at, "", "POST", at, sent, 401, "unauthenticated"))
	}
	wrong := func(name, key string, v any, pointer, code string) {
		all = append(all,
			one(name, "guard", "POST", "", but(good, key, v), 422, "invalid", `"pointer":"`+pointer+`"`, `"code":"`+code+`"`),
		)
		if key != "login" {
			all = append(all, one("change, "+name, "guard", "POST", "/p-clerk", but(change, key, v), 422, "invalid", `"pointer":"`+pointer+`"`, `"code":"`+code+`"`))
		}
	}
	wrong("a login in capitals", "login", "Wang", "/login", "format")
	wrong("a login of one letter", "login", "w", "/login", "format")
	wrong("somebody's login", "login", "clerk", "/login", "login_taken")
	wrong("no name", "name_zh", " ", "/name_zh", "required")
	wrong("too long a name", "name_zh", long(61), "/name_zh", "length")
	wrong("no agency", "agency", "", "/agency", "length")
	wrong("no such agency", "agency", "999999.registry", "/agency", "unknown")
	wrong("no role", "roles", []string{}, "/roles", "count")
	wrong("no such role", "roles", []string{"king"}, "/roles", "unknown")
	wrong("two administrators in one", "roles", []string{"system_admin", "clerk", "security_admin"}, "/roles", "admin_roles")
	wrong("system and audit", "roles", []string{"audit_admin", "system_admin"}, "/roles", "admin_roles")
	wrong("a bad number", "citizen_id", "11010119900307123X", "/citizen_id", "check_digit")
	wrong("a secret of one's own", "secret", "x", "/secret", "unknown_field")
	s.refused(append(all,
		one("all at once", "guard", "POST", "", body{"login": "new.one", "name_zh": " ", "agency": "x", "roles": []string{"king"}}, 422, "invalid", `"/name_zh"`, `"/agency"`, `"/roles"`),
		one("no such person", "guard", "POST", "/p-none/disable", nil, 404, "not_found"),
		one("himself", "guard", "POST", "/p-guard", but(change, "roles", []string{"audit_admin"}), 403, "same_person"),
		one("disables himself", "guard", "POST", "/p-guard/disable", nil, 403, "same_person"),
		one("his own password", "guard", "POST", "/p-guard/password", nil, 403, "same_person"),
		one("his own factor", "guard", "POST", "/p-guard/factor/reset", nil, 403, "same_person"),
	))
	people, err := s.people.People(t.Context(), "")
	if err != nil || len(people) != len(staff()) {
		t.Fatalf("%d people, %v", len(people), err)
	}
	for _, p := range people { // nothing of what was refused is left
		if p.Disabled || p.NameZH == "王芳" {
			t.Errorf("%+v", p)
		}
	}
}

func TestAPersonComesWorksAndGoes(t *testing.T) {
	s := newSite(t)
	var made struct {
		Person   staffView
		Password string
	}
	sent := but(newcomer(), "citizen_id", "110101199003071233")
	a := s.must(201, s.do("guard", "POST", "/api/v1/people", sent, nil))
	a.into(t, &made)
	if made.Password == "" || !made.Person.Own || strings.Contains(a.text(), "110101") || strings.Contains(a.text(), "argon2") {
		t.Fatalf("%s", a.body)
	}
	at := "/api/v1/people/" + string(made.Person.ID)
	in := func(pass string, want int) string {
		t.Helper()
		got := s.must(want, s.request("", "POST", sessionPath, body{"login": "wang.fang", "password": pass, "bearer": true}, nil))
		var v struct{ Token string }
		if want == 201 {
			got.into(t, &v)
		}
		return v.Token
	}
	ended := func(token string) {
		t.Helper()
		if got := s.request(token, "GET", sessionPath, nil, nil); got.status != 401 {
			t.Errorf("the session goes on: %d", got.status)
		}
	}
	token := in(made.Password, 201)
	if v := s.must(200, s.request(token, "GET", "/api/v1/me", nil, nil)); !contains(v, `"roles":["first_reviewer"]`) {
		t.Errorf("%s", v.body)
	}
	s.must(200, s.do("guard", "POST", at, but(without(newcomer(), "login"), "roles", []string{"second_reviewer", "second_reviewer"}), nil))
	ended(token)
	token = in(made.Password, 201)
	if v := s.must(200, s.request(token, "GET", "/api/v1/me", nil, nil)); !contains(v, `"roles":["second_reviewer"]`) {
		t.Errorf("%s", v.body)
	}
	p, err := s.people.Person(t.Context(), made.Person.ID)
	if err != nil || p.Ref == "" {
		t.Errorf("the own number is forgotten by a change: %v", err)
	}
	var again struct{ Password string }
	s.must(200, s.do("guard", "POST", at+"/password", nil, nil)).into(t, &again)
	ended(token)
	in(made.Password, 401)
	token = in(again.Password, 201)
	s.must(200, s.do("guard", "POST", at+"/disable", nil, nil))
	ended(token)
	in(again.Password, 401)
	s.must(200, s.do("guard", "POST", at+"/enable", nil, nil))
	in(again.Password, 201)
	for range 8 {
		s.request("", "POST", sessionPath, body{"login": "wang.fang", "password": "wrong"}, nil)
	}
	if v := s.must(200, s.do("guard", "GET", "/api/v1/people?agency="+string(hubtest.Registry), nil, nil)); !contains(v, `"locked_to"`) || !contains(v, `"me":false`) || contains(v, `"login":"clerk"`) {
		t.Errorf("%s", v.body)
	}
	s.recordedAdministration(string(made.Person.ID))
}

// recordedAdministration looks at what the audit administrator sees.
func (s *site) recordedAdministration(ref string) {
	s.t.Helper()
	all := s.must(200, s.do("audit", "GET", "/api/v1/access?limit=100", nil, nil))
	for _, what := range []string{"person.add", "person.change", "person.password", "person.disable", "person.enable"} {
		if !contains(all, `"what":"`+what+`","ref":"`+ref+`"`) {
			s.t.Errorf("%s is not recorded: %s", what, all.body)
		}
	}
}

func TestALostFactorIsResetByAnother(t *testing.T) {
	s := newSite(t)
	s.withFactor("clerk")
	if v := s.must(200, s.do("guard", "GET", "/api/v1/people", nil, nil)); strings.Count(v.text(), `"factor":true`) != 1 {
		t.Errorf("%s", v.body)
	}
	s.must(200, s.do("guard", "POST", "/api/v1/people/p-clerk/factor/reset", nil, nil))
	if a := s.do("clerk", "GET", sessionPath, nil, nil); a.status != 401 {
		t.Errorf("the session goes on: %d", a.status)
	}
	s.must(201, s.request("", "POST", sessionPath, credentials("clerk", password), nil))
	if _, err := s.db.Factors().Factor(t.Context(), "p-clerk"); hub.ErrorCode(err) != hub.NotFound {
		t.Errorf("%v", err)
	}
}
