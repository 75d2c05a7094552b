package api

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tongban/hub/signin"
)

// codeNow is what an authenticator shows, computed apart from the hub.
func codeNow(t testing.TB, secret string, now time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	m := hmac.New(sha1.New, key)
	_ = binary.Write(m, binary.BigEndian, now.Unix()/30)
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fff_ffff%1_000_000)
}

// withFactor sets a second factor up for somebody.
func (s *site) withFactor(login string) (secret string, recovery []string) {
	s.t.Helper()
	var shown struct{ Secret, Address string }
	s.must(201, s.do(login, "POST", "/api/v1/session/factor", body{"password": password}, nil)).into(s.t, &shown)
	var codes struct{ Recovery []string }
	s.must(200, s.do(login, "POST", "/api/v1/session/factor/confirm", body{"code": codeNow(s.t, shown.Secret, s.Clock.Now())}, nil)).into(s.t, &codes)
	return shown.Secret, codes.Recovery
}

func TestTheSecondFactorOverHTTP(t *testing.T) {
	s := newSite(t)
	const factor, confirm, remove = "/api/v1/session/factor", "/api/v1/session/factor/confirm", "/api/v1/session/factor/remove"
	one := func(name, who, method, at string, sent any, status int, code string, has ...string) scenario {
		return scenario{name: name, who: who, method: method, path: at, body: sent, status: status, code: code, has: has}
	}
	good := map[string]body{factor: {"password": password}, confirm: {"code": "000000"}, remove: {"code": "000000"}}
	var all []scenario
	for at, sent := range good {
		key := "code"
		if at == factor {
			key = "password"
		}
		all = append(all,
			one("nobody "+at, "", "POST", at, sent, 401, "unauthenticated"),
			one("no body "+at, "clerk", "POST", at, nil, 400, "bad_request"),
			one("empty body "+at, "clerk", "POST", at, "", 400, "bad_request"),
			one("broken json "+at, "clerk", "POST", at, "{", 400, "bad_request", `"code":"syntax"`),
			one("unknown field "+at, "clerk", "POST", at, but(sent, "x", 1), 422, "invalid", `"code":"unknown_field"`),
			one("without "+key, "clerk", "POST", at, body{}, 422, "invalid", `"code":"required"`),
			one("empty "+key, "clerk", "POST", at, body{key: ""}, 422, "invalid", `"code":"length"`),
			one("long "+key, "clerk", "POST", at, body{key: strings.Repeat("1", 600)}, 422, "invalid", `"code":"length"`),
			one("a number for "+key, "clerk", "POST", at, body{key: 123456}, 422, "invalid", `"code":"type"`),
		)
	}
	s.refused(append(all,
		one("nobody asks", "", "GET", factor, nil, 401, "unauthenticated"),
		one("a wrong password", "clerk", "POST", factor, body{"password": "wrong"}, 422, "invalid", `"pointer":"/password"`, `"code":"wrong_password"`),
		one("nothing to confirm", "clerk", "POST", confirm, good[confirm], 409, "conflict"),
		one("nothing to remove", "clerk", "POST", remove, good[remove], 404, "not_found"),
	))
	s.Clock.Advance(time.Minute)
	s.run([]scenario{one("none yet", "clerk", "GET", factor, nil, 200, "", `"active":false`, `"recovery_left":0`, `"required":false`)})
	other := s.must(201, s.request("", "POST", sessionPath, body{"login": "clerk", "password": password, "bearer": true}, nil))
	secret, recovery := s.withFactor("clerk")
	var gone struct{ Token string }
	other.into(t, &gone)
	if a := s.request(gone.Token, "GET", sessionPath, nil, nil); a.status != 401 {
		t.Errorf("a session from before goes on: %d", a.status)
	}
	s.run([]scenario{one("in force", "clerk", "GET", factor, nil, 200, "", `"active":true`, `"recovery_left":10`)})
	s.refused([]scenario{one("set up twice", "clerk", "POST", factor, good[factor], 409, "conflict")})
	in := func(code string) answer {
		return s.request("", "POST", sessionPath, body{"login": "clerk", "password": password, "code": code, "bearer": true}, nil)
	}
	asked := func(name string, a answer, has string) {
		t.Helper()
		if a.status != 401 || a.code() != "second_factor" || !strings.Contains(a.text(), has) || strings.Contains(a.text(), "token") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	asked("without a code", in(""), `"title"`)
	asked("a wrong code", in("000000"), `"code":"wrong_code"`)
	asked("the code of the set-up", in(codeNow(t, secret, s.Clock.Now())), `"code":"wrong_code"`)
	s.Clock.Advance(30 * time.Second)
	s.must(201, in(codeNow(t, secret, s.Clock.Now())))
	asked("replayed", in(codeNow(t, secret, s.Clock.Now())), `"code":"wrong_code"`)
	s.must(201, in(recovery[0]))
	asked("a recovery code again", in(recovery[0]), `"code":"wrong_code"`)
	f, err := s.db.Factors().Factor(t.Context(), "p-clerk")
	if err != nil || strings.Contains(string(f.Sealed), secret) || len(f.Sealed) < 20 || len(f.Recovery) != 9 {
		t.Errorf("stored: %+v, %v", f, err)
	}
	s.Clock.Advance(30 * time.Second)
	s.must(204, s.do("clerk", "POST", remove, body{"code": codeNow(t, secret, s.Clock.Now())}, nil))
	s.must(201, in(""))
}

func TestStaffSetsUpASecondFactorBeforeAnythingElse(t *testing.T) {
	s := newSite(t)
	s.requireFactor(true)
	s.refused([]scenario{
		{name: "reading", who: "first", method: "GET", path: "/api/v1/cases", status: 403, code: "factor_missing"},
		{name: "receiving", who: "clerk", path: "/api/v1/cases", body: application(), status: 403, code: "factor_missing"},
		{name: "listening", who: "first", method: "GET", path: "/api/v1/stream", status: 403, code: "factor_missing"},
		{name: "managing", who: "guard", method: "GET", path: "/api/v1/people", status: 403, code: "factor_missing"},
	})
	s.run([]scenario{
		{name: "who am I", who: "first", method: "GET", path: sessionPath, status: 200, has: []string{`"set_up_factor":true`}},
		{name: "how it stands", who: "first", method: "GET", path: "/api/v1/session/factor", status: 200, has: []string{`"required":true`}},
	})
	secret, _ := s.withFactor("first")
	s.run([]scenario{{name: "now", who: "first", method: "GET", path: "/api/v1/cases", status: 200}})
	s.Clock.Advance(time.Minute)
	s.refused([]scenario{{name: "removed", who: "first", path: "/api/v1/session/factor/remove", body: body{"code": codeNow(t, secret, s.Clock.Now())}, status: 403, code: "forbidden"}})
}

// requireFactor changes the setting, as a restart does.
func (s *site) requireFactor(yes bool) {
	s.t.Helper()
	var err error
	if s.server.cfg.SignIn, err = signin.New(signin.Config{
		People: s.people, Logins: s.db.Logins(), Factors: s.db.Factors(), Seal: s.Keys, RequireFactor: yes, Now: s.Clock.Now,
		Params: cheap, Refusal: time.Nanosecond, PerLogin: 1000, PerAddress: 10_000,
	}); err != nil {
		s.t.Fatal(err)
	}
}

func TestSessionsAreSeenAndEndedByTheirOwner(t *testing.T) {
	s := newSite(t)
	open := func(agent string) string {
		a := s.must(201, s.request("", "POST", sessionPath, body{"login": "clerk", "password": password, "bearer": true}, map[string]string{"User-Agent": agent}))
		var got struct{ Token string }
		a.into(t, &got)
		return got.Token
	}
	a := open("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36")
	b := open("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 MicroMessenger/8.0")
	s.token("first")
	var list struct{ Sessions []loginView }
	s.must(200, s.request(a, "GET", "/api/v1/logins", nil, nil)).into(t, &list)
	if len(list.Sessions) != 2 {
		t.Fatalf("%+v", list)
	}
	devices := map[bool]loginView{}
	for _, l := range list.Sessions {
		devices[l.Here] = l
	}
	if devices[true].Device != "Chrome, Windows" || devices[false].Device != "WeChat, Android" || devices[true].Address != "127.0.0.1" {
		t.Errorf("%+v", devices)
	}
	end := func(token, id string, status int) {
		t.Helper()
		if got := s.request(token, "DELETE", "/api/v1/logins/"+id, nil, map[string]string{"X-Tongban": "1"}); got.status != status {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	end("", devices[false].ID, 401)
	end(a, "short", 422)
	end(s.token("first"), devices[false].ID, 204) // somebody else's: nothing happens
	s.must(200, s.request(b, "GET", sessionPath, nil, nil))
	end(a, devices[false].ID, 204)
	end(a, devices[false].ID, 204)
	if got := s.request(b, "GET", sessionPath, nil, nil); got.status != 401 {
		t.Errorf("an ended session: %d", got.status)
	}
	c := open("")
	all := s.must(204, s.request(a, "DELETE", "/api/v1/logins", nil, nil))
	if cookie, err := http.ParseSetCookie(all.header.Get("Set-Cookie")); err != nil || cookie.MaxAge >= 0 {
		t.Errorf("the cookie stays: %v, %v", cookie, err)
	}
	for _, token := range []string{a, c} {
		if got := s.request(token, "GET", sessionPath, nil, nil); got.status != 401 {
			t.Errorf("after signing out everywhere: %d", got.status)
		}
	}
	s.must(200, s.do("first", "GET", sessionPath, nil, nil))
}

func TestDevicesAreToldApartInWords(t *testing.T) {
	for agent, want := range map[string]string{
		"": "", "curl/8.0": "program", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox, Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15": "Safari, macOS",
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0":             "Edge, Windows",
	} {
		if got := deviceOf(agent); got != want {
			t.Errorf("%q: %q", agent, got)
		}
	}
}
