package storetest

import (
	"fmt"
	"testing"
	"time"

	"tongban/hub"
)

// TestKeyStore is the contract of [hub.KeyStore]. open returns an empty store
// for each call.
func TestKeyStore(t *testing.T, open func(testing.TB) hub.KeyStore) {
	for name, test := range map[string]func(*testing.T, hub.KeyStore){
		"KeepsAgencyKeys":               keepsAgencyKeys,
		"ListsTheNewestKeyFirst":        newestKey,
		"KeepsCaseKeys":                 keepsCaseKeys,
		"GivesACaseOneKeyOnly":          oneCaseKey,
		"DestroysAKeyAndLeavesAMark":    erasesCaseKey,
		"KnowsNoKeyThatWasNeverBrought": unknownKeys,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func keepsAgencyKeys(t *testing.T, k hub.KeyStore) {
	want := filled[hub.AgencyKey](t)
	foreign := hub.AgencyKey{ID: "foreign", Public: []byte{1}} // no private part, in force
	for _, key := range []hub.AgencyKey{want, foreign} {
		ok(t, k.SaveAgencyKey(t.Context(), key))
		got, err := k.AgencyKey(t.Context(), key.ID)
		ok(t, err)
		same(t, got, key)
	}
	other := want
	other.Public = []byte{9}
	expectCode(t, k.SaveAgencyKey(t.Context(), other), hub.Conflict)
	got, err := k.AgencyKey(t.Context(), want.ID)
	ok(t, err)
	same(t, got, want)
}

func newestKey(t *testing.T, k hub.KeyStore) {
	for n, a := range []hub.AgencyID{"a", "b", "a", "a"} {
		from := day.AddDate(0, 0, (n*3)%4)
		ok(t, k.SaveAgencyKey(t.Context(), hub.AgencyKey{ID: hub.KeyID(fmt.Sprint("k", n)), Agency: a, From: from}))
	}
	for a, want := range map[hub.AgencyID][]hub.KeyID{"a": {"k2", "k3", "k0"}, "": {"k1", "k2", "k3", "k0"}, "c": nil} {
		keys, err := k.AgencyKeys(t.Context(), a)
		ok(t, err)
		var got []hub.KeyID
		for _, key := range keys {
			got = append(got, key.ID)
		}
		same(t, got, want)
	}
}

func keepsCaseKeys(t *testing.T, k hub.KeyStore) {
	want := filled[hub.CaseKeyRecord](t)
	want.Erased = time.Time{}
	stored, err := k.SaveCaseKey(t.Context(), want)
	ok(t, err)
	same(t, stored, want)
	got, err := k.CaseKey(t.Context(), want.Case)
	ok(t, err)
	same(t, got, want)
}

func oneCaseKey(t *testing.T, k hub.KeyStore) {
	keys := atOnce(16, func(i int) string {
		r, err := k.SaveCaseKey(t.Context(), hub.CaseKeyRecord{Case: caseNo(1), Scheme: "s", Sealed: []byte(fmt.Sprint("key ", i))})
		if err != nil {
			t.Error(err)
		}
		return string(r.Sealed)
	})
	stored, err := k.CaseKey(t.Context(), caseNo(1))
	ok(t, err)
	for _, key := range keys {
		same(t, key, string(stored.Sealed))
	}
}

func erasesCaseKey(t *testing.T, k hub.KeyStore) {
	key := hub.CaseKeyRecord{Case: caseNo(1), Scheme: "s", Sealed: []byte("key")}
	_, err := k.SaveCaseKey(t.Context(), key)
	ok(t, err)
	ok(t, k.EraseCaseKey(t.Context(), key.Case, day))
	ok(t, k.EraseCaseKey(t.Context(), key.Case, day.Add(time.Hour)))
	mark, err := k.CaseKey(t.Context(), key.Case)
	expectCode(t, err, hub.Erased)
	same(t, mark, hub.CaseKeyRecord{Case: key.Case, Scheme: "s", Erased: day})
	_, err = k.SaveCaseKey(t.Context(), key)
	expectCode(t, err, hub.Erased)
	_, err = k.CaseKey(t.Context(), key.Case)
	expectCode(t, err, hub.Erased)
}

func unknownKeys(t *testing.T, k hub.KeyStore) {
	_, err := k.AgencyKey(t.Context(), "none")
	expectCode(t, err, hub.NotFound)
	_, err = k.CaseKey(t.Context(), "none")
	expectCode(t, err, hub.NotFound)
	expectCode(t, k.EraseCaseKey(t.Context(), "none", day), hub.NotFound)
	_, err = k.CaseKey(t.Context(), "none") // no mark for what was not there
	expectCode(t, err, hub.NotFound)
}
