package hub

import (
	"context"
	"crypto/hmac"
	"fmt"
	"time"

	"tongban/hub/session"
)

// Invited is a new invitation. Link and Code are shown this once; they reach
// the person on different ways.
type Invited struct {
	Link    string // 128 random bits, for the address
	Code    string // six digits
	Expires time.Time
}

// How a person enters by a link, and for how long his device then stays in.
const (
	codeTries  = 5
	deviceIdle = 30 * time.Minute
)

// Invite makes the link of one person to one session. It takes the place of his
// earlier one, on whatever device that was used. It is recorded who made it.
func (s *Service) Invite(ctx context.Context, r Reading, id CaseID, sid session.ID, who session.Who) (Invited, error) {
	_, x, err := s.sessionOf(ctx, r.Actor, SessionSchedule, id, sid)
	if err != nil {
		return Invited{}, err
	}
	seat := x.Seat(who)
	if seat == nil || seat.Role.Officer() {
		return Invited{}, InvalidFields([]FieldError{{"/who", "unknown", "no party or guest of that id takes part; officers sign in"}})
	}
	if x.Now.State.Over() {
		return Invited{}, sessionError(&session.Error{Reason: session.NotNow})
	}
	now := Millis(s.Now())
	out := Invited{Link: secret(16), Code: newCode(), Expires: x.Plan.To.Add(session.DoorCloses)}
	if x.Now.State.Live() { // it lasts longer than was planned
		out.Expires = now.Add(session.MaxLength)
	}
	if !out.Expires.After(now) {
		return Invited{}, sessionError(&session.Error{Reason: session.NotNow})
	}
	link := secretDigest(out.Link)
	if err := s.record(ctx, r, id, "invitation", string(sid)+"/"+string(who)); err != nil {
		return Invited{}, err
	}
	return out, s.Invitations.SaveInvitation(ctx, Invitation{
		Session: sid, Who: who, Case: id, Link: link, Code: s.Keys.codeDigest(link, out.Code), By: r.Actor.Person, At: now, Expires: out.Expires,
	})
}

// Attendance is somebody who came by a link.
type Attendance struct {
	Token   string // of his device; only when it was just made
	Actor   Actor
	Case    CaseID
	Session session.ID
	Who     session.Who
	Expires time.Time // without a further request
}

// Attend lets a person in by link and code, once, on this device. Unknown,
// expired, used and replaced links and wrong codes are one answer.
//
// Errors: Unauthenticated, Locked when the code was guessed too often.
func (s *Service) Attend(ctx context.Context, link, code string) (Attendance, error) {
	refused := E(Unauthenticated, "the link or the code is not good; ask for a new one")
	if len(link) > 64 || len(code) > 16 {
		return Attendance{}, refused
	}
	digest, now := secretDigest(link), Millis(s.Now())
	i, err := s.Invitations.GuessInvitation(ctx, digest, codeTries, now)
	switch ErrorCode(err) {
	case "":
	case NotFound:
		return Attendance{}, refused
	default:
		return Attendance{}, err
	}
	if !hmac.Equal([]byte(i.Code), []byte(s.Keys.codeDigest(digest, code))) {
		return Attendance{}, refused
	}
	token := secret(32)
	i.DeviceTo = earlierOf(now.Add(deviceIdle), i.Expires)
	err = s.Invitations.EnterInvitation(ctx, digest, secretDigest(token), i.DeviceTo)
	if ErrorCode(err) == Conflict || ErrorCode(err) == NotFound {
		return Attendance{}, refused
	}
	if err != nil {
		return Attendance{}, err
	}
	a, err := s.attendance(ctx, i)
	a.Token = token
	return a, err
}

// Attending returns who a device's token belongs to, and notes its use.
// Errors: Unauthenticated, Unavailable.
func (s *Service) Attending(ctx context.Context, token string) (Attendance, error) {
	ended := E(Unauthenticated, "your access to this session has ended; ask for a new link")
	if len(token) != 43 {
		return Attendance{}, ended
	}
	device, now := secretDigest(token), Millis(s.Now())
	i, err := s.Invitations.InvitationByDevice(ctx, device)
	if ErrorCode(err) == NotFound || err == nil && (!now.Before(i.DeviceTo) || !now.Before(i.Expires)) {
		return Attendance{}, ended
	}
	if err != nil {
		return Attendance{}, err
	}
	if to := earlierOf(now.Add(deviceIdle), i.Expires); to.Sub(i.DeviceTo) >= time.Minute {
		if err := s.Invitations.TouchDevice(ctx, device, to); err == nil {
			i.DeviceTo = to
		} else if ErrorCode(err) == NotFound { // replaced at this moment
			return Attendance{}, ended
		}
	}
	a, err := s.attendance(ctx, i)
	if ErrorCode(err) == NotFound {
		return Attendance{}, ended
	}
	return a, err
}

func (s *Service) attendance(ctx context.Context, i Invitation) (Attendance, error) {
	c, _, err := s.load(ctx, i.Case)
	if err != nil {
		return Attendance{}, fmt.Errorf("case of an invitation: %w", err)
	}
	x := c.Session(i.Session)
	if x == nil || x.Seat(i.Who) == nil {
		return Attendance{}, E(NotFound, "nobody of that id takes part in this session")
	}
	seat := x.Seat(i.Who)
	return Attendance{
		Case: i.Case, Session: i.Session, Who: i.Who, Expires: i.DeviceTo,
		Actor: Actor{
			Person: linkPerson + PersonID(linkID(i.Link)), Roles: []Role{attends[seat.Role]}, Ref: seat.Party, Session: i.Session, Seat: i.Who,
		},
	}, nil
}

// attends is the role of the matrix that somebody has by a link.
var attends = map[session.Role]Role{
	session.Applicant: Applicant, session.Agent: AgentOfParty, session.Institution: Institution, session.Interpreter: Guest, session.Observer: Guest,
}

func earlierOf(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
