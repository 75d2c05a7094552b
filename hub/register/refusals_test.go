package register_test

import (
	"slices"
	"testing"

	"tongban/hub/code"
	"tongban/hub/register"
)

// refusal is something the register must not book, with every obstacle that
// blocks, in order.
type refusal struct {
	name string
	by   register.SourceKind // "" is a case with every lock it can get
	op   func(w *world) register.Op
	want []register.ObstacleCode
}

func on(o register.Op) func(*world) register.Op { return func(*world) register.Op { return o } }

func with[T register.Op](o T, change func(T)) func(*world) register.Op {
	change(o)
	return on(o)
}

func codes(list ...register.ObstacleCode) []register.ObstacleCode { return list }

func titleRefusals() []refusal {
	return []refusal{
		{"transfer of a unit nobody knows", "", on(transfer(unknown, "a", "x")), codes(register.UnknownUnit)},
		{"transfer of a planned unit", "", on(transfer(planned, "dev", "x")), codes(register.UnknownUnit)},
		{"transfer of a cancelled unit", "", on(transfer(cancelled, "a", "x")), codes(register.UnknownUnit)},
		{"transfer by who does not own", "", on(transfer(simple, "z", "x")), codes(register.WrongHolder)},
		{"transfer without the owner's act", "", with(transfer(simple, "a", "x"), func(o *register.Transfer) { o.Acting = refs("x") }), codes(register.WrongHolder)},
		{"transfer without the buyer's act", "", with(transfer(simple, "a", "x"), func(o *register.Transfer) { o.Acting = refs("a") }), codes(register.WrongHolder)},
		{"one of a couple sells all", "", with(transfer(couple, "a", "x"), func(o *register.Transfer) { o.From = refs("a", "b") }), codes(register.WrongHolder)},
		{"one of a couple sells his half", "", on(transfer(couple, "a", "x")), codes(register.BadShares)},
		{"a third of the shares sells all", "", with(transfer(shared, "b", "x"), func(o *register.Transfer) {
			o.From, o.Acting = refs("a", "b", "c"), refs("b", "c", "x")
		}), codes(register.WrongHolder)},
		{"a share is sold as a larger one", "", with(transfer(shared, "b", "x"), func(o *register.Transfer) { o.To = shares("x", 1, 5) }), codes(register.BadShares)},
		{"shares that do not sum to one", "", with(transfer(simple, "a", "x"), func(o *register.Transfer) {
			o.To, o.Acting = shares("x", 1, 2, "y", 1, 3), refs("a", "x", "y")
		}), codes(register.BadShares)},
		{"the same person twice", "", with(transfer(simple, "a", "x"), func(o *register.Transfer) { o.To = joint("x", "x") }), codes(register.BadForm)},
		{"a share above one", "", with(transfer(simple, "a", "x"), func(o *register.Transfer) { o.To = shares("x", 3, 2) }), codes(register.BadForm)},
		{"transfer of a seized unit", "", on(transfer(seized, "a", "x")), codes(register.Seizing)},
		{"inheritance of a seized unit", "", with(transfer(seized, "a", "x"), func(o *register.Transfer) { o.Ground = register.ByInheritance }), codes(register.Seizing)},
		{"transfer of a unit that another case holds", "", on(transfer(locked, "a", "x")), codes(register.LockedByOther)},
		{"correction ex officio of a unit that a case holds", register.FromOffice, on(&register.Correct{
			Unit: locked, Ground: register.ByOffice, Patch: register.Patch{Area: new(int64(1))},
		}), codes(register.LockedByOther)},
		{"transfer past an advance notice", "", on(transfer(noticed, "a", "x")), codes(register.AdvanceNotice)},
		{"transfer past a mortgage notice", "", on(transfer(mortgageIn, "a", "x")), codes(register.AdvanceNotice)},
		{"transfer past a no-transfer clause", "", on(transfer(clause, "a", "x")), codes(register.NoTransferClause)},
		{"conversion of a notice of somebody else", "", func(w *world) register.Op {
			o := transfer(noticed, "a", "x")
			o.Notice = w.state(noticed).Notices[0].Entry
			return o
		}, codes(register.WrongHolder)},
		{"conversion of a notice that is none", "", with(transfer(simple, "a", "x"), func(o *register.Transfer) { o.Notice = "no/0" }), codes(register.UnknownEntry)},
		{"land is sold without the flats on it", "", on(transfer(land, "dev", "x")), codes(register.UnitsRemain)},
		{"first registration of what is registered", "", on(first(simple, sole("x"))), codes(register.UnitExists)},
		{"first registration under a cancelled number", "", on(first(cancelled, sole("x"))), codes(register.UnitExists)},
		{"first registration on unknown land", "", on(first("410425001002GB00099F00010101", sole("x"))), codes(register.UnknownParcel)},
		{"first registration with bad shares", "", on(first(unknown, shares("x", 1, 2, "y", 1, 4))), codes(register.BadShares)},
		{"first registration of a malformed number", "", on(first("410425", sole("x"))), codes(register.BadForm)},
		{"planning what is registered", "", on(&register.Plan{Unit: simple, About: about(), Developer: "dev"}), codes(register.UnitExists)},
		{"change by a stranger", "", on(&register.Change{Unit: simple, Acting: refs("z"), Patch: register.Patch{Use: new("office")}}), codes(register.WrongHolder)},
		{"change of nothing", "", on(&register.Change{Unit: simple, Acting: refs("a")}), codes(register.BadForm)},
		{"change that brings in another owner", "", on(&register.Change{Unit: simple, Acting: refs("a"), Patch: register.Patch{Owners: new(joint("a", "x"))}}), codes(register.WrongHolder)},
		{"change of the use of a seized unit", "", on(&register.Change{Unit: seized, Acting: refs("a"), Patch: register.Patch{Use: new("office")}}), codes(register.Seizing)},
		{"rename of who is no owner", "", on(&register.Change{Unit: simple, Acting: refs("a"), Patch: register.Patch{Renames: []register.Rename{{From: "z", To: "y"}}}}), codes(register.WrongHolder)},
		{"correction without the owner's consent", "", on(&register.Correct{Unit: simple, Ground: register.ByAgreement, Patch: register.Patch{Owners: new(sole("x"))}}), codes(register.WrongHolder)},
		{"correction ex officio by a case", "", on(&register.Correct{Unit: simple, Ground: register.ByOffice, Patch: register.Patch{Use: new("office")}}), codes(register.NotForSource)},
		{"waiver of a mortgaged unit", "", on(&register.Cancel{Unit: mortgaged, Ground: register.ByWaiver, Acting: refs("a")}), codes(register.MortgageExists, register.MortgageExists)},
		{"waiver of a noticed unit", "", on(&register.Cancel{Unit: noticed, Ground: register.ByWaiver, Acting: refs("a")}), codes(register.AdvanceNotice)},
		{"waiver of a unit somebody lives in by right", "", on(&register.Cancel{Unit: lived, Ground: register.ByWaiver, Acting: refs("a")}), codes(register.Burdened)},
		{"cancellation by a stranger", "", on(&register.Cancel{Unit: simple, Ground: register.ByDestruction, Acting: refs("z")}), codes(register.WrongHolder)},
		{"cancellation of a seized unit", "", on(&register.Cancel{Unit: seized, Ground: register.ByDestruction, Acting: refs("a")}), codes(register.Seizing)},
		{"cancellation of land with flats", "", on(&register.Cancel{Unit: land, Ground: register.ByWaiver, Acting: refs("dev")}), codes(register.UnitsRemain)},
	}
}

