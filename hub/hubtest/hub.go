package hubtest

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/standard"
	"tongban/policies"
)

// The agencies of every test hub.
const (
	Window   hub.AgencyID = "440305.window"
	Registry hub.AgencyID = "410425.registry"
	Stranger hub.AgencyID = "110101.registry" // has nothing to do with the cases
)

// Unit is the property that every case is about.
const Unit = "410425001002GB00003F00050021"

// Clerk sits at the window.
func Clerk() hub.Actor {
	return hub.Actor{Person: "p-clerk", Agency: Window, Roles: []hub.Role{hub.Clerk}}
}

// Reviewer does first reviews at the registry.
func Reviewer() hub.Actor {
	return hub.Actor{Person: "p-first", Agency: Registry, Roles: []hub.Role{hub.FirstReviewer}}
}

// Second does second reviews and decides at the registry.
func Second() hub.Actor {
	return hub.Actor{Person: "p-second", Agency: Registry, Roles: []hub.Role{hub.SecondReviewer}}
}

// Hub is a case service with what a test needs to push it around.
type Hub struct {
	*hub.Service
	Clock *Clock
	Files Files
	Rec   *FakeRecorder
	Room  *FakeRooms
}

// Files puts contents into the object store.
type Files interface {
	PutFile(t testing.TB, content []byte) hub.Digest
}

