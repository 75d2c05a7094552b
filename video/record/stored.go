package record

import (
	"context"
	"errors"
)

// Stored lists the segments of a participant that are in the store with a
// number above those given for each lane, by lane and in order. An object that
// is not a whole segment is passed over, as Resume does.
// Errors: ReasonStorage, ReasonHash.
func Stored(ctx context.Context, sink Sink, prefix string, after map[Lane]int, hashes ...Hash) ([]Segment, error) {
	found, err := look(ctx, sink, prefix)
	if err != nil {
		return nil, err
	}
	if len(hashes) == 0 {
		hashes = []Hash{SHA256()}
	}
	var out []Segment
	for l, segs := range found.segments {
		for _, s := range segs {
			if s.n <= after[Lane(l)] {
				continue
			}
			c, err := check(ctx, sink, s, Lane(l), hashes, nil)
			switch {
			case err == nil:
				out = append(out, c.head.segment(Lane(l), c.key, c.whole, c.size))
			case !errors.Is(err, &Error{Reason: ReasonCorrupt}):
				return nil, err
			}
		}
	}
	return out, nil
}
