package hub_test

import (
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
)

func version(t *testing.T, n int, from time.Time) hub.Standard {
	t.Helper()
	s := hubtest.Standard()
	s.Item, s.Agency, s.Version, s.From = "transfer.resale", hubtest.Registry, n, from
	content, err := s.Content()
	if err != nil {
		t.Fatal(err)
	}
	s.Digest = hub.SHA256(content)
	return s
}

func TestVersionsGoFromDraftToHistory(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	d, now := h.Directory, h.Now()
	past, future := now.Add(-time.Hour).UTC().Truncate(time.Millisecond), now.Add(48*time.Hour).UTC().Truncate(time.Millisecond)
	save := func(s hub.Standard) hub.StandardRef {
		t.Helper()
		if err := d.SaveDraft(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		return s.Ref()
	}
	state := func(ref hub.StandardRef, want hub.StandardState) {
		t.Helper()
		if s, err := d.Standard(t.Context(), ref); err != nil || s.State != want {
			t.Errorf("version %d is %s, want %s: %v", ref.Version, s.State, want, err)
		}
	}
	in := func(day time.Time, want int) {
		t.Helper()
		all, err := d.Standards(t.Context(), "transfer.resale")
		if err != nil {
			t.Fatal(err)
		}
		if s, err := hub.InForce(all, hubtest.Registry, day); err != nil || s.Version != want || s.Agency != hubtest.Registry {
			t.Errorf("in force is version %d of %q, want %d: %v", s.Version, s.Agency, want, err)
		}
	}
	one, two, three := save(version(t, 1, past)), save(version(t, 2, past)), save(version(t, 3, future))
	for _, ref := range []hub.StandardRef{one, two} {
		if err := hub.PublishStandard(t.Context(), d, ref, now); err != nil {
			t.Fatal(err)
		}
	}
	state(one, hub.StandardFrozen) // a newer one is in force
	state(two, hub.StandardPublished)
	wantCode(t, hub.WithdrawStandard(t.Context(), d, one, now), hub.WrongState)
	in(now, 2)

	if err := hub.PublishStandard(t.Context(), d, three, now); err != nil {
		t.Fatal(err)
	}
	state(two, hub.StandardPublished) // the newer one is not in force yet
	in(now, 2)
	in(future, 3)
	wantCode(t, hub.WithdrawStandard(t.Context(), d, two, future), hub.WrongState)
	state(two, hub.StandardFrozen)
	late := save(version(t, 2, past))
	wantCode(t, hub.PublishStandard(t.Context(), d, late, now), hub.WrongState)

	if err := hub.WithdrawStandard(t.Context(), d, three, now); err != nil {
		t.Fatal(err)
	}
	in(future, 2)
	wantCode(t, hub.PublishStandard(t.Context(), d, three, now), hub.WrongState)
}

func TestNoCaseIsPinnedToAWithdrawnVersion(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	s := version(t, 1, h.Now().Add(-time.Hour).UTC().Truncate(time.Millisecond))
	if err := hub.Establish(t.Context(), h.Directory, s); err != nil {
		t.Fatal(err)
	}
	id := h.Receive(t, "pins")
	c, err := h.Open(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, id, false)
	if err != nil || c.Standard != s.Ref() {
		t.Fatalf("%v %+v", err, c)
	}
	wantCode(t, hub.WithdrawStandard(t.Context(), h.Directory, s.Ref(), h.Now()), hub.WrongState)

	next := version(t, 2, s.From)
	if err := hub.Establish(t.Context(), h.Directory, next); err != nil {
		t.Fatal(err)
	}
	if err := hub.WithdrawStandard(t.Context(), h.Directory, next.Ref(), h.Now()); err != nil {
		t.Fatal(err)
	}
	c, err = h.Open(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, h.Receive(t, "after"), false)
	if err != nil || c.Standard != s.Ref() {
		t.Errorf("%v %+v", err, c.Standard)
	}
}

func TestMaskingReachesIntoLists(t *testing.T) {
	c := &hub.Case{Form: hub.Form{"heirs": []any{map[string]any{"name": "张建国", "share": int64(5)}}}}
	row := c.Masked().Form["heirs"].([]any)[0].(map[string]any)
	if row["name"] != "张*国" || row["share"] != int64(5) || c.Form["heirs"].([]any)[0].(map[string]any)["name"] != "张建国" {
		t.Errorf("%v", row)
	}
}
