package live

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/session"
	"tongban/video"
	"tongban/video/headless"
	"tongban/video/record"
)

// folder is a sink that can be told to refuse.
type folder struct {
	record.Folder
	mu sync.Mutex // guards no
	no error
}

func (f *folder) refuse(err error) { f.mu.Lock(); f.no = err; f.mu.Unlock() }

// Put implements record.Sink.
func (f *folder) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	f.mu.Lock()
	no := f.no
	f.mu.Unlock()
	if no != nil {
		return no
	}
	return f.Folder.Put(ctx, key, r, size)
}

type world struct {
	node *video.Node
	url  string
	sink *folder
	rec  *Recorder
}

func newWorld(t *testing.T) *world {
	t.Helper()
	udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{sink: &folder{Folder: record.Folder(t.TempDir())}}
	if w.node, err = video.NewNode(video.Config{UDP: udp, Loopback: true}); err != nil {
		t.Fatal(err)
	}
	inside := session.May{Publish: []session.Source{session.Camera, session.Mic}, Hear: true, Chat: true}
	door := &video.Door{Node: w.node, Checker: video.CheckerFunc(func(_ context.Context, token string) (video.Grant, error) {
		room, who, _ := strings.Cut(token, "/")
		return Grant(hub.RoomID(room), session.Who(who), inside, false, nil), nil
	})}
	srv := httptest.NewServer(headless.Handler(door))
	w.url = "ws" + strings.TrimPrefix(srv.URL, "http")
	w.rec = NewRecorder(w.node, w.sink, nil, slog.New(slog.NewTextHandler(t.Output(), nil)))
	t.Cleanup(func() {
		if err := w.rec.Close(); err != nil {
			t.Errorf("close the recorder: %v", err)
		}
		srv.Close()
		if err := w.node.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) join(t *testing.T, ctx context.Context, token string) *headless.Peer {
	t.Helper()
	p, err := headless.Join(ctx, w.url, token)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	if err := p.Admitted(ctx); err != nil {
		t.Fatal(err)
	}
	return p
}

// eventually asks until yes, with the deadline of ctx.
func eventually(t *testing.T, ctx context.Context, what string, ok func() bool) {
	t.Helper()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("gave up waiting for %s", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func TestASessionIsRecordedPersonByPerson(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	w := newWorld(t)
	const id = session.ID("s1")
	for _, who := range []session.Who{"p1", "p2"} { // before anybody is there
		if err := w.rec.Start(ctx, id, who); err != nil {
			t.Fatal(err)
		}
	}
	first := w.join(t, ctx, "s1/p1")
	w.join(t, ctx, "s1/p2")
	w.join(t, ctx, "s1/p3") // nobody records him
	eventually(t, ctx, "confirmed segments of both", func() bool {
		list, err := w.rec.Progress(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, p := range list {
			if p.Recording && !p.Stalled && !p.ConfirmedUntil.IsZero() {
				n++
			}
		}
		return n == 2
	})
	tracks, err := w.rec.Stored(ctx, id, nil)
	if err != nil || len(tracks) != 2 || tracks[0].Who == "p3" || len(tracks[0].Segments) == 0 || tracks[0].Segments[0].File.Size == 0 {
		t.Fatalf("%+v %v", tracks, err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	for _, who := range []session.Who{"p1", "p2"} {
		if err := w.rec.Stop(ctx, id, who); err != nil {
			t.Fatal(err)
		}
		if err := w.rec.Stop(ctx, id, who); err != nil {
			t.Errorf("stopped twice: %v", err)
		}
	}
	after, err := w.rec.Stored(ctx, id, tracks)
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range after {
		if tr.Segments[0].N <= 1 {
			t.Errorf("what the chain has is listed again: %+v", tr.Segments[0])
		}
	}
	var files []hub.RecordedFile
	eventually(t, ctx, "finished files", func() bool {
		var done bool
		if files, done, err = w.rec.Finish(ctx, id); err != nil {
			t.Fatal(err)
		}
		return done
	})
	if len(files) != 2 || files[0].Millis < 1000 || files[0].Segments == 0 {
		t.Fatalf("%+v", files)
	}
	playable(t, string(w.sink.Folder))
}

// playable lets ffprobe read every finished file.
func playable(t *testing.T, dir string) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasPrefix(d.Name(), "whole-") {
			return err
		}
		found++
		out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", path).CombinedOutput()
		if err != nil {
			return fmt.Errorf("ffprobe (apt-get install ffmpeg): %w: %s", err, out)
		}
		if s := string(out); !strings.Contains(s, "opus") || !strings.Contains(s, "vp8") {
			t.Errorf("%s holds %s", d.Name(), s)
		}
		return nil
	})
	if err != nil || found != 2 {
		t.Errorf("%d files: %v", found, err)
	}
}

// A hub whose clock is set ahead, and set forward while it records, judges the
// recording by its own clock.
func TestTheRecordingKeepsTheHubsClock(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	w := newWorld(t)
	var ahead atomic.Int64
	ahead.Store(int64(72 * time.Hour))
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	rec := NewRecorder(w.node, w.sink, now, slog.New(slog.NewTextHandler(t.Output(), nil)))
	t.Cleanup(func() {
		if err := rec.Close(); err != nil {
			t.Error(err)
		}
	})
	began := now().Add(-time.Second)
	w.join(t, ctx, "s4/p1")
	if err := rec.Start(ctx, "s4", "p1"); err != nil {
		t.Fatal(err)
	}
	proven := func() bool {
		list, err := rec.Progress(ctx, "s4")
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != 1 || list[0].ConfirmedUntil.IsZero() {
			return false
		}
		age := now().Sub(list[0].ConfirmedUntil)
		return age > -time.Second && age <= hub.StallAfter
	}
	eventually(t, ctx, "a proof by the hub's clock", proven)
	ahead.Add(int64(24 * time.Hour))
	eventually(t, ctx, "a proof by the clock that was set forward", proven)
	if err := rec.Stop(ctx, "s4", "p1"); err != nil {
		t.Fatal(err)
	}
	tracks, err := rec.Stored(ctx, "s4", nil)
	if err != nil || len(tracks) != 1 {
		t.Fatalf("%+v %v", tracks, err)
	}
	for _, g := range tracks[0].Segments {
		if g.From.Before(began) || g.To.After(began.Add(2*time.Minute)) || !g.To.After(g.From) {
			t.Errorf("a segment of %s to %s; it began after %s", g.From, g.To, began)
		}
	}
}

func TestAStalledRecordingIsTold(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	w := newWorld(t)
	w.join(t, ctx, "s2/p1")
	if err := w.rec.Start(ctx, "s2", "p1"); err != nil {
		t.Fatal(err)
	}
	stalled := func(want bool) func() bool {
		return func() bool {
			list, err := w.rec.Progress(ctx, "s2")
			if err != nil {
				t.Fatal(err)
			}
			return len(list) == 1 && list[0].Stalled == want && (want || !list[0].ConfirmedUntil.IsZero())
		}
	}
	eventually(t, ctx, "a confirmed recording", stalled(false))
	w.sink.refuse(hub.E(hub.Unavailable, "the disk is full"))
	eventually(t, ctx, "the stall", stalled(true))
	w.sink.refuse(nil)
	eventually(t, ctx, "its end", stalled(false))
}

func TestRoomsDoWhatTheSessionSays(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	w := newWorld(t)
	rooms := NewRooms(w.node)
	if err := rooms.Admit(ctx, "s3", "p1"); hub.ErrorCode(err) != hub.NotFound {
		t.Errorf("a room that is not there: %v", err)
	}
	if err := rooms.Close(ctx, "s3"); hub.ErrorCode(err) != hub.NotFound {
		t.Errorf("a room that is not there: %v", err)
	}
	a, b := w.join(t, ctx, "s3/p1"), w.join(t, ctx, "s3/p2")
	if err := a.Hears(ctx, 10, "p2/camera", "p2/mic"); err != nil {
		t.Fatal(err)
	}
	if err := rooms.Move(ctx, "s3", "p2", "s3-talk1"); err != nil {
		t.Fatal(err)
	}
	c := w.join(t, ctx, "s3-talk1/p9")
	if err := c.Hears(ctx, 10, "p2/mic"); err != nil {
		t.Error(err)
	}
	if err := rooms.Allow(ctx, "s3-talk1", "p2", session.May{}); err != nil {
		t.Error(err)
	}
	if err := rooms.Remove(ctx, "s3-talk1", "p2"); err != nil {
		t.Error(err)
	}
	if err := rooms.Close(ctx, "s3"); err != nil {
		t.Error(err)
	}
	_ = b
}
