package video_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"tongban/video"
	"tongban/video/load"
)

// The full storm is 64 people 500 times; it runs in the bench. Tests run the
// same with fewer rounds.
const (
	stormPeople = 64
	stormRounds = 20
)

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestStormLeavesNothingBehind(t *testing.T) {
	files := openFiles(t)
	w := newWorld(t, func(c *video.Config) { c.Timeouts.Resume = 50 * time.Millisecond })
	if err := load.Storm(t.Context(), w.door, stormPeople, stormRounds, 5); err != nil {
		t.Fatal(err)
	}
	eventually(t, "everybody gone", func() error {
		if s := w.node.Stats(); s.Rooms != 0 || s.Participants != 0 || s.Panics != 0 {
			return fmt.Errorf("%+v", s)
		}
		if n := openFiles(t); n > files+3 { // UDP, the web server, its poller
			return fmt.Errorf("%d files open, %d before", n, files)
		}
		return nil
	})
}

// People with media come and go while others stay.
func TestMediaStormLeavesNothingBehind(t *testing.T) {
	w := newWorld(t)
	ann, _, _ := w.enter("r/ann", 180)
	for i := range 6 {
		c, _, _ := w.enter(fmt.Sprintf("r/p%d", i), 180)
		ann.receives(fmt.Sprintf("p%d/camera", i), 3)
		if i%2 == 0 {
			c.send(msg{"type": "leave"})
		}
		c.close()
	}
	eventually(t, "only ann and those who may resume", func() error {
		s, err := w.node.Snapshot(t.Context(), "r")
		if err != nil || len(s.Participants) != 1 {
			return fmt.Errorf("%d people, %w", len(s.Participants), err)
		}
		return nil
	})
	if s := w.node.Stats(); s.Panics != 0 {
		t.Errorf("%+v", s)
	}
}
