package storetest

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/hub/register"
)

// RegisterKeys signs bookings with one key for all agencies. It is a real
// signature, so that a test finds a changed byte.
type RegisterKeys struct{ key ed25519.PrivateKey }

var _ register.Crypto = RegisterKeys{}

// NewRegisterKeys makes a key that every test process makes again.
func NewRegisterKeys() RegisterKeys {
	return RegisterKeys{ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}
}

// Sign implements [register.Crypto].
func (k RegisterKeys) Sign(_ context.Context, agency string, compose func(register.Names, time.Time) ([]byte, error)) (raw, sig []byte, err error) {
	raw, err = compose(register.Names{Key: "ed25519:" + agency, Hash: "sha256", Sign: "ed25519"}, time.Time{})
	if err != nil {
		return nil, nil, err
	}
	return raw, ed25519.Sign(k.key, raw), nil
}

// Sum implements [register.Crypto].
func (RegisterKeys) Sum(hash string, b []byte) (register.Digest, error) {
	if hash != "sha256" {
		return "", errors.New("unknown hash")
	}
	h := sha256.Sum256(b)
	return register.Digest("sha256:" + hex.EncodeToString(h[:])), nil
}

// Verify implements [register.Crypto].
func (k RegisterKeys) Verify(_ context.Context, agency string, n register.Names, _ time.Time, raw, sig []byte) error {
	pub, ok := k.key.Public().(ed25519.PublicKey)
	if !ok || n.Key != "ed25519:"+agency || n.Sign != "ed25519" || !ed25519.Verify(pub, raw, sig) {
		return errors.New("signature does not verify")
	}
	return nil
}

const registerAgency = "410425.registry"

// landUnit is the parcel of the test's units, flatUnit one on it.
const landUnit code.Unit = "410425001002GB00003W00000000"

func flatUnit(n int) code.Unit { return code.Unit(fmt.Sprintf("410425001002GB00003F%08d", n)) }

// book is a register over the store, with a clock that stands.
func book(s register.Store) *register.Register {
	return register.New(s, NewRegisterKeys(), func() time.Time { return day }, register.DefaultTerms())
}

func byOffice(id string, steps ...register.Step) register.Request {
	return register.Request{Source: register.Source{Kind: register.FromOffice, ID: id}, Agency: registerAgency, By: "p1", Steps: steps}
}

func byCase(c register.CaseID, step string, steps ...register.Step) register.Request {
	return register.Request{
		Source: register.Source{Kind: register.FromCase, ID: string(c), Step: step}, Agency: registerAgency, By: "p1", Steps: steps,
	}
}

func firstOf(u code.Unit, owner register.Ref, certificates ...string) register.Step {
	return register.Step{Op: &register.First{
		Unit: u, About: register.Description{Location: "郏县龙山大道1号", Area: 9_850, Use: "residential"},
		Owners: register.Ownership{Mode: register.Sole, Holders: []register.Holder{{Ref: owner}}}, Acting: []register.Ref{owner},
	}, Certificates: certificates, Sealed: []byte("sealed")}
}

func sale(u code.Unit, from, to register.Ref) register.Step {
	return register.Step{Op: &register.Transfer{
		Unit: u, Ground: register.ByAgreement, From: []register.Ref{from},
		To:     register.Ownership{Mode: register.Sole, Holders: []register.Holder{{Ref: to}}},
		Acting: []register.Ref{from, to},
	}}
}

func seize(u code.Unit, order string) register.Request {
	return register.Request{
		Source: register.Source{Kind: register.FromCourt, ID: order}, Agency: registerAgency, By: "p1",
		Steps: []register.Step{{Op: &register.Seizure{Unit: u, Court: "郏县人民法院", Order: order, Months: 36}}},
	}
}

// started is a register with flats 1 to n, each of its own owner.
func started(t *testing.T, s register.Store, n int) *register.Register {
	t.Helper()
	r := book(s)
	_, err := r.Book(t.Context(), byOffice("land", firstOf(landUnit, "developer")))
	ok(t, err)
	for i := 1; i <= n; i++ {
		_, err = r.Book(t.Context(), byOffice(fmt.Sprint("flat ", i), firstOf(flatUnit(i), owner(i))))
		ok(t, err)
	}
	return r
}

func owner(n int) register.Ref { return register.Ref(fmt.Sprint("owner ", n)) }

func reason(t *testing.T, err error, want register.Reason) {
	t.Helper()
	if got := register.ReasonOf(err); got != want {
		t.Fatalf("error %v has reason %q, want %q", err, got, want)
	}
}

