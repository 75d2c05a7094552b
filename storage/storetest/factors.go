package storetest

import (
	"fmt"
	"testing"
	"time"

	"tongban/hub"
)

// TestFactors is the contract of [hub.Factors]. open returns an empty store
// for each call.
func TestFactors(t *testing.T, open func(testing.TB) hub.Factors) {
	for name, test := range map[string]func(*testing.T, hub.Factors){
		"KnowsNoOther":               unknownFactor,
		"IsNotInForceBeforeItIsSaid": waitingFactor,
		"PutsIntoForceWhatWasShown":  confirmsFactor,
		"CountsACodeOnce":            stepsOnce,
		"CountsARecoveryCodeOnce":    recoversOnce,
		"Forgets":                    dropsFactor,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func factorOf(p hub.PersonID, at time.Time) hub.Factor {
	return hub.Factor{Person: p, Sealed: []byte("sealed"), Made: at}
}

// inForce keeps a factor and confirms it.
func inForce(t *testing.T, s hub.Factors, p hub.PersonID) hub.Factor {
	t.Helper()
	f := factorOf(p, day)
	ok(t, s.SaveFactor(t.Context(), f))
	f.Confirmed, f.Step, f.Recovery = day.Add(time.Minute), 100, []string{"a", "b"}
	ok(t, s.ConfirmFactor(t.Context(), f))
	return f
}

func unknownFactor(t *testing.T, s hub.Factors) {
	_, err := s.Factor(t.Context(), "p")
	expectCode(t, err, hub.NotFound)
	f := factorOf("p", day)
	f.Confirmed = day
	expectCode(t, s.ConfirmFactor(t.Context(), f), hub.Conflict)
	expectCode(t, s.UseStep(t.Context(), "p", 1), hub.Conflict)
	expectCode(t, s.UseRecovery(t.Context(), "p", "a"), hub.Conflict)
	ok(t, s.DropFactor(t.Context(), "p"))
}

func waitingFactor(t *testing.T, s hub.Factors) {
	f := factorOf("p", day)
	f.Confirmed, f.Step, f.Recovery = day, 7, []string{"a"} // not for the caller to say
	ok(t, s.SaveFactor(t.Context(), f))
	f.Confirmed, f.Step, f.Recovery = time.Time{}, 0, nil
	got, err := s.Factor(t.Context(), "p")
	ok(t, err)
	same(t, got, f)
	expectCode(t, s.UseStep(t.Context(), "p", 9), hub.Conflict)
	expectCode(t, s.UseRecovery(t.Context(), "p", "a"), hub.Conflict)
}

func confirmsFactor(t *testing.T, s hub.Factors) {
	ok(t, s.SaveFactor(t.Context(), factorOf("p", day)))
	ok(t, s.SaveFactor(t.Context(), factorOf("p", day.Add(time.Second)))) // shown anew
	old := factorOf("p", day)
	old.Confirmed = day.Add(time.Minute)
	expectCode(t, s.ConfirmFactor(t.Context(), old), hub.Conflict)
	now := factorOf("p", day.Add(time.Second))
	expectCode(t, s.ConfirmFactor(t.Context(), now), hub.Conflict) // without its time
	now.Confirmed, now.Step, now.Recovery = day.Add(time.Minute), 5, []string{"a", "b"}
	ok(t, s.ConfirmFactor(t.Context(), now))
	got, err := s.Factor(t.Context(), "p")
	ok(t, err)
	same(t, got, now)
	expectCode(t, s.ConfirmFactor(t.Context(), now), hub.Conflict)
	expectCode(t, s.SaveFactor(t.Context(), factorOf("p", day.Add(time.Hour))), hub.Conflict)
	got, err = s.Factor(t.Context(), "p")
	ok(t, err)
	same(t, got, now)
}

func stepsOnce(t *testing.T, s hub.Factors) {
	inForce(t, s, "p")
	for _, step := range []int64{99, 100} {
		expectCode(t, s.UseStep(t.Context(), "p", step), hub.Conflict)
	}
	won := 0
	for _, err := range atOnce(16, func(int) error { return s.UseStep(t.Context(), "p", 101) }) {
		if err == nil {
			won++
		} else {
			expectCode(t, err, hub.Conflict)
		}
	}
	same(t, won, 1)
	ok(t, s.UseStep(t.Context(), "p", 103))
	expectCode(t, s.UseStep(t.Context(), "p", 102), hub.Conflict)
}

func recoversOnce(t *testing.T, s hub.Factors) {
	f := inForce(t, s, "p")
	expectCode(t, s.UseRecovery(t.Context(), "p", "c"), hub.Conflict)
	won := 0
	for _, err := range atOnce(16, func(int) error { return s.UseRecovery(t.Context(), "p", "a") }) {
		if err == nil {
			won++
		}
	}
	same(t, won, 1)
	got, err := s.Factor(t.Context(), "p")
	ok(t, err)
	f.Recovery = []string{"b"}
	same(t, fmt.Sprint(got.Recovery), fmt.Sprint(f.Recovery))
}

func dropsFactor(t *testing.T, s hub.Factors) {
	inForce(t, s, "p")
	inForce(t, s, "q")
	ok(t, s.DropFactor(t.Context(), "p"))
	ok(t, s.DropFactor(t.Context(), "p"))
	_, err := s.Factor(t.Context(), "p")
	expectCode(t, err, hub.NotFound)
	_, err = s.Factor(t.Context(), "q")
	ok(t, err)
	ok(t, s.SaveFactor(t.Context(), factorOf("p", day)))
}
