package video_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"

	"tongban/video"
)

// recorder is a tap that counts.
type recorder struct {
	info video.TapInfo

	mu      sync.Mutex // guards all below
	packets int
	last    rtp.Header
	gaps    int
	late    int
	reports []uint64
	lost    int
	ended   int
	block   chan struct{}
}

func (r *recorder) Packet(p *rtp.Packet, arrived time.Time) {
	r.mu.Lock()
	if r.packets > 0 && p.SequenceNumber != r.last.SequenceNumber+1 {
		r.gaps++
	}
	if time.Since(arrived) > 5*time.Second || time.Until(arrived) > time.Second {
		r.late++
	}
	r.packets++
	r.last = p.Header
	block := r.block
	r.mu.Unlock()
	if block != nil {
		<-block
	}
}

func (r *recorder) Report(ntp uint64, _ uint32, _ time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reports = append(r.reports, ntp)
}

func (r *recorder) Lost(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lost += n
}

func (r *recorder) Ended() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended++
}

func (r *recorder) check(ok func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ok()
}

func TestTapRecordsPresentAndFuturePublications(t *testing.T) {
	w := newWorld(t)
	ann, cam, _ := w.enter("r/ann", 180)
	bo := w.dial("r/bo")
	bo.receives("ann/camera", 3)
	var mu sync.Mutex
	taps := map[video.PublicationID]*recorder{}
	open := func(i video.TapInfo) video.Tap {
		mu.Lock()
		defer mu.Unlock()
		taps[i.Publication] = &recorder{info: i}
		return taps[i.Publication]
	}
	get := func(id video.PublicationID) *recorder { mu.Lock(); defer mu.Unlock(); return taps[id] }
	stop, err := w.node.Tap(t.Context(), "r", open)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.node.Tap(t.Context(), "r", open); video.ReasonOf(err) != video.ReasonTaken {
		t.Errorf("tapped twice: %v", err)
	}
	bo.publish(webrtc.MimeTypeOpus, 0, 50)
	bo.offer()
	for _, id := range []video.PublicationID{"ann/camera", "ann/mic", "bo/mic"} {
		eventually(t, string(id), func() error {
			r := get(id)
			if r == nil {
				return fmt.Errorf("no tap")
			}
			// The pion client's own reports come at once a second; a sender report is what ties the clocks.
			_ = ann.pc.WriteRTCP([]rtcp.Packet{&rtcp.SenderReport{SSRC: uint32(cam.sender.GetParameters().Encodings[0].SSRC), NTPTime: 77 << 32}})
			return r.check(func() error {
				if r.packets < 15 || r.gaps > 0 || r.late > 0 || (id == "ann/camera" && len(r.reports) == 0) {
					return fmt.Errorf("%d packets, %d gaps, %d late, %d reports", r.packets, r.gaps, r.late, len(r.reports))
				}
				return nil
			})
		})
	}
	if i := get("ann/camera").info; i.Codec != "vp8" || i.ClockRate != 90000 || i.Source != video.Camera || i.Participant != "ann" {
		t.Errorf("%+v", i)
	}
	stop()
	for id, r := range taps {
		if r.ended != 1 {
			t.Errorf("%s ended %d times", id, r.ended)
		}
	}
	stop() // again: nothing happens
}

func TestASlowTapLosesPacketsAndNobodyElseDoes(t *testing.T) {
	w := newWorld(t)
	ann := w.dial("r/ann")
	for range 1 {
		ann.publish(webrtc.MimeTypeVP8, 3000, 0) // eleven packets a frame
	}
	ann.offer()
	bo := w.dial("r/bo")
	bo.receives("ann/camera", 3)
	slow := &recorder{block: make(chan struct{})}
	stop, err := w.node.Tap(t.Context(), "r", func(video.TapInfo) video.Tap { return slow })
	if err != nil {
		t.Fatal(err)
	}
	p := bo.receives("ann/camera", 1500)
	if p.gaps.Load() > 0 {
		t.Errorf("%d gaps", p.gaps.Load())
	}
	slow.mu.Lock()
	close(slow.block)
	slow.block = nil
	slow.mu.Unlock()
	eventually(t, "told of the loss", func() error {
		return slow.check(func() error {
			if slow.lost == 0 {
				return fmt.Errorf("%d packets, none lost", slow.packets)
			}
			return nil
		})
	})
	stop()
}
