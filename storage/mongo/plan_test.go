package mongo_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"

	"tongban/hub"
	"tongban/hub/session"
	"tongban/storage/mongo"
	"tongban/storage/storetest"
)

// tap keeps the commands that a connection sends.
type tap struct {
	mu   sync.Mutex
	sent []bson.Raw
}

func (p *tap) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sent = append(p.sent, slices.Clone(e.Command))
	}}
}

// take returns the commands with the name since the last take.
func (p *tap) take(name string) []bson.Raw {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []bson.Raw
	for _, c := range p.sent {
		if _, err := c.LookupErr(name); err == nil {
			out = append(out, c)
		}
	}
	p.sent = nil
	return out
}

func watched(t *testing.T) (*mongo.DB, *tap) {
	t.Helper()
	uri, name := storetest.Mongo(t)
	openAt(t, uri, name) // makes the indexes, and drops the database in the end
	p := &tap{}
	db, err := mongo.OpenWatched(t.Context(),
		mongo.Config{URI: uri, Database: name, Logger: slog.New(slog.DiscardHandler)}, p.monitor())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.WithoutCancel(t.Context())) })
	return db, p
}

// Every read that a page, a sweep or a command makes is found by an index, and
// the ones that may be long come out of it in their order.
func TestReadsAreAnsweredByAnIndex(t *testing.T) {
	db, p := watched(t)
	ctx := t.Context()
	for n := range 300 {
		must(t, db.Cases().Save(ctx, benchRow(n)))
	}
	r := benchRow(7)
	must(t, db.Events().Append(ctx, storetest.Event(t, r.ID, 1, "k")))
	must(t, db.Access().Record(ctx, hub.Access{ID: "a", Case: r.ID, At: benchDay}))
	must(t, db.Directory().SavePerson(ctx, hub.Person{ID: "p", Login: "zhang"}))
	must(t, db.Outbox().Enqueue(ctx, hub.Parcel{ID: "m", Case: r.ID, Due: benchDay}))
	must(t, db.OpenUploads().Create(ctx, hub.OpenUpload{ID: "u", Agency: "a", Expires: benchDay}))
	for n := range 50 {
		id := session.ID(fmt.Sprint("s", n))
		_, err := db.Sessions().SaveSessionRow(ctx, hub.SessionRow{
			ID: id, Case: r.ID, State: []session.State{session.Scheduled, session.Formal, session.Closed}[n%3], Agencies: []hub.AgencyID{"a"},
			Officers: []hub.PersonID{hub.PersonID("p-" + string(id))}, Slot: session.Slot{From: benchDay, To: benchDay},
		})
		must(t, err)
		must(t, db.Slots().TakeSlots(ctx, id, r.ID, []string{fmt.Sprint("k", n)}, benchDay))
		must(t, db.Invitations().SaveInvitation(ctx, hub.Invitation{Session: id, Who: "p2", Link: fmt.Sprint("l", n), Device: fmt.Sprint("d", n), Expires: benchDay.AddDate(9, 0, 0)}))
	}
	must(t, db.Keys().SaveAgencyKey(ctx, hub.AgencyKey{ID: "k", Agency: "a"}))

	own := hub.Scope{Agencies: []hub.AgencyID{benchAgency}, NeverFor: "nobody"}
	queue := hub.QueueAll.Key(benchAgency)
	page := func(q hub.ListQuery) func() error {
		q.Limit, q.After = 20, &hub.Cursor{Updated: benchDay.Add(time.Second), ID: r.ID}
		return func() error { _, err := db.Cases().List(ctx, q); return err }
	}
	const small = true // of few documents: may be sorted afterwards
	for _, c := range []struct {
		name  string
		index string
		small bool
		read  func() error
	}{
		{"a queue", "queue", false, page(hub.ListQuery{Scope: own, Queue: queue, Status: hub.StatusReceived})},
		{"all of an agency", "queue", false, page(hub.ListQuery{Scope: own})},
		{"all of a party", "party", false, page(hub.ListQuery{Scope: hub.Scope{Parties: r.PartyRefs[:1]}})},
		{"everything", "updated", false, page(hub.ListQuery{Scope: hub.Scope{Everyone: true}})},
		{"a party in a queue", "party", false, page(hub.ListQuery{Scope: own, Queue: queue, Party: r.PartyRefs[0]})},
		{"a number", "number", small, page(hub.ListQuery{Scope: own, Number: r.Number})},
		{"a unit in a queue", "unit", small, page(hub.ListQuery{Scope: own, Queue: queue, Unit: r.Unit})},
		{"changes", "touched", false, func() error { _, _, err := db.Cases().Changed(ctx, benchDay, 10); return err }},
		{"the newest change", "touched", false, func() error { _, _, err := db.Cases().Changed(ctx, time.Time{}, 0); return err }},
		{"a chain", "_id_", false, func() error { _, err := db.Events().Chain(ctx, r.ID, 0); return err }},
		{"all cases", "_id_", false, func() error { _, err := db.Events().CaseIDs(ctx, r.ID, 10); return err }},
		{"what a crash left", "todo", false, func() error { _, err := db.Events().Unprojected(ctx, benchDay.AddDate(1, 0, 0), 10); return err }},
		{"accesses", "case", false, func() error { _, err := db.Access().Accesses(ctx, r.ID, "", 10); return err }},
		{"messages of a case", "case", small, func() error { _, err := db.Outbox().OfCase(ctx, r.ID); return err }},
		{"what came in for a case", "case", small, func() error { _, err := db.Outbox().IncomingOfCase(ctx, r.ID); return err }},
		{"a login name", "login", false, func() error { _, err := db.Directory().PersonByLogin(ctx, "zhang"); return err }},
		{"keys of an agency", "agency", small, func() error { _, err := db.Keys().AgencyKeys(ctx, "a"); return err }},
		{"an upload under way", "_id_", false, func() error { _, err := db.OpenUploads().Read(ctx, "u"); return err }},
		{"expired uploads", "expires", false, func() error { _, err := db.OpenUploads().Expired(ctx, benchDay, 10); return err }},
		{"appointments of an agency", "agency", false, func() error {
			_, err := db.Sessions().SessionRows(ctx, hub.SessionQuery{Agency: "a", From: benchDay.AddDate(-1, 0, 0)})
			return err
		}},
		{"appointments of an officer", "officer", false, func() error {
			_, err := db.Sessions().SessionRows(ctx, hub.SessionQuery{Officer: "p-s1", From: benchDay.AddDate(-1, 0, 0)})
			return err
		}},
		{"rooms of a node", "led", small, func() error { _, err := db.Sessions().LedSessions(ctx, "n1", benchDay, 10); return err }},
		{"appointments that nobody opened", "planned", false, func() error { _, err := db.Sessions().StaleSessions(ctx, benchDay, 10); return err }},
		{"held quarter hours", "keys", small, func() error { _, err := db.Slots().HeldSlots(ctx, []string{"k1", "k2"}); return err }},
		{"slots that a crash left", "pending", false, func() error { _, err := db.Slots().PendingSlots(ctx, benchDay, 10); return err }},
		{"a device in a session", "device", small, func() error { _, err := db.Invitations().InvitationByDevice(ctx, "d1"); return err }},
		{"standards of an item", "_id_", false, func() error { _, err := db.Directory().Standards(ctx, "i"); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p.take("find")
			must(t, c.read())
			found := p.take("find")
			if len(found) != 1 {
				t.Fatalf("sent %d finds", len(found))
			}
			stages, index := explain(t, db, found[0])
			if len(stages) == 0 || slices.Contains(stages, "COLLSCAN") || !c.small && slices.Contains(stages, "SORT") {
				t.Errorf("stages %v", stages)
			}
			// An empty collection has no index to name.
			if index != c.index && !slices.Contains(stages, "EOF") {
				t.Errorf("by index %q, want %q", index, c.index)
			}
		})
	}
}

