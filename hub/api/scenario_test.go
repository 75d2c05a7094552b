package api

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// scenario is one request and everything that must and must not come of it.
type scenario struct {
	name   string
	who    string // login; "" is nobody
	method string // POST when empty
	path   string
	body   any
	header map[string]string // "Idempotency-Key": "" sends none; otherwise one is made

	status int
	code   string
	has    []string
	hasNot []string
	writes written4 // what may be written besides; a refusal writes nothing
}

// run plays the scenarios in order and checks what each left behind. What is
// refused is asked a second time in Chinese: the same refusal in other words.
func (s *site) run(scenarios []scenario) {
	s.t.Helper()
	for _, x := range scenarios {
		s.token(x.who) // signing in is no part of the scenario
		if x.method == "" {
			x.method = "POST"
		}
		header := map[string]string{"Accept-Language": "en"}
		if x.method == "POST" || x.method == "DELETE" {
			header["Idempotency-Key"] = strings.ReplaceAll("key of "+x.name, " ", "-")
		}
		maps.Copy(header, x.header)
		s.play(x, header)
		if x.code != "" {
			header["Accept-Language"] = "zh-CN"
			x.has = slices.DeleteFunc(slices.Clone(x.has), func(s string) bool { return !strings.Contains(s, `"`) }) // words of the other language
			s.play(x, header)
		}
	}
}

func (s *site) play(x scenario, header map[string]string) {
	s.t.Helper()
	before := s.counts.now()
	a := s.do(x.who, x.method, x.path, x.body, header)
	after := s.counts.now()
	x.check(s.t, a)
	if x.code != "" && a.status >= 400 {
		inWords(s.t, x.name, header["Accept-Language"], a)
	}
	want := written4{before.events + x.writes.events, before.accesses + x.writes.accesses, before.uploads + x.writes.uploads, before.objects + x.writes.objects}
	if after != want {
		s.t.Errorf("%s: wrote %+v, want %+v", x.name, after, want)
	}
}

func (x *scenario) check(t testing.TB, a answer) {
	t.Helper()
	if a.status != x.status || a.code() != x.code {
		t.Errorf("%s: got %d %q, want %d %q: %s", x.name, a.status, a.code(), x.status, x.code, a.body)
	}
	if x.code != "" {
		if got := a.header.Get("Content-Type"); got != problemType {
			t.Errorf("%s: refused with %s", x.name, got)
		}
	}
	if a.header.Get("X-Request-Id") == "" || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: headers are missing: %v", x.name, a.header)
	}
	for _, want := range x.has {
		if !strings.Contains(a.text(), want) {
			t.Errorf("%s: lacks %q: %s", x.name, want, a.body)
		}
	}
	for _, bad := range append(x.hasNot, secrets...) {
		if strings.Contains(a.text(), bad) {
			t.Errorf("%s: shows %q: %s", x.name, bad, a.body)
		}
	}
}
