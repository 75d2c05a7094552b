package handover_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/message"
	"tongban/routing/handover"
)

var errNoRoute = errors.New("no route to host")

func local(h *hubtest.Hub) handover.Local {
	return handover.Local{Endpoint: handover.NewEndpoint(h.Service)}
}

func TestRetriesSendTheSameBytesWithLongerPauses(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	_, offer := h.Offer(t, "case-1")
	var bodies [][]byte
	d := handover.NewDeliverer(h.Service, noticing{inner: local(h), before: func(_ hub.AgencyID, b []byte) error {
		if bodies = append(bodies, bytes.Clone(b)); len(bodies) <= 5 {
			return errNoRoute
		}
		return nil
	}}, handover.Config{FirstPause: time.Minute, LastPause: 6 * time.Minute})
	for try := range 5 {
		if n, err := d.DeliverDue(t.Context()); err != nil || n != 0 {
			t.Fatalf("try %d: %d delivered, %v", try, n, err)
		}
		p, err := h.Outbox.Parcel(t.Context(), string(offer))
		if err != nil {
			t.Fatal(err)
		}
		want := min(time.Minute<<try, 6*time.Minute)
		if pause := p.Due.Sub(h.Now()); pause > want || pause < want/2-time.Second || p.Attempts != try+1 {
			t.Errorf("after try %d: %d attempts, next in %v, want up to %v", try, p.Attempts, pause, want)
		}
		if n, err := d.DeliverDue(t.Context()); err != nil || n != 0 || len(bodies) != try+1 {
			t.Errorf("try %d: tried again before its time", try)
		}
		h.Clock.Advance(want + time.Second)
	}
	if n, err := d.DeliverDue(t.Context()); err != nil || n != 1 {
		t.Errorf("%d delivered in the end, %v", n, err)
	}
	for _, b := range bodies {
		if !bytes.Equal(b, bodies[0]) {
			t.Error("a retry sends other bytes")
		}
	}
}

func TestALostReceiptIsFetchedByARetry(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, offer := h.Offer(t, "case-1")
	var receipts [][]byte
	d := handover.NewDeliverer(h.Service, noticing{inner: local(h), after: func(_ hub.AgencyID, r []byte) ([]byte, error) {
		if receipts = append(receipts, r); len(receipts) == 1 {
			return nil, errNoRoute
		}
		return r, nil
	}}, handover.Config{})
	for range 2 {
		if _, err := d.DeliverDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(time.Minute)
	}
	if len(receipts) != 2 || !bytes.Equal(receipts[0], receipts[1]) {
		t.Errorf("%d receipts, equal %t", len(receipts), len(receipts) == 2 && bytes.Equal(receipts[0], receipts[1]))
	}
	if receipt(t, h, string(offer)).Case != id {
		t.Error("the receipt is of another case")
	}
}

func TestAForgedReceiptDoesNotEndAMessage(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	_, offer := h.Offer(t, "case-1")
	_, other := h.Offer(t, "case-2")
	deliver(t, h)
	p, err := h.Outbox.Parcel(t.Context(), string(other))
	if err != nil {
		t.Fatal(err)
	}
	_, third := h.Offer(t, "case-3")
	forge := func(by hub.AgencyID, change func(r *message.Receipt)) func(m *message.Message) []byte {
		return func(m *message.Message) []byte {
			raw, sig, err := h.Keys.SignNaming(t.Context(), by, func(k hub.PublicKey) ([]byte, error) {
				r := message.Receipt{
					Message: m.ID, Digest: m.Digest(), Case: m.Case, Verdict: message.Verified,
					From: m.To, To: m.From, At: hub.Millis(h.Now()), Key: k.ID, Sign: k.Scheme,
				}
				change(&r)
				return r.Encode()
			})
			if err != nil {
				t.Fatal(err)
			}
			return message.Seal(raw, sig)
		}
	}
	for name, make := range map[string]func(m *message.Message) []byte{
		"nothing":                 func(*message.Message) []byte { return nil },
		"of another message":      func(*message.Message) []byte { return p.Receipt },
		"signed by another":       forge(hubtest.Stranger, func(*message.Receipt) {}),
		"from another":            forge(hubtest.Stranger, func(r *message.Receipt) { r.From = hubtest.Stranger }),
		"of other content":        forge(hubtest.Registry, func(r *message.Receipt) { r.Digest = hub.SHA256(nil) }),
		"of another case":         forge(hubtest.Registry, func(r *message.Receipt) { r.Case = "x" }),
		"with a foreign verdict":  forge(hubtest.Registry, func(r *message.Receipt) { r.Verdict = "fine" }),
		"declined without reason": forge(hubtest.Registry, func(r *message.Receipt) { r.Verdict = message.Declined }),
		"too late for an offer":   forge(hubtest.Registry, func(r *message.Receipt) { r.Verdict, r.Event = message.TooLate, &message.Head{Seq: 1} }),
	} {
		t.Run(name, func(t *testing.T) {
			d := handover.NewDeliverer(h.Service, noticing{inner: echo(make)}, handover.Config{})
			h.Clock.Advance(time.Hour)
			if n, err := d.DeliverDue(t.Context()); n != 0 || err != nil {
				t.Errorf("%d messages end with it, %v", n, err)
			}
			if p, _ := h.Outbox.Parcel(t.Context(), string(third)); p.Done || p.LastErr == "" {
				t.Errorf("done %t, %q", p.Done, p.LastErr)
			}
		})
	}
	if receipt(t, h, string(offer)).Verdict != message.Verified {
		t.Error("the honest receipt is gone")
	}
}

