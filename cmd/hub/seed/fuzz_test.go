package seed_test

import (
	"encoding/json"
	"testing"
	"time"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/standard"
)

// No application, however made, breaks a standard: what is wrong with it is
// told by field, what is right with it is judged whole.
func FuzzApplication(f *testing.F) {
	all, err := seed.Standards()
	if err != nil {
		f.Fatal(err)
	}
	assessor := standard.NewAssessor()
	for i := range all {
		form := hub.Form{}
		for _, x := range all[i].Fields {
			form[x.Key] = good(x)
		}
		text, err := json.Marshal(form)
		if err != nil {
			f.Fatal(err)
		}
		parties, err := json.Marshal(enough(&all[i]))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, text, parties)
	}
	f.Add(0, []byte(`{"price":100000000000000,"copies":100000000000000,"joint":false}`), []byte(`[]`))
	f.Add(0, []byte(`{"price":0,"heirs":[{"name":1}]}`), []byte(`[{"Role":"agent","IDKind":"citizen_id","IDNumber":"410425201503071238"}]`))
	f.Fuzz(func(t *testing.T, which int, text, list []byte) {
		var form hub.Form
		var parties []hub.Party
		if form.UnmarshalJSON(text) != nil || json.Unmarshal(list, &parties) != nil || len(parties) > 200 {
			return
		}
		std := all[uint(which)%uint(len(all))]
		std.Agency = "" // nobody's register is asked
		s := hub.Service{Ports: hub.Ports{Directory: one{std: std}, Router: one{std: std}, Assessor: assessor, Now: time.Now}}
		_, a, err := s.AssessWish(t.Context(), hub.Receive{Item: std.Item, Unit: hubtest.Unit, Form: form, Parties: parties})
		if err != nil {
			t.Fatalf("%s of %q: %v", std.Item, std.Agency, err)
		}
		for _, w := range a.Wrong {
			if w.Pointer == "" || w.Code == "" || w.Message == "" {
				t.Fatalf("a fault without a place, a reason or words: %+v", w)
			}
		}
		if len(a.Wrong) == 0 && a.Needs == nil {
			t.Fatal("nothing is wrong, and nothing is said")
		}
	})
}
