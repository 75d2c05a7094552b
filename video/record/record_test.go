package record

import (
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// made is a recording that has ended.
type made struct {
	sink     *memory
	segments []Segment
	stalls   []Progress
	keys     int // requests for key frames
}

// recording records the events inside a bubble of its own time and finishes.
func recording(t *testing.T, cfg Config, all ...[]event) *made {
	t.Helper()
	m := &made{}
	synctest.Test(t, func(t *testing.T) {
		m.sink, _ = cfg.Sink.(*memory)
		if m.sink == nil {
			m.sink = &memory{}
			cfg.Sink = m.sink
		}
		cfg.Prefix = "rec/r1/p1"
		cfg.OnSegment = func(s Segment) { m.segments = append(m.segments, s) }
		cfg.OnStall = func(p Progress) { m.stalls = append(m.stalls, p) }
		cfg.WantKeyFrame = func(Kind) { m.keys++ }
		r, err := Resume(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		play(r, all...)
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return m
}

func (m *made) finish(t testing.TB) []File {
	t.Helper()
	files, err := Finish(t.Context(), FinishConfig{Prefix: "rec/r1/p1", Sink: m.sink, Expect: m.segments})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// gaps lists the stated gaps of a kind.
func (m *made) gaps(k Kind) (gs []Gap) {
	for _, s := range m.segments {
		for _, g := range s.Gaps {
			if g.All || g.Kind == k {
				gs = append(gs, g)
			}
		}
	}
	return gs
}

func add(at time.Duration, k Kind, c Codec) []event {
	return []event{{at: at, call: func(r *Recorder) { _ = r.AddTrack(k, c) }}}
}

func call(at time.Duration, f func(r *Recorder)) []event { return []event{{at: at, call: f}} }

var bothCodecs = []Codec{H264, VP8}

// cameraAndMic is the usual sender: video comes 200 ms late, its clock is 37 s
// behind the hub's, and numbers and times wrap on the way.
func cameraAndMic(t testing.TB, c Codec) []event {
	return slices.Concat(
		add(0, Camera, c), add(0, Mic, Opus),
		film(t, c, "320x180").events(send{
			kind: Camera, ssrc: 1, seq: 65500, ts: math.MaxUint32 - 200000, delay: 200 * time.Millisecond,
			reports: 900 * time.Millisecond, skew: -37 * time.Second,
		}),
		beeps(t).events(send{
			kind: Mic, ssrc: 2, seq: 65300, ts: math.MaxUint32 - 100000, delay: 10 * time.Millisecond,
			reports: 2300 * time.Millisecond, skew: -37 * time.Second,
		}),
	)
}

func TestSoundAndPictureStayTogether(t *testing.T) {
	for _, c := range bothCodecs {
		t.Run(c.String(), func(t *testing.T) {
			m := recording(t, Config{}, cameraAndMic(t, c))
			files := m.finish(t)
			if len(files) != 1 || files[0].Container != c.container() {
				t.Fatalf("files %+v", files)
			}
			name := m.sink.file(t, files[0].Key)
			decode(t, name)
			p := probe(t, name)
			if math.Abs(p.duration-clipSeconds) > 0.1 || math.Abs(p.duration-files[0].Duration.Seconds()) > 0.05 {
				t.Errorf("duration %.3f s, told %v, sent %d s", p.duration, files[0].Duration, clipSeconds)
			}
			if !slices.Equal(p.codecs, []string{c.String(), "opus"}) || p.frames[c.String()] != clipSeconds*fps || p.width != 320 {
				t.Errorf("ffprobe: %+v", p)
			}
			worst, pairs := apart(t, name)
			if pairs < clipSeconds-2 || math.Abs(worst) > 0.1 {
				t.Errorf("%d pairs of flash and beep, worst %.1f ms apart", pairs, worst*1000)
			}
			t.Logf("worst distance of flash and beep: %+.1f ms in %d pairs", worst*1000, pairs)
			if g := append(m.gaps(Camera), m.gaps(Mic)...); len(g) > 0 || len(m.stalls) > 0 {
				t.Errorf("gaps %v, stalls %v", g, m.stalls)
			}
			for i, s := range m.segments {
				if s.Index != i+1 || s.To.Sub(s.From) > maxSegment || i > 0 && !s.From.Equal(m.segments[i-1].To) {
					t.Errorf("segment %d: %d, %v to %v", i, s.Index, s.From, s.To)
				}
			}
		})
	}
}
