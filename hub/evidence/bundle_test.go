package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/gm"
	"tongban/hub/hubtest"
	"tongban/routing/handover"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// deliver takes every message that is due to its addressee.
func deliver(t testing.TB, h *hubtest.Hub) {
	t.Helper()
	d := handover.NewDeliverer(h.Service, handover.Local{Endpoint: handover.NewEndpoint(h.Service)}, handover.Config{})
	if _, err := d.DeliverDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// decided takes a case all the way, with a file taken back, an offer declined,
// a recall that came too late, and a supplement that the window answered.
func decided(t testing.TB, h *hubtest.Hub, cmd string) hub.CaseID {
	t.Helper()
	id := h.Receive(t, cmd)
	h.AddFile(t, hubtest.Clerk(), id, "file-0", "contract", []byte("%PDF-1.7 the wrong contract of "+cmd))
	h.Do(t, hubtest.Clerk(), id, "remove", hub.RemoveMaterial{Material: hub.NewMaterialID(id, "file-0"), Reason: "拿错了"})
	h.AddFile(t, hubtest.Clerk(), id, "file-1", "contract", []byte("%PDF-1.7 contract of "+cmd))
	h.Do(t, hubtest.Clerk(), id, "route", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "offer", hub.OfferCustody{})
	deliver(t, h)
	h.Do(t, hubtest.Reviewer(), id, "no", hub.DeclineCustody{Offer: hub.NewOfferID(id, "offer"), Code: hub.DeclineOther, Text: "请补传证书"})
	h.AddFile(t, hubtest.Clerk(), id, "file-2", "certificate", []byte("\xff\xd8\xff certificate of "+cmd))
	h.Do(t, hubtest.Clerk(), id, "route-2", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "offer-2", hub.OfferCustody{})
	deliver(t, h)
	if _, err := h.RecallOffer(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, id); err != nil {
		t.Fatal(err)
	}
	h.Do(t, hubtest.Reviewer(), id, "yes", hub.AcceptCustody{Offer: hub.NewOfferID(id, "offer-2")})
	deliver(t, h)
	h.Do(t, hubtest.Reviewer(), id, "ask", hub.AskSupplement{Gaps: []hub.GapWish{{Target: "slot", Ref: "certificate", Reason: "incomplete", Note: "缺第二页"}}})
	h.AddFile(t, hubtest.Clerk(), id, "file-3", "certificate", []byte("\xff\xd8\xff whole certificate of "+cmd))
	h.Do(t, hubtest.Clerk(), id, "answer", hub.AnswerSupplement{Answers: []hub.AnswerWish{{Gap: "g1", Material: hub.NewMaterialID(id, "file-3")}}})
	h.Do(t, hubtest.Reviewer(), id, "accept", hub.Accept{})
	h.Do(t, hubtest.Reviewer(), id, "first", hub.ReviewCase{Pass: true})
	h.Do(t, hubtest.Second(), id, "second", hub.ReviewCase{Second: true, Pass: true})
	h.Do(t, hubtest.Second(), id, "decide", hub.Decide{Approve: true})
	return id
}

func bundle(t testing.TB, h *hubtest.Hub, id hub.CaseID) []byte {
	t.Helper()
	var b bytes.Buffer
	r := hub.Reading{Actor: hubtest.Second(), Request: "r1"}
	if err := FromService(h.Service).WriteBundle(t.Context(), r, id, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func check(t testing.TB, b []byte, opt Options) (Report, error) {
	t.Helper()
	return Verify(t.Context(), bytes.NewReader(b), int64(len(b)), opt)
}

// wrongItem is the item that a verification names; "" when all is well.
func wrongItem(t testing.TB, b []byte, opt Options) string {
	t.Helper()
	_, err := check(t, b, opt)
	if err == nil {
		return ""
	}
	w, ok := errors.AsType[*Wrong](err)
	if !ok {
		t.Fatalf("verification ends with %v", err)
	}
	if w.Reason == "" {
		t.Fatalf("%s is wrong without a reason", w.Item)
	}
	return w.Item
}

func TestBundleOfADecidedCaseVerifies(t *testing.T) {
	for _, suite := range []hub.Suite{hub.StandardSuite(), gm.Suite()} {
		t.Run(suite.Sign.Name(), func(t *testing.T) {
			algs := hub.NewAlgorithms(suite)
			h := hubtest.New(t, hub.Ports{Algorithms: algs}, nil)
			id := decided(t, h, "case-1")
			r, err := check(t, bundle(t, h, id), Options{Algorithms: algs})
			if err != nil {
				t.Fatal(err)
			}
			c, events, err := h.Load(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if r.Case != id || r.Number != c.Number || r.Status != hub.StatusApproved || r.Head != c.Head || r.Custodian != hubtest.Registry {
				t.Errorf("report is about %s %s %s %s %s", r.Case, r.Number, r.Status, r.Custodian, r.Head)
			}
			if r.Events != len(events) || r.Contributions != 2 || r.Materials != 4 || r.Messages != 5 || r.Receipts != 5 {
				t.Errorf("%d events, %d contributions, %d materials, %d messages, %d receipts", r.Events, r.Contributions, r.Materials, r.Messages, r.Receipts)
			}
			if r.Anchored || len(r.Keys) != 2 || !slices.Contains(r.Agencies(), hubtest.Window) {
				t.Errorf("anchored %t, keys %+v", r.Anchored, r.Keys)
			}
		})
	}
}

func TestBundleOfAnUnansweredOfferVerifies(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, _ := h.Offer(t, "case-1")
	r, err := FromService(h.Service).Collect(t.Context(), id, hubtest.Window)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(t.Context(), &b, r); err != nil {
		t.Fatal(err)
	}
	if rep, err := check(t, b.Bytes(), Options{}); err != nil || rep.Messages != 0 {
		t.Errorf("before delivery: %d messages, %v", rep.Messages, err)
	}
	deliver(t, h)
	if r, err = FromService(h.Service).Collect(t.Context(), id, hubtest.Window); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if err := Write(t.Context(), &b, r); err != nil {
		t.Fatal(err)
	}
	if rep, err := check(t, b.Bytes(), Options{}); err != nil || rep.Messages != 1 || rep.Receipts != 1 {
		t.Errorf("after delivery: %d messages, %d receipts, %v", rep.Messages, rep.Receipts, err)
	}
}

func TestSameSourceGivesTheSameBytes(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	src, err := FromService(h.Service).Collect(t.Context(), decided(t, h, "case-1"), hubtest.Registry)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := errors.Join(Write(t.Context(), &a, src), Write(t.Context(), &b, src)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two bundles of one source differ")
	}
}

func TestExportIsRefusedAndRecorded(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id := decided(t, h, "case-1")
	before := accesses(t, h, id)
	stranger := hub.Actor{Person: "p-x", Agency: hubtest.Stranger, Roles: []hub.Role{hub.SecondReviewer}}
	for _, tt := range []struct {
		actor hub.Actor
		want  hub.Code
	}{{hubtest.Clerk(), hub.Forbidden}, {stranger, hub.NotFound}} {
		var b bytes.Buffer
		err := FromService(h.Service).WriteBundle(t.Context(), hub.Reading{Actor: tt.actor}, id, &b)
		if hub.ErrorCode(err) != tt.want || b.Len() > 0 {
			t.Errorf("%s: %v and %d bytes, want %s", tt.actor.Person, err, b.Len(), tt.want)
		}
	}
	if after := accesses(t, h, id); !slices.Equal(after, before) {
		t.Errorf("refused exports are recorded as accesses: %+v", after)
	}
	bundle(t, h, id)
	added := accesses(t, h, id)[len(before):]
	if len(added) != 1 || added[0].What != "bundle" || added[0].Actor.Person != "p-second" {
		t.Errorf("export is recorded as %+v", added)
	}
}

// accesses lists what is recorded about a case, oldest first.
func accesses(t *testing.T, h *hubtest.Hub, id hub.CaseID) []hub.Access {
	t.Helper()
	lines, err := h.Access.Accesses(t.Context(), id, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// lying is an object store that gives out other bytes for one file.
type lying struct {
	hub.Objects
	file    hub.Digest
	content string
}

func (o *lying) Open(ctx context.Context, d hub.Digest) (io.ReadCloser, int64, error) {
	if d != o.file {
		return o.Objects.Open(ctx, d)
	}
	return io.NopCloser(strings.NewReader(o.content)), int64(len(o.content)), nil
}

func TestWriteRefusesAFileThatIsNotWhatTheChainSays(t *testing.T) {
	ports, store := hubtest.Embedded(t)
	objects := &lying{Objects: ports.Objects}
	ports.Objects = objects
	h := hubtest.New(t, ports, store)
	id := decided(t, h, "case-1")
	c, _, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	f := c.Materials[1].File
	for _, content := range []string{"", "short", strings.Repeat("x", int(f.Size)), strings.Repeat("x", int(f.Size)+1)} {
		objects.file, objects.content = f.Digest, content
		if err := FromService(h.Service).WriteBundle(t.Context(), hub.Reading{Actor: hubtest.Second()}, id, &bytes.Buffer{}); err == nil {
			t.Errorf("a file of %d other bytes is exported", len(content))
		}
	}
}

func TestTrustAnchorsEveryKeyOrNone(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	b := bundle(t, h, decided(t, h, "case-1"))
	r, err := check(t, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all, crossed []Anchor
	for i, k := range r.Keys {
		all = append(all, Anchor{Key: k.ID, Agency: k.Agency})
		crossed = append(crossed, Anchor{Key: k.ID, Agency: r.Keys[1-i].Agency})
	}
	if r, err := check(t, b, Options{Trusted: all}); err != nil || !r.Anchored || !r.Keys[0].Trusted {
		t.Errorf("all keys known: anchored %t, %v", r.Anchored, err)
	}
	if item := wrongItem(t, b, Options{Trusted: all[:1]}); item != pemName(all[1].Key) {
		t.Errorf("one key unknown: names %q", item)
	}
	if item := wrongItem(t, b, Options{Trusted: crossed}); item != pemName(crossed[0].Key) {
		t.Errorf("keys of other agencies: names %q", item)
	}
}

func TestParseAnchor(t *testing.T) {
	good := "ed25519:0123456789abcdef0123456789abcdef"
	for in, want := range map[string]Anchor{good: {Key: hub.KeyID(good)}, "410425.registry=" + good: {hub.KeyID(good), "410425.registry"}} {
		if got, err := ParseAnchor(in); err != nil || got != want {
			t.Errorf("%s: %+v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "ed25519", "=" + good, good[:20], strings.ToUpper(good), "ed25519:" + strings.Repeat("g", 32)} {
		if got, err := ParseAnchor(in); err == nil {
			t.Errorf("%q is read as %+v", in, got)
		}
	}
}

// files reads a bundle into its parts.
func files(t testing.TB, b []byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, e := range entriesOf(t, b) {
		out[e.name] = string(b[e.start:e.end])
	}
	return out
}
