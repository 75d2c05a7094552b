package load

import (
	"context"
	"log/slog"
	"strings"

	meeting "tongban/hub/session"
	"tongban/video"
	"tongban/video/live"
	"tongban/video/record"
)

// recordAll records everybody who publishes on a node, each room as a session
// of its own. The returned function stores what is left.
func recordAll(ctx context.Context, node *video.Node, folder string) (stop func() error) {
	rec := live.NewRecorder(node, record.Folder(folder), nil, slog.New(slog.DiscardHandler))
	watch := node.Watch("")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for e := range watch.C {
			who, _, _ := strings.Cut(string(e.Publication), "/")
			if e.Kind == video.EventPublished {
				_ = rec.Start(ctx, meeting.ID(e.Room), meeting.Who(who)) // a gap tells
			}
		}
	}()
	return func() error {
		watch.Close()
		<-done
		return rec.Close()
	}
}

// Recorded is what a folder of recordings holds.
type Recorded struct {
	People, Segments int
	Seconds          float64 // of the shortest
	Gaps             int     // of media that were sent: lost, overrun, refused by storage
}

// ReadRecorded reads what "recorded" has written.
func ReadRecorded(ctx context.Context, folder string) (Recorded, error) {
	var out Recorded
	sink := record.Folder(folder)
	keys, err := sink.List(ctx, "rec/")
	if err != nil {
		return out, err
	}
	seen := map[string]bool{}
	for _, k := range keys {
		parts := strings.SplitN(k, "/", 4)
		if len(parts) < 4 || seen[parts[1]+"/"+parts[2]] {
			continue
		}
		seen[parts[1]+"/"+parts[2]] = true
		segs, err := record.Stored(ctx, sink, strings.Join(parts[:3], "/"), nil)
		if err != nil {
			return out, err
		}
		if len(segs) == 0 {
			continue
		}
		out.People++
		out.Segments += len(segs)
		if s := segs[len(segs)-1].To.Sub(segs[0].From).Seconds(); out.Seconds == 0 || s < out.Seconds {
			out.Seconds = s
		}
		for _, s := range segs {
			for _, g := range s.Gaps {
				switch g.Reason {
				case record.GapLoss, record.GapBad, record.GapOverrun, record.GapStorage:
					out.Gaps++
				}
			}
		}
	}
	return out, nil
}
