package storetest

import (
	"fmt"
	"testing"
	"time"

	"tongban/hub"
	"tongban/storage/object/resume"
)

// TestOpenUploads is the contract of [resume.Records]. open returns an empty
// store for each call.
func TestOpenUploads(t *testing.T, open func(testing.TB) resume.Records) {
	t.Run("KeepsEveryField", func(t *testing.T) {
		r := open(t)
		want := filled[hub.OpenUpload](t)
		ok(t, r.Create(t.Context(), want))
		expectCode(t, r.Create(t.Context(), want), hub.Conflict)
		got, err := r.Read(t.Context(), want.ID)
		ok(t, err)
		same(t, got, want)
		_, err = r.Read(t.Context(), "another")
		expectCode(t, err, hub.NotFound)
	})
	t.Run("HasOneHolder", func(t *testing.T) { oneHolder(t, open(t)) })
	t.Run("OneOfManyTakesIt", func(t *testing.T) {
		r := open(t)
		ok(t, r.Create(t.Context(), hub.OpenUpload{ID: "u", Next: 1}))
		got := codes(atOnce(16, func(i int) error {
			_, err := r.Take(t.Context(), "u", fmt.Sprint("holder-", i), day, day.Add(time.Minute))
			return err
		}))
		same(t, got, map[hub.Code]int{"": 1, hub.Conflict: 15})
	})
	t.Run("ADeadHolderIsNotHeard", func(t *testing.T) { deadHolder(t, open(t)) })
	t.Run("OfTwoSavesFromOneOffsetOneCounts", func(t *testing.T) {
		r := open(t)
		ok(t, r.Create(t.Context(), hub.OpenUpload{ID: "u", Next: 1, Holder: "h"}))
		got := codes(atOnce(8, func(i int) error {
			return r.Save(t.Context(), hub.OpenUpload{ID: "u", Holder: "h", Offset: int64(100 + i)}, 0)
		}))
		same(t, got, map[hub.Code]int{"": 1, hub.Conflict: 7})
	})
	t.Run("CountsAndExpires", func(t *testing.T) { countsAndExpires(t, open(t)) })
}

func oneHolder(t *testing.T, r resume.Records) {
	ctx := t.Context()
	ok(t, r.Create(ctx, hub.OpenUpload{ID: "u", Next: 1, Parts: []hub.UploadPart{}}))
	_, err := r.Take(ctx, "none", "a", day, day.Add(time.Minute))
	expectCode(t, err, hub.NotFound)
	u, err := r.Take(ctx, "u", "a", day, day.Add(time.Minute))
	ok(t, err)
	same(t, u.Holder, "a")
	same(t, u.Next, 1)
	wanted, err := r.Hold(ctx, "u", "a", day.Add(2*time.Minute))
	ok(t, err)
	same(t, wanted, false)
	_, err = r.Take(ctx, "u", "b", day.Add(90*time.Second), day.Add(3*time.Minute))
	expectCode(t, err, hub.Conflict)
	wanted, err = r.Hold(ctx, "u", "a", day.Add(2*time.Minute))
	ok(t, err)
	same(t, wanted, true)
	ok(t, r.Release(ctx, "u", "b")) // not his
	_, err = r.Hold(ctx, "u", "a", day.Add(2*time.Minute))
	ok(t, err)
	ok(t, r.Release(ctx, "u", "a"))
	u, err = r.Take(ctx, "u", "b", day, day.Add(time.Minute))
	ok(t, err)
	same(t, u.Next, 1) // let go, so no part was on its way
	same(t, u.Wanted, false)
	expectCode(t, r.Delete(ctx, "u", "a"), hub.Conflict)
	ok(t, r.Delete(ctx, "u", "b"))
	ok(t, r.Delete(ctx, "u", "b"))
	ok(t, r.Release(ctx, "u", "b"))
}

func deadHolder(t *testing.T, r resume.Records) {
	ctx := t.Context()
	ok(t, r.Create(ctx, hub.OpenUpload{ID: "u", Next: 1, Parts: []hub.UploadPart{}}))
	dead, err := r.Take(ctx, "u", "a", day, day.Add(time.Second))
	ok(t, err)
	u, err := r.Take(ctx, "u", "b", day.Add(time.Second), day.Add(time.Minute))
	ok(t, err)
	same(t, u.Next, 2) // 1 may be on its way still
	dead.Offset = 5
	expectCode(t, r.Save(ctx, dead, 0), hub.Conflict)
	_, err = r.Hold(ctx, "u", "a", day.Add(time.Hour))
	expectCode(t, err, hub.Conflict)
	ok(t, r.Release(ctx, "u", "a"))
	u.Offset, u.Tail, u.Type = 7, "tail", "application/pdf"
	u.Parts, u.Hash = []hub.UploadPart{{Number: 2, ETag: "e", Size: 7}}, []byte{1}
	ok(t, r.Save(ctx, u, 0))
	expectCode(t, r.Save(ctx, u, 0), hub.Conflict)
	got, err := r.Read(ctx, "u")
	ok(t, err)
	got.Until, u.Until = time.Time{}, time.Time{}
	same(t, got, u)
}

func countsAndExpires(t *testing.T, r resume.Records) {
	ctx := t.Context()
	add := func(id string, a hub.AgencyID, p hub.PersonID, file hub.Digest, expires time.Duration) {
		ok(t, r.Create(ctx, hub.OpenUpload{ID: id, Agency: a, Person: p, File: file, Expires: day.Add(expires)}))
	}
	add("1", "a", "p", "", time.Hour)
	add("2", "a", "p", "", 2*time.Hour)
	add("3", "a", "q", "", time.Hour)
	add("4", "a", "p", "sha256:x", time.Hour)
	add("5", "a", "p", "", -time.Hour)
	add("6", "b", "p", "", -2*time.Hour)
	for _, c := range []struct {
		agency hub.AgencyID
		person hub.PersonID
		limit  int64
		want   int64
	}{{"a", "", 10, 3}, {"a", "p", 10, 2}, {"a", "p", 1, 1}, {"b", "", 10, 0}} {
		n, err := r.Count(ctx, c.agency, c.person, day, c.limit)
		ok(t, err)
		same(t, n, c.want)
	}
	ids, err := r.Expired(ctx, day, 10)
	ok(t, err)
	same(t, ids, []string{"6", "5"})
	ids, err = r.Expired(ctx, day.Add(time.Hour), 3)
	ok(t, err)
	same(t, len(ids), 3)
}
