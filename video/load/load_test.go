package load_test

import (
	"bufio"
	"context"
	"io"
	"testing"
	"time"

	"tongban/video/load"
)

// The generator plays everything that the server of either kind forwards.
func TestRunAgainstBothServers(t *testing.T) {
	for _, kind := range []string{"plain", "sfu"} {
		t.Run(kind, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			r, w := io.Pipe()
			ended := make(chan error, 1)
			go func() { ended <- load.Serve(ctx, kind, t.TempDir(), w) }()
			line, err := bufio.NewReader(r).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			base := line[:len(line)-1]
			o := load.Options{
				WHIP: base + "/{stream}/whip", WHEP: base + "/{stream}/whep", Subs: 3, Audio: true,
				Warmup: 100 * time.Millisecond, Window: time.Second,
			}
			if kind == "sfu" {
				o.WHIP, o.WHEP, o.Token = base+"/whip", base+"/whep", "{stream}/{peer}"
			}
			got, err := load.Run(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			if got.Joined != 3 || got.Failed != 0 || got.Packets == 0 || got.FramesLost > 0.1 {
				t.Errorf("%+v", got)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}
