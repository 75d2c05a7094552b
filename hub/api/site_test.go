package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tongban/hub"
	"tongban/hub/evidence"
	"tongban/hub/hubtest"
	"tongban/hub/signin"
	"tongban/hub/standard"
	"tongban/routing/handover"
	"tongban/storage/mongo"
	"tongban/storage/object"
	"tongban/storage/object/resume"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// site is a whole hub behind HTTP on a free port, with people who can sign in.
type site struct {
	*hubtest.Hub
	t       testing.TB
	server  *Server
	db      *mongo.DB
	people  *mongo.Directory
	index   *brokenIndex
	objects *object.Store
	base    string
	log     *safeBuffer
	counts  counts
	http    *http.Client
	signIn  *signin.Service

	mu     sync.Mutex
	tokens map[string]string
	stop   context.CancelFunc
	served chan error
}

const password = "a long enough passphrase 通办"

var cheap = signin.Params{MemoryKiB: 64, Passes: 1, Threads: 1}

// people of the site, by login; every one has the password above.
func staff() []hub.Person {
	p := func(login string, a hub.AgencyID, ref hub.PartyRef, roles ...hub.Role) hub.Person {
		return hub.Person{ID: hub.PersonID("p-" + login), Login: login, NameZH: "甲" + login, NameEN: login, Agency: a, Roles: roles, Ref: ref}
	}
	return []hub.Person{
		p("clerk", hubtest.Window, "", hub.Clerk),
		p("first", hubtest.Registry, "", hub.FirstReviewer),
		p("second", hubtest.Registry, "", hub.SecondReviewer),
		p("lead", hubtest.Registry, "", hub.WindowLead, hub.Supervisor),
		p("audit", hubtest.Registry, "", hub.AuditAdmin),
		p("stranger", hubtest.Stranger, "", hub.Clerk, hub.FirstReviewer),
		p("nobody", hubtest.Window, ""),
		p("admin", hubtest.Window, "", hub.SystemAdmin),
		p("guard", hubtest.Window, "", hub.SecurityAdmin),
	}
}

