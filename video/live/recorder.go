package live

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"tongban/hub"
	"tongban/hub/session"
	"tongban/video"
	"tongban/video/record"
)

// Recorder implements hub.Recorder: everybody of a session gets a record.Recorder
// of his own, fed from the taps of the room.
type Recorder struct {
	node *video.Node
	sink record.Sink
	log  *slog.Logger
	now  func() time.Time

	mu       sync.Mutex // guards the rest
	sessions map[session.ID]*recording
	closed   bool
	finishes map[session.ID]*finish
	wg       sync.WaitGroup
	life     context.Context // ends with Close
	end      context.CancelFunc
}

var _ hub.Recorder = (*Recorder)(nil)

// finish is one run of making the playable files.
type finish struct {
	files []hub.RecordedFile
	err   error
	done  bool
}

// NewRecorder records the rooms of a node into a sink. Close must be called.
func NewRecorder(n *video.Node, s record.Sink, now func() time.Time, log *slog.Logger) *Recorder {
	r := &Recorder{node: n, sink: s, log: log, now: now, sessions: map[session.ID]*recording{}, finishes: map[session.ID]*finish{}}
	if r.now == nil {
		r.now = time.Now
	}
	r.life, r.end = context.WithCancel(context.Background())
	return r
}

func prefix(id session.ID, who session.Who) string { return "rec/" + string(id) + "/" + string(who) }

// Start implements hub.Recorder.
func (r *Recorder) Start(ctx context.Context, id session.ID, who session.Who) error {
	rec, err := r.recording(id)
	if err != nil {
		return err
	}
	return rec.start(ctx, who)
}

func (r *Recorder) recording(id session.ID) (*recording, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, hub.E(hub.Unavailable, "the recorder is stopping")
	}
	rec := r.sessions[id]
	if rec == nil {
		rec = newRecording(r, id)
		r.sessions[id] = rec
		r.wg.Go(func() { rec.watch(r.life) })
	}
	return rec, nil
}

func (r *Recorder) known(id session.ID) *recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sessions[id]
}

// Stop implements hub.Recorder.
func (r *Recorder) Stop(ctx context.Context, id session.ID, who session.Who) error {
	rec := r.known(id)
	if rec == nil {
		return nil
	}
	if err := rec.stop(ctx, who); err != nil || rec.anybody() {
		return err
	}
	r.mu.Lock()
	delete(r.sessions, id)
	r.mu.Unlock()
	rec.end()
	return nil
}

// Progress implements hub.Recorder.
func (r *Recorder) Progress(ctx context.Context, id session.ID) ([]hub.RecordingProgress, error) {
	rec := r.known(id)
	if rec == nil {
		return nil, nil
	}
	rec.tap(ctx) // the room may have come to be since
	return rec.progress(), nil
}

