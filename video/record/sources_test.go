package record

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func usualSound(t testing.TB) []event {
	return append(add(0, Mic, Opus), beeps(t).events(send{kind: Mic, ssrc: 2, ts: 5, delay: 10 * time.Millisecond, reports: 2300 * time.Millisecond})...)
}

// sound finishes and returns the only file, decoded without an error.
func (m *made) only(t *testing.T) (string, probed) {
	t.Helper()
	files := m.finish(t)
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	name := m.sink.file(t, files[0].Key)
	decode(t, name)
	decode(t, name, "-ss", "8.5")
	return name, probe(t, name)
}

func together(t *testing.T, name string, atLeast int) {
	t.Helper()
	if worst, pairs := apart(t, name); pairs < atLeast || math.Abs(worst) > 0.1 {
		t.Errorf("%d pairs of flash and beep, worst %.1f ms apart", pairs, worst*1000)
	}
}

// A camera that is switched on later is placed by its reports among what is
// stored already.
func TestCameraComesLater(t *testing.T) {
	for _, c := range bothCodecs {
		m := recording(t, Config{Video: c}, usualSound(t), add(4*time.Second, Camera, c),
			film(t, c, "320x180").events(send{
				kind: Camera, ssrc: 1, ts: 77, from: 5 * time.Second, delay: 300 * time.Millisecond,
				reports: 7500 * time.Millisecond, n: 6 * fps,
			}))
		name, p := m.only(t)
		together(t, name, 5)
		if p.frames[c.String()] != 6*fps || p.frames["opus"] != len(beeps(t).frames) {
			t.Errorf("%v: %v", c, p.frames)
		}
		if inits := m.count("/init-"); inits != 2 {
			t.Errorf("%v: %d heads, want one for the sound and one for both", c, inits)
		}
	}
}

func (m *made) count(part string) (n int) {
	for k := range m.sink.objects {
		if strings.Contains(k, part) {
			n++
		}
	}
	return n
}

// A sender that starts again (new SSRC, new numbers, new times, another size).
func TestSourceChanges(t *testing.T) {
	for _, c := range bothCodecs {
		m := recording(t, Config{}, add(0, Camera, c), usualSound(t),
			film(t, c, "320x180").events(send{kind: Camera, ssrc: 1, ts: 77, delay: 100 * time.Millisecond, reports: time.Second, n: 5 * fps}),
			film(t, c, "480x272").events(send{
				kind: Camera, ssrc: 9, ts: 1 << 31, from: 6 * time.Second, delay: 250 * time.Millisecond,
				reports: 8 * time.Second, n: 6 * fps,
			}))
		name, p := m.only(t)
		together(t, name, 9)
		if p.frames[c.String()] != 11*fps {
			t.Errorf("%v: %+v", c, p)
		}
		if gs := m.gaps(Camera); len(gs) == 0 || gs[0].Reason != GapRestart {
			t.Errorf("%v: gaps %v", c, gs)
		}
	}
}

// The same SSRC with a clock that starts again somewhere else.
func TestClockStartsAgain(t *testing.T) {
	for _, c := range bothCodecs {
		m := recording(t, Config{}, add(0, Camera, c), usualSound(t),
			film(t, c, "320x180").events(send{kind: Camera, ssrc: 1, seq: 7, ts: 77, delay: 100 * time.Millisecond, reports: time.Second, n: 5 * fps}),
			film(t, c, "320x180").events(send{
				kind: Camera, ssrc: 1, seq: 40000, ts: 1 << 30, from: 6 * time.Second, delay: 100 * time.Millisecond,
				reports: 7 * time.Second, n: 6 * fps,
			}))
		name, p := m.only(t)
		together(t, name, 8)
		if n := p.frames[c.String()]; n < 9*fps || n > 11*fps {
			t.Errorf("%v: %d pictures", c, n)
		}
	}
}

