package record

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

// The tests record real media: ffmpeg draws a moving picture that flashes and a
// tone that beeps at every full second, pion's packetizers make packets of it.

// clip is one encoded video or sound.
type clip struct {
	codec  Codec
	frames [][]byte // H264 in Annex B
}

const (
	fps         = 30
	clipSeconds = 12
)

var clips = struct {
	sync.Mutex
	made map[string]clip
}{made: map[string]clip{}}

// film returns a video of clipSeconds of the given size with a key frame every
// second.
func film(t testing.TB, c Codec, size string) clip {
	source := fmt.Sprintf("testsrc2=s=%s:r=%d:d=%d,lutyuv=y=val/3,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.1)'", size, fps, clipSeconds)
	args := []string{"-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-b:v", "300k", "-g", strconv.Itoa(fps)}
	if c == H264 {
		args = append(args, "-c:v", "libx264", "-profile:v", "baseline", "-tune", "zerolatency", "-preset", "ultrafast",
			"-x264-params", "aud=1:slices=1:scenecut=0", "-f", "h264")
	} else {
		args = append(args, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", "-auto-alt-ref", "0", "-f", "ivf")
	}
	return encode(t, c, c.String()+size, args, func(b []byte) [][]byte {
		if c == H264 {
			return accessUnits(b)
		}
		return ivfFrames(b)
	})
}

// beeps returns the sound.
func beeps(t testing.TB) clip {
	source := fmt.Sprintf("aevalsrc='if(lt(mod(t,1),0.1),0.8*sin(2*PI*1000*t),0)':s=48000:d=%d", clipSeconds)
	args := []string{"-f", "lavfi", "-i", source, "-ac", "2", "-c:a", "libopus", "-b:a", "32k", "-frame_duration", "20", "-f", "ogg"}
	return encode(t, Opus, "beeps", args, oggPackets)
}

func encode(t testing.TB, c Codec, name string, args []string, split func([]byte) [][]byte) clip {
	t.Helper()
	clips.Lock()
	defer clips.Unlock()
	if made, ok := clips.made[name]; ok {
		return made
	}
	out := filepath.Join(t.TempDir(), "clip")
	run(t, "ffmpeg", append(append([]string{"-v", "error", "-y"}, args...), out)...)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	made := clip{c, split(b)}
	if len(made.frames) < clipSeconds*fps {
		t.Fatalf("%s: only %d frames", name, len(made.frames))
	}
	clips.made[name] = made
	return made
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, errs.String())
	}
	return out.String() + errs.String()
}

func ivfFrames(b []byte) (fs [][]byte) {
	for b = b[32:]; len(b) > 12; {
		n := int(binary.LittleEndian.Uint32(b))
		fs = append(fs, b[12:12+n])
		b = b[12+n:]
	}
	return fs
}

// accessUnits splits at the access unit delimiters.
func accessUnits(b []byte) (fs [][]byte) {
	delimiter := []byte{0, 0, 0, 1, nalAUD}
	for {
		i := bytes.Index(b[min(5, len(b)):], delimiter)
		if i < 0 {
			return append(fs, b)
		}
		fs = append(fs, b[:i+5])
		b = b[i+5:]
	}
}

func oggPackets(b []byte) (ps [][]byte) {
	var open []byte
	for len(b) > 27 {
		n := int(b[26])
		lacing, data := b[27:27+n], b[27+n:]
		for _, l := range lacing {
			open = append(open, data[:l]...)
			data = data[l:]
			if l < 255 {
				ps = append(ps, open)
				open = nil
			}
		}
		b = data
	}
	return ps[2:] // OpusHead, OpusTags
}

// event is something that arrives at a recorder.
type event struct {
	at     time.Duration // after the start
	kind   Kind
	packet *rtp.Packet
	report *rtcp.SenderReport
	call   func(r *Recorder)
}

// send says how a clip is sent.
type send struct {
	kind     Kind
	ssrc     uint32
	seq      uint16
	ts       uint32        // RTP time of the clip's first moment
	from     time.Duration // capture of the first frame
	delay    time.Duration // of every packet on the network
	reports  time.Duration // when the first sender report is sent; 0: none ever
	skew     time.Duration // the sender's clock less the hub's
	first, n int           // frames of the clip; n 0: all
}

// events packetizes a clip. Reports are exact: capture time now, in both clocks.
func (c clip) events(s send) (es []event) {
	var pay rtp.Payloader = &codecs.OpusPayloader{}
	step, rate := time.Second/fps, int64(90000)
	switch c.codec {
	case VP8:
		pay = &codecs.VP8Payloader{EnablePictureID: true}
	case H264:
		pay = &codecs.H264Payloader{}
	default:
		step, rate = 20*time.Millisecond, 48000
	}
	pk := rtp.NewPacketizer(1200, 111, s.ssrc, pay, rtp.NewFixedSequencer(s.seq), uint32(rate))
	frames := c.frames[s.first:]
	if s.n > 0 {
		frames = frames[:s.n]
	}
	for i, f := range frames {
		capture := time.Duration(i) * step
		for _, p := range pk.Packetize(f, 0) {
			p.Timestamp = s.ts + uint32(int64(capture)*rate/int64(time.Second))
			es = append(es, event{at: s.from + capture + s.delay, kind: s.kind, packet: p})
		}
	}
	if s.reports == 0 {
		return es
	}
	for at := s.reports; at < s.from+time.Duration(len(frames))*step; at += time.Second {
		es = append(es, event{at: at + s.delay, kind: s.kind, report: &rtcp.SenderReport{
			SSRC: s.ssrc, RTPTime: s.ts + uint32(int64(at-s.from)*rate/int64(time.Second)), NTPTime: uint64(at + s.skew), // completed by play
		}})
	}
	return es
}

