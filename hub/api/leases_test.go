package api

import (
	"strings"
	"testing"
	"time"
)

type heldBody struct {
	Held []struct {
		Case  string `json:"case"`
		Lease struct {
			Person string `json:"person"`
			NameZH string `json:"name_zh"`
			Mine   bool   `json:"mine"`
		} `json:"lease"`
	} `json:"held"`
}

const leasesOfTest = "/api/v1/leases"

func TestALeaseIsSeenByTheOwnAgencyAndChangesNoRight(t *testing.T) {
	s := newSite(t)
	path := s.arrived("lease")
	id := path[strings.LastIndexByte(path, '/')+1:]
	take := func(who string, over bool) heldBody {
		t.Helper()
		var got heldBody
		s.must(200, s.do(who, "POST", leasesOfTest, body{"cases": []string{id, "01J0000000000000000000NONE"}, "over": over}, nil)).into(t, &got)
		return got
	}
	for _, who := range []string{"stranger", "audit"} {
		if a := s.do(who, "POST", leasesOfTest, body{"cases": []string{id}}, nil); who == "stranger" && !contains(a, `"held":[]`) {
			t.Errorf("%s takes a case that he may not see: %d %s", who, a.status, a.body)
		}
		s.do(who, "DELETE", leasesOfTest+"/"+id, nil, nil)
	}
	for name, bad := range map[string]body{"none": {"cases": []string{}}, "no list": {}, "too many": {"cases": make([]string, 101)}} {
		if a := s.do("first", "POST", leasesOfTest, bad, nil); a.status != 422 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := s.do("admin", "POST", leasesOfTest, body{"cases": []string{id}}, nil); a.code() != "forbidden" {
		t.Errorf("who lists no cases takes one: %d %s", a.status, a.body)
	}
	s.do("audit", "DELETE", leasesOfTest+"/"+id, nil, nil)

	if h := take("first", false); len(h.Held) != 1 || !h.Held[0].Lease.Mine || h.Held[0].Lease.NameZH != "甲first" {
		t.Fatalf("taken by the first: %+v", h)
	}
	if h := take("second", false); h.Held[0].Lease.Person != "p-first" || h.Held[0].Lease.Mine {
		t.Errorf("taken twice: %+v", h)
	}
	for _, at := range []string{"/api/v1/cases?queue=acceptance", path} {
		if a := s.must(200, s.do("lead", "GET", at, nil, nil)); !contains(a, `"lease":{"person":"p-first"`) {
			t.Errorf("%s does not tell who has it: %s", at, a.body)
		}
	}
	if a := s.must(200, s.do("clerk", "GET", path, nil, nil)); contains(a, `"lease"`) {
		t.Errorf("another agency sees it: %s", a.body)
	}
	// A lease is no lock: the law's rights are as before.
	s.do("first", "DELETE", leasesOfTest+"/"+id, nil, nil)
	take("lead", false)
	s.must(200, s.cmd("first", path+"/accept", "lease-accept", body{}))

	if h := take("second", true); !h.Held[0].Lease.Mine {
		t.Errorf("taken over: %+v", h)
	}
	if a := s.must(200, s.do("second", "GET", leasesOfTest, nil, nil)); !contains(a, id) {
		t.Errorf("not in his list: %s", a.body)
	}
	s.Clock.Advance(11 * time.Hour)
	s.tokens = map[string]string{}
	if a := s.must(200, s.do("second", "GET", leasesOfTest, nil, nil)); contains(a, id) {
		t.Errorf("held over night: %s", a.body)
	}
}
