package hub

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tongban/hub/session"
)

// ConsentToSession agrees to the texts that were shown, for oneself.
type ConsentToSession struct {
	Session session.ID
	Lang    string
	Texts   []Digest // of the words shown, in the order of session.Texts
}

// MoveInSession moves somebody: open, enter, admit, leave, remove, recall,
// consult, rejoin.
type MoveInSession struct {
	Session session.ID
	Did     session.Act
	Who     session.Who
	With    []session.Who
	Text    string
}

// TurnSession begins, pauses, resumes or closes.
type TurnSession struct {
	Session session.ID
	Did     session.Act
	Cause   session.Cause // of a pause by the hub itself
	Text    string
}

// HostSession gives the host's place to another, or takes it.
type HostSession struct {
	Session session.ID
	Did     session.Act // hand_over, take_over
	To      session.Who // of a hand-over
	Text    string
}

// IdentifyInSession writes down how a person compared with his document.
type IdentifyInSession struct {
	Session        session.ID
	Who            session.Who
	Method, Result string
	Still          Digest // of an uploaded picture
	Document, Text string
}

// SignInSession signs a material on the screen.
type SignInSession struct {
	Session  session.ID
	Material MaterialID
	Strokes  []session.Stroke
}

func (ConsentToSession) kind() Kind  { return KindSessionConsented }
func (i TurnSession) kind() Kind     { return turnKind(i.Did) }
func (HostSession) kind() Kind       { return KindSessionHosted }
func (IdentifyInSession) kind() Kind { return KindSessionIdentified }
func (SignInSession) kind() Kind     { return KindSessionSigned }
func (i MoveInSession) kind() Kind {
	if i.Did == session.Opened {
		return KindSessionOpened
	}
	return KindSessionMoved
}

// SessionTexts names the texts that are shown before the door, by digest.
func SessionTexts(lang string) []SessionText {
	var out []SessionText
	for _, t := range session.Texts(lang) {
		out = append(out, SessionText{t.Key, session.TextsVersion, SHA256([]byte(t.Title + "\n" + t.Words))})
	}
	return out
}

func (i ConsentToSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if err := oneOf("/lang", i.Lang, "zh-CN", "en"); err != nil {
		return nil, nil, err
	}
	texts := SessionTexts(i.Lang)
	if !slices.EqualFunc(texts, i.Texts, func(t SessionText, d Digest) bool { return t.Digest == d }) {
		return nil, nil, InvalidFields([]FieldError{{"/texts", "other_texts", "these are not the texts as they are now; show them again"}})
	}
	who := c.seatOf(i.Session, cmd)
	x, err := s.sessionStep(ctx, c, cmd, i.Session, session.Message{Act: session.Consent, On: who})
	if err != nil {
		return nil, nil, err
	}
	f := &SessionConsented{Session: x.ID, Who: who, Lang: i.Lang, Texts: texts}
	if cmd.Actor.Session != "" {
		f.Link = string(cmd.Actor.Person[len(linkPerson):])
	}
	return f, nil, nil
}

// seatOf is the actor's seat in a session of the case, "" for none.
func (c *Case) seatOf(id session.ID, cmd *Command) session.Who {
	x := c.Session(id)
	if x == nil {
		return ""
	}
	who, _ := x.seatFor(cmd)
	return who
}

// movesPeople are the acts of MoveInSession.
var movesPeople = []session.Act{
	session.Opened, session.Enter, session.Admit, session.Leave, session.Remove, session.Recall, session.Consult, session.Rejoin,
}

