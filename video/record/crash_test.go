package record

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// folder is a sink of files, each written whole or not at all.
type folder string

func (d folder) Put(_ context.Context, key string, r io.Reader, size int64) error {
	name := filepath.Join(string(d), key)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(string(d), ".put-*")
	if err != nil {
		return err
	}
	n, err := io.Copy(f, r)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if n != size {
		return io.ErrUnexpectedEOF
	}
	return os.Rename(f.Name(), name)
}

func (d folder) Get(_ context.Context, key string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(string(d), key))
}

func (d folder) List(_ context.Context, prefix string) (keys []string, err error) {
	err = filepath.WalkDir(string(d), func(path string, e fs.DirEntry, err error) error {
		if key, _ := filepath.Rel(string(d), path); err == nil && !e.IsDir() && strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
		return err
	})
	return keys, err
}

const (
	childFolder = "RECORD_TEST_FOLDER"
	childCodec  = "RECORD_TEST_CODEC"
)

// childStart is before the time of synctest's bubbles, in which the parent goes on.
var childStart = time.Date(1999, 12, 31, 23, 59, 0, 0, time.UTC)

// TestChildRecords is the other process of TestKilledRecorder; by itself it does
// nothing. It records on a clock of its own that runs ten times as fast, until
// it is killed, and says on its output what was confirmed.
func TestChildRecords(t *testing.T) {
	dir := os.Getenv(childFolder)
	if dir == "" {
		return
	}
	codec := H264
	if os.Getenv(childCodec) == VP8.String() {
		codec = VP8
	}
	var now atomic.Int64
	now.Store(childStart.UnixNano())
	r, err := Start(t.Context(), Config{
		Prefix: "rec/r1/p1", Sink: folder(dir), Now: func() time.Time { return time.Unix(0, now.Load()) },
		OnSegment: func(s Segment) { fmt.Printf("confirmed %d\n", s.Index) },
	})
	if err != nil {
		t.Fatal(err)
	}
	es := cameraAndMic(t, codec)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for at := time.Duration(0); ; at += 10 * time.Millisecond { // no end: to be killed
		<-tick.C
		now.Store(childStart.Add(at).UnixNano())
		for len(es) > 0 {
			next := 0
			for i, e := range es {
				if e.at < es[next].at {
					next = i
				}
			}
			e := es[next]
			if e.at > at {
				break
			}
			es = append(es[:next], es[next+1:]...)
			when := childStart.Add(e.at)
			switch {
			case e.call != nil:
				e.call(r)
			case e.report != nil:
				sr := *e.report
				sr.NTPTime = ntpTime(childStart.Add(time.Duration(sr.NTPTime)))
				r.WriteReport(e.kind, &sr, when)
			default:
				r.WriteRTP(e.kind, e.packet, when)
			}
		}
	}
}

// killedChild records in another process until n segments are confirmed and
// kills it, without a word, in the middle of the next.
func killedChild(t *testing.T, c Codec, n int) (sink folder, confirmed int) {
	t.Helper()
	sink = folder(t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChildRecords$")
	cmd.Env = append(os.Environ(), childFolder+"="+string(sink), childCodec+"="+c.String())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, v, ok := strings.Cut(lines.Text(), "confirmed "); ok {
			if confirmed, _ = strconv.Atoi(v); confirmed >= n {
				break
			}
		}
	}
	_ = cmd.Process.Kill()
	for lines.Scan() { // what it still said before it died
		if _, v, ok := strings.Cut(lines.Text(), "confirmed "); ok {
			confirmed, _ = strconv.Atoi(v)
		}
	}
	_ = cmd.Wait()
	if confirmed < n {
		t.Fatalf("the child confirmed only %d segments", confirmed)
	}
	return sink, confirmed
}

