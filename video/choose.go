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
	for _, s := range p.playing {
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
	for i, s := range pictures {
		s.allow(caps[i], len(lists[i]), now)
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

// An estimate grows only with what is sent, so a better layer is also tried
// without its leave after tryAfter of quiet; each failure doubles the wait.
const (
	tryAfter = 5 * time.Second
	tryMost  = 80 * time.Second
	holdUp   = 1500 * time.Millisecond // a worse layer is kept at least that long
)

// allow sets the cap: down at once, up after a while.
func (s *slot) allow(rank, layers int, now time.Duration) {
	was := min(s.cap, layers-1)
	switch {
	case rank < was:
		if s.upTried != 0 && now-s.upTried < 4*time.Second {
			s.upBackoff = min(max(s.upBackoff*2, tryAfter), tryMost)
		}
		s.upTried = 0
		s.cap, s.upAfter = rank, now+max(holdUp, s.upBackoff)
	case rank > was:
		if now >= s.upAfter {
			s.cap, s.upAfter = was+1, now+holdUp
		}
	case s.cap < layers-1 && s.cap < unlimited && now >= s.upAfter+max(tryAfter, s.upBackoff):
		s.cap, s.upTried, s.upAfter = was+1, now, now+holdUp
	}
	s.choose(now)
}
