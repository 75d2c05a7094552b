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
// picture for which not even that is left is paused, but for the most important.
// Quiet is for how long the line has shown no congestion.
func (p *peer) allocate(estimate int, quiet, now time.Duration) {
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
	for i, s := range pictures {
		lists[i] = s.pub.ranked(now, nil)
	}
	caps := divide(pictures, lists, left)
	free := p.tried == 0 || now-p.tried >= tryGap
	v := view{quiet: quiet, room: free && float64(estimate) > roomy*float64(used), still: free && quiet >= tryAfter}
	for i, s := range pictures {
		if s.allow(caps[i], len(lists[i]), v, now) {
			p.tried, v.room, v.still = now, false, false
		}
		s.choose(now)
	}
}

// divide returns the best rank of each picture that fits into what is left.
func divide(pictures []*slot, lists [][]*layer, left int64) []int {
	caps := make([]int, len(pictures))
	first := true
	for i, s := range pictures {
		if len(lists[i]) == 0 || s.limit0() < 0 {
			continue // nothing comes, or nothing is wanted
		}
		if need := lists[i][0].rate.bits.Load(); need <= left || first {
			left -= need
		} else {
			caps[i] = -1
		}
		first = false
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
	return caps
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
// grows beyond what is sent, and it falls when packets come late for whatever
// reason. Therefore:
//
//   - Nothing is taken away while the line shows no congestion (see line): what
//     flows without loss and without a queue fits, whatever the estimate says.
//   - When the estimate has been well above what is sent for a while, the next
//     layer is tried. When a picture is paused, and the line has been quiet for a
//     while, its smallest layer is tried: the estimate of the sound alone would
//     never have room for it.
//   - One picture is tried at a time. A step that congests the line soon after is
//     taken back and not tried again before the back-off, which doubles with each
//     failure: trying costs everybody on that line, the sound too. For a paused
//     picture it ends at half a minute, for it is better seen late than never.
const (
	holdUp    = 1500 * time.Millisecond // between two steps up
	calm      = time.Second             // without congestion, until which the line counts as congested
	tryAfter  = 5 * time.Second
	tryGap    = 2 * time.Second // between two pictures
	failSoon  = 8 * time.Second
	backMax   = 80 * time.Second
	pausedMax = 30*time.Second - tryAfter // with tryAfter: half a minute
)

// roomy is how far above what is sent an estimate is that does not limit it.
const roomy = 1.3

// view is what the steps of a slot are decided by.
type view struct {
	quiet time.Duration // since the line last showed congestion
	room  bool          // the estimate is well above what is sent, and no other picture is on trial
	still bool          // the line has been quiet for long, and no other picture is on trial
}

// climb is what a slot knows of its steps up and down; of the shard.
type climb struct {
	cap     int           // the best rank allowed, -1: nothing
	at      time.Duration // of the last step up
	after   time.Duration // no other before
	backoff time.Duration
}

// newClimb allows everything: nobody is cut before the line is congested.
func newClimb() climb { return climb{cap: unlimited} }

// allow moves the cap towards the rank that the estimate allows: down at once if
// the line is congested, up by one step and after a while. It reports whether
// the step is a trial, beyond what the estimate allows.
func (c *climb) allow(rank, layers int, v view, now time.Duration) (trial bool) {
	was := min(c.cap, layers-1)
	switch {
	case rank < was && v.quiet < calm:
		most := backMax
		if rank < 0 {
			most = pausedMax
		}
		if c.at != 0 && now-c.at < failSoon {
			c.backoff = min(max(c.backoff*2, tryAfter), most)
		} else {
			c.backoff = 0
		}
		c.cap, c.after = rank, now+max(holdUp, c.backoff)
	case rank > was && now >= c.after:
		c.cap, c.at, c.after = was+1, now, now+holdUp
	case rank != was || was >= layers-1:
	case was < 0 && v.still && now >= c.after+tryAfter, was >= 0 && v.room && now >= c.after+max(tryAfter, c.backoff):
		c.cap, c.at, c.after = was+1, now, now+holdUp
		return true
	}
	return false
}
