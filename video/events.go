package video

import (
	"encoding/json"
	"time"
)

// EventKind names what happened in a room.
type EventKind string

// The kinds of events.
const (
	EventWaiting     EventKind = "waiting" // at the door
	EventJoined      EventKind = "joined"
	EventLeft        EventKind = "left" // Reason says why
	EventAway        EventKind = "away" // signalling lost; may resume
	EventBack        EventKind = "back"
	EventMovedOut    EventKind = "moved_out"
	EventMovedIn     EventKind = "moved_in"
	EventMediaUp     EventKind = "media_up"
	EventMediaDown   EventKind = "media_down"
	EventPublished   EventKind = "published"
	EventUnpublished EventKind = "unpublished"
	EventMuted       EventKind = "muted"
	EventLocked      EventKind = "locked"
	EventApp         EventKind = "app"  // an application message for the service: App and Data
	EventLost        EventKind = "lost" // Count events were not delivered: read a snapshot
)

// Event is one thing that happened in a room, in the order in which it did.
type Event struct {
	Kind        EventKind
	At          time.Time
	Room        RoomID
	Participant ParticipantID
	Publication PublicationID
	Reason      Reason
	On          bool
	Count       int
	App         string          // kind of the message
	Data        json.RawMessage // what the client sent; not checked
}

// Watch is a stream of events. Read C until it is closed.
type Watch struct {
	C    <-chan Event
	c    chan Event
	room RoomID // "": all
	node *Node
	lost int
}

const watchQueue = 1024

// Watch returns the events of a room, or of all rooms when it is "". A reader
// that falls behind by more than 1024 events gets an EventLost instead of the
// newest. Close it when done; the node's Close closes it too.
func (n *Node) Watch(room RoomID) *Watch {
	c := make(chan Event, watchQueue)
	w := &Watch{C: c, c: c, room: room, node: n}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		close(c)
		return w
	}
	n.watches[w] = struct{}{}
	return w
}

// Close ends the stream.
func (w *Watch) Close() {
	w.node.mu.Lock()
	defer w.node.mu.Unlock()
	if _, ok := w.node.watches[w]; ok {
		delete(w.node.watches, w)
		w.end()
	}
}

func (w *Watch) end() { close(w.c) }

// deliver is called with the node's mutex held; it does not block.
func (w *Watch) deliver(e Event) {
	if w.lost > 0 {
		select {
		case w.c <- Event{Kind: EventLost, At: e.At, Room: e.Room, Count: w.lost}:
			w.lost = 0
		default:
		}
	}
	select {
	case w.c <- e:
	default:
		w.lost++
	}
}

// event tells the watchers; in the room.
func (r *Room) event(e Event) {
	e.At, e.Room = r.node.cfg.Now().UTC(), r.id
	r.node.mu.Lock()
	defer r.node.mu.Unlock()
	for w := range r.node.watches {
		if w.room == "" || w.room == r.id {
			w.deliver(e)
		}
	}
}