// echo is a transport that makes up the receipt itself.
type echo func(m *message.Message) []byte

func (e echo) Send(_ context.Context, _ hub.AgencyID, envelope []byte) ([]byte, error) {
	m, err := message.Parse(envelope)
	if err != nil {
		return nil, err
	}
	return e(m), nil
}

// silent is a peer that takes connections and never answers.
type silent struct {
	handover.Transport
	peer  hub.AgencyID
	hangs chan struct{}
}

func (s silent) Send(ctx context.Context, to hub.AgencyID, envelope []byte) ([]byte, error) {
	if to != s.peer {
		return s.Transport.Send(ctx, to, envelope)
	}
	select {
	case s.hangs <- struct{}{}:
	default:
	}
	<-ctx.Done()
	return nil, hub.Wrap(hub.Unavailable, ctx.Err(), "no answer")
}

func TestASilentPeerSlowsNobodyElse(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, offer := h.Offer(t, "case-1")
	deliver(t, h)
	for n := range 30 {
		h.Offer(t, fmt.Sprint("silent-", n))
	}
	bell := handover.NewBell()
	s := silent{Transport: local(h), peer: hubtest.Registry, hangs: make(chan struct{}, 1)}
	d := handover.NewDeliverer(h.Service, s, handover.Config{Bell: bell, Batch: 4, PerPeer: 2, Poll: time.Hour, SendWithin: time.Minute, LeaseTTL: time.Hour})
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { d.Run(ctx) })
	<-s.hangs // the queue to the registry stands still from now on
	h.Do(t, hubtest.Reviewer(), id, "yes", hub.AcceptCustody{Offer: offer})
	bell.Ring()
	waitFor(t, "the answer to the window", func() bool {
		p, err := h.Outbox.Parcel(t.Context(), string(offer)+".answer")
		return err == nil && p.Done
	})
	stop()
	run.Wait()
	parcels, err := h.Outbox.Lease(t.Context(), "other", h.Now().Add(2*time.Hour), time.Minute, 100)
	if err != nil || len(parcels) != 30 {
		t.Errorf("%d messages wait for the silent peer, want 30, %v", len(parcels), err)
	}
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s did not come", what)
		}
	}
}

func TestABellDeliversAtOnce(t *testing.T) {
	bell := handover.NewBell()
	ports, files := hubtest.Embedded(t)
	ports.Outbox = handover.Ringing{Outbox: ports.Outbox, Bell: bell}
	h := hubtest.New(t, ports, files)
	d := handover.NewDeliverer(h.Service, local(h), handover.Config{Bell: bell, Poll: time.Hour})
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { d.Run(ctx) })
	for n := range 10 {
		_, offer := h.Offer(t, fmt.Sprint("case-", n))
		waitFor(t, "the offer", func() bool { p, err := h.Outbox.Parcel(t.Context(), string(offer)); return err == nil && p.Done })
	}
	stop()
	run.Wait()
}

func TestAPanicOnTheWayEndsOneTryOnly(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	_, first := h.Offer(t, "case-1")
	d := handover.NewDeliverer(h.Service, noticing{inner: local(h), before: func(_ hub.AgencyID, b []byte) error {
		if m, err := message.Parse(b); err == nil && m.ID == string(first) && h.Now().Before(time.Now().Add(time.Second)) {
			panic("bad peer")
		}
		return nil
	}}, handover.Config{})
	if n, err := d.DeliverDue(t.Context()); n != 0 || err != nil {
		t.Errorf("%d delivered, %v", n, err)
	}
	h.Clock.Advance(time.Hour)
	if n, err := d.DeliverDue(t.Context()); n != 1 || err != nil {
		t.Errorf("%d delivered afterwards, %v", n, err)
	}
}

// lines is a log that remembers what was said at which level.
type lines struct {
	slog.Handler
	mu  sync.Mutex
	all []string
}

func (l *lines) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, r.Level.String()+" "+r.Message)
	return nil
}

func TestAMessageThatWaitsTooLongIsAnAlarm(t *testing.T) {
	log := &lines{Handler: slog.NewTextHandler(t.Output(), nil)}
	h := hubtest.New(t, hub.Ports{Logger: slog.New(log)}, nil)
	h.Offer(t, "case-1")
	d := handover.NewDeliverer(h.Service, noticing{before: func(hub.AgencyID, []byte) error { return errNoRoute }}, handover.Config{})
	for range 3 {
		if _, err := d.DeliverDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(40 * time.Minute)
	}
	warned, alarmed := slices.Index(log.all, "WARN message not delivered"), slices.Index(log.all, "ERROR message is overdue")
	if warned < 0 || alarmed < warned {
		t.Errorf("the log says %q", log.all)
	}
}
