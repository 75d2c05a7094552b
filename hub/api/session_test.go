package api

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
)

const sessionPath = "/api/v1/session"

func credentials(login, pass string) map[string]any {
	return map[string]any{"login": login, "password": pass}
}

func TestSignInTellsNobodyWhoExists(t *testing.T) {
	s := newSite(t)
	disabled := staff()[0]
	disabled.ID, disabled.Login, disabled.Disabled = "p-gone", "gone", true
	if err := s.people.SavePerson(t.Context(), disabled); err != nil {
		t.Fatal(err)
	}
	s.run([]scenario{
		{name: "empty", path: sessionPath, body: credentials("", ""), status: 422, code: "invalid"},
		{name: "broken", path: sessionPath, body: "{", status: 400, code: "bad_request"},
		{name: "from another site", path: sessionPath, body: credentials("clerk", password), header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403, code: "forbidden"},
	})
	answers := map[string]string{}
	for name, body := range map[string]map[string]any{
		"unknown": credentials("who", "x"), "wrong password": credentials("clerk", "x"),
		"disabled": credentials("gone", password), "right password of nobody": credentials("who", password),
	} {
		a := s.request("", "POST", sessionPath, body, map[string]string{"X-Request-Id": "same-for-all"})
		if a.status != 401 || a.header.Get("Set-Cookie") != "" || a.header.Get("Www-Authenticate") == "" {
			t.Errorf("%s: %d %v", name, a.status, a.header)
		}
		answers[a.text()] = name
	}
	if len(answers) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
}

func TestFailuresLockKnownAndUnknownNamesAlike(t *testing.T) {
	s := newSite(t)
	for _, login := range []string{"clerk", "who"} {
		for range 8 {
			s.must(401, s.request("", "POST", sessionPath, credentials(login, "wrong"), nil))
		}
		a := s.request("", "POST", sessionPath, credentials(login, password), nil)
		if a.status != 423 || a.code() != "locked" || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", login, a.status, a.body)
		}
	}
	s.Clock.Advance(16 * time.Minute)
	s.must(201, s.request("", "POST", sessionPath, credentials("clerk", password), nil))
}

func TestASessionByCookie(t *testing.T) {
	s := newSite(t)
	a := s.must(201, s.request("", "POST", sessionPath, credentials("clerk", password), nil))
	if strings.Contains(a.text(), "token") {
		t.Errorf("the page can read the token: %s", a.body)
	}
	c, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
	if err != nil || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure || c.Path != "/" || c.Domain != "" {
		t.Fatalf("cookie %v, %v", c, err)
	}
	if _, err := s.db.Logins().Login(t.Context(), c.Value); hub.ErrorCode(err) != hub.NotFound {
		t.Errorf("the token is stored as it is: %v", err)
	}
	cookie := c.Name + "=" + c.Value
	for _, x := range []struct {
		name, method string
		header       map[string]string
		status       int
	}{
		{"read without a word of origin", "GET", nil, 200},
		{"read from another site", "GET", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"read from a sister site", "GET", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"sign out without a word of origin", "DELETE", nil, 403},
		{"sign out from another site", "DELETE", map[string]string{"Sec-Fetch-Site": "cross-site", "X-Tongban": "1"}, 403},
		{"read from here", "GET", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		{"sign out from here", "DELETE", map[string]string{"Sec-Fetch-Site": "same-origin"}, 204},
		{"read after signing out", "GET", nil, 401},
	} {
		h := map[string]string{"Cookie": cookie}
		maps.Copy(h, x.header)
		if a := s.request("", x.method, sessionPath, nil, h); a.status != x.status {
			t.Errorf("%s: %d, want %d: %s", x.name, a.status, x.status, a.body)
		}
	}
}

func TestCookiesAreBoundToTheHostOverTLS(t *testing.T) {
	for public, want := range map[string]bool{
		"https://hub.example.cn": true, "http://hub.example.cn": true, "http://127.0.0.1:8080": false, "http://localhost:8080": false,
		"http://[::1]:8080": false, "https://127.0.0.1": true, "": false,
	} {
		cfg := Config{PublicURL: public}
		if got := cfg.secureCookies(); got != want {
			t.Errorf("%q: secure %t", public, got)
		}
	}
	s := newSite(t, func(c *Config) { c.PublicURL = "https://hub.example.cn" })
	a := s.must(201, s.request("", "POST", sessionPath, credentials("clerk", password), nil))
	if c := a.header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-tongban=") || !strings.Contains(c, "Secure") {
		t.Error(c)
	}
	if a.header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS")
	}
}