func newSite(t testing.TB, change ...func(*Config)) *site {
	t.Helper()
	s := &site{t: t, objects: storetest.Objects(t), log: &safeBuffer{}, tokens: map[string]string{}, served: make(chan error, 1)}
	logger := slog.New(LogHandler(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	s.openDocuments(logger)
	t.Cleanup(func() {
		for line := range strings.Lines(s.log.String()) {
			if t.Failed() && (strings.Contains(line, "level=ERROR") || strings.Contains(line, "level=WARN")) {
				t.Log(line)
			}
		}
	})
	c := &s.counts
	algorithms := hub.NewAlgorithms(hub.StandardSuite())
	keys, err := hub.NewKeyring(make([]byte, hub.MasterKeySize), algorithms, s.db.Keys())
	if err != nil {
		t.Fatal(err)
	}
	s.Hub = hubtest.New(t, hub.Ports{
		Events: countEvents{s.db.Events(), c}, Index: s.index, Outbox: s.db.Outbox(), Objects: s.objects, Keys: keys, Algorithms: algorithms,
		Uploads: countUploads{s.db.Uploads(), c}, Access: countAccess{s.db.Access(), c}, Directory: s.people, Counters: s.db.Counters(), Papers: s.db.Papers(), Registers: s.db.Register(), Assessor: standard.NewAssessor(), Press: noPress{}, Logger: logger,
		Sessions: s.db.Sessions(), Slots: s.db.Slots(), Invitations: s.db.Invitations(), Keeper: s,
	}, s)
	for _, p := range staff() {
		p.Secret = signin.Hash(password, cheap)
		if err := s.people.SavePerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	s.signIn, err = signin.New(signin.Config{
		People: s.people, Logins: s.db.Logins(), Factors: s.db.Factors(), Seal: keys, Logger: logger, Now: s.Clock.Now, Params: cheap, Refusal: time.Nanosecond,
		PerLogin: 1000, PerAddress: 10_000,
	})
	if err != nil {
		t.Fatal(err)
	}
	resumable, err := resume.New(resume.Config{
		Objects: s.objects, Records: s.db.OpenUploads(), Uploads: s.Uploads, Sniff: SniffUpload, SniffBytes: SniffBytes,
		MaxSize: 8 << 20, Logger: logger, Now: s.Clock.Now, Stall: 10 * time.Second, Wait: 2 * time.Second, PerPerson: 8,
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Service: s.Service, SignIn: s.signIn, Directory: s.people, Index: s.index, Router: s.Router, Objects: PutFunc(s.put), Uploads: s.Uploads,
		Keys: s.db.Keys(), Resumable: resumable, Drafts: s.db.Drafts(), DraftSeal: keys, Leases: s.db.Leases(),
		Access: s.Access, Bundle: evidence.FromService(s.Service), Policy: s.Policy, Ready: s.objects.Ready, UI: pagesOfTest(),
		Logger: logger, Registry: prometheus.NewRegistry(), Now: s.Clock.Now, PublicURL: "http://127.0.0.1", Version: "test",
		Limits: Limits{UploadBytes: 8 << 20, Poll: 10 * time.Millisecond, Heartbeat: 50 * time.Millisecond, Shutdown: 10 * time.Second},
	}
	for _, f := range change {
		f(&cfg)
	}
	if s.server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	s.serve()
	return s
}

func (s *site) openDocuments(logger *slog.Logger) {
	s.t.Helper()
	uri, database := storetest.Mongo(s.t)
	db, err := mongo.Open(s.t.Context(), mongo.Config{URI: uri, Database: database, Logger: logger, Now: func() time.Time { return s.Clock.Now() }})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			s.t.Error(err)
		}
	})
	if err := db.EnsureIndexes(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.db, s.people, s.index = db, db.Directory(), &brokenIndex{CaseIndex: db.Cases()}
}

// brokenIndex is an index whose lists a test can break.
type brokenIndex struct {
	*mongo.CaseIndex
	down error
}

func (x *brokenIndex) List(ctx context.Context, q hub.ListQuery) (hub.Page, error) {
	if x.down != nil {
		return hub.Page{}, x.down
	}
	return x.CaseIndex.List(ctx, q)
}

func (s *site) serve() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.base = "http://" + ln.Addr().String()
	s.http = &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() { s.served <- s.server.Serve(ctx, ln) }()
	s.t.Cleanup(func() {
		s.http.CloseIdleConnections()
		stop()
		if err, open := <-s.served; open && err != nil {
			s.t.Errorf("serve: %v", err)
		}
	})
}

func pagesOfTest() fs.FS {
	return fstest.MapFS{
		"index.html": {Data: []byte("<h1>通办</h1>")}, "style.css": {Data: []byte("h1{}")}, ".keep": {Data: []byte("x")},
	}
}

func (s *site) put(ctx context.Context, in Incoming) error {
	_, err := s.objects.Put(ctx, in.Body, object.PutOptions{Size: in.Size, Want: in.Want})
	if err == nil {
		s.counts.objects.Add(1)
	}
	return err
}

// PutFile implements hubtest.Files.
func (s *site) PutFile(t testing.TB, content []byte) hub.Digest {
	t.Helper()
	got, err := s.objects.Put(t.Context(), bytes.NewReader(content), object.PutOptions{Size: int64(len(content))})
	if err != nil {
		t.Fatal(err)
	}
	return got.Digest
}

// Keep implements hub.Keeper.
func (s *site) Keep(ctx context.Context, file []byte) (hub.Digest, error) {
	got, err := s.objects.Put(ctx, bytes.NewReader(file), object.PutOptions{Size: int64(len(file))})
	return got.Digest, err
}

// deliver lets the hand-over messages arrive.
func (s *site) deliver() {
	s.t.Helper()
	d := handover.NewDeliverer(s.Service, handover.Local{Endpoint: handover.NewEndpoint(s.Service)}, handover.Config{})
	if _, err := d.DeliverDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// counts is what was written.
type counts struct{ events, accesses, uploads, objects atomic.Int64 }

type written4 struct{ events, accesses, uploads, objects int64 }

func (c *counts) now() written4 {
	return written4{c.events.Load(), c.accesses.Load(), c.uploads.Load(), c.objects.Load()}
}

type (
	countEvents struct {
		*mongo.EventStore
		c *counts
	}
	countAccess struct {
		*mongo.AccessLog
		c *counts
	}
	countUploads struct {
		*mongo.Uploads
		c *counts
	}
)

func (x countEvents) Append(ctx context.Context, e hub.Event) error {
	err := x.EventStore.Append(ctx, e)
	if err == nil {
		x.c.events.Add(1)
	}
	return err
}

func (x countAccess) Record(ctx context.Context, a hub.Access) error {
	x.c.accesses.Add(1)
	return x.AccessLog.Record(ctx, a)
}

func (x countUploads) SaveUpload(ctx context.Context, u hub.Upload) error {
	x.c.uploads.Add(1)
	return x.Uploads.SaveUpload(ctx, u)
}

// safeBuffer is a log that tests read while others write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) text() string { return string(a.body) }

func (a answer) code() string {
	var p struct{ Code string }
	if a.status < 400 || json.Unmarshal(a.body, &p) != nil {
		return ""
	}
	return p.Code
}

func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
}

// token signs in over HTTP, once for each login.
func (s *site) token(login string) string {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tokens[login]; t != "" || login == "" {
		return t
	}
	a := s.request("", "POST", "/api/v1/session", map[string]any{"login": login, "password": password, "bearer": true}, nil)
	var got struct{ Token string }
	if a.into(s.t, &got); a.status != 201 || got.Token == "" {
		s.t.Fatalf("sign in %s: %d %s", login, a.status, a.body)
	}
	s.tokens[login] = got.Token
	return got.Token
}

// do calls as somebody ("" is nobody) and reads the whole answer.
func (s *site) do(login, method, path string, body any, header map[string]string) answer {
	s.t.Helper()
	return s.request(s.token(login), method, path, body, header)
}

// cmd is a command with a key of its own.
func (s *site) cmd(login, path, key string, body any) answer {
	s.t.Helper()
	return s.do(login, "POST", path, body, map[string]string{"Idempotency-Key": key})
}

func (s *site) request(token, method, path string, body any, header map[string]string) answer {
	s.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	case []byte:
		r = bytes.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, r)
	if err != nil {
		s.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept-Language", "en")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for k, v := range header {
		if req.Header.Set(k, v); v == "" {
			req.Header.Del(k)
		}
	}
	resp, err := s.http.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatalf("%s %s: read: %v", method, path, err)
	}
	a := answer{resp.StatusCode, resp.Header, got}
	if _, measured := s.t.(*testing.B); !measured {
		s.conforms(method, path, a)
	}
	return a
}