func burdenRefusals() []refusal {
	id := func(u code.Unit, i int) func(w *world) register.EntryID {
		return func(w *world) register.EntryID { return w.state(u).Mortgages[i].Entry }
	}
	m0 := id(mortgaged, 0)
	nid := func(w *world) register.EntryID { return w.state(noticed).Notices[0].Entry }
	oid := func(w *world) register.EntryID { return w.state(objected).Objections[0].Entry }
	zid := func(w *world) register.EntryID { return w.state(seized).Seizures[0].Entry }
	return []refusal{
		{"mortgage by a stranger", "", on(mortgage(simple, "bank", "z")), codes(register.WrongHolder)},
		{"mortgage without the bank", "", with(mortgage(simple, "bank", "a"), func(o *register.Mortgage) { o.Acting = refs("a") }), codes(register.WrongHolder)},
		{"mortgage by one of a couple", "", on(mortgage(couple, "bank", "a")), codes(register.WrongHolder)},
		{"mortgage of a seized unit", "", on(mortgage(seized, "bank", "a")), codes(register.Seizing)},
		{"mortgage past an advance notice", "", on(mortgage(noticed, "bank", "a")), codes(register.AdvanceNotice)},
		{"mortgage of a homestead", "", on(mortgage(homestead, "bank", "a")), codes(register.NotMortgageable)},
		{"mortgage of nothing", "", with(mortgage(simple, "bank", "a"), func(o *register.Mortgage) { o.Debt = 0 }), codes(register.BadForm)},
		{"mortgage that ends before it begins", "", with(mortgage(simple, "bank", "a"), func(o *register.Mortgage) { o.Until = "2020-01-01" }), codes(register.BadForm)},
		{"cancellation of no mortgage", "", on(&register.MortgageCancel{Unit: simple, Mortgage: "x/0", Ground: register.ByAgreement, Acting: refs("bank")}), codes(register.UnknownEntry)},
		{"cancellation by the owner alone", "", func(w *world) register.Op {
			return &register.MortgageCancel{Unit: mortgaged, Mortgage: m0(w), Ground: register.ByWaiver, Acting: refs("a")}
		}, codes(register.WrongHolder)},
		{"more debt over the next bank's head", "", func(w *world) register.Op {
			return &register.MortgageChange{Unit: mortgaged, Mortgage: m0(w), Debt: new(int64(60_000_000)), Acting: refs("a", "bank")}
		}, codes(register.LaterMortgage)},
		{"mortgage transfer without the creditor", "", func(w *world) register.Op {
			return &register.MortgageTransfer{Unit: mortgaged, Mortgage: m0(w), To: "bank3", Acting: refs("a", "bank3")}
		}, codes(register.WrongHolder)},
		{"second sale by advance notice", "", on(notice(noticed, register.NoticeOwnership, "a", "x")), codes(register.AdvanceNotice)},
		{"notice by who does not own", "", on(notice(simple, register.NoticeOwnership, "z", "x")), codes(register.WrongHolder)},
		{"notice on a seized unit", "", on(notice(seized, register.NoticeOwnership, "a", "x")), codes(register.Seizing)},
		{"end of a notice by the seller", "", func(w *world) register.Op {
			return &register.NoticeCancel{Unit: noticed, Notice: nid(w), Ground: register.ByWaiver, Acting: refs("a")}
		}, codes(register.WrongHolder)},
		{"end of a notice before its time", "", func(w *world) register.Op {
			return &register.NoticeCancel{Unit: noticed, Notice: nid(w), Ground: register.ByLapse}
		}, codes(register.NotLapsed)},
		{"the same objection again", "", on(&register.Objection{Unit: objected, By: "o", About: "ownership"}), codes(register.ObjectionRepeated)},
		{"objection to an unknown unit", "", on(&register.Objection{Unit: unknown, By: "o", About: "ownership"}), codes(register.UnknownUnit)},
		{"end of an objection by the owner", "", func(w *world) register.Op {
			return &register.ObjectionCancel{Unit: objected, Objection: oid(w), Ground: register.ByWaiver, Acting: refs("a")}
		}, codes(register.WrongHolder)},
		{"suit by another", "", func(w *world) register.Op {
			return &register.ObjectionSuit{Unit: objected, Objection: oid(w), Acting: refs("a")}
		}, codes(register.WrongHolder)},
		{"transfer without telling of the objection", "", on(transfer(objected, "a", "x")), codes(register.ObjectionPending)},
		{"transfer without telling who lives there", "", on(transfer(lived, "a", "x")), codes(register.Burdened)},
		{"seizure on application", "", on(&register.Seizure{Unit: simple, Court: "c", Order: "1", Months: 12}), codes(register.CourtOnly)},
		{"seizure by the office", register.FromOffice, on(&register.Seizure{Unit: simple, Court: "c", Order: "1", Months: 12}), codes(register.CourtOnly)},
		{"seizure longer than three years", register.FromCourt, on(&register.Seizure{Unit: simple, Court: "c", Order: "1", Months: 37}), codes(register.BadForm)},
		{"seizure of an unknown unit", register.FromCourt, on(&register.Seizure{Unit: unknown, Court: "c", Order: "1", Months: 12}), codes(register.UnknownUnit)},
		{"lifting on application", "", func(w *world) register.Op { return &register.SeizureLift{Unit: seized, Seizure: zid(w), Order: "1"} }, codes(register.CourtOnly)},
		{"lifting of no seizure", register.FromCourt, on(&register.SeizureLift{Unit: simple, Seizure: "x/0", Order: "1"}), codes(register.UnknownEntry)},
		{"a sale by a court's order", register.FromCourt, on(transfer(simple, "a", "x")), codes(register.NotForSource)},
		{"a court's transfer of a seized unit before it is lifted", register.FromCourt, with(transfer(seized, "a", "x"), func(o *register.Transfer) { o.Ground = register.ByJudgment }), codes(register.Seizing)},
		{"residence by a stranger", "", on(&register.Residence{Unit: simple, Holder: "r", Acting: refs("z")}), codes(register.WrongHolder)},
		{"residence on land", "", on(&register.Residence{Unit: land, Holder: "r", Acting: refs("dev")}), codes(register.BadForm)},
		{"easement on a seized unit", "", on(&register.Easement{Unit: seized, Holder: "x", Content: "way", Acting: refs("a")}), codes(register.Seizing)},
		{"end of residence for life by lapse", "", func(w *world) register.Op {
			return &register.BurdenCancel{Unit: lived, Burden: w.state(lived).Burdens[0].Entry, Ground: register.ByLapse}
		}, codes(register.NotLapsed)},
		{"a lock by the office", register.FromOffice, on(&register.Lock{Unit: simple, Case: "c"}), codes(register.NotForSource)},
		{"another case's unlock", "", on(&register.Unlock{Unit: locked, Case: "mine"}), codes(register.NoLock)},
	}
}

