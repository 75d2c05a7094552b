package record

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// trouble is a sink that fails from some moment of the recording on.
type trouble struct {
	mu    sync.Mutex
	from  time.Time
	to    time.Time
	since time.Time // the first Put that met the trouble
	deaf  chan struct{}
	hang  bool
}

func (b *trouble) before(ctx context.Context, _ string) error {
	now := time.Now()
	b.mu.Lock()
	bad := !now.Before(b.from) && now.Before(b.to)
	if bad && b.since.IsZero() {
		b.since = now
	}
	b.mu.Unlock()
	switch {
	case !bad:
		return nil
	case b.deaf != nil: // does not even look at its context
		<-b.deaf
		return errors.New("gave up")
	case b.hang:
		<-ctx.Done()
		return ctx.Err()
	}
	return errors.New("no space")
}

// Storage that refuses or hangs is told in 5 s from the moment it began, and
// nothing is lost when it comes back in time.
func TestStorageTroubleIsToldInFiveSeconds(t *testing.T) {
	for name, hang := range map[string]bool{"refuses": false, "hangs": true} {
		t.Run(name, func(t *testing.T) {
			// At any place between two segments, and while a track is silent.
			for _, at := range []time.Duration{3100 * time.Millisecond, 4500 * time.Millisecond, 5900 * time.Millisecond, 6200 * time.Millisecond} {
				var bad *trouble
				var stalls []Progress
				m := &memory{}
				synctest.Test(t, func(t *testing.T) {
					start := time.Now()
					bad = &trouble{hang: hang, from: start.Add(at), to: start.Add(at + 9*time.Second)}
					m.before = bad.before
					var told []time.Time
					r, err := Start(t.Context(), Config{Prefix: "p", Sink: m, OnStall: func(p Progress) {
						told, stalls = append(told, time.Now()), append(stalls, p)
					}})
					if err != nil {
						t.Fatal(err)
					}
					play(r, cameraAndMic(t, VP8), cameraAndMicAgain(t))
					if err := r.Close(t.Context()); err != nil {
						t.Error(err)
					}
					if len(stalls) != 2 || !stalls[0].Stalled || stalls[1].Stalled {
						t.Fatalf("told %+v", stalls)
					}
					if d := told[0].Sub(bad.from); d > 5*time.Second {
						t.Errorf("trouble at %v told after %v", at, d)
					}
					if s := stalls[0]; s.Reason != StallRefused && s.Reason != StallSlow || s.StalledSince.After(told[0]) || !s.ConfirmedUntil.Before(told[0]) {
						t.Errorf("told %+v", s)
					}
				})
				files, err := Finish(t.Context(), FinishConfig{Prefix: "p", Sink: m})
				if err != nil {
					t.Fatal(err)
				}
				if n := probe(t, m.file(t, files[0].Key)).frames["vp8"]; n != 2*clipSeconds*fps {
					t.Errorf("%d pictures", n)
				}
			}
		})
	}
}

// cameraAndMicAgain goes on where cameraAndMic ends, with new sources.
func cameraAndMicAgain(t testing.TB) []event {
	from := clipSeconds*time.Second + 500*time.Millisecond
	return append(
		film(t, VP8, "320x180").events(send{kind: Camera, ssrc: 11, ts: 9, from: from, reports: from + time.Second}),
		beeps(t).events(send{kind: Mic, ssrc: 12, ts: 9, from: from, reports: from + time.Second})...)
}

// What does not fit into memory while storage is away is a stated gap, and the
// file is whole around it.
func TestLongOutageIsAStatedGap(t *testing.T) {
	var segs []Segment
	m := &memory{}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		m.before = (&trouble{from: start.Add(4 * time.Second), to: start.Add(15 * time.Second)}).before
		r, err := Start(t.Context(), Config{Prefix: "p", Sink: m, MaxQueue: 250 << 10, OnSegment: func(s Segment) { segs = append(segs, s) }})
		if err != nil {
			t.Fatal(err)
		}
		play(r, cameraAndMic(t, VP8), cameraAndMicAgain(t), call(25*time.Second, func(r *Recorder) {
			if p := r.Progress(); p.Waiting > 250<<10 {
				t.Errorf("%d bytes wait", p.Waiting)
			}
		}))
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	gaps := 0
	for i, s := range segs {
		if s.Index != i+1 {
			t.Errorf("number %d after %d", s.Index, i)
		}
		for _, g := range s.Gaps {
			if g.Reason == GapStorage && g.All {
				gaps++
			}
		}
	}
	if gaps == 0 {
		t.Errorf("no gap stated in %d segments", len(segs))
	}
	files, err := Finish(t.Context(), FinishConfig{Prefix: "p", Sink: m, Expect: segs})
	if err != nil {
		t.Fatal(err)
	}
	name := m.file(t, files[0].Key)
	decode(t, name)
	together(t, name, 8)
}

