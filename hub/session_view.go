package hub

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongban/hub/session"
)

// SessionPage is a session for somebody who may see it: its chain, its
// presence, and what he himself may do.
type SessionPage struct {
	Case    *Case // masked unless the reader is an officer who may see it in full
	Session Session
	Live    session.Session
	Row     SessionRow
	Seat    session.Who // of the reader; "" for none
	May     session.May
	Shown   []ShownMaterial
}

// ShownMaterial is a material that everybody in the room may look at.
type ShownMaterial struct {
	ID    MaterialID
	Slot  string
	Name  string
	Pages int // pictures that there are of it
}

// OpenSession shows a session to an officer of its agencies or to somebody who
// takes part. Names of parties and guests are masked. The reading is recorded,
// but for who takes part.
func (s *Service) OpenSession(ctx context.Context, r Reading, id CaseID, sid session.ID) (SessionPage, error) {
	action := SessionRead
	if r.Actor.Session != "" {
		action = SessionJoin
	}
	c, x, err := s.sessionOf(ctx, r.Actor, action, id, sid)
	if err != nil {
		return SessionPage{}, err
	}
	if x.SeatOfActor(r.Actor) == "" { // who takes part looks every few seconds, and his part is in the chain
		if err := s.record(ctx, r, id, "session", string(sid)); err != nil {
			return SessionPage{}, err
		}
	}
	page, err := s.stateOf(ctx, r.Actor, c, x)
	if err != nil {
		return SessionPage{}, err
	}
	for _, m := range page.Row.Shown {
		mat, ok := page.Case.Material(m)
		if !ok {
			continue
		}
		p, err := s.Preparer.Prepared(ctx, mat.File)
		if err != nil {
			return SessionPage{}, fmt.Errorf("pages of material %s: %w", m, err)
		}
		page.Shown = append(page.Shown, ShownMaterial{m, mat.Slot, mat.Name, len(p.Pages)})
	}
	return page, nil
}

