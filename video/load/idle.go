package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pion/webrtc/v3"
)

// Idle connects n receivers to a room in which nobody publishes and returns how
// much the server grew for each, in MiB of resident memory.
func Idle(ctx context.Context, o Options, n int) (float64, error) {
	o = o.withDefaults()
	c, err := newClient(o)
	if err != nil {
		return 0, err
	}
	pcs := make([]*webrtc.PeerConnection, n)
	sessions := make([]session, n)
	defer func() {
		var bye sync.WaitGroup
		for i, pc := range pcs {
			if pc != nil {
				bye.Go(func() { c.hangUp(pc, sessions[i]) })
			}
		}
		bye.Wait()
	}()
	connect := func(i int) error {
		pc, err := c.connection()
		if err != nil {
			return err
		}
		pcs[i] = pc
		up := make(chan struct{}, 1)
		pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
			if s == webrtc.PeerConnectionStateConnected {
				up <- struct{}{}
			}
		})
		for _, k := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
			if _, err := pc.AddTransceiverFromKind(k, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
				return err
			}
		}
		if sessions[i], _, err = c.negotiate(ctx, pc, o.WHEP, o.tokenOf("", i)); err != nil {
			return err
		}
		limit := time.NewTimer(o.JoinLimit)
		defer limit.Stop()
		select {
		case <-up:
			return nil
		case <-limit.C:
			return errors.New("did not connect in time")
		}
	}
	const first = 8 // what the first ones cost is the server's, not theirs
	var before float64
	for i := range n {
		if err := connect(i); err != nil {
			return 0, fmt.Errorf("participant %d: %w", i, err)
		}
		if i == first-1 {
			before = RSS(o.PID)
		}
	}
	if err := pause(ctx, o.Warmup); err != nil {
		return 0, err
	}
	return (RSS(o.PID) - before) / float64(n-first), nil
}