// Clock is a wall clock that a test can set forward.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now is the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Advance sets the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// New wires a hub over the given ports, all stores or none: without any it
// opens the embedded ones, keeps the given algorithms, logger and fault, and
// needs no files. Seeding what is there already changes nothing, so a restart
// on the same stores may use New again.
func New(t testing.TB, p hub.Ports, files Files) *Hub {
	t.Helper()
	if p.Events == nil {
		given := p
		p, files = embedded(t, given.Algorithms)
		p.Logger, p.Fault = given.Logger, given.Fault
	}
	h := &Hub{Clock: &Clock{}, Files: files}
	if p.Logger == nil {
		p.Logger = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	if p.Preparer == nil {
		p.Preparer = unprepared{}
	}
	policy, err := policies.New(p.Logger)
	if err != nil {
		t.Fatal(err)
	}
	p.Policy, p.Router, p.Now = policy, toRegistry{}, h.Clock.Now
	if p.Assessor == nil {
		p.Assessor = standard.NewAssessor()
	}
	if p.Press == nil {
		p.Press = plainPress{t, files}
	}
	h.Rec, h.Room = &FakeRecorder{Now: h.Clock.Now}, &FakeRooms{}
	p.Recorder, p.Rooms = h.Rec, h.Room
	if h.Service, err = hub.NewService(p); err != nil {
		t.Fatal(err)
	}
	h.seed(t)
	return h
}

func (h *Hub) seed(t testing.TB) {
	t.Helper()
	for _, id := range []hub.AgencyID{Window, Registry, Stranger} {
		a := hub.Agency{ID: id, NameZH: string(id), NameEN: string(id), Division: string(id[:6]), Timezone: "Asia/Shanghai", Kind: "registry"}
		if err := h.Directory.SaveAgency(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Keys.EnsureAgencyKey(t.Context(), id, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Directory.SaveStandard(t.Context(), Standard()); err != nil {
		t.Fatal(err)
	}
}

// Standard is the small item of every test hub.
func Standard() hub.Standard {
	s := hub.Standard{
		Item: "transfer.resale", Version: 1, From: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NameZH: "二手房转移登记",
		NameEN: "Transfer (resale)", Statutory: 10, Promised: 5,
		Fields:  []hub.Field{{Key: "price", Kind: "fen", Required: true, ZH: "成交价", EN: "price"}},
		Parties: []hub.PartyRule{{Role: "seller", Min: 1, Max: 5, ZH: "转让方", EN: "seller"}, {Role: "buyer", Min: 1, Max: 5, ZH: "受让方", EN: "buyer"}},
		Slots: []hub.Slot{
			{Key: "contract", Required: true, Types: []string{"application/pdf"}, MaxBytes: 1 << 30, MaxFiles: 5, ZH: "合同", EN: "contract"},
			{Key: "certificate", Types: []string{"image/jpeg"}, MaxBytes: 1 << 30, MaxFiles: 5, ZH: "权属证书", EN: "certificate"},
		},
	}
	s.Digest = hub.SHA256([]byte(fmt.Sprint(s)))
	return s
}

// unprepared leaves files as they are: nothing is scanned and no page drawn.
type unprepared struct{}

func (unprepared) Prepare(context.Context, hub.File) error { return nil }

func (unprepared) Prepared(_ context.Context, f hub.File) (hub.Prepared, error) {
	return hub.Prepared{File: f, State: hub.PrepWaiting}, nil
}

func (unprepared) Readable(context.Context, hub.File) error { return nil }

// toRegistry is a router that knows one answer.
type toRegistry struct{}

func (toRegistry) Route(_ context.Context, q hub.RouteQuery) (hub.RouteDecision, error) {
	if q.Item != "transfer.resale" {
		return hub.RouteDecision{}, hub.E(hub.UnknownItem, "there is no item %q", q.Item)
	}
	return hub.RouteDecision{
		Agency: Registry, Place: "410425", Rules: hub.SHA256([]byte("rules")),
		Reasons: []hub.RouteReason{{Code: "unit_in", Args: map[string]string{"division": "410425", "note": "<郏县> & more"}}},
	}, nil
}

// Do carries out a command that must work.
func (h *Hub) Do(t testing.TB, a hub.Actor, id hub.CaseID, cmd string, i hub.Intent) hub.Result {
	t.Helper()
	r, err := h.Execute(t.Context(), hub.Command{ID: hub.CommandID(cmd), Case: id, Actor: a, Intent: i})
	if err != nil {
		t.Fatalf("%s %T: %v", cmd, i, err)
	}
	return r
}

// Receive opens a case.
func (h *Hub) Receive(t testing.TB, cmd string) hub.CaseID {
	t.Helper()
	return h.Do(t, Clerk(), "", cmd, hub.Receive{
		Item: "transfer.resale", Unit: Unit, Form: hub.Form{"price": int64(88_000_000)},
		Parties: []hub.Party{Seller(), Buyer()},
	}).Case
}

// AddFile puts one file into a slot of a case.
func (h *Hub) AddFile(t testing.TB, a hub.Actor, id hub.CaseID, cmd, slot string, content []byte) {
	t.Helper()
	std := Standard()
	s, ok := std.Slot(slot)
	if !ok {
		t.Fatalf("no slot %s", slot)
	}
	d := h.Files.PutFile(t, content)
	up := hub.Upload{Agency: a.Agency, Person: a.Person, At: h.Now(), File: hub.File{Digest: d, Size: int64(len(content)), Type: s.Types[0]}}
	if err := h.Uploads.SaveUpload(t.Context(), up); err != nil {
		t.Fatal(err)
	}
	ending := map[string]string{"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif"}[up.File.Type]
	h.Do(t, a, id, cmd, hub.AddMaterial{Slot: slot, Digest: d, Name: "张三 " + cmd + ending, SeenOriginal: true})
}

// Offer takes a case from nothing to an open offer to the registry.
func (h *Hub) Offer(t testing.TB, cmd string) (hub.CaseID, hub.OfferID) {
	t.Helper()
	id := h.Receive(t, cmd)
	h.AddFile(t, Clerk(), id, "file-1", "contract", []byte("%PDF-1.7 contract of "+cmd))
	h.AddFile(t, Clerk(), id, "file-2", "certificate", []byte("\xff\xd8\xff certificate of "+cmd))
	h.Do(t, Clerk(), id, "route", hub.Route{})
	h.Do(t, Clerk(), id, "offer", hub.OfferCustody{Note: "请接收"})
	return id, hub.NewOfferID(id, "offer")
}

// Custodians replays a chain and returns who held the case after each event.
// It fails when an event was signed by another than the one it may be.
func (h *Hub) Custodians(t testing.TB, id hub.CaseID) []hub.AgencyID {
	t.Helper()
	events, err := h.Events.Chain(t.Context(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	v := hub.Verifier{Algorithms: h.Algorithms, Keys: h.Keys}
	c := &hub.Case{}
	var out []hub.AgencyID
	for i := range events {
		if err := v.VerifyEvent(t.Context(), &events[i], c.Seq, c.Head); err != nil {
			t.Fatal(err)
		}
		if err := v.Fold(t.Context(), c, slices.Clip(events[i:i+1]), nil); err != nil {
			t.Fatal(err)
		}
		out = append(out, c.Custodian)
	}
	return out
}

// plainPress keeps papers that say only their number: how a paper looks and
// is sealed has its own tests in hub/press.
type plainPress struct {
	t     testing.TB
	files Files
}

func (p plainPress) Seal(_ context.Context, o hub.PaperOrder) (hub.SealedPaper, error) {
	content := []byte("%PDF-1.7 " + o.Number)
	d := p.files.PutFile(p.t, content)
	return hub.SealedPaper{
		File: hub.File{Digest: d, Size: int64(len(content)), Type: "application/pdf"},
		Seal: hub.SealFact{Signer: "TEST", Serial: "1", At: o.At, Test: true},
	}, nil
}

func (p plainPress) SealRecord(ctx context.Context, o hub.PaperOrder) (hub.SealedPaper, error) {
	o.Number = "record of " + string(o.Record.Session)
	return p.Seal(ctx, o)
}

func (plainPress) Print(context.Context, hub.PrintKind, hub.PaperOrder) ([]byte, error) {
	return nil, hub.E(hub.Unavailable, "no papers here")
}
