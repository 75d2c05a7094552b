package video

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tongban/hub"
)

// RoomID names a room; the caller chooses it.
type RoomID string

// ParticipantID names a participant within a room; the caller chooses it.
type ParticipantID string

// Source is what a publication shows or lets hear. A participant publishes
// each source at most once.
type Source string

// The sources.
const (
	Camera      Source = "camera"
	Mic         Source = "mic"
	Screen      Source = "screen"
	ScreenAudio Source = "screen_audio"
)

// Audio reports whether the source is heard, not seen.
func (s Source) Audio() bool { return s == Mic || s == ScreenAudio }

func (s Source) known() bool { return s.Audio() || s == Camera || s == Screen }

// pair names the sources that are played in step: camera with microphone,
// screen with its sound.
func (s Source) pair() string {
	if s == Screen || s == ScreenAudio {
		return "screen"
	}
	return "camera"
}

// Reach says to whom an application message may go.
type Reach string

// The reaches.
const (
	ReachRoom   Reach = "room"   // everybody in the room, or those named
	ReachAdmins Reach = "admins" // only admins of the room
	// ReachService is for the server alone: an EventApp of Node.Watch.
	ReachService Reach = "service"
)

// Grant is what one person may do in one room. It is a value: the caller makes
// it from whatever he knows, and changes it with [Node.Regrant].
type Grant struct {
	Room        RoomID
	Participant ParticipantID
	Publish     []Source         // what may be published
	Subscribe   bool             // may receive what others publish
	Admin       bool             // may admit, refuse, remove, lock, move and mute others
	Hidden      bool             // others are not told that he is there; he publishes nothing
	Echo        bool             // receives his own publications: a self-test
	Wait        bool             // enters only after an admin (or Node.Admit) has admitted him
	Apps        map[string]Reach // kinds of application messages he may send
	Info        json.RawMessage  // shown to the others as it is; at most MaxInfo bytes
	Expires     time.Time        // refused after it; zero: never
}

// MaxInfo is the size of Grant.Info, and MaxID of the ids, in bytes.
const (
	MaxInfo = 2048
	MaxID   = 128
)

// MayPublish reports whether the grant names the source.
func (g Grant) MayPublish(s Source) bool { return !g.Hidden && slices.Contains(g.Publish, s) }

func (g Grant) check(now time.Time) error {
	switch {
	case g.Room == "" || len(g.Room) > MaxID, g.Participant == "" || len(g.Participant) > MaxID:
		return refuse(hub.Unauthenticated, ReasonTokenInvalid, "the grant names no room or no participant")
	case len(g.Info) > MaxInfo:
		return refuse(hub.Unauthenticated, ReasonTokenInvalid, "the grant's info is too large")
	case !g.Expires.IsZero() && now.After(g.Expires):
		return refuse(hub.Unauthenticated, ReasonGrantExpired, "the grant has expired")
	}
	return nil
}

// Checker turns a token into a grant. It is asked once for every connection and
// every WHIP or WHEP request.
type Checker interface {
	// Check returns the grant, or an error whose code reaches the client. A
	// token it does not know is hub.Unauthenticated. Safe for concurrent use.
	Check(ctx context.Context, token string) (Grant, error)
}

// CheckerFunc makes a Checker of a function.
type CheckerFunc func(ctx context.Context, token string) (Grant, error)

// Check calls f.
func (f CheckerFunc) Check(ctx context.Context, token string) (Grant, error) { return f(ctx, token) }