// A store that never answers keeps neither the callers nor Close.
func TestDeafStorageHoldsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := &trouble{from: time.Now(), to: time.Now().Add(time.Hour), deaf: make(chan struct{})}
		m := &memory{before: bad.before}
		var stalled time.Duration
		start := time.Now()
		r, err := Start(t.Context(), Config{Prefix: "p", Sink: m, OnStall: func(Progress) { stalled = time.Since(start) }})
		if err != nil {
			t.Fatal(err)
		}
		play(r, cameraAndMic(t, VP8))
		if stalled == 0 || !r.Progress().Stalled {
			t.Errorf("nobody was told: %+v", r.Progress())
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		before := time.Now()
		if err := r.Close(ctx); !errors.Is(err, &Error{Reason: ReasonStorage}) {
			t.Errorf("Close: %v", err)
		}
		if d := time.Since(before); d > 3*time.Second {
			t.Errorf("Close took %v", d)
		}
		if err := r.AddTrack(Camera, VP8); !errors.Is(err, &Error{Reason: ReasonClosed}) {
			t.Errorf("a track after Close: %v", err)
		}
		r.WriteRTP(Camera, cameraAndMic(t, VP8)[2].packet, time.Now())
		close(bad.deaf)
	})
}

func TestStartRefuses(t *testing.T) {
	full := &memory{objects: map[string][]byte{"p/person/000001.mp4": {1}}}
	for name, tc := range map[string]struct {
		cfg  Config
		want Reason
	}{
		"no prefix":        {Config{Sink: &memory{}}, ReasonInvalid},
		"a folder":         {Config{Prefix: "p/", Sink: &memory{}}, ReasonInvalid},
		"no sink":          {Config{Prefix: "p"}, ReasonInvalid},
		"long segments":    {Config{Prefix: "p", Sink: &memory{}, Segment: 5 * time.Second}, ReasonInvalid},
		"broken segments":  {Config{Prefix: "p", Sink: &memory{}, Segment: 1500 * time.Millisecond}, ReasonInvalid},
		"stall too early":  {Config{Prefix: "p", Sink: &memory{}, StallAfter: time.Second}, ReasonInvalid},
		"something there":  {Config{Prefix: "p", Sink: full}, ReasonExists},
		"nameless hashing": {Config{Prefix: "p", Sink: &memory{}, Hash: Hash{New: SHA256().New}}, ReasonInvalid},
	} {
		if _, err := Start(t.Context(), tc.cfg); !errors.Is(err, &Error{Reason: tc.want}) {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		r, err := Start(t.Context(), Config{Prefix: "p", Sink: &memory{}})
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []struct {
			k Kind
			c Codec
		}{{Camera, Opus}, {Mic, VP8}, {Mic, 0}, {kinds, Opus}, {ScreenAudio, H264}, {Screen, 9}} {
			if err := r.AddTrack(bad.k, bad.c); !errors.Is(err, &Error{Reason: ReasonInvalid}) {
				t.Errorf("%v %v: %v", bad.k, bad.c, err)
			}
		}
		if r.RemoveTrack(kinds) == nil || r.SetMuted(kinds, true) == nil {
			t.Error("an unknown kind is taken")
		}
		r.WriteRTP(kinds, nil, time.Time{})
		r.WriteReport(kinds, nil, time.Time{})
		for range 2 {
			if err := r.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
}

// The same while one track is silent: it must not hold back what is confirmed.
func TestStorageTroubleIsToldWhileATrackIsSilent(t *testing.T) {
	for at := 6 * time.Second; at < 9*time.Second; at += 170 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			bad := &trouble{hang: true, from: time.Now().Add(at), to: time.Now().Add(time.Hour)}
			m := &memory{before: bad.before}
			var told []time.Time
			r, err := Start(t.Context(), Config{Prefix: "p", Sink: m, OnStall: func(Progress) { told = append(told, time.Now()) }})
			if err != nil {
				t.Fatal(err)
			}
			picture := film(t, VP8, "320x180").events(send{kind: Camera, ssrc: 1, reports: time.Second, n: 3 * fps})
			play(r, add(0, Camera, VP8), picture, usualSound(t), call(15*time.Second, func(*Recorder) {}))
			if len(told) != 1 || told[0].Sub(bad.from) > 5*time.Second || told[0].Before(bad.from) {
				t.Errorf("trouble at %v, told at %v", bad.from, told)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := r.Close(ctx); !errors.Is(err, &Error{Reason: ReasonStorage}) {
				t.Errorf("Close: %v", err)
			}
		})
	}
}
