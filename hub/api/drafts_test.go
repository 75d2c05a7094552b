package api

import (
	"strings"
	"testing"
	"time"

	"tongban/hub"
)

type draftBody struct {
	Version int64  `json:"version"`
	Content string `json:"content"`
}

const draftPathOfTest = "/api/v1/drafts/5d0c1f3e-intake"

func TestADraftIsOnlyItsOwners(t *testing.T) {
	s := newSite(t)
	secret := `{"parties":[{"name":"张建国"}]}`
	keep := map[string]any{"item": "transfer.resale", "version": 0, "content": secret}
	if a := s.do("clerk", "PUT", draftPathOfTest, keep, nil); a.status != 200 {
		t.Fatalf("keep: %d %s", a.status, a.body)
	}
	for _, who := range []string{"stranger", "admin", "lead", "nobody"} {
		if a := s.do(who, "GET", draftPathOfTest, nil, nil); a.code() != "not_found" {
			t.Errorf("%s reads another's draft: %d %s", who, a.status, a.body)
		}
		if a := s.do(who, "DELETE", draftPathOfTest, nil, nil); a.status != 204 { // his own of that name: none
			t.Errorf("%s: %d", who, a.status)
		}
		if a := s.do(who, "GET", "/api/v1/drafts", nil, nil); a.status != 200 || strings.Contains(a.text(), "5d0c1f3e") {
			t.Errorf("%s lists another's drafts: %s", who, a.body)
		}
	}
	if a := s.request("", "GET", draftPathOfTest, nil, nil); a.status != 401 {
		t.Errorf("without a session: %d", a.status)
	}
	var got draftBody
	s.do("clerk", "GET", draftPathOfTest, nil, nil).into(t, &got)
	if got.Content != secret || got.Version != 1 {
		t.Errorf("the owner reads %+v", got)
	}
	d, err := s.db.Drafts().Draft(t.Context(), "p-clerk", "5d0c1f3e-intake")
	if err != nil || strings.Contains(string(d.Sealed), "张建国") {
		t.Errorf("kept in clear: %q, error %v", d.Sealed, err)
	}
	if strings.Contains(s.log.String(), "张建国") {
		t.Error("the log names a party")
	}
}

func TestADraftNeverOverwritesWhatItDidNotSee(t *testing.T) {
	s := newSite(t)
	put := func(version int64, content string) answer {
		return s.do("clerk", "PUT", draftPathOfTest, map[string]any{"version": version, "content": content}, nil)
	}
	for _, x := range []struct {
		version int64
		content string
		code    string
	}{
		{1, "there is none yet", string(hub.StaleVersion)},
		{0, "one", ""},
		{0, "one again, from another tab", string(hub.StaleVersion)},
		{1, "two", ""},
		{1, "two from another tab", string(hub.StaleVersion)},
		{-1, "x", "invalid"},
		{2, strings.Repeat("长", 300_000), "too_large"},
	} {
		if a := put(x.version, x.content); x.code == "" && a.status != 200 || x.code != "" && a.code() != x.code {
			t.Errorf("after %d: %d %.200s", x.version, a.status, a.body)
		}
	}
	var got draftBody
	s.do("clerk", "GET", draftPathOfTest, nil, nil).into(t, &got)
	if got.Content != "two" {
		t.Errorf("kept: %+v", got)
	}
	for range 15 { // in steps, because the session ends as well
		s.Clock.Advance(24 * time.Hour)
	}
	s.tokens = map[string]string{}
	if a := s.do("clerk", "GET", draftPathOfTest, nil, nil); a.code() != "not_found" {
		t.Errorf("after 15 days: %d %s", a.status, a.body)
	}
	if a := s.do("clerk", "GET", "/api/v1/drafts/..%2f..%2fme", nil, nil); a.status < 400 {
		t.Errorf("an address out of the folder: %d", a.status)
	}
}
