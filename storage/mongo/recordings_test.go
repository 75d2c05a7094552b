package mongo_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
)

func TestRecordedObjectsAreNamedOnce(t *testing.T) {
	r := open(t).Recordings()
	at := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	file := func(s string) hub.File { return hub.File{Digest: hub.SHA256([]byte(s)), Size: int64(len(s))} }
	for _, key := range []string{"rec/s1/p1/000001.mp4", "rec/s1/p1/000002.mp4", "rec/s1/p10/000001.mp4", "rec/s2/p1/000001.mp4"} {
		if err := r.Name(t.Context(), key, file(key), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Name(t.Context(), "rec/s1/p1/000001.mp4", file("rec/s1/p1/000001.mp4"), at.Add(time.Hour)); err != nil {
		t.Errorf("the same again: %v", err)
	}
	if err := r.Name(t.Context(), "rec/s1/p1/000001.mp4", file("another"), at); hub.ErrorCode(err) != hub.Conflict {
		t.Errorf("another file under the name: %v", err)
	}
	got, err := r.List(t.Context(), "rec/s1/p1/")
	if want := []string{"rec/s1/p1/000001.mp4", "rec/s1/p1/000002.mp4"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v", got, err)
	}
	if f, err := r.Find(t.Context(), "rec/s2/p1/000001.mp4"); err != nil || f != file("rec/s2/p1/000001.mp4") {
		t.Errorf("%+v %v", f, err)
	}
	if _, err := r.Find(t.Context(), "rec/none"); hub.ErrorCode(err) != hub.NotFound {
		t.Errorf("a name nobody gave: %v", err)
	}
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if err := r.Name(t.Context(), "rec/race", file(string(rune('a'+i))), at); err == nil {
				won.Add(1)
			} else if hub.ErrorCode(err) != hub.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d recorders got one name", won.Load())
	}
}
