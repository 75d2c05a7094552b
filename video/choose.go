package video

import (
	"slices"
	"time"
)

// choose decides which layer the slot is to play; in the shard.
func (s *slot) choose(now time.Duration) {
	ranked := s.pub.ranked(now, s.peer.ranked)
	s.peer.ranked = ranked
	if len(ranked) == 0 {
		ranked = s.pub.all() // nothing has come lately: what there is
	}
	best := min(s.limit(len(ranked)), len(ranked)-1)
	if best < 0 {
		s.cur, s.want = nil, nil
		s.playing.Store(nil)
		return
	}
	s.want = ranked[best]
}

// limit is the best rank that wish and estimate allow; -1: nothing.
func (s *slot) limit(layers int) int {
	if s.audio {
		if w := s.wish.Load(); w != nil && w.Quality == Off {
			return -1
		}
		return 0
	}
	top := layers - 1
	if w := s.wish.Load(); w != nil {
		switch w.Quality {
		case Off:
			return -1
		case Low:
			top = 0
		case Medium:
			top = min(top, max(0, (layers-1)/2))
		case High:
		}
	}
	return min(top, s.cap)
}

const unlimited = 1 << 10

// allocate shares an estimate of the receiver's bandwidth out; in the shard.
// Audio comes first and is never cut. Every picture then gets its smallest
// layer, the important ones first, and what is left raises them one by one. A
// picture for which not even that is left is paused.
func (p *peer) allocate(estimate int, now time.Duration) {
	left := int64(estimate) * 95 / 100
	var pictures []*slot
	var used int64
	for _, s := range p.playing {
		if s.pub != nil && s.cur != nil {
			used += s.cur.rate.bits.Load()
		}
		switch {
		case s.pub == nil || !s.ready.Load():
		case s.audio:
			if s.cur != nil {
				left -= s.cur.rate.bits.Load()
			}
		default:
			pictures = append(pictures, s)
		}
	}
	slices.SortStableFunc(pictures, func(a, b *slot) int { return b.weight() - a.weight() })
	lists := make([][]*layer, len(pictures))
	caps := make([]int, len(pictures))
	for i, s := range pictures {
		lists[i] = s.pub.ranked(now, nil)
		caps[i] = -1
		if len(lists[i]) == 0 || s.limit0() < 0 {
			caps[i] = 0
			continue
		}
		if need := lists[i][0].rate.bits.Load(); need <= left || i == 0 {
			caps[i] = 0
			left -= need
		}
	}
	for i, s := range pictures {
		for caps[i] >= 0 && caps[i]+1 < len(lists[i]) && caps[i] < s.limit0() {
			more := lists[i][caps[i]+1].rate.bits.Load() - lists[i][caps[i]].rate.bits.Load()
			if more > left {
				break
			}
			left -= more
			caps[i]++
		}
	}
	room := float64(estimate) > roomy*float64(used)
	for i, s := range pictures {
		s.allow(caps[i], len(lists[i]), estimate, room, now)
		s.choose(now)
	}
}

// limit0 is the best rank that the wish allows.
func (s *slot) limit0() int {
	old := s.cap
	s.cap = unlimited
	n := s.limit(len(s.pub.all()))
	s.cap = old
	return n
}

func (s *slot) weight() int {
	n := 0
	if s.pub.source == Screen {
		n = 10
	}
	if w := s.wish.Load(); w != nil {
		n += w.Priority * 20
	}
	return n
}

// A better layer is taken when the estimate has room for it. The estimate hardly
// grows beyond what is sent, so that it may never have: when it has been well
// above that for a while, the next layer is tried on trust, until the estimate
// falls. One that proves too much is not taken again before the back-off, which
// doubles with each failure: trying costs everybody on that line, the sound too.
const (
	holdUp   = 1500 * time.Millisecond // between two steps up
	tryAfter = 5 * time.Second
	failSoon = 8 * time.Second
	backMax  = 80 * time.Second
)

// roomy is how far above what is sent an estimate is that does not limit it.
const roomy = 1.3

// climb is what a slot knows of its steps up and down; of the shard.
type climb struct {
	cap     int           // the best rank allowed, -1: nothing
	at      time.Duration // of the last step up
	after   time.Duration // no other before
	backoff time.Duration
	trust   int // the estimate that must not be fallen short of, 0: no trust
}

// newClimb trusts the estimate that every connection starts with: nobody is cut
// before there is a sign that the line is narrow.
func newClimb() climb { return climb{cap: unlimited, trust: startEstimate} }

// allow moves the cap towards what the estimate allows: down at once, up by one
// step and after a while.
func (c *climb) allow(rank, layers, estimate int, room bool, now time.Duration) {
	was := min(c.cap, layers-1)
	if c.trust > 0 && rank < was && estimate >= c.trust*9/10 {
		c.trust = max(c.trust, estimate)
		return
	}
	c.trust = 0
	switch {
	case rank < was:
		if c.at != 0 && now-c.at < failSoon {
			c.backoff = min(max(c.backoff*2, tryAfter), backMax)
		} else {
			c.backoff = 0
		}
		c.cap, c.after = rank, now+max(holdUp, c.backoff)
	case rank > was && now >= c.after:
		c.cap, c.at, c.after = was+1, now, now+holdUp
	case rank == was && was < layers-1 && room && now >= c.after+max(tryAfter, c.backoff):
		c.cap, c.at, c.after, c.trust = was+1, now, now+holdUp, estimate
	}
}
