package register_test

import (
	"bytes"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"tongban/hub/code"
	"tongban/hub/register"
)

// history makes random bookings, good and bad, of every source, and checks
// after each what must always hold.
type history struct {
	*world
	*rand.Rand
	people []register.Ref
	units  []code.Unit
	booked int
	kinds  map[string]int
}

func TestRandomHistoriesKeepTheInvariants(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	kinds := map[string]int{}
	for i := range 6 {
		h := &history{
			world: newWorld(t), Rand: rand.New(rand.NewPCG(seed, uint64(i))), people: refs("a", "b", "c", "n", "bank", "bank2"),
			units: []code.Unit{simple, couple, shared, mortgaged, clause, seized, objected, noticed, lived, planned, unknown}, kinds: kinds,
		}
		for range 120 {
			h.round()
		}
		if h.booked < 20 {
			t.Errorf("only %d bookings were made", h.booked)
		}
		h.end()
	}
	for _, k := range []string{"transfer", "mortgage", "cancel_mortgage", "notice", "seizure", "lift", "lock", "release"} {
		if kinds[k] == 0 {
			t.Errorf("no %s was ever booked: %v", k, kinds)
		}
	}
}

func (h *history) who() register.Ref { return h.people[h.IntN(len(h.people))] }
func (h *history) unit() code.Unit   { return h.units[h.IntN(len(h.units))] }
func (h *history) maybe(n int) bool  { return h.IntN(n) == 0 }
func (h *history) caseID() string    { return fmt.Sprint("case", h.IntN(4)) }

// round does one thing.
func (h *history) round() {
	u := h.unit()
	before := h.state(u)
	z, _ := before.InForce(h.now)
	h.days(h.IntN(12))
	var err error
	kind, what := "", h.IntN(10)
	switch what {
	case 0:
		kind = "seizure"
		_, err = h.Book(h.t.Context(), h.request(register.FromCourt, "o", step(&register.Seizure{Unit: u, Court: "c", Order: "o", Months: 1 + h.IntN(3)})))
	case 1:
		kind = "lift"
		if len(before.Seizures) == 0 {
			return
		}
		s := before.Seizures[h.IntN(len(before.Seizures))]
		_, err = h.Book(h.t.Context(), h.request(register.FromCourt, "o", step(&register.SeizureLift{Unit: u, Seizure: s.Entry, Order: "o"})))
	case 2:
		kind = "lock"
		_, _, err = h.Hold(h.t.Context(), h.request(register.FromCase, h.caseID(), h.sale(u, before)))
	case 3:
		kind = "release"
		h.n++
		_, err = h.Release(h.t.Context(), register.Source{Kind: register.FromCase, ID: h.caseID(), Step: fmt.Sprint(h.n)}, registry, officer)
	case 4:
		kind = "cancel_mortgage"
		if len(before.Mortgages) == 0 {
			return
		}
		m := before.Mortgages[h.IntN(len(before.Mortgages))]
		_, err = h.Book(h.t.Context(), h.request(register.FromCase, h.caseID(), step(&register.MortgageCancel{Unit: u, Mortgage: m.Entry, Ground: register.ByWaiver, Acting: refs(m.Creditor)})))
	case 5:
		kind = "notice"
		o := before.Title.Owners.Refs()
		n := &register.Notice{Unit: u, Kind: register.NoticeOwnership, Obligors: o, Holders: refs(h.who()), Acting: h.people}
		_, err = h.Book(h.t.Context(), h.request(register.FromOffice, "o", step(n)))
	case 6:
		kind = "mortgage"
		g := mortgage(u, h.who())
		g.Acting = h.people
		_, err = h.byCase(h.caseID(), nil, step(g))
	default:
		kind = "transfer"
		other := h.unit()
		told := []register.EntryID{}
		for _, s := range []*register.State{before, h.state(other)} {
			for _, o := range s.Objections {
				told = append(told, o.Entry)
			}
			for _, b := range s.Burdens {
				told = append(told, b.Entry)
			}
		}
		steps := []register.Step{h.sale(u, before)}
		if other != u {
			steps = append(steps, h.sale(other, h.state(other)))
		}
		_, err = h.byCase(h.caseID(), told, steps...)
	}
	switch {
	case err == nil:
		h.booked++
		h.kinds[kind]++
		if s := h.state(u); z != nil && len(before.Seizures) > 0 && s.Version > before.Version && s.Title.Entry != before.Title.Entry {
			if still, _ := s.InForce(h.now); still != nil && still.Entry == z.Entry {
				h.t.Fatalf("%s: %s was booked through a seizure", u, kind)
			}
		}
	case register.ReasonOf(err) != register.Refused:
		h.t.Fatal(err)
	}
	h.holds(u)
}

