package video

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
)

// line watches one receiver's line for the two things that congestion does to
// it: packets are lost, or all of them wait. The estimate alone does not tell.
// It is bounded by what is sent, so that it stays low when little is sent, and
// it takes the stalls of a busy machine for a queue. Of a stall some packets
// are late; of a queue even the luckiest of half a second is.
//
// left and quiet may be called from any goroutine, heard from one at a time.
// Nothing is allocated for a packet.
type line struct {
	sent [lineKeeps]atomic.Int64 // by transport number: microseconds when it left, above its 16 bits

	from        time.Duration // the window began
	total, gone int           // reported in the window
	least       int64         // shortest delay of the window, microseconds between two clocks
	best        [2]int64      // shortest of this spell and of the one before: the line without a queue
	since       time.Duration // the spell began

	bad atomic.Int64 // when congestion was last seen, 0: never
}

const (
	lineKeeps  = 512
	lineWindow = 500 * time.Millisecond
	lineLeast  = 10               // packets that a window must have
	lineSpell  = 30 * time.Second // the two clocks drift by a few milliseconds in it
	lineQueue  = 50_000           // microseconds that all packets wait on a congested line
	lineLoss   = 10               // one of so many lost is congestion, as for the estimate
	lineLost   = 3                // but not fewer than these
)

// left notes that a packet goes out.
func (l *line) left(seq uint16, now time.Duration) {
	l.sent[seq%lineKeeps].Store(now.Microseconds()<<16 | int64(seq))
}

// quiet is for how long the line has shown no congestion.
func (l *line) quiet(now time.Duration) time.Duration {
	if bad := l.bad.Load(); bad != 0 {
		return now - time.Duration(bad)
	}
	return math.MaxInt64
}

// heard takes a report of what arrived when.
func (l *line) heard(k *rtcp.TransportLayerCC, now time.Duration) {
	seq, left := k.BaseSequenceNumber, int(k.PacketStatusCount)
	at, deltas := int64(k.ReferenceTime)*64_000, k.RecvDeltas
	one := func(status uint16) {
		left--
		arrived := status == rtcp.TypeTCCPacketReceivedSmallDelta || status == rtcp.TypeTCCPacketReceivedLargeDelta
		if arrived && len(deltas) > 0 {
			at += deltas[0].Delta
			deltas = deltas[1:]
		}
		l.packet(seq, arrived, at, now)
		seq++
	}
	for _, c := range k.PacketChunks {
		switch c := c.(type) {
		case *rtcp.RunLengthChunk:
			for i := 0; i < int(c.RunLength) && left > 0; i++ {
				one(c.PacketStatusSymbol)
			}
		case *rtcp.StatusVectorChunk:
			for i := 0; i < len(c.SymbolList) && left > 0; i++ {
				one(c.SymbolList[i])
			}
		}
	}
	if l.total >= lineLeast && now-l.from >= lineWindow {
		l.judge(now)
	}
}

func (l *line) packet(seq uint16, arrived bool, at int64, now time.Duration) {
	v := l.sent[seq%lineKeeps].Load()
	if v == 0 || uint16(v) != seq {
		return // too old, or never sent
	}
	if l.total == 0 {
		l.from, l.least = now, math.MaxInt64
	}
	l.total++
	if arrived {
		l.least = min(l.least, at-v>>16)
	} else {
		l.gone++
	}
}

// judge ends a window.
func (l *line) judge(now time.Duration) {
	if l.gone < l.total {
		if l.since == 0 {
			l.since, l.best = now, [2]int64{l.least, l.least}
		}
		if now-l.since >= lineSpell {
			l.since, l.best = now, [2]int64{l.least, l.best[0]}
		}
		l.best[0] = min(l.best[0], l.least)
	}
	lossy := l.gone >= lineLost && l.gone*lineLoss > l.total
	if lossy || (l.gone < l.total && l.least-min(l.best[0], l.best[1]) > lineQueue) {
		l.bad.Store(int64(now))
	}
	l.total, l.gone = 0, 0
}
