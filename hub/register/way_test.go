package register_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"tongban/hub/register"
)

// 带押过户 in one booking: transfer, the buyer's new mortgage, the old one's end.
func TestLinkedRegistrationsBookTogetherOrNot(t *testing.T) {
	w := newWorld(t)
	old := w.state(mortgaged).Mortgages
	package3 := func(bank2 register.Ref) []register.Step {
		return []register.Step{
			{Op: transfer(mortgaged, "a", "x"), Certificates: []string{"title"}},
			{Op: mortgage(mortgaged, "newbank", "x"), Certificates: []string{"proof"}},
			step(&register.MortgageCancel{Unit: mortgaged, Mortgage: old[0].Entry, Ground: register.ByWaiver, Acting: refs("bank")}),
			step(&register.MortgageCancel{Unit: mortgaged, Mortgage: old[1].Entry, Ground: register.ByWaiver, Acting: refs(bank2)}),
		}
	}
	if _, err := w.byCase("c", nil, package3("somebody")...); register.ReasonOf(err) != register.Refused {
		t.Fatal(err)
	}
	if s := w.state(mortgaged); s.Title.Owners.Refs()[0] != "a" || len(s.Mortgages) != 2 || s.Lock != nil {
		t.Fatalf("a part was booked: %+v", s)
	}
	b, err := w.byCase("c", nil, package3("bank2")...)
	if err != nil {
		t.Fatal(err)
	}
	s := w.state(mortgaged)
	if s.Title.Owners.Refs()[0] != "x" || len(s.Mortgages) != 1 || s.Mortgages[0].Creditor != "newbank" || s.Lock != nil {
		t.Fatalf("%+v", s)
	}
	if s.Title.Entry != register.EntryID(b.ID+"/0") || s.Mortgages[0].Entry != register.EntryID(b.ID+"/1") {
		t.Errorf("entries %s, %s of booking %s", s.Title.Entry, s.Mortgages[0].Entry, b.ID)
	}
}

// 双预告 and its conversion: the mortgage ranks from its notice, before one that
// was registered earlier.
func TestNoticesBecomeRights(t *testing.T) {
	w := newWorld(t)
	w.days(400) // nothing lapses before first registration
	w.office(step(first(planned, sole("dev"))))
	w.office(step(mortgage(planned, "devbank", "dev", "n")))
	s := w.state(planned)
	tr, mo := transfer(planned, "dev", "n"), mortgage(planned, "bank", "n")
	tr.Notice, mo.Notice = s.Notices[0].Entry, s.Notices[1].Entry
	w.days(90)
	if _, _, err := w.Hold(t.Context(), w.request(register.FromCase, "c", step(tr), step(mo))); err != nil {
		t.Fatal(err)
	}
	w.days(30) // asked for in time: it no longer lapses
	if _, err := w.Book(t.Context(), w.request(register.FromCase, "c", step(tr), step(mo))); err != nil {
		t.Fatal(err)
	}
	s = w.state(planned)
	if len(s.Notices) != 0 || len(s.Mortgages) != 2 || s.Mortgages[0].Creditor != "bank" || s.Title.Owners.Refs()[0] != "n" {
		t.Fatalf("%+v", s)
	}
}

