package resume

import (
	"context"
	"time"

	"tongban/hub"
	"tongban/storage/object"
)

// buffers is the memory that uploads of one node may take: so many parts, made
// when first needed and used again. Memory that waits is the system's.
type buffers struct{ free chan []byte }

func newBuffers(n int) *buffers {
	b := &buffers{make(chan []byte, n)}
	for range n {
		b.free <- nil
	}
	return b
}

// get waits for one. Unavailable when none comes in time.
func (b *buffers) get(ctx context.Context, wait time.Duration) ([]byte, error) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case buf := <-b.free:
		if buf != nil {
			return buf, nil
		}
		buf, err := newMemory(object.PartSize)
		if err != nil {
			b.free <- nil
			return nil, hub.Wrap(hub.Unavailable, err, "no memory for the upload; try again")
		}
		return buf, nil
	case <-t.C:
		return nil, hub.E(hub.Unavailable, "too many uploads at once; try again")
	case <-ctx.Done():
		return nil, hub.Wrap(hub.Unavailable, context.Cause(ctx), "too many uploads at once; try again")
	}
}

// put gives one back. Nobody may read it any more.
func (b *buffers) put(buf []byte) error {
	err := release(buf)
	b.free <- buf
	return err
}