func ntpTime(t time.Time) uint64 {
	return uint64(t.Unix()+2208988800)<<32 | uint64(t.Nanosecond())<<32/1e9
}

// play hands the events over at their times. Inside a synctest bubble this
// takes no time.
func play(r *Recorder, all ...[]event) {
	es := slices.Concat(all...)
	slices.SortStableFunc(es, func(a, b event) int { return int(a.at - b.at) })
	start := time.Now()
	for _, e := range es {
		if d := time.Until(start.Add(e.at)); d > 0 {
			<-time.After(d)
		}
		switch {
		case e.call != nil:
			e.call(r)
		case e.report != nil:
			sr := *e.report
			sr.NTPTime = ntpTime(start.Add(time.Duration(sr.NTPTime)))
			r.WriteReport(e.kind, &sr, time.Now())
		default:
			r.WriteRTP(e.kind, e.packet, time.Now())
		}
	}
}

// memory is a sink that keeps objects whole and never with two contents.
type memory struct {
	mu      sync.Mutex
	objects map[string][]byte
	before  func(ctx context.Context, key string) error // of each Put
	puts    int
}

func (m *memory) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if m.before != nil {
		if err := m.before(ctx, key); err != nil {
			return err
		}
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if int64(len(b)) != size {
		return fmt.Errorf("%s: %d bytes, announced %d", key, len(b), size)
	}
	if old, ok := m.objects[key]; ok && !bytes.Equal(old, b) {
		return fmt.Errorf("%s: written with two contents", key)
	}
	if m.objects == nil {
		m.objects = map[string][]byte{}
	}
	m.objects[key] = b
	m.puts++
	return nil
}

func (m *memory) Get(_ context.Context, key string) (io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.objects[key]
	if !ok {
		return nil, errors.New("no such object")
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (m *memory) List(_ context.Context, prefix string) (keys []string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k := range m.objects {
		if strings.HasPrefix(k, prefix) {
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// file writes an object to disk for ffmpeg.
func (m *memory) file(t testing.TB, key string) string {
	t.Helper()
	b, ok := m.objects[key]
	if !ok {
		t.Fatalf("no object %s", key)
	}
	name := filepath.Join(t.TempDir(), filepath.Base(key))
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// probed is what ffprobe says of a file.
type probed struct {
	duration      float64
	codecs        []string
	frames        map[string]int
	width, height int
}

func probe(t testing.TB, file string) probed {
	t.Helper()
	p := probed{frames: map[string]int{}}
	out := run(t, "ffprobe", "-v", "error", "-analyzeduration", "30M", "-count_packets", "-show_entries",
		"format=duration:stream=codec_name,width,height,nb_read_packets", "-of", "default=nw=1", file)
	codec := ""
	for line := range strings.Lines(out) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		n, _ := strconv.Atoi(v)
		switch k {
		case "codec_name":
			codec = v
			p.codecs = append(p.codecs, v)
		case "width":
			p.width = n
		case "height":
			p.height = n
		case "nb_read_packets":
			p.frames[codec] = n
		case "duration":
			p.duration, _ = strconv.ParseFloat(v, 64)
		default:
			t.Errorf("ffprobe says %q", line)
		}
	}
	return p
}

// decode lets ffmpeg decode everything; what it complains of is an error.
func decode(t testing.TB, file string, args ...string) {
	t.Helper()
	args = append(append([]string{"-v", "warning", "-analyzeduration", "30M"}, args...), "-i", file, "-f", "null", "-")
	out := run(t, "ffmpeg", args...)
	for line := range strings.Lines(out) {
		// The null muxer minds that two pictures fall on one tick of its clock.
		if !strings.Contains(line, "non monotonically") && !strings.Contains(line, "Last message repeated") {
			t.Errorf("ffmpeg says of %s: %s", filepath.Base(file), line)
		}
	}
}

// beats are the times of flashes and beeps, in seconds.
func beats(t testing.TB, file string) (flashes, beeps []float64) {
	t.Helper()
	out := run(t, "ffmpeg", "-v", "error", "-analyzeduration", "30M", "-i", file, "-an", "-fps_mode", "passthrough",
		"-vf", "scale=64:36,signalstats,metadata=print:file=-:key=lavfi.signalstats.YAVG", "-f", "null", "-")
	dark, at := true, 0.0
	for line := range strings.Lines(out) {
		if _, v, ok := strings.Cut(line, "pts_time:"); ok {
			at, _ = strconv.ParseFloat(strings.TrimSpace(v), 64)
		}
		_, luma, _ := strings.Cut(strings.TrimSpace(line), "YAVG=")
		y, err := strconv.ParseFloat(luma, 64)
		if err != nil {
			continue
		}
		if y > 150 && dark {
			flashes = append(flashes, at)
		}
		dark = y < 100
	}
	out = run(t, "ffmpeg", "-v", "info", "-i", file, "-af", "silencedetect=n=-30dB:d=0.2", "-vn", "-f", "null", "-")
	for line := range strings.Lines(out) {
		if _, v, ok := strings.Cut(line, "silence_end: "); ok {
			if s, err := strconv.ParseFloat(strings.Fields(v)[0], 64); err == nil {
				beeps = append(beeps, s)
			}
		}
	}
	return flashes, beeps
}

// apart is the largest distance from a flash to the nearest beep, and how many
// pairs there are.
func apart(t testing.TB, file string) (worst float64, pairs int) {
	t.Helper()
	flashes, beeps := beats(t, file)
	for _, f := range flashes {
		for _, b := range beeps {
			if d := b - f; d < 0.5 && d > -0.5 {
				pairs++
				if max(d, -d) > max(worst, -worst) {
					worst = d
				}
			}
		}
	}
	return worst, pairs
}