// explain returns the stages of a command's plan, from above, and its index.
func explain(t *testing.T, db *mongo.DB, cmd bson.Raw) (stages []string, index string) {
	t.Helper()
	var find bson.D
	elems, err := cmd.Elements()
	must(t, err)
	for _, e := range elems {
		switch e.Key() {
		case "lsid", "$db", "$clusterTime", "maxTimeMS", "txnNumber", "readConcern", "$readPreference":
		default:
			find = append(find, bson.E{Key: e.Key(), Value: e.Value()})
		}
	}
	raw, err := mongo.Collection(db, "cases").Database().
		RunCommand(t.Context(), bson.D{{Key: "explain", Value: find}, {Key: "verbosity", Value: "queryPlanner"}}).Raw()
	must(t, err)
	plan, ok := raw.Lookup("queryPlanner", "winningPlan").DocumentOK()
	if !ok {
		t.Fatalf("no plan in %s", raw)
	}
	var walk func(d bson.Raw)
	walk = func(d bson.Raw) {
		if s, ok := d.Lookup("stage").StringValueOK(); ok {
			stages = append(stages, s)
		}
		if s, ok := d.Lookup("indexName").StringValueOK(); ok {
			index = s
		}
		for _, key := range []string{"inputStage", "queryPlan"} {
			if in, ok := d.Lookup(key).DocumentOK(); ok {
				walk(in)
			}
		}
	}
	walk(plan)
	return stages, index
}

// What is acknowledged is on the majority's disks, and a decision reads nothing
// that a failover could take back.
func TestWritesAreMajorityAndJournaled(t *testing.T) {
	db, p := watched(t)
	must(t, db.Events().Append(t.Context(), storetest.Event(t, "c", 1, "k")))
	_, err := db.Events().Chain(t.Context(), "c", 0)
	must(t, err)
	sent := slices.Clone(p.sent)
	inserts := p.take("insert")
	if len(inserts) != 1 {
		t.Fatalf("sent %d inserts", len(inserts))
	}
	w := inserts[0].Lookup("writeConcern")
	if w.Document().Lookup("w").StringValue() != "majority" || !w.Document().Lookup("j").Boolean() {
		t.Errorf("write concern %v", w)
	}
	if _, err := inserts[0].LookupErr("txnNumber"); err != nil {
		t.Errorf("the insert cannot be retried: %v", err)
	}
	for _, c := range sent {
		if _, err := c.LookupErr("find"); err == nil && c.Lookup("readConcern", "level").StringValue() != "majority" {
			t.Errorf("the chain is read as %v", c.Lookup("readConcern"))
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
