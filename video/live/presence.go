package live

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"tongban/hub"
	"tongban/hub/session"
	"tongban/video"
)

// presence is what is told of people in the rooms; *hub.Service is one.
type presence interface {
	// Gone says that somebody's connection ended and he did not come back in time.
	Gone(ctx context.Context, id session.ID, who session.Who) error
	ReportNetwork(ctx context.Context, id session.ID, who session.Who, loss float64, kbps int) error
}

// reportEvery is how often the network of the people is told.
const reportEvery = 5 * time.Second

// Tell says who leaves the rooms of a node, and how well the others are
// connected, until ctx ends.
func Tell(ctx context.Context, n *video.Node, p presence, log *slog.Logger) {
	w := n.Watch("")
	defer w.Close()
	t := time.NewTicker(reportEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-w.C:
			if !ok {
				return
			}
			if e.Kind != video.EventLeft {
				continue
			}
			err := p.Gone(ctx, sessionOf(e.Room), session.Who(e.Participant))
			if err != nil && hub.ErrorCode(err) != hub.NotFound && ctx.Err() == nil {
				log.WarnContext(ctx, "who left a room could not be noted", "room", e.Room, "participant", e.Participant, "error", err)
			}
		case <-t.C:
			report(ctx, n, p)
		}
	}
}

// sessionOf is the session of a room, or of one of its private talks.
func sessionOf(room video.RoomID) session.ID {
	id, _, _ := strings.Cut(string(room), ".")
	return session.ID(id)
}

// report tells loss and bit rate of what everybody sends. It is for the board
// and for nothing else, so a report that fails is left out.
func report(ctx context.Context, n *video.Node, p presence) {
	for _, room := range n.Rooms() {
		s, err := n.Snapshot(ctx, room)
		if err != nil {
			continue
		}
		for _, one := range s.Participants {
			var bits int64
			var lost float64
			for _, pub := range one.Sends {
				for _, l := range pub.Layers {
					bits += l.Bits
					lost = max(lost, l.Share)
				}
			}
			if !one.Hidden {
				_ = p.ReportNetwork(ctx, sessionOf(room), session.Who(one.ID), lost, int(bits/1000))
			}
		}
	}
}