func digestHeader(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// upload brings a file in and returns its digest.
func (s *site) upload(login string, content []byte) string {
	s.t.Helper()
	a := s.do(login, "PUT", "/api/v1/uploads", content, map[string]string{"Repr-Digest": digestHeader(content), "Content-Type": "application/octet-stream"})
	var got struct{ Digest string }
	if a.into(s.t, &got); a.status != 201 {
		s.t.Fatalf("upload: %d %s", a.status, a.body)
	}
	return got.Digest
}

// eventually polls until ok, and says what is missing when it never is.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-end:
			t.Fatalf("never: %s", what)
		case <-tick.C:
		}
	}
}

// noPress makes no papers: what a paper looks like has its own tests.
type noPress struct{}

func (noPress) Seal(context.Context, hub.PaperOrder) (hub.SealedPaper, error) {
	return hub.SealedPaper{}, hub.E(hub.Unavailable, "no papers here")
}

func (noPress) SealRecord(context.Context, hub.PaperOrder) (hub.SealedPaper, error) {
	return hub.SealedPaper{}, hub.E(hub.Unavailable, "no papers here")
}

func (noPress) Print(_ context.Context, k hub.PrintKind, o hub.PaperOrder) ([]byte, error) {
	return []byte("%PDF-1.7 " + string(k) + " of " + o.Case.Number), nil
}
