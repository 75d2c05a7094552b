package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	media "tongban/video/load"
)

// serverProcess is a media server in its own process.
type serverProcess struct {
	cmd *exec.Cmd
	out io.Reader
	url string
}

// startMedia builds the server once and starts it.
func (b *bench) startMedia(ctx context.Context, kind string) (*serverProcess, error) {
	program := filepath.Join(b.dir, "media-server")
	if _, err := os.Stat(program); err != nil {
		if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", program, "./video/load/server").CombinedOutput(); err != nil { //nolint:gosec // our own paths
			return nil, fmt.Errorf("build: %w\n%s", err, out)
		}
	}
	s := &serverProcess{cmd: exec.CommandContext(ctx, program, kind, filepath.Join(b.dir, "recorded"))} //nolint:gosec // the program just built
	var err error
	s.cmd.Stderr = os.Stderr
	if s.out, err = s.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(s.out)
	if !lines.Scan() {
		return nil, errors.Join(errors.New("the media server did not start"), s.cmd.Wait())
	}
	s.url = strings.TrimSpace(lines.Text())
	return s, nil
}

func (s *serverProcess) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_, _ = io.Copy(io.Discard, s.out)
	_ = s.cmd.Wait()
}

// measureMedia runs the generator against a fresh server. The plain forwarder
// offers every cipher and browsers then take AES-CM; ours offers AES-GCM alone
// and they take that. The generator does as browsers do.
func (b *bench) measureMedia(ctx context.Context, kind string, o media.Options) (*media.Result, error) {
	s, err := b.startMedia(ctx, kind)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	o.PID = s.cmd.Process.Pid
	o.WHIP, o.WHEP, o.SRTP = s.url+"/{stream}/whip", s.url+"/{stream}/whep", "cm80"
	if kind == "sfu" {
		o.WHIP, o.WHEP, o.Token, o.SRTP = s.url+"/whip", s.url+"/whep", "{stream}/{peer}", "gcm128"
	}
	return media.Run(ctx, o)
}

// forward measures one publisher to a hundred receivers and a room of eight, ours
// and the plain forwarder in turns, median of three.
func (b *bench) forward(ctx context.Context) error {
	window := 10 * time.Second
	hundred := media.Options{Subs: 100, Window: window}
	eight := media.Options{Streams: 8, Subs: 7, Audio: true, Window: window}
	ours, plain, err := b.turns(ctx, "100 receivers", hundred)
	if err != nil {
		return err
	}
	of := func(list []*media.Result, f func(*media.Result) float64) float64 {
		var v []float64
		for _, r := range list {
			v = append(v, f(r))
		}
		return median(v)
	}
	cpu := func(r *media.Result) float64 { return r.MicroPerPkt }
	b.add("forward_us_per_packet", of(ours, cpu), "µs", 100)
	b.add("forward_vs_plain", of(ours, cpu)/of(plain, cpu), "ours/plain", 100)
	b.add("forward_p50_ms", of(ours, func(r *media.Result) float64 { return r.Latency.P50 }), "ms", 100)
	b.add("forward_p99_ms", of(ours, func(r *media.Result) float64 { return r.Latency.P99 }), "ms", 100)
	b.add("forward_loss", of(ours, func(r *media.Result) float64 { return r.LossShare }), "share", 100)
	b.add("forward_rss_mib", of(ours, func(r *media.Result) float64 { return r.RSS }), "MiB", 100)
	b.add("keyframe_p50_ms", of(ours, func(r *media.Result) float64 { return r.Key.P50 }), "ms", 100)
	b.add("join_p95_ms", of(ours, func(r *media.Result) float64 { return r.Join.P95 }), "ms", 100)
	if ours, plain, err = b.turns(ctx, "room of 8", eight); err != nil {
		return err
	}
	b.add("room8_vs_plain", of(ours, cpu)/of(plain, cpu), "ours/plain", 8)
	return b.idle(ctx)
}

// recorded measures sixty rooms of three people who all send 300 kbit/s and hear
// each other, everybody recorded: packets that did not arrive, and gaps in the
// recordings. For the server a room of three is three streams of two receivers.
func (b *bench) recorded(ctx context.Context) error {
	const rooms, people = 60, 3
	s, err := b.startMedia(ctx, "recorded")
	if err != nil {
		return err
	}
	r, err := media.Run(ctx, media.Options{ //nolint:gosec // the token is a pattern
		WHIP: s.url + "/whip", WHEP: s.url + "/whep", Token: "{stream}/{peer}", SRTP: "gcm128", PID: s.cmd.Process.Pid,
		Streams: rooms * people, Subs: people - 1, Bitrate: 300_000, FPS: 15, Audio: true, H264: true, Window: 20 * time.Second,
	})
	s.stop()
	if err != nil {
		return err
	}
	got, err := media.ReadRecorded(ctx, filepath.Join(b.dir, "recorded"))
	if err != nil {
		return err
	}
	fmt.Fprintf(b.log, "%d people recorded, %d segments, the shortest %.1f s; %.1f µs/packet, %.0f packets/s out, p99 %.1f ms, server %.2f cores, %.0f MiB, generator %.2f cores, %d failed\n",
		got.People, got.Segments, got.Seconds, r.MicroPerPkt, r.Out, r.Latency.P99, r.CPU/20, r.RSS, r.OwnCores, r.Failed)
	if got.People != rooms*people || r.Failed > 0 {
		return fmt.Errorf("%d of %d people were recorded, %d receivers failed", got.People, rooms*people, r.Failed)
	}
	b.add("rooms60_loss", r.LossShare, "share", rooms*people)
	b.add("rooms60_gaps", float64(got.Gaps), "gaps", rooms*people)
	return nil
}

// turns runs both servers three times each, one after the other.
func (b *bench) turns(ctx context.Context, name string, o media.Options) (ours, plain []*media.Result, err error) {
	for range 3 {
		for _, kind := range []string{"plain", "sfu"} {
			r, err := b.measureMedia(ctx, kind, o)
			if err != nil {
				return nil, nil, fmt.Errorf("%s, %s: %w", name, kind, err)
			}
			fmt.Fprintf(b.log, "%s, %s: %.1f µs/packet, p50 %.2f p99 %.2f ms, lost %d, frames lost %.4f, %.0f MiB, join p95 %.0f ms, key p50 %.0f ms, %d failed, generator %.2f cores\n",
				name, kind, r.MicroPerPkt, r.Latency.P50, r.Latency.P99, r.Lost, r.FramesLost, r.RSS, r.Join.P95, r.Key.P50, r.Failed, r.OwnCores)
			if kind == "sfu" {
				ours = append(ours, r)
			} else {
				plain = append(plain, r)
			}
		}
	}
	return ours, plain, nil
}

// idle measures what a connected participant takes who neither sends nor receives.
func (b *bench) idle(ctx context.Context) error {
	const people = 200
	s, err := b.startMedia(ctx, "sfu")
	if err != nil {
		return err
	}
	defer s.stop()
	mib, err := media.Idle(ctx, media.Options{WHEP: s.url + "/whep", Token: "idle/{peer}", SRTP: "gcm128", PID: s.cmd.Process.Pid}, people) //nolint:gosec // a pattern, not a credential
	if err != nil {
		return err
	}
	b.add("idle_mib_per_participant", mib, "MiB", people)
	return nil
}