// The sender's wall clock is set by an hour while it sends.
func TestSendersClockIsSet(t *testing.T) {
	es := cameraAndMic(t, VP8)
	for i := range es {
		if es[i].report != nil && es[i].at > 6*time.Second {
			es[i].report.NTPTime += uint64(time.Hour)
		}
	}
	m := recording(t, Config{}, es)
	name, p := m.only(t)
	together(t, name, clipSeconds-2)
	if math.Abs(p.duration-clipSeconds) > 0.2 {
		t.Errorf("duration %.2f s", p.duration)
	}
}

// Without reports media are held for Hold, then aligned by arrival, and the
// head says so; reports that come later are believed.
func TestNoReports(t *testing.T) {
	strip := func(es []event, before time.Duration) []event {
		return slices.DeleteFunc(es, func(e event) bool { return e.report != nil && e.at < before })
	}
	m := recording(t, Config{}, strip(cameraAndMic(t, H264), time.Hour))
	name, p := m.only(t)
	if worst, pairs := apart(t, name); pairs < 10 || math.Abs(worst+0.19) > 0.05 {
		t.Errorf("by arrival: %d pairs, worst %.0f ms, want about -190", pairs, worst*1000)
	}
	if math.Abs(p.duration-clipSeconds) > 0.3 {
		t.Errorf("duration %.2f s", p.duration)
	}
	m = recording(t, Config{}, strip(cameraAndMic(t, H264), 8*time.Second))
	name, _ = m.only(t)
	flashes, beeps := beats(t, name)
	late := func(s float64) bool { return s > 8.5 && s < 11.5 }
	f, b := slices.IndexFunc(flashes, late), slices.IndexFunc(beeps, late)
	if f < 0 || b < 0 || math.Abs(flashes[f]-beeps[b]) > 0.1 {
		t.Errorf("reports that come late are not believed: flashes %v, beeps %v", flashes, beeps)
	}
}

func TestMutedIsNotRecordedAndIsStated(t *testing.T) {
	for _, c := range bothCodecs {
		m := recording(t, Config{}, cameraAndMic(t, c),
			call(3*time.Second, func(r *Recorder) { _ = r.SetMuted(Mic, true) }),
			call(5*time.Second, func(r *Recorder) { _ = r.SetMuted(Mic, false) }),
			call(6*time.Second, func(r *Recorder) { _ = r.SetMuted(Camera, true) }),
			call(8200*time.Millisecond, func(r *Recorder) { _ = r.SetMuted(Camera, false) }))
		name, p := m.only(t)
		_, beeps := beats(t, name)
		for _, b := range beeps {
			if b > 3.1 && b < 4.9 {
				t.Errorf("%v: heard at %.2f s while muted", c, b)
			}
		}
		for _, k := range []Kind{Mic, Camera} {
			gs := m.gaps(k)
			if len(gs) == 0 {
				t.Fatalf("%v: no gap of %v stated", c, k)
			}
			total := time.Duration(0)
			for _, g := range gs {
				if g.Reason != GapMuted {
					t.Errorf("%v: %v", c, g)
				}
				total += g.To.Sub(g.From)
			}
			if total < 1800*time.Millisecond || total > 3500*time.Millisecond {
				t.Errorf("%v: %v without %v", c, total, k)
			}
		}
		if n := p.frames[c.String()]; n < 9*fps-5 || n > 10*fps+5 {
			t.Errorf("%v: %d pictures", c, n)
		}
		together(t, name, 6)
	}
}

// The room goes on while everybody is silent: the segments say so.
func TestSilenceIsConfirmedToo(t *testing.T) {
	m := recording(t, Config{}, usualSound(t), call(30*time.Second, func(*Recorder) {}))
	last := m.segments[len(m.segments)-1]
	if d := last.To.Sub(m.segments[0].From); d < 27*time.Second {
		t.Errorf("confirmed %v of 30 s", d)
	}
	if gs := last.Gaps; len(gs) != 1 || gs[0].Reason != GapQuiet {
		t.Errorf("gaps of the last segment %v", gs)
	}
	if len(m.stalls) > 0 {
		t.Errorf("silence is no stall: %v", m.stalls)
	}
	if _, p := m.only(t); math.Abs(p.duration-clipSeconds) > 0.1 {
		t.Errorf("duration %.2f s", p.duration)
	}
}

