package handover_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/message"
	"tongban/storage/embedded"
	"tongban/storage/object"
)

// A hand-over is stopped by SIGKILL at every point where something has just
// been, or is about to be, written. Each process first finishes what the one
// before it left, over the same data folder, and checks it; then it walks the
// same way again with a new case and dies one point later.

const (
	crashFolder = "TONGBAN_TEST_CRASH_FOLDER" // set in the processes that die
	wayIsOver   = 42                          // exit code when there was no such point any more
)

// way is one course of a hand-over. walk may be walked again from the start
// after it was interrupted anywhere, as people do who got no answer: the same
// commands with the same ids.
type way struct {
	name   string
	walk   func(t *testing.T, w *walker)
	events []hub.Kind // what has happened to the offer in the end
	holder hub.AgencyID
	// findings of a check of everything afterwards
	findings int
}

func ways() []way {
	return []way{
		{"accepted", func(t *testing.T, w *walker) {
			w.fromHere()
			w.do(t, hubtest.Clerk(), "offer", hub.OfferCustody{})
			w.deliver(t)
			w.do(t, hubtest.Reviewer(), "yes", hub.AcceptCustody{Offer: w.offer()})
			w.deliver(t)
		}, []hub.Kind{hub.KindOffered, hub.KindCustodyAccepted}, hubtest.Registry, 0},
		{"declined by machine", func(t *testing.T, w *walker) {
			w.lose(t)
			w.do(t, hubtest.Clerk(), "offer", hub.OfferCustody{})
			w.fromHere()
			w.deliver(t)
		}, []hub.Kind{hub.KindOffered, hub.KindCustodyDeclined}, hubtest.Window, 1},
		{"recalled", func(t *testing.T, w *walker) {
			w.do(t, hubtest.Clerk(), "offer", hub.OfferCustody{})
			w.deliver(t)
			w.fromHere()
			w.recall(t)
			w.deliver(t)
		}, []hub.Kind{hub.KindOffered, hub.KindCustodyDeclined}, hubtest.Window, 0},
	}
}

// round says what a process is about; it is kept in the folder for the next.
type round struct {
	Way      int
	Point    int64
	Database string
	Case     hub.CaseID
}

func TestHandOverSurvivesAKillAtEveryPoint(t *testing.T) {
	if dir := os.Getenv(crashFolder); dir != "" {
		continueAndDie(t, dir)
		return
	}
	for n, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			points := int64(0)
			for {
				r := round{Way: n, Point: points + 1, Database: fmt.Sprintf("way%dpoint%d", n, points+1)}
				out, code := child(t, dir, r)
				if code == wayIsOver {
					break
				}
				if code != -1 {
					t.Fatalf("point %d: the process ended with %d\n%s", r.Point, code, out)
				}
				points++
			}
			if points < 15 {
				t.Errorf("only %d points were met", points)
			}
			t.Logf("killed at %d points", points)
		})
	}
}

