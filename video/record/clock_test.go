package record

import (
	"testing"
	"time"
)

// A sender whose oscillator is off by 0.05 % is followed; one whose reports
// jitter is not; one that jumps is, at once.
func TestSourceClockFollowsDriftNotJitter(t *testing.T) {
	const rate = 90000
	ms := int64(time.Millisecond)
	start := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC).UnixNano()
	fresh := func() *sourceClock {
		c := &sourceClock{rate: rate}
		c.unwrap(1<<32-1000, start) // wraps soon
		if !c.report(1<<32-1000, start-3*ms) || c.wall(0) != start-3*ms {
			t.Fatalf("the first report is not believed: %d", c.wall(0)-start)
		}
		return c
	}
	at := func(c *sourceClock, s int64, ppm int64) (uint32, int64) { // the packet of second s on a clock that is off
		ext := s*rate + s*rate*ppm/1_000_000
		ts := uint32(1<<32-1000) + uint32(ext)
		c.unwrap(ts, start+s*nanosecond)
		return ts, start + s*nanosecond - 3*ms
	}
	c := fresh()
	for s := int64(1); s < 3600; s++ {
		ts, wall := at(c, s, 500)
		c.report(ts, wall)
		if d := c.wall(c.ext) - wall; d > 8*ms || d < -8*ms {
			t.Fatalf("drift: %d µs off after %d s", d/1000, s)
		}
	}
	c = fresh()
	base := c.base
	for s := int64(1); s < 100; s++ {
		ts, wall := at(c, s, 0)
		if c.report(ts, wall+(s%9-4)*ms) || c.base != base {
			t.Fatalf("jitter moved the clock at %d s", s)
		}
	}
	ts, wall := at(c, 100, 0)
	if !c.report(ts, wall+500*ms) || !c.stepped || c.base != base+500*ms {
		t.Errorf("a jump of 0.5 s moved the clock by %d ms", (c.base-base)/ms)
	}
	if ts, wall = at(c, 101, 0); c.report(ts, wall+3600*nanosecond) || c.base != base+500*ms {
		t.Error("a report that puts the packets an hour away is believed")
	}
	if c.absurd(ts, start+101*nanosecond) || !c.absurd(ts+rate*20, start+101*nanosecond) || !c.absurd(ts, start+115*nanosecond) {
		t.Error("what is absurd")
	}
}

// Sound and picture of a sender whose clock is set keep their distance.
func TestSenderClockHasOneEpochForAllTracks(t *testing.T) {
	var c senderClock
	s := nanosecond
	if c.offset(1000*s, 1037*s) != 37*s || c.offset(1001*s, 1038*s+s/5) != 37*s {
		t.Error("the second track has another offset than the first")
	}
	if c.offset(4600*s, 1039*s) != -3561*s || c.offset(4601*s, 1040*s-s/10) != -3561*s || c.offset(1004*s, 1041*s) != 37*s {
		t.Error("a clock that was set")
	}
	for i := range int64(100) {
		c.offset(i*1000*s, s)
	}
	if len(c.epochs) > maxEpochs {
		t.Errorf("%d epochs", len(c.epochs))
	}
}

func TestScaleNeverOverflows(t *testing.T) {
	century := int64(100 * 366 * 24 * time.Hour)
	for _, v := range []int64{0, 1, -1, 90000, century, -century} {
		if got := scale(scale(v, nanosecond, 90000), 90000, nanosecond); got-v > 11112 || v-got > 11112 {
			t.Errorf("%d became %d", v, got)
		}
	}
}