// TestRegisterStore is the contract of [register.Store], and what the register
// promises over a real store. open returns an empty store for each call.
func TestRegisterStore(t *testing.T, open func(testing.TB) register.Store) {
	for name, test := range map[string]func(*testing.T, register.Store){
		"KeepsEveryField":                    keepsBookings,
		"RefusesATakenKeyAndWritesNothing":   takenKeys,
		"ReturnsVersionsInOrder":             versionsInOrder,
		"FindsTheBookingsOfACase":            bookingsOfCase,
		"RemembersWhatACrashLeft":            registerMarks,
		"KeepsOnlyTheNewestSnapshot":         snapshots,
		"FindsUnitsByHolder":                 unitsOfHolder,
		"CallsALostAnswerUnavailable":        registerLostAnswer,
		"OneOf64TransfersBooks":              oneTransferBooks,
		"OneOf64LocksHolds":                  oneLockHolds,
		"CrossingBookingsAreWholeOrNot":      crossingBookings,
		"ARepeatAtOnceBooksOnce":             repeatsAtOnce,
		"ACrashBeforeOrAfterInsertBooksOnce": registerCrashes,
		"ACrashLosesNoSeizure":               seizureCrash,
		"RebuildMakesTheSameSnapshots":       registerRebuild,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func keepsBookings(t *testing.T, s register.Store) {
	r := started(t, s, 0)
	b, err := r.Book(t.Context(), byOffice("x", firstOf(flatUnit(1), "a", "豫(2022)郏县不动产权第0001234号")))
	ok(t, err)
	got, err := s.Booking(t.Context(), b.ID)
	ok(t, err)
	same(t, got, b)
	got, err = s.ByKey(t.Context(), register.CertificateKey("豫(2022)郏县不动产权第0001234号"))
	ok(t, err)
	same(t, got, b)
	_, err = s.Booking(t.Context(), "other")
	reason(t, err, register.NotFound)
	_, err = s.ByKey(t.Context(), register.CertificateKey("other"))
	reason(t, err, register.NotFound)
	_, err = s.Snapshot(t.Context(), flatUnit(9))
	reason(t, err, register.NotFound)
}

// trap keeps the bookings that were about to be appended, and refuses them.
type trap struct {
	register.Store
	caught []register.Booking
}

var errTrapped = errors.New("trapped")

func (p *trap) Append(_ context.Context, b register.Booking) error {
	p.caught = append(p.caught, b)
	return errTrapped
}

// trapped makes the request's booking on the present state and does not append it.
func trapped(t *testing.T, s register.Store, q register.Request) register.Booking {
	t.Helper()
	p := &trap{Store: s}
	if _, err := book(p).Book(t.Context(), q); !errors.Is(err, errTrapped) {
		t.Fatal(err)
	}
	return p.caught[0]
}

func takenKeys(t *testing.T, s register.Store) {
	r := started(t, s, 2)
	version := trapped(t, s, byOffice("late", sale(flatUnit(2), owner(2), "x"), sale(flatUnit(1), owner(1), "x")))
	number := trapped(t, s, byOffice("same number", firstOf(flatUnit(3), "x", "n1")))
	_, err := r.Book(t.Context(), byOffice("early", sale(flatUnit(1), owner(1), "y")))
	ok(t, err)
	_, err = r.Book(t.Context(), byOffice("numbered", register.Step{Op: sale(flatUnit(1), "y", "z").Op, Certificates: []string{"n1"}}))
	ok(t, err)
	for _, b := range []register.Booking{version, number} {
		reason(t, s.Append(t.Context(), b), register.Conflict)
		_, err = s.Booking(t.Context(), b.ID)
		reason(t, err, register.NotFound)
	}
	list, err := s.Versions(t.Context(), flatUnit(2), 1, 10)
	ok(t, err)
	same(t, len(list), 1)
	_, err = r.Book(t.Context(), byOffice("again", register.Step{Op: sale(flatUnit(1), "z", "w").Op, Certificates: []string{"n1"}}))
	reason(t, err, register.Refused)
	same(t, register.ObstaclesOf(err)[0].Code, register.CertificateTaken)
}

func versionsInOrder(t *testing.T, s register.Store) {
	r := started(t, s, 1)
	for i := range 70 {
		_, err := r.Book(t.Context(), byOffice(fmt.Sprint("s", i), sale(flatUnit(1), ownerAfter(i), ownerAfter(i+1))))
		ok(t, err)
	}
	for _, c := range []struct {
		from   int64
		limit  int
		versed []int64
	}{{1, 3, []int64{1, 2, 3}}, {70, 5, []int64{70, 71}}, {72, 5, nil}, {0, 2, []int64{1, 2}}, {9, 0, nil}, {10, 2, []int64{10, 11}}} {
		list, err := s.Versions(t.Context(), flatUnit(1), c.from, c.limit)
		ok(t, err)
		var got []int64
		for _, b := range list {
			i := slices.IndexFunc(b.Links, func(l register.Link) bool { return l.Unit == flatUnit(1) })
			got = append(got, b.Links[i].Version)
		}
		same(t, got, c.versed)
	}
	st, err := r.Verify(t.Context(), flatUnit(1))
	ok(t, err)
	same(t, st.Version, 71)
}

func ownerAfter(i int) register.Ref {
	if i == 0 {
		return owner(1)
	}
	return register.Ref(fmt.Sprint("buyer ", i))
}

func bookingsOfCase(t *testing.T, s register.Store) {
	r := started(t, s, 2)
	plan := []register.Step{sale(flatUnit(1), owner(1), "x")}
	held, _, err := r.Hold(t.Context(), byCase("c1", "accept", plan...))
	ok(t, err)
	hit, err := r.Book(t.Context(), seize(flatUnit(1), "(2026)豫01执1号"))
	ok(t, err)
	list, err := s.OfCase(t.Context(), "c1")
	ok(t, err)
	same(t, len(list), 2)
	for _, id := range []register.BookingID{held.ID, hit.ID} {
		if !slices.ContainsFunc(list, func(b register.Booking) bool { return b.ID == id }) {
			t.Fatal(list)
		}
	}
	list, err = s.OfCase(t.Context(), "c2")
	ok(t, err)
	same(t, len(list), 0)
	all, err := s.All(t.Context(), "", 100)
	ok(t, err)
	same(t, len(all), 5)
	rest, err := s.All(t.Context(), all[1].ID, 2)
	ok(t, err)
	same(t, rest, all[2:4])
}

// halting stops the world at a call: before the insert, after it, or at what follows.
type halting struct {
	register.Store
	before, after, follow bool
	calls                 atomic.Int64
}

var errHalted = errors.New("killed")

func (h *halting) Append(ctx context.Context, b register.Booking) error {
	h.calls.Add(1)
	if h.before {
		return errHalted
	}
	if err := h.Store.Append(ctx, b); err != nil {
		return err
	}
	if h.after {
		return errHalted
	}
	return nil
}

func (h *halting) SaveSnapshot(ctx context.Context, s register.Snapshot) error {
	if h.follow {
		return errHalted
	}
	return h.Store.SaveSnapshot(ctx, s)
}

func registerMarks(t *testing.T, s register.Store) {
	h := &halting{Store: s, follow: true}
	b, err := book(h).Book(t.Context(), byOffice("land", firstOf(landUnit, "developer")))
	ok(t, err) // the booking stands
	list, err := s.Unprojected(t.Context(), 10)
	ok(t, err)
	same(t, list, []register.Booking{b})
	_, err = s.Snapshot(t.Context(), landUnit)
	reason(t, err, register.NotFound)
	n, err := book(s).Sweep(t.Context(), 10)
	ok(t, err)
	same(t, n, 1)
	list, err = s.Unprojected(t.Context(), 10)
	ok(t, err)
	same(t, len(list), 0)
	snap, err := s.Snapshot(t.Context(), landUnit)
	ok(t, err)
	same(t, snap.Version, 1)
	ok(t, s.MarkProjected(t.Context(), b.ID))
	ok(t, s.MarkProjected(t.Context(), "other"))
	reason(t, s.Settle(t.Context(), "other"), register.NotFound)
	got, err := s.Booking(t.Context(), b.ID)
	ok(t, err)
	same(t, got, b)
}

func snapshots(t *testing.T, s register.Store) {
	snap := func(version int64) register.Snapshot {
		return register.Snapshot{Unit: flatUnit(1), Version: version, Holders: []register.Ref{"a"}, State: fmt.Append(nil, version)}
	}
	for _, v := range []int64{2, 1, 2, 3, 1} {
		ok(t, s.SaveSnapshot(t.Context(), snap(v)))
	}
	got, err := s.Snapshot(t.Context(), flatUnit(1))
	ok(t, err)
	same(t, got, snap(3))
	errs := atOnce(32, func(i int) error { return s.SaveSnapshot(t.Context(), snap(int64(4+i))) })
	same(t, codes(errs), map[hub.Code]int{"": 32})
	got, err = s.Snapshot(t.Context(), flatUnit(1))
	ok(t, err)
	same(t, got, snap(35))
	ok(t, s.DropSnapshots(t.Context()))
	_, err = s.Snapshot(t.Context(), flatUnit(1))
	reason(t, err, register.NotFound)
}

func unitsOfHolder(t *testing.T, s register.Store) {
	r := started(t, s, 3)
	_, err := r.Book(t.Context(), byOffice("s1", sale(flatUnit(1), owner(1), owner(3))))
	ok(t, err)
	for ref, want := range map[register.Ref][]code.Unit{
		owner(3): {flatUnit(1), flatUnit(3)}, owner(2): {flatUnit(2)}, owner(1): {}, "": {},
	} {
		got, err := s.UnitsOf(t.Context(), ref, "", 10)
		ok(t, err)
		same(t, got, want)
	}
	got, err := s.UnitsOf(t.Context(), owner(3), flatUnit(1), 10)
	ok(t, err)
	same(t, got, []code.Unit{flatUnit(3)})
	got, err = s.Units(t.Context(), flatUnit(1), 2)
	ok(t, err)
	same(t, got, []code.Unit{flatUnit(2), flatUnit(3)})
}

func registerLostAnswer(t *testing.T, s register.Store) {
	b := trapped(t, s, byOffice("land", firstOf(landUnit, "developer")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	expectCode(t, s.Append(ctx, b), hub.Unavailable)
	_, err := s.Booking(ctx, b.ID)
	expectCode(t, err, hub.Unavailable)
	_, err = s.Versions(ctx, landUnit, 1, 10)
	expectCode(t, err, hub.Unavailable)
}