func TestRefusals(t *testing.T) {
	for _, r := range slices.Concat(titleRefusals(), burdenRefusals()) {
		t.Run(r.name, func(t *testing.T) {
			w := newWorld(t)
			st := step(r.op(w))
			st.Certificates = []string{"must not be issued"}
			before := len(w.store.bookings)
			var err error
			if r.by != "" {
				_, err = w.Book(t.Context(), w.request(r.by, "x", st))
			} else {
				_, err = w.byCase("mine", nil, st)
			}
			if register.ReasonOf(err) != register.Refused {
				t.Fatalf("error %v, want a refusal", err)
			}
			var got []register.ObstacleCode
			for _, o := range register.Standing(register.ObstaclesOf(err), nil) {
				if o.Step != 0 || o.Unit != register.UnitOf(st.Op) {
					t.Errorf("obstacle %+v is of another step", o)
				}
				got = append(got, o.Code)
			}
			if !slices.Equal(got, r.want) {
				t.Errorf("obstacles %v, want %v", got, r.want)
			}
			for _, b := range w.store.bookings { // nothing but perhaps the case's own locks
				for _, s := range b.Steps {
					if len(s.Certificates) > 0 {
						t.Errorf("%T was booked", s.Op)
					}
				}
			}
			if n := len(w.store.bookings) - before; n > 1 {
				t.Errorf("%d bookings were made", n)
			}
			if _, err := w.VerifyAll(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
