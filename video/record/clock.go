package record

import "time"

// Times inside a lane: wall times are nanoseconds since 1970 on the hub's
// clock; positions are nanoseconds since the lane's start.

const (
	slewDead   = int64(5 * time.Millisecond)   // sender reports jitter by as much
	slewStep   = int64(5 * time.Millisecond)   // correction by one report
	clockJump  = int64(300 * time.Millisecond) // a larger difference is a new clock
	pauseTime  = int64(500 * time.Millisecond) // without a packet
	sameEpoch  = int64(2 * time.Second)
	maxEpochs  = 4
	nanosecond = int64(time.Second)
)

// scale turns ticks of one rate into another without overflow.
func scale(v, from, to int64) int64 {
	q, r := v/from, v%from
	return q*to + r*to/from
}

// senderClock turns the sender's NTP time into the hub's. A sender whose clock
// is set gets a new epoch, so that sound and picture, whose reports come one
// after the other, still agree.
type senderClock struct {
	epochs []int64 // hub minus NTP
}

// offset of the epoch that a report belongs to. The first report of an epoch
// decides it for all tracks: how long it was on its way shifts them together.
func (c *senderClock) offset(ntp, arrival int64) int64 {
	off := arrival - ntp
	for _, e := range c.epochs {
		if d := off - e; d < sameEpoch && d > -sameEpoch {
			return e
		}
	}
	if len(c.epochs) == maxEpochs {
		c.epochs = c.epochs[1:]
	}
	c.epochs = append(c.epochs, off)
	return off
}

// sourceClock maps the RTP time of one source to the hub's clock.
type sourceClock struct {
	rate    int64
	started bool
	last    uint32 // RTP time of the newest packet
	ext     int64  // the same, unwrapped, 0 at the first packet
	firstAt int64  // arrival of the first packet
	lastAt  int64  // arrival of the newest packet
	aligned bool   // base is set
	byReport,
	stepped bool // the last change of base was more than a correction
	base int64 // wall time of ext 0
}

// unwrap gives the ticks since the first packet (RFC 3550 §5.1: times wrap).
func (c *sourceClock) unwrap(ts uint32, arrival int64) int64 {
	if !c.started {
		c.started, c.last, c.firstAt, c.lastAt = true, ts, arrival, arrival
	}
	ext := c.ext + int64(int32(ts-c.last))
	if ext > c.ext {
		c.ext, c.last, c.lastAt = ext, ts, arrival
	}
	return ext
}

// wall is the hub's time of a moment of the source.
func (c *sourceClock) wall(ext int64) int64 {
	base := c.base
	if !c.aligned {
		base = c.firstAt
	}
	return base + scale(ext, c.rate, nanosecond)
}

// absurd reports a packet whose time cannot be: the sender's RTP clock has
// started again somewhere else.
func (c *sourceClock) absurd(ts uint32, arrival int64) bool {
	if !c.started {
		return false
	}
	d := c.wall(c.ext+int64(int32(ts-c.last))) - arrival
	return d > int64(absurdTime) || d < -int64(absurdTime)
}

// stale reports a packet after a pause during which the RTP time has not gone on
// like the clock on the wall.
func (c *sourceClock) stale(ts uint32, arrival int64) bool {
	if !c.aligned || arrival-c.lastAt < pauseTime {
		return false
	}
	d := scale(int64(int32(ts-c.last)), c.rate, nanosecond) - (arrival - c.lastAt)
	return d > clockJump || d < -clockJump
}

// byArrival aligns without a report.
func (c *sourceClock) byArrival() {
	if !c.aligned {
		c.aligned, c.base = true, c.firstAt
	}
}

// report takes a sender report: at RTP time ts the hub's clock showed wall. It
// reports whether the mapping changed. Small differences are drift or jitter
// and are followed slowly; what is larger than clockJump is taken at once.
func (c *sourceClock) report(ts uint32, wall int64) bool {
	if !c.started {
		return false
	}
	ext := c.ext + int64(int32(ts-c.last))
	base := wall - scale(ext, c.rate, nanosecond)
	if d := base + scale(c.ext, c.rate, nanosecond) - c.lastAt; d > int64(absurdTime) || d < -int64(absurdTime) {
		return false // would put the newest packet far from its arrival
	}
	c.stepped = false
	if !c.byReport {
		c.stepped = c.aligned
		c.aligned, c.byReport, c.base = true, true, base
		return true
	}
	switch d := base - c.base; {
	case d <= slewDead && d >= -slewDead:
		return false
	case d > clockJump || d < -clockJump:
		c.base, c.stepped = base, true
	default:
		c.base += max(-slewStep, min(slewStep, d))
	}
	return true
}

// ntpWall turns a 64-bit NTP time into nanoseconds since 1970. Times of the
// lower half are of the era that begins in 2036 (RFC 4330 §3).
func ntpWall(ntp uint64) int64 {
	const since1900 = 2208988800
	sec := int64(ntp>>32) - since1900
	if ntp>>63 == 0 {
		sec += 1 << 32
	}
	return sec*nanosecond + int64((ntp&0xffffffff)*uint64(nanosecond)>>32)
}
