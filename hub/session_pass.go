package hub

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"tongban/hub/session"
)

// Pass opens the door of a room for one connection. It names who comes; what he
// may do is looked up when he uses it, on whichever node the room lives.
type Pass struct {
	Token   string
	Node    string // id of the node that has the room; "" when no node has it yet
	Address string // where that node is reached; "" is this one
	Expires time.Time
}

// passTime is how long a pass may be used; one for a device, which has nobody
// to ask for another, lasts longer.
const (
	passTime       = 2 * time.Minute
	devicePassTime = 15 * time.Minute
)

// deviceSuffix marks a device that somebody brings along, as a document camera.
const deviceSuffix = ".device"

// passBody is what a pass says. Its JSON is signed.
type passBody struct {
	Case    CaseID      `json:"c"`
	Session session.ID  `json:"s"`
	Who     session.Who `json:"w"`
	Look    bool        `json:"l,omitempty"` // of a supervisor: hidden, hears only
	Device  bool        `json:"d,omitempty"`
	Until   int64       `json:"u"` // Unix seconds
}

// EnterSession gives a pass to somebody who takes part. A device publishes
// pictures for him and does nothing else. Errors: those of GrantSession.
func (s *Service) EnterSession(ctx context.Context, a Actor, id CaseID, sid session.ID, device bool) (Pass, error) {
	g, err := s.GrantSession(ctx, a, id, sid)
	if err != nil {
		return Pass{}, err
	}
	if device && (!g.Inside || len(g.May.Publish) == 0) {
		return Pass{}, E(WrongState, "a device enters after its owner")
	}
	life := passTime
	if device {
		life = devicePassTime
	}
	return s.pass(ctx, passBody{Case: id, Session: sid, Who: g.Who, Device: device}, life)
}

// EnterToLook gives a pass to a supervisor; see LookIntoSession.
func (s *Service) EnterToLook(ctx context.Context, r Reading, id CaseID, sid session.ID) (Pass, error) {
	g, err := s.LookIntoSession(ctx, r, id, sid)
	if err != nil {
		return Pass{}, err
	}
	return s.pass(ctx, passBody{Case: id, Session: sid, Who: g.Who, Look: true}, passTime)
}

func (s *Service) pass(ctx context.Context, b passBody, life time.Duration) (Pass, error) {
	now := Millis(s.Now())
	until := now.Add(life)
	b.Until = until.Unix()
	plain, err := Marshal(b)
	if err != nil {
		return Pass{}, err
	}
	p := Pass{Expires: until, Token: base64.RawURLEncoding.EncodeToString(plain) + "." + base64.RawURLEncoding.EncodeToString(s.Keys.passMAC(plain))}
	row, err := s.Sessions.SessionRow(ctx, b.Session)
	switch {
	case ErrorCode(err) == NotFound: // made anew by the sweeper
	case err != nil:
		return Pass{}, err
	case now.Before(row.LeaseUntil):
		p.Node, p.Address = row.Node, row.Address
	}
	return p, nil
}

// passMAC signs a pass, HMAC-SHA-256.
func (k *Keyring) passMAC(plain []byte) []byte {
	m := hmac.New(sha256.New, k.search)
	m.Write([]byte("tongban.pass/1\n"))
	m.Write(plain)
	return m.Sum(nil)
}

// UsePass says what the holder of a pass may do now. It is asked at every
// connection. Errors: Unauthenticated for a pass that is not good or over;
// SessionState and NotFound as GrantSession.
func (s *Service) UsePass(ctx context.Context, token string) (SessionGrant, error) {
	refused := E(Unauthenticated, "this pass is not good any more; enter again")
	body, mac, ok := strings.Cut(token, ".")
	plain, err := base64.RawURLEncoding.DecodeString(body)
	sum, err2 := base64.RawURLEncoding.DecodeString(mac)
	if !ok || len(token) > 1000 || err != nil || err2 != nil || !hmac.Equal(sum, s.Keys.passMAC(plain)) {
		return SessionGrant{}, refused
	}
	var b passBody
	if err := Unmarshal(plain, &b); err != nil || s.Now().Unix() >= b.Until {
		return SessionGrant{}, refused
	}
	c, _, err := s.load(ctx, b.Case)
	if err != nil {
		return SessionGrant{}, err
	}
	x := c.Session(b.Session)
	if x == nil {
		return SessionGrant{}, E(NotFound, "no such session")
	}
	until := x.Plan.To.Add(session.MaxLength)
	if b.Look {
		if !x.Now.State.Live() {
			return SessionGrant{}, sessionError(&session.Error{Reason: session.NotNow})
		}
		return SessionGrant{
			Room: RoomID(b.Session), Who: b.Who, Role: session.Observer, May: session.May{Hear: true}, Inside: true, Hidden: true,
			Until: Millis(s.Now()).Add(10 * time.Minute),
		}, nil
	}
	live, err := s.live(ctx, x)
	if err != nil {
		return SessionGrant{}, err
	}
	p := live.Person(b.Who)
	if p == nil || p.Here != session.AtDoor && !p.Here.Inside() {
		return SessionGrant{}, sessionError(&session.Error{Reason: session.NotThere})
	}
	g := SessionGrant{
		Room: roomOf(b.Session, p.Talk), Who: b.Who, Role: p.Role, May: live.May(b.Who), Inside: p.Here.Inside(), Until: until,
	}
	if b.Device {
		if !g.Inside || len(g.May.Publish) == 0 {
			return SessionGrant{}, sessionError(&session.Error{Reason: session.NotThere})
		}
		g.Who, g.May = g.Who+deviceSuffix, session.May{Publish: []session.Source{session.Camera}, Hear: g.May.Hear}
	}
	return g, nil
}