func TestTimeEndsNoticesObjectionsAndSeizures(t *testing.T) {
	w := newWorld(t) // 2 March 2026, 09:00 in China
	day := func(d time.Time) time.Time { return d.In(register.DefaultTerms().Zone) }
	check := func(when string, op register.Op, want ...register.ObstacleCode) {
		t.Helper()
		var err error
		if w.now, err = time.Parse(time.RFC3339, when); err != nil {
			t.Fatal(err)
		}
		list, err := w.Check(t.Context(), register.Source{Kind: register.FromCase, ID: "c"}, []register.Step{step(op)})
		if err != nil {
			t.Fatal(err)
		}
		var got []register.ObstacleCode
		for _, o := range register.Standing(list, nil) {
			got = append(got, o.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("at %s: %v, want %v", day(w.now), got, want)
		}
	}
	check("2026-03-17T23:59:59+08:00", transfer(objected, "a", "x"), register.ObjectionPending)
	check("2026-03-18T00:00:00+08:00", transfer(objected, "a", "x"))
	check("2026-05-31T23:59:59+08:00", transfer(noticed, "a", "x"), register.AdvanceNotice)
	check("2026-06-01T00:00:00+08:00", transfer(noticed, "a", "x"))
	check("2029-03-02T08:59:59+08:00", transfer(seized, "a", "x"), register.Seizing)
	check("2029-03-02T09:00:00+08:00", transfer(seized, "a", "x"))
	// A lapsed notice is not converted, and no lock revives it.
	late := transfer(noticed, "a", "n")
	late.Notice = w.state(noticed).Notices[0].Entry
	if _, _, err := w.Hold(t.Context(), w.request(register.FromCase, "c", step(late))); register.ObstaclesOf(err)[0].Code != register.Lapsed {
		t.Error(err)
	}
	x, err := w.Extract(t.Context(), noticed, 0, time.Time{})
	if err != nil || len(x.Notices) != 0 {
		t.Error(x, err)
	}
}

func TestAHolidayAtTheEndMovesTheLapse(t *testing.T) {
	n := register.Noticed{Possible: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}
	terms := register.DefaultTerms()
	terms.Roll = func(d time.Time) time.Time { return d.AddDate(0, 0, 1) }
	at, ok := n.Lapse(terms)
	if want := time.Date(2026, 6, 2, 0, 0, 0, 0, terms.Zone); !ok || !at.Equal(want) {
		t.Errorf("lapse %s, want %s", at, want)
	}
}

func TestSuitKeepsAnObjection(t *testing.T) {
	w := newWorld(t)
	w.days(10)
	w.office(step(&register.ObjectionSuit{Unit: objected, Objection: w.state(objected).Objections[0].Entry, Acting: refs("o")}))
	w.days(100)
	if _, err := w.byCase("c", nil, step(transfer(objected, "a", "x"))); register.ObstaclesOf(err)[0].Code != register.ObjectionPending {
		t.Fatal(err)
	}
	w.must(w.request(register.FromCase, "c", step(&register.Unlock{Unit: objected, Case: "c"}))) // gives up
	if _, err := w.byCase("d", []register.EntryID{w.state(objected).Objections[0].Entry}, step(transfer(objected, "a", "x"))); err != nil {
		t.Fatal("who was told may acquire:", err)
	}
}

func TestALapsedObjectionDoesNotComeAgain(t *testing.T) {
	w := newWorld(t)
	w.days(16)
	o := w.state(objected).Objections[0].Entry
	w.office(step(&register.ObjectionCancel{Unit: objected, Objection: o, Ground: register.ByLapse}))
	_, err := w.Book(t.Context(), w.request(register.FromCase, "c", step(&register.Objection{Unit: objected, By: "o", About: "ownership"})))
	if l := register.ObstaclesOf(err); len(l) != 1 || l[0].Code != register.ObjectionRepeated || l[0].Ref != o {
		t.Fatal(err)
	}
	w.must(w.request(register.FromCase, "c", step(&register.Objection{Unit: objected, By: "o", About: "mortgage"})))
}

// 轮候: the second seizure takes effect when the first is lifted, or is over.
func TestWaitingSeizures(t *testing.T) {
	w := newWorld(t)
	w.court("2", step(&register.Seizure{Unit: seized, Court: "B", Order: "2", Months: 12}))
	w.court("3", step(&register.Seizure{Unit: seized, Court: "C", Order: "3", Months: 6}))
	s := w.state(seized)
	w.days(10)
	w.court("1", step(&register.SeizureLift{Unit: seized, Seizure: s.Seizures[0].Entry, Order: "1"}))
	z, waiting := w.state(seized).InForce(w.now)
	if z == nil || z.Court != "B" || !z.Start.Equal(w.now) || len(waiting) != 1 {
		t.Fatal(z, waiting)
	}
	w.now = w.now.AddDate(0, 12, 0)
	if z, waiting = w.state(seized).InForce(w.now); z == nil || z.Court != "C" || !z.Start.Equal(w.now) || len(waiting) != 0 {
		t.Fatal(z, waiting)
	}
	w.court("3b", step(&register.SeizureExtend{Unit: seized, Seizure: z.Entry, Order: "3b", Months: 6}))
	w.now = w.now.AddDate(0, 11, 0)
	if z, _ = w.state(seized).InForce(w.now); z == nil {
		t.Fatal("the extended seizure is over")
	}
	w.now = w.now.AddDate(0, 1, 0)
	if z, _ = w.state(seized).InForce(w.now); z != nil {
		t.Fatal(z)
	}
}

func TestASeizureDoesNotWaitForALock(t *testing.T) {
	w := newWorld(t)
	c, ok, err := w.LockHolder(t.Context(), locked)
	if err != nil || !ok || c != "other" {
		t.Fatal(c, ok, err)
	}
	b := w.court("9", step(&register.Seizure{Unit: locked, Court: "B", Order: "9", Months: 12}))
	stops, err := w.Stops(t.Context(), 10)
	if err != nil || len(stops) != 1 || stops[0].Case != "other" || stops[0].Booking != b.ID || stops[0].Court != "B" || !slices.Equal(stops[0].Units, b.Units()) {
		t.Fatal(stops, err)
	}
	w.court("9l", step(&register.SeizureLift{Unit: locked, Seizure: register.EntryID(b.ID + "/0"), Order: "9"}))
	if stops, err = w.Stops(t.Context(), 10); err != nil || len(stops) != 1 {
		t.Fatal("a lifting stops nobody", stops, err)
	}
}

func TestASeizureOfLandReachesItsOwnersBuildings(t *testing.T) {
	w := newWorld(t)
	w.office(step(first(unknown, sole("dev"))))
	w.court("8", step(&register.Seizure{Unit: land, Court: "B", Order: "8", Months: 12}))
	_, err := w.byCase("c", nil, step(transfer(unknown, "dev", "x")))
	if l := register.ObstaclesOf(err); len(l) != 1 || l[0].Code != register.Seizing || l[0].Args["unit"] != string(land) {
		t.Fatal(err)
	}
	if _, err = w.byCase("c", nil, step(transfer(simple, "a", "x"))); err != nil {
		t.Fatal("a flat of somebody else:", err)
	}
	_, err = w.Book(t.Context(), w.request(register.FromOffice, "o", step(first(flat(99), sole("dev")))))
	if l := register.ObstaclesOf(err); len(l) != 1 || l[0].Code != register.Seizing {
		t.Fatal(err)
	}
}

func TestShareTransfers(t *testing.T) {
	w := newWorld(t)
	some := transfer(shared, "b", "x")
	some.To = shares("x", 1, 12, "c", 1, 12)
	some.Acting = refs("b", "x", "c")
	if _, err := w.byCase("c1", nil, step(some)); err != nil {
		t.Fatal(err)
	}
	o := w.state(shared).Title.Owners
	for r, want := range map[register.Ref]register.Share{"a": {Num: 2, Den: 3}, "c": {Num: 1, Den: 4}, "x": {Num: 1, Den: 12}, "b": {}} {
		if got := o.Share(r); got != want {
			t.Errorf("%s holds %v, want %v", r, got, want)
		}
	}
	all := transfer(shared, "a", "y")
	all.From = refs("a", "c", "x")
	all.Acting = refs("a", "y") // two thirds may dispose of the whole (民法典 301)
	if _, err := w.byCase("c2", nil, step(all)); err != nil {
		t.Fatal(err)
	}
	if o = w.state(shared).Title.Owners; o.Mode != register.Sole || o.Share("y") != (register.Share{Num: 1, Den: 1}) {
		t.Fatal(o)
	}
}

func TestConsentsOpenTheWay(t *testing.T) {
	for name, op := range map[string]*register.Transfer{"clause": transfer(clause, "a", "x"), "notice": transfer(noticed, "a", "x"), "to the notice's holder": transfer(noticed, "a", "n")} {
		w := newWorld(t)
		op.Consents = refs("bank", "n")
		if name == "to the notice's holder" {
			op.Consents = nil
		}
		if _, err := w.byCase("c", nil, step(op)); err != nil {
			t.Error(name, err)
		}
	}
}

func TestCertificates(t *testing.T) {
	w := newWorld(t)
	w.office(register.Step{Op: transfer(simple, "a", "x"), Certificates: []string{"t1"}},
		register.Step{Op: mortgage(simple, "bank", "x"), Certificates: []string{"m1"}})
	w.office(register.Step{Op: &register.Change{Unit: simple, Acting: refs("x"), Patch: register.Patch{Location: new("新街1号")}}, Certificates: []string{"t2"}})
	w.office(step(&register.MortgageCancel{Unit: simple, Mortgage: w.state(simple).Mortgages[0].Entry, Ground: register.ByWaiver, Acting: refs("bank")}))
	for n, want := range map[string]register.CertificateStatus{"t1": register.Replaced, "t2": register.Valid, "m1": register.Revoked} {
		c, err := w.Certificate(t.Context(), n)
		if err != nil || c.Status != want || c.Unit != simple || (c.EndedBy == "") != (want == register.Valid) {
			t.Errorf("%s: %+v, %v", n, c, err)
		}
	}
	if _, err := w.Certificate(t.Context(), "t9"); register.ReasonOf(err) != register.NotFound {
		t.Error(err)
	}
	if _, err := w.Book(t.Context(), w.request(register.FromOffice, "o", register.Step{Op: transfer(simple, "x", "y"), Certificates: []string{"t1"}})); register.ObstaclesOf(err)[0].Code != register.CertificateTaken {
		t.Error(err)
	}
}

func TestExtractAsOf(t *testing.T) {
	w := newWorld(t)
	before := w.now
	w.days(1)
	b := w.office(step(transfer(mortgaged, "a", "x")))
	w.days(1)
	w.office(step(transfer(mortgaged, "x", "y")))
	for _, c := range []struct {
		version int64
		at      time.Time
		owner   register.Ref
		lines   int
	}{
		{0, time.Time{}, "y", 5}, {0, before, "a", 3}, {3, time.Time{}, "x", 4}, {0, b.At, "x", 4}, {4, b.At, "x", 4}, {1, time.Time{}, "a", 1},
	} {
		x, err := w.Extract(t.Context(), mortgaged, c.version, c.at)
		if c.version == 4 { // not yet on that day
			if register.ReasonOf(err) != register.NotFound {
				t.Error(err)
			}
			continue
		}
		if err != nil || x.Owners.Refs()[0] != c.owner || len(x.History) != c.lines {
			t.Errorf("version %d, %s: %+v, %v", c.version, c.at, x, err)
		}
	}
	if _, err := w.Extract(t.Context(), unknown, 0, time.Time{}); register.ReasonOf(err) != register.NotFound {
		t.Error(err)
	}
	x, err := w.Extract(t.Context(), land, 0, time.Time{})
	if err != nil || len(x.History) < 12 {
		t.Errorf("the land does not show its flats: %v, %v", x, err)
	}
}

func TestDemoSeedLoadsTwice(t *testing.T) {
	w := newWorld(t)
	for _, p := range register.DemoPlaces()[1:] {
		var file bytes.Buffer
		if _, err := register.DemoSeed(p).WriteTo(&file); err != nil {
			t.Fatal(err)
		}
		s, err := register.ReadSeed(&file)
		if err != nil {
			t.Fatal(err)
		}
		o := register.LoadOptions{Ref: func(r register.Ref) (register.Ref, error) { return "here:" + r, nil }, Seal: func(register.Step) ([]byte, error) { return []byte("name"), nil }}
		for range 2 {
			if n, err := w.Load(t.Context(), s, officer, o); err != nil || n != register.DemoUnits+5 {
				t.Fatal(n, err)
			}
		}
		if got := w.state(register.DemoUnit(p, 1)).Title.Owners.Refs()[0]; got != "here:"+register.DemoOwner(p, 1, false) {
			t.Error(got)
		}
		if z, waiting := w.state(register.DemoUnit(p, register.DemoSeized)).InForce(w.now); z == nil || len(waiting) != 1 {
			t.Error("no seizure", z, waiting)
		}
		if m := w.state(register.DemoUnit(p, register.DemoNoTransfer)).Mortgages; len(m) != 1 || !m[0].NoTransfer {
			t.Error(m)
		}
	}
	if n, err := w.VerifyAll(t.Context()); err != nil || n < 3*(register.DemoUnits+3) {
		t.Error(n, err)
	}
}

// 验收即登记: a whole building in one booking, as one developer hands it in.
func TestABuildingBooksAtOnce(t *testing.T) {
	w := newWorld(t)
	var steps []register.Step
	for n := range 400 {
		steps = append(steps, step(first(flat(20_000+n), sole("dev"))))
	}
	if b, err := w.byCase("c", nil, steps...); err != nil || len(b.Links) != 401 {
		t.Fatal(len(b.Links), err)
	}
	if s := w.state(land); len(s.Fixtures) < 400 {
		t.Error(len(s.Fixtures))
	}
	steps[399] = step(first(simple, sole("dev"))) // exists
	for n := range 399 {
		steps[n] = step(first(flat(30_000+n), sole("dev")))
	}
	if _, err := w.byCase("d", nil, steps...); register.ReasonOf(err) != register.Refused {
		t.Fatal(err)
	}
	if s := w.state(flat(30_000)); s.Version != 0 {
		t.Error("a part was booked")
	}
}
