package evidence

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/gm"
	"tongban/hub/hubtest"
)

// met is a case in which a whole video session was held.
func met(t testing.TB, h *hubtest.Hub) hub.CaseID {
	t.Helper()
	if err := h.Directory.SaveStandard(t.Context(), hubtest.Asking()); err != nil {
		t.Fatal(err)
	}
	id, offer := h.Offer(t, "met")
	deliver(t, h)
	h.Do(t, hubtest.Reviewer(), id, "take", hub.AcceptCustody{Offer: offer})
	deliver(t, h)
	h.Meet(t, id)
	return id
}

// The bundle has the stills, the sealed record, the signatures, the transcript
// and every segment of the recording, and whoever changes one is found.
func TestABundleProvesAVideoSession(t *testing.T) {
	for _, suite := range []hub.Suite{hub.StandardSuite(), gm.Suite()} {
		t.Run(suite.Sign.Name(), func(t *testing.T) {
			algs := hub.NewAlgorithms(suite)
			h := hubtest.New(t, hub.Ports{Algorithms: algs}, nil)
			id := met(t, h)
			b := bundle(t, h, id)
			r, err := check(t, b, Options{Algorithms: algs})
			if err != nil {
				t.Fatal(err)
			}
			if r.Sessions != 1 || r.Segments != 3 {
				t.Errorf("%d sessions, %d segments", r.Sessions, r.Segments)
			}
			var of []string
			for _, name := range orderOf(t, b) {
				if strings.HasPrefix(name, sessionsDir) {
					of = append(of, name[len(sessionsDir)+27:])
				}
			}
			want := []string{
				"chat-1.json", "identity-1-p2.png", "p1/person/000002.mp4", "p2/person/000001.mp4", "p2/person/000003.mp4",
				"record-1-p1.png", "record-1-p2.png", "record-1.pdf", "recording.json", "signature-1-p2.png",
			}
			if !slices.Equal(of, want) {
				t.Errorf("the session has %q", of)
			}
		})
	}
}

// A dishonest exporter leaves a segment out, swaps one, or mends the list, and
// signs anew: the chain says otherwise.
func TestASessionThatWasTamperedWithIsFound(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id := met(t, h)
	b := bundle(t, h, id)
	opt := Options{Algorithms: h.Algorithms}
	find := func(content map[string]string, end string) string {
		for name := range maps.Keys(content) {
			if strings.HasPrefix(name, sessionsDir) && strings.HasSuffix(name, end) {
				return name
			}
		}
		t.Fatalf("no %s", end)
		return ""
	}
	for name, x := range map[string]struct {
		end    string
		change func(map[string]string, string)
	}{
		"a segment left out":  {"p2/person/000001.mp4", func(f map[string]string, n string) { delete(f, n) }},
		"a segment swapped":   {"p2/person/000003.mp4", func(f map[string]string, n string) { f[n] = f[n] + "x" }},
		"another still":       {"identity-1-p2.png", func(f map[string]string, n string) { f[n] = "other" }},
		"another record":      {"record-1.pdf", func(f map[string]string, n string) { f[n] = "%PDF-1.7 other" }},
		"a gap taken away":    {"recording.json", func(f map[string]string, n string) { f[n] = strings.Replace(f[n], `"n":3`, `"n":2`, 1) }},
		"the list left out":   {"recording.json", func(f map[string]string, n string) { delete(f, n) }},
		"a signature renewed": {"signature-1-p2.png", func(f map[string]string, n string) { f[n] = "other" }},
	} {
		at := ""
		forged := forge(t, h, b, func(content map[string]string, _ *manifest) {
			at = find(content, x.end)
			x.change(content, at)
		})
		if item := wrongItem(t, forged, opt); item != at {
			t.Errorf("%s: %q is named, want %s", name, item, at)
		}
	}
}
