package handover_test

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/message"
	"tongban/routing/handover"
)

// TestRecallRacesAcceptance lets a recall and a person's acceptance meet 200
// times: one of them happens, and both sides are told the same.
func TestRecallRacesAcceptance(t *testing.T) {
	const workers, rounds = 8, 25
	h := hubtest.New(t, hub.Ports{}, nil)
	var accepted, declined atomic.Int64
	t.Run("rounds", func(t *testing.T) {
		for w := range workers {
			t.Run(strconv.Itoa(w), func(t *testing.T) {
				t.Parallel()
				for n := range rounds {
					switch recallRace(t, h, fmt.Sprintf("case-%d-%d", w, n), n%6) {
					case hub.KindCustodyAccepted:
						accepted.Add(1)
					case hub.KindCustodyDeclined:
						declined.Add(1)
					}
				}
			})
		}
	})
	if n := accepted.Load() + declined.Load(); n != workers*rounds {
		t.Errorf("%d rounds have an outcome, want %d", n, workers*rounds)
	}
	t.Logf("%d accepted, %d recalled", accepted.Load(), declined.Load())
}

// recallRace is one round. The person looks at the case so many times before
// he accepts, so that each side is the first now and then.
func recallRace(t *testing.T, h *hubtest.Hub, name string, looks int) hub.Kind {
	t.Helper()
	p := handover.NewEndpoint(h.Service)
	id, offer := h.Offer(t, name)
	if _, err := p.Receive(t.Context(), offerMessage(t, h, id, hubtest.Window, nil)); err != nil {
		t.Error(err)
	}
	chain := chainOf(t, h, id)
	recall := seal(t, h, &message.Message{
		ID: string(offer) + ".recall", From: hubtest.Window, To: hubtest.Registry, Case: id, At: hub.Millis(h.Now()),
		Recall: &message.Recall{Offer: offer, Head: message.HeadOf(&chain[len(chain)-1])},
	}, hubtest.Window, nil)
	var wg sync.WaitGroup
	var accepted, recalled error
	var receipt []byte
	wg.Go(func() {
		for range looks {
			if _, _, err := h.Load(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
		_, accepted = h.Execute(t.Context(), hub.Command{ID: "yes", Case: id, Actor: hubtest.Reviewer(), Intent: hub.AcceptCustody{Offer: offer}})
	})
	wg.Go(func() { receipt, recalled = p.Receive(t.Context(), recall) })
	wg.Wait()
	if recalled != nil {
		t.Fatalf("%s: recall: %v", name, recalled)
	}
	r, err := message.ParseReceipt(receipt)
	if err != nil {
		t.Fatal(err)
	}
	c := load(t, h, id)
	chain = chainOf(t, h, id)
	last := &chain[len(chain)-1]
	agreed := false
	switch last.Kind {
	case hub.KindCustodyAccepted:
		agreed = accepted == nil && r.Verdict == message.TooLate && c.Custodian == hubtest.Registry
	case hub.KindCustodyDeclined:
		agreed = accepted != nil && r.Verdict == message.Declined && c.Custodian == hubtest.Window
	}
	if len(chain) != 6 || c.Frozen() || !agreed || r.Event == nil || *r.Event != message.HeadOf(last) {
		t.Errorf("%s: the chain ends with event %d %s, acceptance %v, recall %s, custodian %s", name, len(chain), last.Kind, accepted, r.Verdict, c.Custodian)
	}
	return last.Kind
}