func (i MoveInSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if err := oneOf("/did", i.Did, movesPeople...); err != nil {
		return nil, nil, err
	}
	if i.Who == "" && slices.Contains([]session.Act{session.Opened, session.Enter, session.Leave, session.Rejoin}, i.Did) {
		i.Who = c.seatOf(i.Session, cmd)
	}
	m := session.Message{Act: i.Did, On: i.Who, With: i.With}
	x, err := s.sessionStep(ctx, c, cmd, i.Session, m)
	if err != nil {
		return nil, nil, err
	}
	if i.Did == session.Opened && s.moment(c).Before(x.Plan.From.Add(-session.DoorOpens)) {
		return nil, nil, sessionState("door_closed", nil)
	}
	m.By, m.Role = x.seatFor(cmd)
	after, err := x.Now.Replay(m)
	if err != nil { // at the door only: no event of the chain
		return nil, nil, sessionError(err)
	}
	r, err := remark("/text", i.Text, false)
	f := &SessionMoved{Session: x.ID, Did: i.Did, Who: i.Who, With: i.With, Private: r}
	if x.Now.State == session.Formal && after.State == session.Paused {
		f.Pauses = after.Cause
	}
	return f, nil, err
}

func (i TurnSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if err := oneOf("/did", i.Did, session.Begin, session.Pause, session.Resume, session.Close); err != nil {
		return nil, nil, err
	}
	cause := session.Cause("")
	if i.Did == session.Pause {
		if cause = session.CauseHostWish; cmd.machine {
			cause = i.Cause
		}
	}
	x, err := s.sessionStep(ctx, c, cmd, i.Session, session.Message{Act: i.Did, Cause: cause})
	if err != nil {
		return nil, nil, err
	}
	if i.Did == session.Begin || i.Did == session.Resume {
		if err := s.confirmed(ctx, x); err != nil {
			return nil, nil, err
		}
	}
	r, err := remark("/text", i.Text, false)
	return &SessionTurned{Session: x.ID, Did: i.Did, Cause: cause, Private: r}, nil, err
}

// confirmed holds that the host and the parties in the room are recorded, and
// that what was recorded until just now is stored (design §3.11).
func (s *Service) confirmed(ctx context.Context, x *Session) error {
	if s.Recorder == nil {
		return E(RecordingStalled, "nothing records here")
	}
	list, err := s.Recorder.Progress(ctx, x.ID)
	if err != nil {
		return Wrap(RecordingStalled, err, "the recorder does not answer")
	}
	now := s.Now()
	for _, p := range x.Now.People {
		if p.Here != session.Admitted || !p.Role.MustRecord() {
			continue
		}
		i := slices.IndexFunc(list, func(r RecordingProgress) bool { return r.Who == p.Who })
		if i < 0 || !list[i].proven(now) {
			return &Error{
				Code: RecordingStalled, Message: "the recording of somebody in the room is not confirmed",
				Fields: []FieldError{{"/people/" + string(p.Who), "not_recorded", "this person's recording is not confirmed"}},
			}
		}
	}
	return nil
}

// StallAfter is how old the last proof of a recording may be while the formal
// part runs. With StallLook it stays below the 5 s of design §3.11.
const (
	StallAfter = 4600 * time.Millisecond
	StallLook  = 250 * time.Millisecond
)

func (p *RecordingProgress) proven(now time.Time) bool {
	return p.Recording && !p.Stalled && now.Sub(p.ConfirmedUntil) <= StallAfter
}

func (i HostSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if err := oneOf("/did", i.Did, session.HandOver, session.TakeOver); err != nil {
		return nil, nil, err
	}
	if i.Did == session.TakeOver {
		i.To = c.seatOf(i.Session, cmd)
	}
	x, err := s.sessionStep(ctx, c, cmd, i.Session, session.Message{Act: i.Did, On: i.To})
	if err != nil {
		return nil, nil, err
	}
	if seat := x.Seat(i.To); seat == nil || seat.Agency != c.Custodian {
		return nil, nil, E(Forbidden, "a reviewer of the place that holds the case leads")
	}
	r, err := remark("/text", i.Text, false)
	return &SessionHosted{Session: x.ID, Did: i.Did, To: i.To, Private: r}, nil, err
}

