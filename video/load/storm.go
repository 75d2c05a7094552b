package load

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"

	"golang.org/x/sync/errgroup"

	"tongban/video"
)

// Storm lets people join and leave a few rooms over and over, through the
// signalling, each as fast as he can. Some say goodbye, some just vanish. The
// door's tokens are "room/participant".
func Storm(ctx context.Context, d *video.Door, people, rounds, rooms int) error {
	g, ctx := errgroup.WithContext(ctx)
	for i := range people {
		g.Go(func() error {
			for n := range rounds {
				token := fmt.Sprintf("storm%d/p%d-%d", rand.IntN(rooms), i, n) //nolint:gosec // which room does not matter
				if err := visit(ctx, d, token, n%2 == 0); err != nil {
					return fmt.Errorf("%s: %w", token, err)
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// visit joins, hears the welcome, and leaves.
func visit(ctx context.Context, d *video.Door, token string, polite bool) error {
	near, far := video.Pipe()
	ctx, cancel := context.WithCancel(ctx)
	var serving sync.WaitGroup
	defer serving.Wait()
	defer func() { _ = near.Close() }()
	defer cancel()
	serving.Go(func() { d.Serve(ctx, far) })
	hello, err := json.Marshal(map[string]any{"type": "hello", "version": video.ProtocolVersion, "token": token})
	if err != nil {
		return err
	}
	if err := near.Write(ctx, hello); err != nil {
		return err
	}
	b, err := near.Read(ctx, 1<<20)
	if err != nil {
		return err
	}
	var m struct{ Type, Code, Reason string }
	if err := json.Unmarshal(b, &m); err != nil || m.Type != "welcome" {
		return fmt.Errorf("not welcome: %s %w", b, err)
	}
	if polite {
		return near.Write(ctx, []byte(`{"type":"leave"}`))
	}
	return nil
}