// A screen is a file of its own, with its own start and end, also when it is
// shared twice.
func TestScreenIsAFileOfItsOwn(t *testing.T) {
	screen := func(ssrc uint32, from time.Duration) []event {
		return slices.Concat(add(from, Screen, VP8), film(t, VP8, "480x272").events(send{
			kind: Screen, ssrc: ssrc, ts: 9, from: from,
			delay: 100 * time.Millisecond, reports: from + time.Second, n: 3 * fps,
		}),
			call(from+3500*time.Millisecond, func(r *Recorder) { _ = r.RemoveTrack(Screen) }))
	}
	m := recording(t, Config{}, cameraAndMic(t, H264), screen(50, 2*time.Second), screen(51, 8*time.Second))
	files := m.finish(t)
	if len(files) != 2 || files[0].Lane != Person || files[1].Lane != Sharing {
		t.Fatalf("%+v", files)
	}
	name := m.sink.file(t, files[1].Key)
	decode(t, name)
	p := probe(t, name)
	if p.frames["vp8"] != 6*fps || p.width != 480 || math.Abs(p.duration-9) > 0.3 {
		t.Errorf("screen: %+v", p)
	}
	if d := files[1].Start.Sub(files[0].Start); d < 1900*time.Millisecond || d > 2300*time.Millisecond {
		t.Errorf("the screen starts %v after the person", d)
	}
	if len(m.stalls) > 0 {
		t.Errorf("stalls %v", m.stalls)
	}
}

// A browser may come back with another codec: two files, none of them broken.
func TestCodecChanges(t *testing.T) {
	m := recording(t, Config{}, usualSound(t), add(0, Camera, H264),
		film(t, H264, "320x180").events(send{kind: Camera, ssrc: 1, ts: 77, reports: time.Second, n: 5 * fps}),
		add(5500*time.Millisecond, Camera, VP8),
		film(t, VP8, "320x180").events(send{kind: Camera, ssrc: 3, ts: 77, from: 6 * time.Second, reports: 7 * time.Second, n: 5 * fps}))
	files := m.finish(t)
	if len(files) != 2 || files[0].Container != MP4 || files[1].Container != WebM {
		t.Fatalf("%+v", files)
	}
	total := 0
	for _, f := range files {
		name := m.sink.file(t, f.Key)
		decode(t, name)
		p := probe(t, name)
		total += p.frames["opus"]
		if n := p.frames["vp8"] + p.frames["h264"]; n != 5*fps {
			t.Errorf("%v: %d pictures", f.Container, n)
		}
	}
	if total != len(beeps(t).frames) {
		t.Errorf("%d sounds of %d", total, len(beeps(t).frames))
	}
}

// Somebody who leaves at once is recorded too.
func TestLeavesBeforeTheFirstReport(t *testing.T) {
	for _, c := range bothCodecs {
		m := recording(t, Config{}, add(0, Camera, c), add(0, Mic, Opus),
			film(t, c, "320x180").events(send{kind: Camera, ssrc: 1, n: fps}),
			beeps(t).events(send{kind: Mic, ssrc: 2, n: 50}),
			call(1100*time.Millisecond, func(r *Recorder) { _ = r.RemoveTrack(Mic); _ = r.RemoveTrack(Camera) }),
			call(8*time.Second, func(*Recorder) {}))
		name := m.sink.file(t, m.finish(t)[0].Key)
		decode(t, name)
		if p := probe(t, name); p.frames[c.String()] != fps || p.frames["opus"] != 50 {
			t.Errorf("%v: %v", c, p.frames)
		}
		if len(m.segments) != 1 {
			t.Errorf("%v: %d segments of somebody who has left", c, len(m.segments))
		}
	}
}

