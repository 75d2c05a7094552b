package live

import (
	"context"
	"encoding/json"
	"errors"

	"tongban/hub"
	"tongban/hub/session"
	"tongban/video"
)

// Rooms implements hub.Rooms on the node of this process.
type Rooms struct{ node *video.Node }

// NewRooms serves sessions in the rooms of a node.
func NewRooms(n *video.Node) *Rooms { return &Rooms{n} }

var _ hub.Rooms = (*Rooms)(nil)

// Grant is what somebody may do in a room. Control of others goes through the
// session, which writes it into the chain, and never through the room alone.
func Grant(room hub.RoomID, who session.Who, may session.May, waits bool, info json.RawMessage) video.Grant {
	g := video.Grant{
		Room: video.RoomID(room), Participant: video.ParticipantID(who), Subscribe: may.Hear, Wait: waits, Info: info,
		Apps: map[string]video.Reach{},
	}
	for _, s := range may.Publish {
		g.Publish = append(g.Publish, video.Source(s))
	}
	for kind, yes := range map[string]bool{
		session.MessageShow: may.Show, session.MessageMark: may.Show, session.MessagePoint: may.Point || may.Show,
		session.MessageChat: may.Chat, session.MessageCaption: may.Caption, session.MessageHand: may.Ask,
	} {
		if yes {
			g.Apps[kind] = video.ReachRoom
		}
	}
	return g
}

// Admit implements hub.Rooms.
func (r *Rooms) Admit(ctx context.Context, room hub.RoomID, who session.Who) error {
	return r.node.Admit(ctx, video.RoomID(room), video.ParticipantID(who))
}

// Remove implements hub.Rooms.
func (r *Rooms) Remove(ctx context.Context, room hub.RoomID, who session.Who) error {
	return r.node.Remove(ctx, video.RoomID(room), video.ParticipantID(who))
}

// Move implements hub.Rooms.
func (r *Rooms) Move(ctx context.Context, from hub.RoomID, who session.Who, to hub.RoomID) error {
	return r.node.Move(ctx, video.RoomID(from), video.ParticipantID(who), video.RoomID(to))
}

// Allow implements hub.Rooms.
func (r *Rooms) Allow(ctx context.Context, room hub.RoomID, who session.Who, may session.May) error {
	return r.node.Regrant(ctx, video.RoomID(room), video.ParticipantID(who), Grant(room, who, may, false, nil))
}

// Lock implements hub.Rooms.
func (r *Rooms) Lock(ctx context.Context, room hub.RoomID, on bool) error {
	return r.node.Lock(ctx, video.RoomID(room), on)
}

// Close implements hub.Rooms: everybody is sent away, and the room ends.
func (r *Rooms) Close(ctx context.Context, room hub.RoomID) error {
	s, err := r.node.Snapshot(ctx, video.RoomID(room))
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range s.Participants {
		if err := r.node.Remove(ctx, video.RoomID(room), p.ID); hub.ErrorCode(err) != hub.NotFound {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
