package register_test

import (
	"fmt"
	"testing"
	"time"

	"tongban/hub/code"
	"tongban/hub/register"
	"tongban/storage/storetest"
)

const (
	land      code.Unit = "410425001002GB00003W00000000"
	homestead code.Unit = "410425001002JC00001W00000000"
	officer             = "p1"
	registry            = "410425.registry"
)

func flat(n int) code.Unit { return code.Unit(fmt.Sprintf("410425001002GB00003F%08d", n)) }

// The flats of the world.
var (
	simple     = flat(1) // owned by a
	couple     = flat(2) // jointly by a and b
	shared     = flat(3) // a 2/3, b 1/6, c 1/6
	mortgaged  = flat(4) // a; bank, then bank2
	clause     = flat(5) // a; bank, no transfer
	seized     = flat(6) // a
	objected   = flat(7) // a; o objects
	noticed    = flat(8) // a; sold to n by advance notice
	lived      = flat(9) // a; r lives there
	planned    = flat(10)
	locked     = flat(11) // a; case "other" holds it
	unknown    = flat(12)
	cancelled  = flat(13)
	mortgageIn = flat(14) // a; mortgage notice of bank
)

// world is a register with one of everything, and a clock that tests move.
type world struct {
	*register.Register
	t     testing.TB
	store *memory
	now   time.Time
	n     int
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, store: newMemory(), now: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}
	w.Register = register.New(w.store, storetest.NewRegisterKeys(), func() time.Time { return w.now }, register.DefaultTerms())
	w.office(step(first(land, sole("dev"))))
	w.office(step(first(homestead, sole("a"))))
	for _, u := range []code.Unit{simple, mortgaged, clause, seized, objected, noticed, lived, locked, cancelled, mortgageIn} {
		w.office(step(first(u, sole("a"))))
	}
	w.office(step(first(couple, joint("a", "b"))))
	w.office(step(first(shared, shares("a", 2, 3, "b", 1, 6, "c", 1, 6))))
	w.office(step(mortgage(mortgaged, "bank", "a")), step(mortgage(mortgaged, "bank2", "a")))
	g := mortgage(clause, "bank", "a")
	g.NoTransfer = true
	w.office(step(g))
	w.court("(2026)1", step(&register.Seizure{Unit: seized, Court: "郏县人民法院", Order: "(2026)1", Months: 36}))
	w.office(step(&register.Objection{Unit: objected, By: "o", About: "ownership"}))
	w.office(step(notice(noticed, register.NoticeOwnership, "a", "n")))
	w.office(step(notice(mortgageIn, register.NoticeMortgage, "a", "bank")))
	w.office(step(&register.Residence{Unit: lived, Holder: "r", Acting: refs("a")}))
	w.office(step(&register.Plan{Unit: planned, About: about(), Developer: "dev"}),
		step(notice(planned, register.NoticeOwnership, "dev", "n")), step(notice(planned, register.NoticeMortgage, "n", "bank")))
	w.office(step(&register.Cancel{Unit: cancelled, Ground: register.ByDestruction, Acting: refs("a")}))
	if _, _, err := w.Hold(t.Context(), w.request(register.FromCase, "other", step(transfer(locked, "a", "x")))); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) request(k register.SourceKind, id string, steps ...register.Step) register.Request {
	w.n++
	return register.Request{
		Source: register.Source{Kind: k, ID: id, Step: fmt.Sprint(w.n)}, Agency: registry, By: officer, Steps: steps,
	}
}

func (w *world) must(q register.Request) register.Booking {
	w.t.Helper()
	b, err := w.Book(w.t.Context(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func (w *world) office(steps ...register.Step) register.Booking {
	w.t.Helper()
	return w.must(w.request(register.FromOffice, "old registers", steps...))
}

func (w *world) court(order string, steps ...register.Step) register.Booking {
	w.t.Helper()
	return w.must(w.request(register.FromCourt, order, steps...))
}

// byCase takes the locks and books, as a case does.
func (w *world) byCase(c string, told []register.EntryID, steps ...register.Step) (register.Booking, error) {
	if _, _, err := w.Hold(w.t.Context(), w.request(register.FromCase, c, steps...)); err != nil {
		return register.Booking{}, err
	}
	q := w.request(register.FromCase, c, steps...)
	q.Told = told
	return w.Book(w.t.Context(), q)
}

func (w *world) state(u code.Unit) *register.State {
	w.t.Helper()
	s, err := w.State(w.t.Context(), u)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// days moves the clock.
func (w *world) days(n int) { w.now = w.now.AddDate(0, 0, n) }

func step(o register.Op) register.Step { return register.Step{Op: o} }

func refs(list ...register.Ref) []register.Ref { return list }

func sole(r register.Ref) register.Ownership {
	return register.Ownership{Mode: register.Sole, Holders: []register.Holder{{Ref: r}}}
}

func joint(list ...register.Ref) register.Ownership {
	o := register.Ownership{Mode: register.Joint}
	for _, r := range list {
		o.Holders = append(o.Holders, register.Holder{Ref: r})
	}
	return o
}

// shares takes ref, numerator, denominator, ref, …
func shares(list ...any) register.Ownership {
	o := register.Ownership{Mode: register.ByShares}
	for i := 0; i < len(list); i += 3 {
		o.Holders = append(o.Holders, register.Holder{
			Ref: register.Ref(list[i].(string)), Share: register.Share{Num: int64(list[i+1].(int)), Den: int64(list[i+2].(int))},
		})
	}
	return o
}

func about() register.Description {
	return register.Description{Location: "郏县龙山大道1号", Area: 9_850, Use: "residential"}
}

func first(u code.Unit, o register.Ownership) *register.First {
	return &register.First{Unit: u, About: about(), Owners: o, Acting: o.Refs()}
}

func transfer(u code.Unit, from, to register.Ref) *register.Transfer {
	return &register.Transfer{Unit: u, Ground: register.ByAgreement, From: refs(from), To: sole(to), Acting: refs(from, to)}
}

func mortgage(u code.Unit, bank register.Ref, owners ...register.Ref) *register.Mortgage {
	return &register.Mortgage{
		Unit: u, Kind: register.OrdinaryMortgage, Creditor: bank, Debt: 50_000_000, Begins: "2026-03-02", Until: "2046-03-01",
		Acting: append(owners, bank),
	}
}

func notice(u code.Unit, k register.NoticeKind, from, to register.Ref) *register.Notice {
	n := &register.Notice{Unit: u, Kind: k, Obligors: refs(from), Holders: refs(to), Acting: refs(from, to)}
	if k == register.NoticeMortgage {
		n.Debt = 50_000_000
	}
	return n
}