func TestKilledRecorder(t *testing.T) {
	for _, c := range bothCodecs {
		t.Run(c.String(), func(t *testing.T) {
			sink, confirmed := killedChild(t, c, 2)
			keys, err := sink.List(t.Context(), "rec/r1/p1/person/0")
			if err != nil || len(keys) < confirmed {
				t.Fatalf("%d segments of %d confirmed, %v", len(keys), confirmed, err)
			}
			// A sweeper that comes now makes a file of what is there.
			before, err := Finish(t.Context(), FinishConfig{Prefix: "rec/r1/p1", Sink: sink})
			if err != nil {
				t.Fatal(err)
			}
			decode(t, filepath.Join(string(sink), before[0].Key))
			if d := before[0].Duration; d < time.Duration(3*confirmed-1)*time.Second {
				t.Errorf("%v of %d segments", d, confirmed)
			}

			var segs []Segment
			synctest.Test(t, func(t *testing.T) {
				if _, err := Start(t.Context(), Config{Prefix: "rec/r1/p1", Sink: sink}); !errors.Is(err, &Error{Reason: ReasonExists}) {
					t.Errorf("Start over a recording: %v", err)
				}
				r, err := Resume(t.Context(), Config{Prefix: "rec/r1/p1", Sink: sink, OnSegment: func(s Segment) { segs = append(segs, s) }})
				if err != nil {
					t.Fatal(err)
				}
				play(r, cameraAndMic(t, c))
				if err := r.Close(t.Context()); err != nil {
					t.Error(err)
				}
			})
			if segs[0].Index != len(keys)+1 {
				t.Errorf("the number after %d is %d", len(keys), segs[0].Index)
			}
			crash := Gap{}
			for _, g := range segs[0].Gaps {
				if g.Reason == GapStopped && g.All {
					crash = g
				}
			}
			last := before[0].Start.Add(time.Duration(0))
			if crash.From.Before(last) || !crash.To.Equal(segs[0].From) || crash.To.Sub(crash.From) < 30*time.Second {
				t.Errorf("the gap is stated as %+v, the first segment after it begins at %v", crash, segs[0].From)
			}
			after, err := Finish(t.Context(), FinishConfig{Prefix: "rec/r1/p1", Sink: sink, Expect: segs})
			if err != nil || len(after) != 1 || after[0].Key == before[0].Key {
				t.Fatalf("%+v, %v", after, err)
			}
			name := filepath.Join(string(sink), after[0].Key)
			decode(t, name)
			p := probe(t, name)
			if want := segs[len(segs)-1].To.Sub(after[0].Start).Seconds(); math.Abs(p.duration-want) > 0.1 {
				t.Errorf("duration %.2f s, want %.2f", p.duration, want)
			}
			if worst, pairs := apart(t, name); pairs < 12 || math.Abs(worst) > 0.1 {
				t.Errorf("%d pairs of flash and beep, worst %.1f ms apart", pairs, worst*1000)
			}
		})
	}
}

// An object that is no whole segment (a store that is not as good as its word)
// does not stop the recorder; its number is not used again and the file is made
// around it.
func TestResumePassesOverATornObject(t *testing.T) {
	m := recording(t, Config{}, cameraAndMic(t, H264))
	last := m.segments[len(m.segments)-1]
	sink := m.copyOf()
	sink.objects[last.Key] = sink.objects[last.Key][:100]
	m2 := recording(t, Config{Sink: sink}, call(10*time.Second, func(*Recorder) {}), shifted(cameraAndMic(t, H264), 20*time.Second))
	if m2.segments[0].Index != last.Index+1 {
		t.Errorf("number %d after %d", m2.segments[0].Index, last.Index)
	}
	files, err := Finish(t.Context(), FinishConfig{Prefix: "rec/r1/p1", Sink: sink, Expect: append(m.segments[:len(m.segments)-1], m2.segments...)})
	if err != nil {
		t.Fatal(err)
	}
	name := sink.file(t, files[0].Key)
	decode(t, name)
	together(t, name, 15)
}

func shifted(es []event, by time.Duration) []event {
	for i := range es {
		es[i].at += by
		if r := es[i].report; r != nil {
			r.NTPTime += uint64(by)
		}
	}
	return es
}