// child runs one process; -1 is the exit code of one that was killed.
func child(t *testing.T, dir string, r round) (string, int) {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestHandOverSurvivesAKillAtEveryPoint$", "-test.v")
	cmd.Env = append(os.Environ(), crashFolder+"="+dir, "TONGBAN_TEST_CRASH_ROUND="+string(b))
	out, err := cmd.CombinedOutput()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok || ctx.Err() != nil {
		t.Fatalf("process: %v\n%s", err, out)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// continueAndDie is what each process does.
func continueAndDie(t *testing.T, dir string) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	stores, err := embedded.Start(ctx, embedded.Config{Dir: filepath.Join(dir, "data"), NeedDocs: true, NeedObjects: true})
	if err != nil {
		t.Fatal(err)
	}
	defer stores.Close()
	last := filepath.Join(dir, "round.json")
	if b, err := os.ReadFile(last); err == nil {
		var r round
		if err := json.Unmarshal(b, &r); err != nil {
			t.Fatal(err)
		}
		finish(t, stores, r)
	}
	var r round
	if err := json.Unmarshal([]byte(os.Getenv("TONGBAN_TEST_CRASH_ROUND")), &r); err != nil {
		t.Fatal(err)
	}
	w := prepare(t, stores, &r)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(last, b, 0o600); err != nil {
		t.Fatal(err)
	}
	w.point = r.Point
	ways()[r.Way].walk(t, w)
	w.kill.Store(0)
	finish(t, stores, r)
	if !t.Failed() {
		os.Exit(wayIsOver)
	}
}

// walker walks a way on one database.
type walker struct {
	hub   *hubtest.Hub
	store *object.Store
	id    hub.CaseID
	point int64        // to die at; 0: none
	kill  atomic.Int64 // the same, once the points are counted
}

func open(t *testing.T, stores *embedded.Stores, r *round) *walker {
	t.Helper()
	cfg := object.Config{Bucket: strings.ToLower(r.Database)}
	cfg.Endpoint, cfg.AccessKey, cfg.SecretKey, cfg.Region = stores.S3()
	w := &walker{id: r.Case}
	ports, files := hubtest.Stores(t, stores.MongoURI(), r.Database, cfg)
	w.store = ports.Objects.(*object.Store)
	var met atomic.Int64
	ports.Fault = func(string) {
		if n := w.kill.Load(); n > 0 && met.Add(1) == n {
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
			select {} // not one step further
		}
	}
	w.hub = hubtest.New(t, ports, files)
	return w
}

// fromHere begins to count points; what comes before is another way's.
func (w *walker) fromHere() { w.kill.Store(w.point) }

// prepare makes the case of a round, ready to be offered.
func prepare(t *testing.T, stores *embedded.Stores, r *round) *walker {
	w := open(t, stores, r)
	w.id = w.hub.Receive(t, "case-1")
	w.hub.AddFile(t, hubtest.Clerk(), w.id, "file-1", "contract", []byte("%PDF-1.7 contract"))
	w.hub.Do(t, hubtest.Clerk(), w.id, "route", hub.Route{})
	r.Case = w.id
	return w
}

func (w *walker) offer() hub.OfferID { return hub.NewOfferID(w.id, "offer") }

func (w *walker) do(t *testing.T, a hub.Actor, cmd string, i hub.Intent) {
	t.Helper()
	w.hub.Do(t, a, w.id, cmd, i)
}

// deliver takes away what is due, after the leases of a dead process ended.
func (w *walker) deliver(t *testing.T) {
	t.Helper()
	w.hub.Clock.Advance(time.Minute)
	if _, err := w.hub.Sweep(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	deliver(t, w.hub)
}

func (w *walker) recall(t *testing.T) {
	t.Helper()
	_, err := w.hub.RecallOffer(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, w.id)
	if err != nil && hub.ErrorCode(err) != hub.WrongState { // it has been answered meanwhile
		t.Fatal(err)
	}
}

// lose removes the file of the case from the store.
func (w *walker) lose(t *testing.T) {
	t.Helper()
	if err := w.store.Remove(t.Context(), hub.SHA256([]byte("%PDF-1.7 contract"))); err != nil && hub.ErrorCode(err) != hub.NotFound {
		t.Fatal(err)
	}
}

// finish walks a round's way again to its end and checks that nothing was lost
// and nothing done twice.
func finish(t *testing.T, stores *embedded.Stores, r round) {
	t.Helper()
	w, way := open(t, stores, &r), ways()[r.Way]
	w.hub.Clock.Advance(5 * time.Minute)  // past every lease of the process before
	before := w.hub.Custodians(t, r.Case) // exactly one at each moment, found again after the kill
	way.walk(t, w)
	after := w.hub.Custodians(t, r.Case)
	if !slices.Equal(after[:len(before)], before) || after[len(after)-1] != way.holder {
		t.Errorf("%s, point %d: custodians %v, then %v", way.name, r.Point, before, after)
	}
	if got := kinds(t, w.hub, r.Case); !slices.Equal(got[3:], way.events) {
		t.Errorf("%s, point %d: the chain goes on with %v", way.name, r.Point, got[3:])
	}
	if c := load(t, w.hub, r.Case); c.Frozen() {
		t.Errorf("%s, point %d: the offer is still open", way.name, r.Point)
	}
	w.everyMessageArrivedOnce(t, r)
	report, err := w.hub.Rebuild(t.Context(), false, nil)
	if err != nil || len(report.Findings) != way.findings {
		t.Errorf("%s, point %d: a check of all finds %+v, %v", way.name, r.Point, report.Findings, err)
	}
}

// everyMessageArrivedOnce compares what the chain sends with what was delivered.
func (w *walker) everyMessageArrivedOnce(t *testing.T, r round) {
	t.Helper()
	for _, e := range chainOf(t, w.hub, r.Case) {
		for _, o := range e.Outbox {
			receipt(t, w.hub, o.ID)
		}
	}
	sent, err := w.hub.Outbox.OfCase(t.Context(), r.Case)
	if err != nil {
		t.Fatal(err)
	}
	came, err := w.hub.Outbox.IncomingOfCase(t.Context(), r.Case)
	if err != nil {
		t.Fatal(err)
	}
	if len(came) != len(sent) {
		t.Errorf("point %d: %d messages sent, %d received", r.Point, len(sent), len(came))
	}
	for _, p := range sent {
		i := slices.IndexFunc(came, func(in hub.Incoming) bool { return in.ID == p.ID })
		m, err := message.Parse(p.Body)
		if err != nil || i < 0 || came[i].Digest != m.Digest() || string(came[i].Receipt) != string(p.Receipt) {
			t.Errorf("point %d: message %s was not received as it was sent, %v", r.Point, p.ID, err)
		}
	}
}
