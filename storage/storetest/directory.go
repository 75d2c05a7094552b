package storetest

import (
	"testing"
	"time"

	"tongban/hub"
)

// TestDirectory is the contract of [hub.Directory]. open returns an empty
// directory for each call.
func TestDirectory(t *testing.T, open func(testing.TB) hub.Directory) {
	for name, test := range map[string]func(*testing.T, hub.Directory){
		"KeepsAgencies":                   keepsAgencies,
		"KeepsPeople":                     keepsPeople,
		"GivesALoginToOnePerson":          oneLogin,
		"ListsThePeopleOfAnAgency":        listsPeople,
		"CountsFailuresAndLocks":          countsFailures,
		"LosesNoFailureOfManyAtOnce":      manyFailures,
		"KeepsStandards":                  keepsStandards,
		"NeverChangesAStandard":           immutableStandards,
		"ListsStandardsByItemAndVersion":  listsStandards,
		"MovesStandardsOnlyForward":       movesStandards,
		"KnowsNobodyWhoHasNotBeenEntered": unknownPeople,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func keepsAgencies(t *testing.T, d hub.Directory) {
	want := filled[hub.Agency](t)
	ok(t, d.SaveAgency(t.Context(), want))
	want.NameEN = "another"
	ok(t, d.SaveAgency(t.Context(), want))
	first := hub.Agency{ID: "0"}
	ok(t, d.SaveAgency(t.Context(), first))
	got, err := d.Agency(t.Context(), want.ID)
	ok(t, err)
	same(t, got, want)
	all, err := d.Agencies(t.Context())
	ok(t, err)
	same(t, all, []hub.Agency{first, want})
}

func keepsPeople(t *testing.T, d hub.Directory) {
	want := filled[hub.Person](t)
	ok(t, d.SavePerson(t.Context(), want))
	want.Failures, want.LockedTo, want.Roles = 0, time.Time{}, nil
	ok(t, d.SavePerson(t.Context(), want))
	got, err := d.Person(t.Context(), want.ID)
	ok(t, err)
	same(t, got, want)
	got, err = d.PersonByLogin(t.Context(), want.Login)
	ok(t, err)
	same(t, got, want)
}

func listsPeople(t *testing.T, d hub.Directory) {
	for _, p := range []hub.Person{{ID: "1", Login: "b", Agency: "x"}, {ID: "2", Login: "a", Agency: "x"}, {ID: "3", Login: "c", Agency: "y"}} {
		ok(t, d.SavePerson(t.Context(), p))
	}
	names := func(a hub.AgencyID) (out string) {
		got, err := d.People(t.Context(), a)
		ok(t, err)
		for _, p := range got {
			out += p.Login
		}
		return out
	}
	same(t, []string{names("x"), names("y"), names("z"), names("")}, []string{"ab", "c", "", "abc"})
}

func oneLogin(t *testing.T, d hub.Directory) {
	ok(t, d.SavePerson(t.Context(), hub.Person{ID: "p1", Login: "zhang"}))
	expectCode(t, d.SavePerson(t.Context(), hub.Person{ID: "p2", Login: "zhang"}), hub.Conflict)
	_, err := d.Person(t.Context(), "p2")
	expectCode(t, err, hub.NotFound)
	ok(t, d.SavePerson(t.Context(), hub.Person{ID: "p2", Login: "li"}))
	expectCode(t, d.SavePerson(t.Context(), hub.Person{ID: "p2", Login: "zhang"}), hub.Conflict)
	p, err := d.PersonByLogin(t.Context(), "zhang")
	ok(t, err)
	same(t, p.ID, "p1")
}

func unknownPeople(t *testing.T, d hub.Directory) {
	_, err := d.Agency(t.Context(), "none")
	expectCode(t, err, hub.NotFound)
	_, err = d.Person(t.Context(), "none")
	expectCode(t, err, hub.NotFound)
	_, err = d.PersonByLogin(t.Context(), "none")
	expectCode(t, err, hub.NotFound)
	for _, success := range []bool{true, false} {
		_, err = d.SignInResult(t.Context(), "none", success, day, hub.LockRule{After: 5, For: time.Hour})
		expectCode(t, err, hub.NotFound)
	}
	_, err = d.Standard(t.Context(), hub.StandardRef{Item: "none", Version: 1})
	expectCode(t, err, hub.NotFound)
	all, err := d.Standards(t.Context(), "")
	ok(t, err)
	same(t, len(all), 0)
}

func countsFailures(t *testing.T, d hub.Directory) {
	rule := hub.LockRule{After: 3, For: time.Hour}
	p := hub.Person{ID: "p1", Login: "zhang"}
	ok(t, d.SavePerson(t.Context(), p))
	now := day
	try := func(success bool, failures int, locked time.Time) {
		t.Helper()
		now = now.Add(time.Minute)
		got, err := d.SignInResult(t.Context(), "p1", success, now, rule)
		ok(t, err)
		want := p
		want.Failures, want.LockedTo = failures, locked
		same(t, got, want)
		stored, err := d.Person(t.Context(), "p1")
		ok(t, err)
		same(t, stored, want)
	}
	never := time.Time{}
	try(false, 1, never)
	try(false, 2, never)
	try(true, 0, never)
	try(false, 1, never)
	try(false, 2, never)
	try(false, 3, now.Add(time.Minute+time.Hour))
	try(false, 4, now.Add(time.Minute+time.Hour)) // still without a success
	try(true, 0, never)
	rule.After = 0 // no lock at all
	for n := range 5 {
		try(false, n+1, never)
	}
}

func manyFailures(t *testing.T, d hub.Directory) {
	const tries = 32
	ok(t, d.SavePerson(t.Context(), hub.Person{ID: "p1", Login: "zhang"}))
	errs := atOnce(tries, func(int) error {
		_, err := d.SignInResult(t.Context(), "p1", false, day, hub.LockRule{After: 5, For: time.Hour})
		return err
	})
	same(t, codes(errs), map[hub.Code]int{"": tries})
	p, err := d.Person(t.Context(), "p1")
	ok(t, err)
	same(t, p.Failures, tries)
	same(t, p.LockedTo, day.Add(time.Hour))
}

func keepsStandards(t *testing.T, d hub.Directory) {
	want := filled[hub.Standard](t)
	want.State = hub.StandardPublished
	ok(t, d.SaveStandard(t.Context(), want))
	got, err := d.Standard(t.Context(), want.Ref())
	ok(t, err)
	same(t, got, want)
	empty := hub.Standard{Item: "i", Version: 1, State: hub.StandardPublished, From: day, Slots: []hub.Slot{}}
	ok(t, d.SaveStandard(t.Context(), empty))
	got, err = d.Standard(t.Context(), empty.Ref())
	ok(t, err)
	same(t, got, empty)
}

func immutableStandards(t *testing.T, d hub.Directory) {
	s := filled[hub.Standard](t)
	s.State = hub.StandardPublished
	for _, err := range atOnce(8, func(int) error { return d.SaveStandard(t.Context(), s) }) {
		ok(t, err)
	}
	other := filled[hub.Standard](t)
	other.Slots[1].Types[1] = "image/jpeg"
	expectCode(t, d.SaveStandard(t.Context(), other), hub.Conflict)
	got, err := d.Standard(t.Context(), s.Ref())
	ok(t, err)
	same(t, got, s)
	ref := s.Ref()
	ref.Digest = "sha256:00"
	_, err = d.Standard(t.Context(), ref)
	expectCode(t, err, hub.NotFound)
}

// A draft may be replaced, a published version never; a frozen one is not withdrawn.
func movesStandards(t *testing.T, d hub.Directory) {
	s := filled[hub.Standard](t)
	expectCode(t, d.MoveStandard(t.Context(), s.Ref(), hub.StandardPublished, hub.StandardDraft), hub.NotFound)
	ok(t, d.SaveDraft(t.Context(), s))
	s.NameZH, s.Digest = "改", "sha256:01"
	ok(t, d.SaveDraft(t.Context(), s))
	old := s.Ref()
	old.Digest = "sha256:00" // somebody looked at the draft before
	expectCode(t, d.MoveStandard(t.Context(), old, hub.StandardPublished, hub.StandardDraft), hub.NotFound)
	errs := atOnce(8, func(int) error { return d.MoveStandard(t.Context(), s.Ref(), hub.StandardPublished, hub.StandardDraft) })
	same(t, codes(errs), map[hub.Code]int{"": 1, hub.WrongState: 7})
	expectCode(t, d.SaveDraft(t.Context(), s), hub.Conflict)
	ok(t, d.MoveStandard(t.Context(), s.Ref(), hub.StandardFrozen, hub.StandardPublished, hub.StandardFrozen))
	expectCode(t, d.MoveStandard(t.Context(), s.Ref(), hub.StandardWithdrawn, hub.StandardDraft, hub.StandardPublished), hub.WrongState)
	got, err := d.Standard(t.Context(), s.Ref())
	ok(t, err)
	same(t, got.State, hub.StandardFrozen)
	same(t, got.NameZH, "改")
}

func listsStandards(t *testing.T, d hub.Directory) {
	var want []hub.StandardRef
	for _, s := range []hub.Standard{
		{Item: "transfer", Version: 2},
		{Item: "transfer", Version: 10},
		{Item: "transfer", Agency: "410425.registry", Version: 1},
		{Item: "transfer.resale", Version: 1},
		{Item: "transfer2", Version: 1},
	} {
		ok(t, d.SaveStandard(t.Context(), s))
		want = append(want, s.Ref())
	}
	for item, n := range map[hub.ItemCode]int{"transfer": 3, "": 5, "none": 0} {
		all, err := d.Standards(t.Context(), item)
		ok(t, err)
		got := map[hub.StandardRef]bool{}
		for i := range all {
			got[all[i].Ref()] = true
			if i > 0 && all[i].Item == all[i-1].Item && all[i].Agency == all[i-1].Agency && all[i].Version <= all[i-1].Version {
				t.Errorf("version %d follows %d", all[i].Version, all[i-1].Version)
			}
		}
		same(t, len(got), n)
		for _, ref := range want {
			if item == "transfer" {
				same(t, got[ref], ref.Item == item)
			}
		}
	}
}