// sale is sometimes whole, sometimes of a share, sometimes wrong.
func (h *history) sale(u code.Unit, s *register.State) register.Step {
	owners := s.Title.Owners.Refs()
	o := &register.Transfer{Unit: u, Ground: register.ByAgreement, From: owners, To: sole(h.who()), Acting: h.people, Consents: h.people}
	switch {
	case len(owners) == 0 || h.maybe(6):
		o.From, o.Acting = refs(h.who()), refs(h.who())
	case len(owners) > 1 && h.maybe(2):
		o.From = owners[:1]
	case h.maybe(3):
		o.To = shares("a", 1, 2, "b", 1, 3, "c", 1, 6)
	case h.maybe(5):
		o.To = shares("a", 1, 2, "b", 1, 3)
	}
	if h.maybe(3) {
		o.Consents = nil
	}
	return step(o)
}

// holds checks one unit against a replay, which must say the same.
func (h *history) holds(u code.Unit) {
	h.t.Helper()
	s, err := h.Verify(h.t.Context(), u) // links without a gap, hashes, signatures, snapshot
	if err != nil {
		h.t.Fatal(err)
	}
	if a, b := fmt.Sprintf("%+v", *s), fmt.Sprintf("%+v", *h.state(u)); s.Lock == nil && a != b {
		h.t.Fatalf("the replay says\n%s\nthe snapshot\n%s", a, b)
	}
	if s.Status != register.Registered {
		return
	}
	seen := map[register.Ref]bool{}
	sum := new(big.Rat)
	for _, x := range s.Title.Owners.Holders {
		if seen[x.Ref] {
			h.t.Fatalf("%s is owner twice", x.Ref)
		}
		seen[x.Ref] = true
		if s.Title.Owners.Mode == register.ByShares {
			sum.Add(sum, big.NewRat(x.Share.Num, x.Share.Den))
		}
	}
	if s.Title.Owners.Mode == register.ByShares && sum.Cmp(big.NewRat(1, 1)) != 0 {
		h.t.Fatalf("shares sum to %s", sum)
	}
	for i := 1; i < len(s.Mortgages); i++ {
		a, b := s.Mortgages[i-1].Order, s.Mortgages[i].Order
		if a.Version > b.Version || a.Version == b.Version && a.Step >= b.Step {
			h.t.Fatalf("mortgages are out of rank: %+v", s.Mortgages)
		}
	}
}

// end looks at the log as a whole.
func (h *history) end() {
	if _, err := h.VerifyAll(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for _, u := range h.units {
		locks := 0
		x, err := h.Extract(h.t.Context(), u, 0, time.Time{})
		if register.ReasonOf(err) == register.NotFound {
			continue
		}
		if err != nil {
			h.t.Fatal(err)
		}
		for _, l := range x.History { // never two locks at once
			switch l.Op.(type) {
			case *register.Lock:
				locks++
			case *register.Unlock:
				locks--
			}
			if locks < 0 || locks > 1 {
				h.t.Fatalf("%s is locked %d times", u, locks)
			}
		}
	}
	for range 60 {
		h.flip()
	}
}

// flip changes one byte somewhere in the log; it must be found.
func (h *history) flip() {
	m := h.store
	var ids []register.BookingID
	for id := range m.bookings {
		ids = append(ids, id)
	}
	id := ids[h.IntN(len(ids))]
	good := m.bookings[id]
	bad := good
	switch h.IntN(3) {
	case 0:
		bad.Sig = bytes.Clone(good.Sig)
		bad.Sig[h.IntN(len(bad.Sig))] ^= 1 << h.IntN(8)
	case 1:
		bad.Hash = register.Digest(flipByte(h.Rand, []byte(good.Hash)))
	default:
		bad.Raw = flipByte(h.Rand, good.Raw)
		// The changed bytes are read again where they can be, and have their own hash.
		if b, err := register.ReadBooking(bad.Raw); err == nil {
			b.Sig, b.Hash = good.Sig, register.Digest("sha256:"+sumHex(bad.Raw))
			bad = b
		}
	}
	m.bookings[id] = bad
	for _, u := range good.Units() {
		if _, err := h.Verify(h.t.Context(), u); register.ReasonOf(err) != register.Broken {
			h.t.Fatalf("a changed byte of booking %s was not found in unit %s: %v", id, u, err)
		}
	}
	m.bookings[id] = good
}

func flipByte(r *rand.Rand, b []byte) []byte {
	out := bytes.Clone(b)
	out[r.IntN(len(out))] ^= 1 << r.IntN(8)
	return out
}

// A booking that is taken away leaves a gap, or a snapshot that is ahead.
func TestAMissingBookingIsFound(t *testing.T) {
	w := newWorld(t)
	middle := w.office(step(transfer(simple, "a", "x")))
	last := w.office(step(transfer(simple, "x", "y")))
	for _, b := range []register.Booking{middle, last} {
		delete(w.store.keys, b.Keys()[0])
		if _, err := w.Verify(t.Context(), simple); register.ReasonOf(err) != register.Broken {
			t.Error(err)
		}
		w.store.keys[b.Keys()[0]] = b.ID
	}
	if _, err := w.Verify(t.Context(), simple); err != nil {
		t.Error(err)
	}
}
