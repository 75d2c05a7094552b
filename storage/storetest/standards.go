package storetest

import (
	"fmt"
	"testing"

	"tongban/hub"
)

// version is a small standard whose content is told by its name.
func version(n int, name string) hub.Standard {
	return hub.Standard{Item: "transfer", Agency: "410425.registry", Version: n, NameZH: name, From: day, Digest: hub.SHA256([]byte(name))}
}

func stateOf(t *testing.T, d hub.Directory, s hub.Standard) hub.StandardState {
	t.Helper()
	got, err := d.Standard(t.Context(), s.Ref())
	ok(t, err)
	state := got.State
	got.State = ""
	s.State = ""
	same(t, got, s)
	return state
}

func replacesDrafts(t *testing.T, d hub.Directory) {
	first, second := version(1, "first"), version(1, "second")
	for _, err := range atOnce(8, func(int) error { return d.SaveDraft(t.Context(), first) }) {
		ok(t, err)
	}
	ok(t, d.SaveDraft(t.Context(), second))
	_, err := d.Standard(t.Context(), first.Ref())
	expectCode(t, err, hub.NotFound)
	same(t, stateOf(t, d, second), hub.StandardDraft)
	expectCode(t, d.MoveStandard(t.Context(), first.Ref(), hub.StandardPublished), hub.Conflict)

	ok(t, d.MoveStandard(t.Context(), second.Ref(), hub.StandardPublished))
	for _, to := range []hub.StandardState{hub.StandardPublished, hub.StandardFrozen} {
		expectCode(t, d.SaveDraft(t.Context(), first), hub.Conflict)
		ok(t, d.SaveDraft(t.Context(), second)) // what is there already
		ok(t, d.MoveStandard(t.Context(), second.Ref(), to))
		same(t, stateOf(t, d, second), to)
	}
	expectCode(t, d.SaveDraft(t.Context(), first), hub.Conflict)
	same(t, stateOf(t, d, second), hub.StandardFrozen)
}

func movesStandards(t *testing.T, d hub.Directory) {
	none := version(1, "none")
	expectCode(t, d.MoveStandard(t.Context(), none.Ref(), hub.StandardPublished), hub.NotFound)
	states := []hub.StandardState{hub.StandardDraft, hub.StandardPublished, hub.StandardFrozen, hub.StandardWithdrawn}
	way := map[hub.StandardState][]hub.StandardState{
		hub.StandardPublished: {hub.StandardPublished}, hub.StandardWithdrawn: {hub.StandardWithdrawn},
		hub.StandardFrozen: {hub.StandardPublished, hub.StandardFrozen},
	}
	allowed := map[string]bool{
		"draft→draft": true, "draft→published": true, "draft→withdrawn": true,
		"published→published": true, "published→frozen": true, "published→withdrawn": true,
		"frozen→frozen": true, "frozen→published": true, // it is published
		"withdrawn→withdrawn": true,
	}
	n := 0
	for _, from := range states {
		for _, to := range states {
			n++
			s := version(n, fmt.Sprint(n))
			ok(t, d.SaveDraft(t.Context(), s))
			for _, step := range way[from] {
				ok(t, d.MoveStandard(t.Context(), s.Ref(), step))
			}
			err := d.MoveStandard(t.Context(), s.Ref(), to)
			if name := fmt.Sprintf("%s→%s", from, to); allowed[name] {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			expectCode(t, err, hub.WrongState)
			same(t, stateOf(t, d, s), from)
		}
	}
}

func publishesOne(t *testing.T, d hub.Directory) {
	codesOf := codes(atOnce(16, func(n int) error {
		s := version(1, fmt.Sprint("draft ", n))
		if err := d.SaveDraft(t.Context(), s); err != nil {
			return err
		}
		return d.MoveStandard(t.Context(), s.Ref(), hub.StandardPublished)
	}))
	if codesOf[""] != 1 || codesOf[""]+codesOf[hub.Conflict] != 16 {
		t.Errorf("one draft is published and the others are told so: %v", codesOf)
	}
	all, err := d.Standards(t.Context(), "transfer")
	ok(t, err)
	same(t, len(all), 1)
	same(t, all[0].State, hub.StandardPublished)
	same(t, all[0].Digest, hub.SHA256([]byte(all[0].NameZH)))
}

func freezesOrWithdraws(t *testing.T, d hub.Directory) {
	for n := range 20 {
		s := version(n+1, fmt.Sprint("version ", n))
		ok(t, hub.Establish(t.Context(), d, s))
		to := []hub.StandardState{hub.StandardFrozen, hub.StandardWithdrawn}
		errs := atOnce(2, func(i int) error { return d.MoveStandard(t.Context(), s.Ref(), to[i]) })
		got := codes(errs)
		if got[""] != 1 || got[hub.WrongState] != 1 {
			t.Fatalf("exactly one of freezing and withdrawing happens: %v", got)
		}
		want := to[0]
		if errs[0] != nil {
			want = to[1]
		}
		same(t, stateOf(t, d, s), want)
	}
}
