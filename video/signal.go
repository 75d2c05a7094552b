package video

import (
	"context"
	"encoding/json"
	"time"

	"tongban/hub"
)

// ProtocolVersion is the version of the signalling in docs/video-protocol.md.
const ProtocolVersion = 1

// Conn carries text messages, as a WebSocket does. One goroutine reads, another
// writes; Close may be called from any and ends both.
type Conn interface {
	// Read returns the next message. It must fail once ctx is done. Of a message
	// of more than limit bytes it may return the first limit+1, or fail; it never
	// holds more in memory. The slice may be reused by the next call.
	Read(ctx context.Context, limit int) ([]byte, error)
	// Write sends one message and must fail once ctx is done.
	Write(ctx context.Context, message []byte) error
	Close() error
}

// request is what a client sends.
type request struct {
	Type        string          `json:"type"`
	Seq         uint64          `json:"seq,omitempty"` // repeated in the ok or error that answers
	Version     int             `json:"version,omitempty"`
	Token       string          `json:"token,omitempty"`
	Resume      *ResumeView     `json:"resume,omitempty"`
	First       bool            `json:"first,omitempty"` // the client will make the first offer
	SDP         string          `json:"sdp,omitempty"`
	Tracks      []TrackDecl     `json:"tracks,omitempty"`
	Candidate   *CandidateView  `json:"candidate,omitempty"`
	Source      Source          `json:"source,omitempty"`
	On          bool            `json:"on,omitempty"`
	ID          string          `json:"id,omitempty"`
	Publication PublicationID   `json:"publication,omitempty"`
	Quality     Quality         `json:"quality,omitempty"`
	Priority    int             `json:"priority,omitempty"`
	Kind        string          `json:"kind,omitempty"`
	To          []ParticipantID `json:"to,omitempty"`
	Data        json.RawMessage `json:"data,omitempty"`
}

// message is what the server sends.
type message struct {
	Type         string             `json:"type"`
	Seq          uint64             `json:"seq,omitempty"`
	Version      int                `json:"version,omitempty"`
	You          *ParticipantView   `json:"you,omitempty"`
	Grant        *GrantView         `json:"grant,omitempty"`
	Resume       *ResumeView        `json:"resume,omitempty"`
	Room         RoomID             `json:"room,omitempty"`
	Locked       bool               `json:"locked,omitempty"`
	Participants []*ParticipantView `json:"participants,omitempty"`
	Publications []*PublicationView `json:"publications,omitempty"`
	Participant  *ParticipantView   `json:"participant,omitempty"`
	Publication  *PublicationView   `json:"publication,omitempty"`
	SDP          string             `json:"sdp,omitempty"`
	Slots        []SlotView         `json:"slots,omitempty"`
	Speakers     []ParticipantID    `json:"speakers,omitempty"`
	ID           string             `json:"id,omitempty"`
	On           bool               `json:"on,omitempty"`
	State        string             `json:"state,omitempty"`
	From         ParticipantID      `json:"from,omitempty"`
	Kind         string             `json:"kind,omitempty"`
	Data         json.RawMessage    `json:"data,omitempty"`
	Code         hub.Code           `json:"code,omitempty"`
	Reason       Reason             `json:"reason,omitempty"`
	Text         string             `json:"text,omitempty"`
	IdleMS       int64              `json:"idle_ms,omitempty"`
	ICE          []ICEServer        `json:"ice,omitempty"`
}

// ICEServer is a TURN server that a client may use.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// ResumeView is what a client shows to go on after its connection broke.
type ResumeView struct {
	Room        RoomID        `json:"room"`
	Participant ParticipantID `json:"participant"`
	Secret      string        `json:"secret"`
	MS          int64         `json:"ms,omitempty"` // how long the place is kept
}

// CandidateView is an ICE candidate as browsers write it.
type CandidateView struct {
	Candidate     string  `json:"candidate"`
	SDPMid        *string `json:"sdpMid,omitempty"`
	SDPMLineIndex *uint16 `json:"sdpMLineIndex,omitempty"`
	Ufrag         *string `json:"usernameFragment,omitempty"`
}

// ParticipantView is a participant as others see him.
type ParticipantView struct {
	ID    ParticipantID   `json:"id"`
	State State           `json:"state"`
	Admin bool            `json:"admin,omitempty"`
	Info  json.RawMessage `json:"info,omitempty"`
}

// PublicationView is a publication as others see it.
type PublicationView struct {
	ID          PublicationID `json:"id"`
	Participant ParticipantID `json:"participant"`
	Source      Source        `json:"source"`
	Muted       bool          `json:"muted,omitempty"`
}

// GrantView is what a participant is told of his own grant.
type GrantView struct {
	Publish   []Source         `json:"publish"`
	Subscribe bool             `json:"subscribe"`
	Admin     bool             `json:"admin"`
	Hidden    bool             `json:"hidden"`
	Apps      map[string]Reach `json:"apps,omitempty"`
}

func viewOf(g Grant) *GrantView {
	v := &GrantView{Publish: g.Publish, Subscribe: g.Subscribe, Admin: g.Admin, Hidden: g.Hidden, Apps: g.Apps}
	if v.Publish == nil {
		v.Publish = []Source{}
	}
	return v
}

// hello is the whole state of the room for one participant, sent when he comes
// in, is admitted, is moved, or resumes.
func (r *Room) hello(p *Participant, kind string) message {
	m := message{Type: kind, Version: ProtocolVersion, Room: r.id, You: r.view(p), Grant: viewOf(*p.grant.Load())}
	if p.inside() {
		m.Locked = r.locked
		m.Participants, m.Publications = r.snapshot(p)
		m.Speakers = r.speaking
	}
	return m
}

func errorMessage(seq uint64, err error) message {
	m := message{Type: "error", Seq: seq, Code: hub.ErrorCode(err), Reason: ReasonOf(err)}
	if m.Code != hub.Internal {
		if e := asError(err); e != nil {
			m.Text = e.Message
		}
	}
	return m
}

// bucket limits how often something happens: rate a second, burst at once.
type bucket struct {
	rate, burst float64
	level       float64
	last        time.Time
}

func newBucket(rate int) *bucket {
	return &bucket{rate: float64(rate), burst: float64(rate) * 4, level: float64(rate) * 4}
}

func (b *bucket) take(now time.Time) bool {
	if !b.last.IsZero() {
		b.level = min(b.burst, b.level+now.Sub(b.last).Seconds()*b.rate)
	}
	b.last = now
	if b.level < 1 {
		return false
	}
	b.level--
	return true
}