func (s *Service) sessionOf(ctx context.Context, a Actor, action Action, id CaseID, sid session.ID) (*Case, *Session, error) {
	c, _, err := s.load(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if err := s.Policy.Authorize(a, action, c); err != nil {
		return nil, nil, err
	}
	x := c.Session(sid)
	if x == nil || a.Session != "" && a.Session != sid {
		return nil, nil, E(NotFound, "the case has no such session")
	}
	return c, x, nil
}

func (s *Service) stateOf(ctx context.Context, a Actor, c *Case, x *Session) (SessionPage, error) {
	row, err := s.Sessions.SessionRow(ctx, x.ID)
	if err != nil && ErrorCode(err) != NotFound {
		return SessionPage{}, err
	}
	if row.Rev == 0 || row.Seq < c.Seq {
		row.chain(c, x)
	}
	out := SessionPage{Case: c.Masked(), Session: *x, Live: row.Live(), Row: row, Seat: x.SeatOfActor(a)}
	out.May = out.Live.May(out.Seat)
	out.Session = *out.Case.Session(x.ID)
	return out, nil
}

// maskSessions masks who takes part and what officers wrote.
func (c *Case) maskSessions(all []Session) []Session {
	out := slices.Clone(all)
	for i := range out {
		x := &out[i]
		names := make(map[session.Who]string, len(x.Names))
		for w, n := range x.Names {
			names[w] = n
			if seat := x.Seat(w); seat == nil || !seat.Role.Officer() { // officers act in the open
				names[w] = MaskName(n)
			}
		}
		x.Names, x.Text = names, c.maskText(x.Text)
		x.Identities = slices.Clone(x.Identities)
		for j := range x.Identities {
			x.Identities[j].Document, x.Identities[j].Text = MaskNumber(x.Identities[j].Document), c.maskText(x.Identities[j].Text)
		}
	}
	return out
}

// ListSessions lists appointments of the actor's agency, or his own, whose slot
// begins within a time.
func (s *Service) ListSessions(ctx context.Context, a Actor, q SessionQuery) ([]SessionRow, error) {
	if err := s.Policy.Authorize(a, SessionRead, nil); err != nil {
		return nil, err
	}
	if a.Agency == "" {
		return nil, E(Forbidden, "appointments are listed for agencies")
	}
	q.Everyone, q.Agency = false, a.Agency
	return s.Sessions.SessionRows(ctx, q)
}

// SessionBoard lists the sessions that are live now, for a supervisor of the
// agency: rooms, people and states, nothing of what is said. It is recorded.
func (s *Service) SessionBoard(ctx context.Context, r Reading) ([]SessionRow, error) {
	if err := s.Policy.Authorize(r.Actor, SessionWatch, nil); err != nil {
		return nil, err
	}
	if r.Actor.Agency == "" {
		return nil, E(Forbidden, "the board is an agency's")
	}
	if err := s.record(ctx, r, "", "session_board", ""); err != nil {
		return nil, err
	}
	now := Millis(s.Now())
	q := SessionQuery{Agency: r.Actor.Agency, Live: true, From: now.Add(-24 * time.Hour), To: now.Add(time.Hour), Limit: 200}
	return s.Sessions.SessionRows(ctx, q)
}

// SessionGrant is what the room must know of somebody who connects.
type SessionGrant struct {
	Room   RoomID
	Who    session.Who
	Role   session.Role
	May    session.May
	Inside bool // admitted already; else he waits at the door
	Hidden bool // others are not told that he is there
	Until  time.Time
}

// GrantSession says what somebody may do in the room now. It is asked at every
// connection. Errors: those of taking part; SessionState for who is not at the
// door nor in the room.
func (s *Service) GrantSession(ctx context.Context, a Actor, id CaseID, sid session.ID) (SessionGrant, error) {
	c, x, who, err := s.seated(ctx, a, id, sid)
	if err != nil {
		return SessionGrant{}, err
	}
	st, err := s.stateOf(ctx, a, c, x)
	if err != nil {
		return SessionGrant{}, err
	}
	p := st.Live.Person(who)
	if p.Here != session.AtDoor && !p.Here.Inside() {
		return SessionGrant{}, sessionError(&session.Error{Reason: session.NotThere})
	}
	return SessionGrant{
		Room: roomOf(sid, p.Talk), Who: who, Role: p.Role, May: st.May, Inside: p.Here.Inside(), Until: x.Plan.To.Add(session.MaxLength),
	}, nil
}

// roomOf names the room of a session, or of one of its private talks.
func roomOf(id session.ID, talk int) RoomID {
	if talk == 0 {
		return RoomID(id)
	}
	return RoomID(string(id) + ".talk" + strconv.Itoa(talk))
}

// LookIntoSession lets a supervisor see and hear a room, hidden. The reason is
// recorded first (design §3.5).
func (s *Service) LookIntoSession(ctx context.Context, r Reading, id CaseID, sid session.ID) (SessionGrant, error) {
	x, err := s.look(ctx, r, id, sid, SessionLook)
	if err != nil {
		return SessionGrant{}, err
	}
	if !x.Now.State.Live() {
		return SessionGrant{}, sessionError(&session.Error{Reason: session.NotNow})
	}
	if err := s.record(ctx, r, id, "session_look", string(sid)); err != nil {
		return SessionGrant{}, err
	}
	return SessionGrant{
		Room: RoomID(sid), Who: session.Who("look." + string(r.Actor.Person)), Role: session.Observer, May: session.May{Hear: true},
		Inside: true, Hidden: true, Until: Millis(s.Now()).Add(10 * time.Minute),
	}, nil
}

// look is the right to content, by one of some actions and always with a reason.
func (s *Service) look(ctx context.Context, r Reading, id CaseID, sid session.ID, actions ...Action) (*Session, error) {
	c, x, err := s.sessionOf(ctx, r.Actor, SessionRead, id, sid)
	if err != nil {
		return nil, err
	}
	for _, a := range actions {
		if err = s.Policy.Authorize(r.Actor, a, c); err == nil {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(r.Purpose) == "" {
		return nil, InvalidFields([]FieldError{{"/purpose", "required", "looking into a session needs a reason"}})
	}
	return x, nil
}

// OpenRecording streams a playable file of a session. The caller closes it.
func (s *Service) OpenRecording(ctx context.Context, r Reading, id CaseID, sid session.ID, who session.Who, lane string) (RecordedFile, io.ReadCloser, error) {
	x, err := s.look(ctx, r, id, sid, SessionLook, CaseUnmask)
	if err != nil {
		return RecordedFile{}, nil, err
	}
	i := slices.IndexFunc(x.Files, func(f RecordedFile) bool { return f.Who == who && f.Lane == lane })
	if i < 0 {
		return RecordedFile{}, nil, E(NotFound, "there is no such recording, or it is not finished yet")
	}
	return openFile(ctx, s, r, id, x.Files[i], x.Files[i].File, "recording", string(sid)+"/"+string(who)+"/"+lane)
}

// OpenRecordPaper streams the sealed questioning record of a person: to himself
// and to who acts for him, and to officers who may see the case in full. The
// reading is recorded.
func (s *Service) OpenRecordPaper(ctx context.Context, r Reading, id CaseID, sid session.ID, who session.Who) (File, io.ReadCloser, error) {
	action := CaseUnmask
	if r.Actor.Agency == "" {
		action = SessionJoin
	}
	c, x, err := s.sessionOf(ctx, r.Actor, action, id, sid)
	if err != nil {
		return File{}, nil, err
	}
	own := x.SeatOfActor(r.Actor)
	if who == "" {
		who = own
	}
	if r.Actor.Agency == "" && who != own && !s.agentOf(x, own, who) {
		return File{}, nil, E(NotFound, "there is no such record")
	}
	for _, q := range slices.Backward(c.Questioned) {
		if q.Session != nil && q.Session.Session == sid && q.Session.Who == who {
			return openFile(ctx, s, r, id, q.Session.Record, q.Session.Record, "paper", string(sid)+"/record/"+string(who))
		}
	}
	return File{}, nil, E(NotFound, "there is no such record")
}

// OpenShown streams a material that is shown in the session to somebody in it.
func (s *Service) OpenShown(ctx context.Context, r Reading, id CaseID, sid session.ID, m MaterialID) (Material, io.ReadCloser, error) {
	mat, err := s.shown(ctx, r.Actor, id, sid, m)
	if err != nil {
		return Material{}, nil, err
	}
	if err := s.Preparer.Readable(ctx, mat.File); err != nil {
		return Material{}, nil, err
	}
	return openFile(ctx, s, r, id, mat, mat.File, "material", string(m))
}

func (s *Service) shown(ctx context.Context, a Actor, id CaseID, sid session.ID, m MaterialID) (Material, error) {
	c, x, who, err := s.seated(ctx, a, id, sid)
	if err != nil {
		return Material{}, err
	}
	row, err := s.Sessions.SessionRow(ctx, x.ID)
	if err != nil {
		return Material{}, err
	}
	live := row.Live()
	mat, ok := c.Material(m)
	if !ok || !slices.Contains(row.Shown, m) || live.Person(who).Here != session.Admitted || !live.State.Live() {
		return Material{}, E(NotFound, "nothing of that id is shown to you")
	}
	return mat, nil
}

// openFile records and opens a file of the chain.
func openFile[T any](ctx context.Context, s *Service, r Reading, id CaseID, of T, f File, what, ref string) (T, io.ReadCloser, error) {
	var none T
	if err := s.record(ctx, r, id, what, ref); err != nil {
		return none, nil, err
	}
	body, _, err := s.Objects.Open(ctx, f.Digest)
	if ErrorCode(err) == NotFound { // the chain has it; the store has lost it
		return none, nil, Wrap(Internal, err, "the file is missing")
	}
	return of, body, err
}

// SessionCalendar is the appointment as an iCalendar file. It names nobody.
func (s *Service) SessionCalendar(ctx context.Context, r Reading, id CaseID, sid session.ID) ([]byte, error) {
	action := SessionRead
	if r.Actor.Session != "" {
		action = SessionJoin
	}
	c, x, err := s.sessionOf(ctx, r.Actor, action, id, sid)
	if err != nil {
		return nil, err
	}
	office, err := s.Directory.Agency(ctx, c.Custodian)
	if err != nil {
		return nil, err
	}
	if err := s.record(ctx, r, id, "session", string(sid)+".ics"); err != nil {
		return nil, err
	}
	_, where, _ := strings.Cut(x.Plan.Window, "/")
	i := session.Invite{
		UID: string(sid) + "@tongban", Sequence: x.Sequence, Stamp: Millis(s.Now()), Slot: x.Plan.Slot(),
		Summary: "不动产登记视频会话 " + c.Number, Where: strings.TrimSpace("远程视频 " + where), Organizer: office.NameZH,
		Text:      "请提前 30 分钟凭链接进入候场，完成设备检测，备好身份证件原件。",
		Cancelled: x.Now.State == session.Cancelled || x.Now.State == session.Expired,
	}
	return i.Calendar(), nil
}

// readAll reads a small file of the chain.
func readAll(ctx context.Context, objects Objects, d Digest) ([]byte, error) {
	body, size, err := objects.Open(ctx, d)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(body, size+1))
	if err2 := body.Close(); err == nil {
		err = err2
	}
	return b, err
}