// Stored implements hub.Recorder.
func (r *Recorder) Stored(ctx context.Context, id session.ID, after []hub.RecordedTrack) ([]hub.RecordedTrack, error) {
	people, err := r.people(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []hub.RecordedTrack
	for _, who := range people {
		last := map[record.Lane]int{}
		for _, t := range after {
			if n := len(t.Segments); t.Who == who && n > 0 {
				last[laneOf(t.Lane)] = max(last[laneOf(t.Lane)], t.Segments[n-1].N)
			}
		}
		segs, err := record.Stored(ctx, r.sink, prefix(id, who), last)
		if err != nil {
			return nil, storage(err)
		}
		out = append(out, tracks(who, segs)...)
	}
	return out, nil
}

// people are those of whom something is stored.
func (r *Recorder) people(ctx context.Context, id session.ID) ([]session.Who, error) {
	keys, err := r.sink.List(ctx, "rec/"+string(id)+"/")
	if err != nil {
		return nil, hub.Wrap(hub.Unavailable, err, "the recording cannot be listed")
	}
	var out []session.Who
	for _, k := range keys {
		who, _, _ := strings.Cut(strings.TrimPrefix(k, "rec/"+string(id)+"/"), "/")
		if !slices.Contains(out, session.Who(who)) {
			out = append(out, session.Who(who))
		}
	}
	return out, nil
}

func laneOf(name string) record.Lane {
	if name == record.Sharing.String() {
		return record.Sharing
	}
	return record.Person
}

// tracks puts segments of one person into the words of the chain.
func tracks(who session.Who, segs []record.Segment) []hub.RecordedTrack {
	var out []hub.RecordedTrack
	for _, lane := range []record.Lane{record.Person, record.Sharing} {
		t := hub.RecordedTrack{Who: who, Lane: lane.String()}
		for _, s := range segs {
			if s.Lane != lane {
				continue
			}
			t.Segments = append(t.Segments, hub.RecordedSegment{
				N: s.Index, From: hub.Millis(s.From), To: hub.Millis(s.To),
				File: hub.File{Digest: hub.Digest("sha256:" + hex.EncodeToString(s.Digest)), Size: s.Size, Type: mediaType(s.Key)},
			})
			for _, g := range s.Gaps {
				gap := hub.RecordedGap{From: hub.Millis(g.From), To: hub.Millis(g.To), Reason: string(g.Reason)}
				if !g.All {
					gap.Kind = g.Kind.String()
				}
				t.Gaps = append(t.Gaps, gap)
			}
		}
		if len(t.Segments) > 0 {
			out = append(out, t)
		}
	}
	return out
}

func mediaType(key string) string {
	if strings.HasSuffix(key, ".webm") {
		return "video/webm"
	}
	return "video/mp4"
}

// Finish implements hub.Recorder. It goes on in the background.
func (r *Recorder) Finish(_ context.Context, id session.ID) (files []hub.RecordedFile, done bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, false, hub.E(hub.Unavailable, "the recorder is stopping")
	}
	f := r.finishes[id]
	if f == nil {
		f = &finish{}
		r.finishes[id] = f
		r.wg.Go(func() { r.finish(r.life, id, f) })
	}
	if !f.done {
		return nil, false, nil
	}
	delete(r.finishes, id) // asked again, it is read again from what is stored
	return f.files, f.err == nil, f.err
}

func (r *Recorder) finish(ctx context.Context, id session.ID, f *finish) {
	files, err := r.finishAll(ctx, id)
	r.mu.Lock()
	defer r.mu.Unlock()
	f.files, f.err, f.done = files, err, true
}

func (r *Recorder) finishAll(ctx context.Context, id session.ID) ([]hub.RecordedFile, error) {
	people, err := r.people(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []hub.RecordedFile
	for _, who := range people {
		files, err := record.Finish(ctx, record.FinishConfig{Prefix: prefix(id, who), Sink: r.sink})
		if errors.Is(err, &record.Error{Reason: record.ReasonNothing}) {
			continue
		}
		if err != nil {
			return nil, storage(fmt.Errorf("recording of %s in %s: %w", who, id, err))
		}
		for _, f := range files {
			out = append(out, hub.RecordedFile{
				Who: who, Lane: f.Lane.String(), Start: hub.Millis(f.Start), Millis: f.Duration.Milliseconds(), Segments: f.Segments,
				File: hub.File{Digest: hub.Digest("sha256:" + hex.EncodeToString(f.Digest)), Size: f.Size, Type: mediaType(f.Key)},
			})
		}
	}
	return out, nil
}

// storage translates an error of package record.
func storage(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, &record.Error{Reason: record.ReasonCorrupt}), errors.Is(err, &record.Error{Reason: record.ReasonBroken}),
		errors.Is(err, &record.Error{Reason: record.ReasonMissing}):
		return hub.Wrap(hub.BrokenChain, err, "the recording is damaged")
	}
	return hub.Wrap(hub.Unavailable, err, "the recording cannot be stored or read now")
}

// Close stores what is there, ends every recording and waits for it.
func (r *Recorder) Close() error {
	r.mu.Lock()
	r.closed = true
	all := make([]*recording, 0, len(r.sessions))
	for _, rec := range r.sessions {
		all = append(all, rec)
	}
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	var errs []error
	for _, rec := range all {
		errs = append(errs, rec.stopAll(ctx))
		rec.end()
	}
	r.end()
	r.wg.Wait()
	return errors.Join(errs...)
}

// closeTime is how long the last segments may take to be stored.
const closeTime = 8 * time.Second
