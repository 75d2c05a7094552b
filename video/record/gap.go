package record

import "time"

// GapReason says why media are missing. The list is closed.
type GapReason string

// The reasons.
const (
	GapStart   GapReason = "start"   // the first key frame was waited for
	GapLoss    GapReason = "loss"    // packets did not come; a video then waits for a key frame
	GapBad     GapReason = "bad"     // packets came that are no media
	GapMuted   GapReason = "muted"   // muted or paused: not recorded by intent
	GapQuiet   GapReason = "quiet"   // nothing was sent and nothing lost: silence, a camera that is off, a still screen
	GapRemoved GapReason = "removed" // the track was taken away
	GapRestart GapReason = "restart" // the sender began again with a new source or clock
	GapClock   GapReason = "clock"   // the sender's clock was corrected by more than 0.3 s
	GapOverrun GapReason = "overrun" // the recorder was given more than it could hold
	GapStorage GapReason = "storage" // the object store did not take it in time
	GapStopped GapReason = "stopped" // the recorder was not running: it had ended or was killed
)

// Gap is a stretch of a lane without media of one track, or of all (All).
type Gap struct {
	Kind     Kind
	All      bool
	From, To time.Time // hub's clock, milliseconds
	Reason   GapReason
	Packets  int // known to be missing
}

// gap is the same inside a lane.
type gap struct {
	kind     Kind
	all      bool
	from, to int64 // positions
	reason   GapReason
	packets  int
}

const (
	maxGaps  = 64 // of one segment; more are drawn together
	gapMerge = int64(500 * time.Millisecond)
	gapLeast = int64(10 * time.Millisecond) // less is rounding
)

// state adds a gap. Short gaps of one reason close to one another become one.
func (l *lane) state(g gap) {
	if g.to-g.from < gapLeast && g.packets == 0 {
		return
	}
	g.to = max(g.to, g.from)
	for i := len(l.gaps) - 1; i >= 0; i-- {
		o := &l.gaps[i]
		same := o.kind == g.kind && o.all == g.all
		if same && o.reason == g.reason && g.from-o.to < gapMerge || len(l.gaps) >= maxGaps && same {
			o.to = max(o.to, g.to)
			o.packets += g.packets
			return
		}
	}
	if len(l.gaps) < 2*maxGaps {
		l.gaps = append(l.gaps, g)
	}
}