// A recorder on a node whose clock is behind goes on after what is stored.
func TestResumeOnAClockThatIsBehind(t *testing.T) {
	m := recording(t, Config{}, cameraAndMic(t, VP8))
	end := m.segments[len(m.segments)-1].To
	m2 := recording(t, Config{Sink: m.sink}, cameraAndMic(t, VP8)) // its bubble begins at the same moment as the first
	if from := m2.segments[0].From; from.Before(end) {
		t.Errorf("goes on at %v, stored until %v", from, end)
	}
	m2.segments = append(m.segments, m2.segments...)
	name := m2.sink.file(t, m2.finish(t)[0].Key)
	decode(t, name)
	if n := probe(t, name).frames["vp8"]; n < 2*clipSeconds*fps-5 {
		t.Errorf("%d pictures", n)
	}
	together(t, name, 2*clipSeconds-4)
}

// Times count by the monotonic clock: a hub whose wall clock is set while it
// records makes no hole.
func TestTimesCountMonotonically(t *testing.T) {
	var r Recorder
	r.begin = time.Now()
	later := r.begin.Add(time.Second) // keeps the monotonic reading, as time.Now does
	if got := r.clock(later).Sub(r.begin.Round(0)); got != time.Second {
		t.Errorf("a second later is %v", got)
	}
	if r.clock(later) != r.clock(later).Round(0) {
		t.Error("times carry a monotonic reading")
	}
}

func TestReportsOfTheNextEra(t *testing.T) {
	for _, at := range []time.Time{
		time.Date(2026, 11, 25, 8, 0, 0, 5e8, time.UTC),
		time.Date(2036, 2, 7, 6, 28, 15, 0, time.UTC),
		time.Date(2036, 2, 7, 6, 28, 17, 0, time.UTC),
		time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got := time.Unix(0, ntpWall(ntpTime(at))).UTC(); got.Sub(at).Abs() > time.Microsecond {
			t.Errorf("%v is read as %v", at, got)
		}
	}
}

// Periodic key frames make the file seekable; gaps ask at once.
func TestKeyFramesAreAskedFor(t *testing.T) {
	only := film(t, VP8, "320x180")
	only.frames = slices.Clone(only.frames)
	es := only.events(send{kind: Camera, ssrc: 1, reports: time.Second})
	first := slices.IndexFunc(es, func(e event) bool { return e.at >= 900*time.Millisecond })
	es = es[:first] // one key frame at 0 s, then the sender sends no more of them
	for range 300 {
		e := es[len(es)-1]
		p := *e.packet
		p.SequenceNumber++
		p.Timestamp += 3000
		es = append(es, event{at: e.at + time.Second/fps, kind: Camera, packet: &p})
	}
	m := recording(t, Config{KeyEvery: 3 * time.Second}, add(0, Camera, VP8), es)
	if m.keys < 5 || m.keys > 12 { // from 3 s on nobody answers
		t.Errorf("asked %d times in 11 s", m.keys)
	}
}

// Chromium's RTP time stands still while a track is replaced by none: the old
// reports say nothing about what comes after.
func TestRTPTimeStandsStillInAPause(t *testing.T) {
	const part = 150 // sounds, 3 s
	m := recording(t, Config{}, add(0, Camera, H264), add(0, Mic, Opus),
		film(t, H264, "320x180").events(send{kind: Camera, ssrc: 1, delay: 100 * time.Millisecond, reports: time.Second}),
		beeps(t).events(send{kind: Mic, ssrc: 2, ts: 5, n: part, reports: time.Second}),
		beeps(t).events(send{kind: Mic, ssrc: 2, ts: 5 + part*960, seq: part, first: part, n: 2 * part, from: 6 * time.Second, reports: 9 * time.Second}))
	name, p := m.only(t)
	if p.frames["opus"] != 3*part {
		t.Errorf("%d sounds", p.frames["opus"])
	}
	together(t, name, 8)
	_, beeps := beats(t, name)
	for _, b := range beeps {
		if b > 3.2 && b < 5.8 {
			t.Errorf("heard at %.2f s, in the pause", b)
		}
	}
	if gs := m.gaps(Mic); len(gs) == 0 || gs[0].Reason != GapQuiet {
		t.Errorf("gaps %v", gs)
	}
}
