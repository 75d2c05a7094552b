package video

import (
	"sync/atomic"
	"time"
)

// voice follows how loud a microphone is (RFC 6464): the reader of its layer
// adds, the room asks.
type voice struct {
	loud atomic.Uint64 // milli-loudness: 0 is silence, 127 000 the loudest
	at   atomic.Int64
}

// Someone speaks from speakFrom on and stops below speakUntil, in loudness
// (127 minus the level in -dBov).
const (
	speakFrom  = 78_000
	speakUntil = 66_000
	voiceLasts = 600 * time.Millisecond
)

func (v *voice) add(level uint8, now time.Duration) {
	cur := uint64(127-min(level, 127)) * 1000
	old := v.loud.Load()
	if cur > old {
		old += (cur - old) / 4 // up in some 80 ms
	} else {
		old -= (old - cur) / 24 // down in some 500 ms
	}
	v.loud.Store(old)
	v.at.Store(int64(now))
}

// speaks reports whether the microphone is heard, given whether it was.
func (v *voice) speaks(was bool, now time.Duration) bool {
	if now-time.Duration(v.at.Load()) > voiceLasts {
		return false
	}
	if was {
		return v.loud.Load() >= speakUntil
	}
	return v.loud.Load() >= speakFrom
}