func (i IdentifyInSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	x, _, err := s.sessionPart(ctx, c, cmd, i.Session, func(m session.May) bool { return m.Identify })
	if err != nil {
		return nil, nil, err
	}
	if p := x.Now.Person(i.Who); p == nil || !p.Here.Inside() || p.Role.Officer() {
		return nil, nil, InvalidFields([]FieldError{{"/who", "unknown", "nobody of that id is in the room to be identified"}})
	}
	if err := oneOf("/method", i.Method, "citizen_card", "passport", "licence", "known_to_window"); err != nil {
		return nil, nil, err
	}
	if err := oneOf("/result", i.Result, "matches", "differs", "unclear"); err != nil {
		return nil, nil, err
	}
	f := &SessionIdentified{Session: x.ID, Who: i.Who, Method: i.Method, Result: i.Result}
	if i.Still != "" || i.Method != "known_to_window" {
		still, err := s.signature(ctx, cmd, "/still", i.Still)
		if err != nil {
			return nil, nil, err
		}
		if still.Type == "application/pdf" {
			return nil, nil, InvalidFields([]FieldError{{"/still", "unknown", "a still is a picture"}})
		}
		f.Still = &still
	}
	if f.Private.Document, err = short("/document", i.Document, 60, i.Method != "known_to_window" && i.Result == "matches"); err != nil {
		return nil, nil, err
	}
	r, err := remark("/text", i.Text, i.Result != "matches")
	f.Private.Text = r.Text
	return f, nil, err
}

// sessionPart finds a session, and the actor's place in it, who must be able to
// do something in the room now.
func (s *Service) sessionPart(ctx context.Context, c *Case, cmd *Command, id session.ID, may func(session.May) bool) (*Session, *session.Person, error) {
	x := c.Session(id)
	if x == nil {
		return nil, nil, E(NotFound, "the case has no such session")
	}
	live, err := s.live(ctx, x)
	if err != nil {
		return nil, nil, err
	}
	who, _ := x.seatFor(cmd)
	if live.Person(who) == nil {
		return nil, nil, E(Forbidden, "you take no part in this session")
	}
	if live.State != session.Formal {
		return nil, nil, sessionError(&session.Error{Reason: session.NotNow, Message: "the formal part does not run"})
	}
	if !may(live.May(who)) {
		return nil, nil, sessionError(&session.Error{Reason: session.NotYours, Message: "your part in the session does not allow it"})
	}
	return x, live.Person(who), nil
}

func (i SignInSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	x, p, err := s.sessionPart(ctx, c, cmd, i.Session, func(m session.May) bool { return m.Sign })
	if err != nil {
		return nil, nil, err
	}
	row, err := s.Sessions.SessionRow(ctx, x.ID)
	if err != nil {
		return nil, nil, err
	}
	m, ok := c.Material(i.Material)
	if !ok || m.Removed || m.Superseded || !slices.Contains(row.Shown, i.Material) {
		return nil, nil, InvalidFields([]FieldError{{"/material", "not_shown", "only what is shown to all is signed"}})
	}
	if slices.ContainsFunc(x.Signed, func(o SessionSignature) bool { return o.Who == p.Who && o.Document == m.File.Digest }) {
		return nil, nil, InvalidFields([]FieldError{{"/material", "signed_before", "you have signed this material before"}})
	}
	sig, err := s.keepStrokes(ctx, i.Strokes)
	if err != nil {
		return nil, nil, err
	}
	return &SessionSigned{Session: x.ID, Who: p.Who, Material: m.ID, Document: m.File.Digest, Signature: sig}, nil, nil
}

// keepStrokes draws a signature and keeps its picture.
func (s *Service) keepStrokes(ctx context.Context, strokes []session.Stroke) (File, error) {
	pic, err := session.Signature(strokes)
	if err != nil {
		return File{}, sessionError(err)
	}
	d, err := s.Keeper.Keep(ctx, pic)
	if err != nil {
		return File{}, fmt.Errorf("keep a signature: %w", err)
	}
	return File{Digest: d, Size: int64(len(pic)), Type: "image/png"}, nil
}