func TestASessionEnds(t *testing.T) {
	s := newSite(t)
	path := s.received("ends")
	token := s.token("clerk")
	status := func() int { return s.request(token, "GET", path, nil, nil).status }
	for range 19 { // each use keeps it alive for another half hour …
		s.Clock.Advance(29 * time.Minute)
		if got := status(); got != 200 {
			t.Fatalf("a used session ended: %d", got)
		}
	}
	s.Clock.Advance(time.Hour) // … but not beyond ten hours
	if got := status(); got != 401 {
		t.Errorf("after the longest time: %d", got)
	}
	delete(s.tokens, "clerk")
	token = s.token("clerk")
	s.Clock.Advance(31 * time.Minute)
	if got := status(); got != 401 {
		t.Errorf("after half an hour without use: %d", got)
	}
}

func TestADisabledPersonIsOutAtOnce(t *testing.T) {
	s := newSite(t)
	token := s.token("clerk")
	p, err := s.people.Person(t.Context(), "p-clerk")
	if err != nil {
		t.Fatal(err)
	}
	p.Disabled = true
	if err := s.people.SavePerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if a := s.request(token, "GET", "/api/v1/me", nil, nil); a.status != 401 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestRequestIDsAreTakenOrMade(t *testing.T) {
	s := newSite(t)
	for given, kept := range map[string]bool{"abcdefgh": true, "01HZX-trace.1_2": true, "short": false, "has space here": false, strings.Repeat("x", 65): false, "注入注入注入": false, "": false} {
		a := s.request("", "GET", "/healthz", nil, map[string]string{"X-Request-Id": given})
		if got := a.header.Get("X-Request-Id"); (got == given) != kept || len(got) < 8 {
			t.Errorf("given %q, got %q", given, got)
		}
	}
	a := s.do("clerk", "GET", noSuchCase, nil, map[string]string{"X-Request-Id": "follow-me-1"})
	if !strings.Contains(a.text(), `"request_id":"follow-me-1"`) {
		t.Errorf("the problem lacks the id: %s", a.body)
	}
	eventually(t, "a line of the log with the request id and the case id", func() bool {
		return strings.Contains(s.log.String(), "request_id=follow-me-1 case_id=aaaaaaaaaaaaaaaaaaaaaaaaaa")
	})
	if strings.Contains(s.log.String(), s.token("clerk")) || strings.Contains(s.log.String(), password) {
		t.Error("the log holds a secret")
	}
}

func TestProblemsSpeakTheReadersLanguage(t *testing.T) {
	s := newSite(t)
	for accept, want := range map[string]string{
		"": "未找到", "zh-CN": "未找到", "zh-TW": "未找到", "en-US,en;q=0.9,zh;q=0.5": "Not found", "fr": "未找到", "en": "Not found",
		strings.Repeat("en,", 200): "未找到", "*;q=bad": "未找到",
	} {
		a := s.do("clerk", "GET", noSuchCase, nil, map[string]string{"Accept-Language": accept})
		if !strings.Contains(a.text(), want) {
			t.Errorf("%.30q: %s", accept, a.body)
		}
	}
	a := s.cmd("clerk", "/api/v1/cases", "zh", map[string]any{"item": "transfer.resale", "unit": hubtest.Unit, "form": map[string]any{}, "parties": []any{}})
	if !strings.Contains(a.text(), "is required") {
		t.Errorf("English lacks the service's words: %s", a.body)
	}
	a = s.do("clerk", "POST", "/api/v1/cases", map[string]any{"item": "transfer.resale", "unit": hubtest.Unit, "form": map[string]any{}, "parties": []any{}},
		map[string]string{"Idempotency-Key": "zh", "Accept-Language": "zh-CN"})
	if !strings.Contains(a.text(), "此项必填") || !strings.Contains(a.text(), "数量不符") {
		t.Errorf("Chinese lacks its words: %s", a.body)
	}
}

func TestWhatBreaksInsideIsNeverShown(t *testing.T) {
	s := newSite(t)
	s.index.down = errInside
	a := s.do("clerk", "GET", "/api/v1/cases", nil, nil)
	if a.status != 500 || a.code() != "internal" || strings.Contains(a.text(), "10.0.0.7") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if !strings.Contains(s.log.String(), "10.0.0.7") {
		t.Error("the log lacks the cause")
	}
}

func TestAPanicIsAnAnswer(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Router = nil2{} })
	a := s.do("clerk", "GET", "/api/v1/route?item=x&unit=y", nil, nil)
	if a.status != 500 || a.code() != "internal" || strings.Contains(a.text(), "goroutine") {
		t.Errorf("%d %s", a.status, a.body)
	}
	s.must(200, s.do("clerk", "GET", "/api/v1/me", nil, nil))
}
