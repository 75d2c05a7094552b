package video_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pion/webrtc/v3"

	"tongban/video"
)

// enter dials, publishes camera and microphone, and offers.
func (w *world) enter(token string, height int, opts ...func(*webrtc.SettingEngine)) (c *client, cam, mic *source) {
	w.t.Helper()
	c = w.connect(msg{"type": "hello", "version": 1, "token": token, "first": true}, opts...)
	c.expect("welcome")
	cam = c.publish(webrtc.MimeTypeVP8, height, 0)
	mic = c.publish(webrtc.MimeTypeOpus, 0, 100)
	if a := c.offer(); a["type"] != "answer" {
		w.t.Fatalf("offer: %v", a)
	}
	return c, cam, mic
}

func TestThreePeopleSeeAndHearEachOther(t *testing.T) {
	w := newWorld(t)
	names := []string{"ann", "bo", "cy"}
	var all []*client
	for _, n := range names {
		c, _, _ := w.enter("r/"+n, 180)
		all = append(all, c)
	}
	for i, c := range all {
		for j, n := range names {
			if i == j {
				continue
			}
			for _, src := range []string{"camera", "mic"} {
				if p := c.receives(n+"/"+src, 12); p.gaps.Load() > 0 || p.badTS.Load() > 0 {
					t.Errorf("%s hears %s/%s with %d gaps, %d times back", names[i], n, src, p.gaps.Load(), p.badTS.Load())
				}
			}
		}
	}
	// Sound and picture are tied to one clock by reports of ours.
	for _, pub := range []string{"ann/camera", "ann/mic"} {
		p := all[1].hears(pub)
		eventually(t, "reports of "+pub, func() error {
			if p.reports.Load() == 0 {
				return fmt.Errorf("none")
			}
			return nil
		})
	}
	all[2].send(msg{"type": "leave"})
	all[0].wait("left", func(m msg) bool { return m["type"] == "left" && m["id"] == "cy" })
	eventually(t, "slot freed", func() error {
		if p := all[0].hears("cy/camera"); p != nil {
			return fmt.Errorf("still %v", p.mid)
		}
		return nil
	})
	// The next one takes the slot that is free, without a new negotiation.
	all[0].forget()
	w.enter("r/dee", 180)
	p := all[0].receives("dee/camera", 20)
	if p.gaps.Load() > 0 || p.picGaps.Load() > 0 || p.badTS.Load() > 0 {
		t.Errorf("the reused slot has %d gaps, %d picture gaps, %d times back", p.gaps.Load(), p.picGaps.Load(), p.badTS.Load())
	}
	for _, m := range all[0].log {
		if m["type"] == "offer" {
			t.Error("a free slot needed an offer")
		}
	}
}

func TestH264IsForwarded(t *testing.T) {
	w := newWorld(t)
	a := w.dial("r/a")
	b := w.dial("r/b")
	a.publish(webrtc.MimeTypeH264, 0, 0)
	if m := a.offer(); m["type"] != "answer" {
		t.Fatal(m)
	}
	b.receives("a/camera", 30)
}

func TestMuteStopsEverybodyAndUnmuteBeginsAtAKeyFrame(t *testing.T) {
	w := newWorld(t)
	a, cam, _ := w.enter("r/a", 180)
	b := w.dial("r/b")
	p := b.receives("a/camera", 20)
	a.ask(msg{"type": "mute", "source": "camera", "on": true})
	b.wait("muted", func(m msg) bool { return m["type"] == "muted" && m["on"] == true })
	var still int64
	quiet := 0
	eventually(t, "silence", func() error {
		if n := p.packets.Load(); n != still {
			still, quiet = n, 0
		} else if quiet++; quiet > 10 {
			return nil
		}
		return fmt.Errorf("still %d packets", still)
	})
	keys, plis := p.keys.Load(), cam.plis.Load()
	a.ask(msg{"type": "mute", "source": "camera", "on": false})
	b.receives("a/camera", 20)
	if p.keys.Load() == keys || cam.plis.Load() == plis {
		t.Error("unmuting asked for no key frame")
	}
	if p.gaps.Load() > 0 || p.picGaps.Load() > 0 {
		t.Errorf("%d gaps, %d picture gaps", p.gaps.Load(), p.picGaps.Load())
	}
}

func TestSimulcastGivesEachReceiverTheLayerHeWants(t *testing.T) {
	w := newWorld(t)
	a := w.dial("r/a")
	low := a.publishRID(webrtc.MimeTypeVP8, "q", 180, 0, nil)
	a.publishRID(webrtc.MimeTypeVP8, "h", 360, 0, low)
	high := a.publishRID(webrtc.MimeTypeVP8, "f", 720, 0, low)
	if m := a.offer(); m["type"] != "answer" {
		t.Fatal(m)
	}
	_ = high
	b := w.dial("r/b")
	p := b.receives("a/camera", 30)
	reach := func(h int64) {
		t.Helper()
		eventually(t, "layer", func() error {
			if got := p.height.Load(); got != h {
				return fmt.Errorf("height %d, want %d", got, h)
			}
			return nil
		})
	}
	reach(720)
	for _, step := range []struct {
		quality video.Quality
		height  int64
	}{{video.Low, 180}, {video.High, 720}, {video.Medium, 360}} {
		b.ask(msg{"type": "want", "publication": "a/camera", "quality": step.quality})
		reach(step.height)
	}
	b.receives("a/camera", 20)
	if p.gaps.Load() > 0 || p.picGaps.Load() > 0 || p.badTS.Load() > 0 {
		t.Errorf("switching left %d gaps, %d picture gaps, %d times back", p.gaps.Load(), p.picGaps.Load(), p.badTS.Load())
	}
}

func TestSpeakersAreTold(t *testing.T) {
	w := newWorld(t)
	a := w.dial("r/a")
	a.publish(webrtc.MimeTypeOpus, 0, 20)
	a.offer()
	b := w.dial("r/b")
	b.wait("speakers", func(m msg) bool { return m["type"] == "speakers" && fmt.Sprint(m["speakers"]) == "[a]" })
}

// A client that was to offer first and does not gets an offer after a while.
func TestTheServerOffersAfterAll(t *testing.T) {
	w := newWorld(t, func(c *video.Config) { c.Timeouts.Answer = 300 * time.Millisecond })
	w.enter("r/ann", 180)
	c := w.connect(msg{"type": "hello", "version": 1, "token": "r/shy", "first": true})
	c.expect("welcome")
	c.receives("ann/camera", 5)
}
