package record

import (
	"context"
	"io"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// discard is a sink that only reads.
type discard struct{}

func (discard) Put(_ context.Context, _ string, r io.Reader, _ int64) error {
	_, err := io.Copy(io.Discard, r)
	return err
}
func (discard) Get(context.Context, string) (io.ReadCloser, error) { return nil, io.EOF }
func (discard) List(context.Context, string) ([]string, error)     { return nil, nil }

// pump records a clip over and over on a clock of its own.
type pump struct {
	r     *Recorder
	start int64
	now   atomic.Int64
	es    []event
	i     int
	lap   int // how often the clip has been sent
	count [kinds]uint32
	bytes int
}

func newPump(b *testing.B, c Codec) *pump {
	es := slices.Concat(
		film(b, c, "320x180").events(send{kind: Camera, ssrc: 1}),
		beeps(b).events(send{kind: Mic, ssrc: 2}))
	es = slices.DeleteFunc(es, func(e event) bool { return e.at >= clipSeconds*time.Second })
	slices.SortStableFunc(es, func(x, y event) int { return int(x.at - y.at) })
	p := &pump{es: es, start: time.Now().UnixNano()}
	p.now.Store(p.start)
	for _, e := range es {
		p.count[e.kind]++
		p.bytes += len(e.packet.Payload)
	}
	r, err := Start(b.Context(), Config{Prefix: "p", Sink: discard{}, Now: func() time.Time { return time.Unix(0, p.now.Load()) }, Hold: time.Second})
	if err != nil {
		b.Fatal(err)
	}
	p.r = r
	_ = r.AddTrack(Camera, c)
	_ = r.AddTrack(Mic, Opus)
	return p
}

// run records some seconds of media, looking into the inbox as often as the
// ticker would.
func (p *pump) run(seconds int) {
	start := p.now.Load()
	var pk rtp.Packet
	for tick := range seconds * 10 {
		end := start + int64(tick+1)*int64(tickTime)
		for p.at() < end {
			e := p.es[p.i]
			pk = *e.packet
			laps := uint32(p.lap)
			if e.kind == Camera {
				pk.Timestamp += laps * clipSeconds * 90000
			} else {
				pk.Timestamp += laps * clipSeconds * 48000
			}
			pk.SequenceNumber += uint16(laps * p.count[e.kind])
			p.r.WriteRTP(e.kind, &pk, time.Unix(0, p.at()))
			if p.i++; p.i == len(p.es) {
				p.i, p.lap = 0, p.lap+1
			}
		}
		p.now.Store(end)
		done := make(chan struct{})
		_ = p.r.in.put(note{op: opSync, done: done}, nil)
		<-done
	}
}

func (p *pump) at() int64 {
	return p.start + int64(p.lap)*clipSeconds*int64(time.Second) + int64(p.es[p.i].at)
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// What recording one participant of 300 kbit/s video and 32 kbit/s sound costs.
func BenchmarkParticipant300kbit(b *testing.B) {
	for _, c := range bothCodecs {
		b.Run(c.String(), func(b *testing.B) {
			p := newPump(b, c)
			p.run(clipSeconds)
			b.ReportAllocs()
			before, seconds := cpu(), 0
			for b.Loop() {
				p.run(clipSeconds)
				seconds += clipSeconds
			}
			b.ReportMetric(float64(p.bytes)*8/1000/clipSeconds, "kbit/s")
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(seconds), "cpu_us/media_s")
			if err := p.r.Close(context.Background()); err != nil {
				b.Error(err)
			}
		})
	}
}

// What a hundred of them keep in memory while they are recorded.
func BenchmarkMemoryOf100Participants(b *testing.B) {
	for _, c := range bothCodecs {
		b.Run(c.String(), func(b *testing.B) {
			for b.Loop() {
				const n = 100
				newPump(b, c).run(1) // makes the clips
				before := heap()
				var ps []*pump
				for range n {
					ps = append(ps, newPump(b, c))
				}
				shared := heap() - before // the copies of the events are the benchmark's own
				for i, p := range ps {
					p.run(5 + i%3)
				}
				b.ReportMetric(float64(heap()-before-shared)/n/1024, "KiB/participant")
				for _, p := range ps {
					_ = p.r.Close(context.Background())
				}
			}
		})
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// What the room's goroutine pays for handing over a packet.
func BenchmarkWriteRTP(b *testing.B) {
	p := newPump(b, VP8)
	pk := rtp.Packet{Payload: make([]byte, 1100)}
	var notes []note
	var arena []byte
	in := newInbox()
	p.r.in.close()
	r := &Recorder{cfg: p.r.cfg, in: in, begin: time.Now()}
	at := time.Now()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r.WriteRTP(Camera, &pk, at)
		if n++; n%10 == 0 { // what comes in a tick
			notes, arena, _ = in.take(notes, arena)
		}
	}
	_ = p.r.Close(context.Background())
}
