package hub

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tongban/hub/session"
)

// SessionDraft is a questioning record on its way. It is sealed and kept with
// the session, not in the chain, until everybody has confirmed it.
type SessionDraft struct {
	Who     session.Who `json:"who"` // who is asked
	Answers Form        `json:"answers"`
	Text    string      `json:"text,omitempty"`
	By      PersonID    `json:"by"`
	At      time.Time   `json:"at"`
}

// DraftPage is the draft as it stands.
type DraftPage struct {
	Draft     *SessionDraft // nil: there is none
	Rev       int64
	ReadBack  time.Time
	Digest    Digest // of what was read back; "" before
	Confirmed []SessionConfirmation
	Needed    []session.Who // who has not confirmed yet
	Questions []Question    // what the person of the draft is asked, in their words
}

// SaveDraft keeps what is typed. rev is that of the draft it is made from, 0 for
// a new one; StaleVersion when somebody else has typed meanwhile. What was
// confirmed before is not any more.
func (s *Service) SaveDraft(ctx context.Context, a Actor, id CaseID, sid session.ID, d SessionDraft, rev int64) (int64, error) {
	c, x, who, err := s.seated(ctx, a, id, sid)
	if err != nil {
		return 0, err
	}
	if seat := x.Seat(d.Who); seat == nil || seat.Party == "" {
		return 0, InvalidFields([]FieldError{{"/who", "unknown", "only a party is questioned"}})
	}
	r, err := remark("/text", d.Text, false)
	if err != nil {
		return 0, err
	}
	for k, v := range d.Answers {
		if text, ok := v.(string); ok && (len([]rune(text)) > maxText || !plain(text, "\n\t")) {
			return 0, InvalidFields([]FieldError{{"/answers/" + k, "length", fmt.Sprintf("at most %d plain characters", maxText)}})
		}
	}
	d.Text, d.By, d.At = r.Text, a.Person, Millis(s.Now())
	plainText, err := Marshal(d)
	if err != nil {
		return 0, err
	}
	sealed, err := s.Keys.sealRecordDraft(ctx, id, sid, plainText)
	if err != nil {
		return 0, err
	}
	var next int64
	return next, s.updateRow(ctx, c, x, func(row *SessionRow) error {
		live := row.Live()
		if !live.May(who).Question {
			return questionNow(&live)
		}
		if row.DraftRev != rev {
			return E(StaleVersion, "somebody else has typed meanwhile")
		}
		row.Draft, row.DraftRev = sealed, rev+1
		row.ReadBack, row.ReadDigest, row.Confirmed = time.Time{}, "", nil
		next = row.DraftRev
		return nil
	})
}

func questionNow(live *session.Session) error {
	if live.State != session.Formal {
		return sessionError(&session.Error{Reason: session.NotNow, Message: "the formal part does not run"})
	}
	return sessionError(&session.Error{Reason: session.NotYours, Message: "your part in the session does not allow it"})
}

// draft opens the draft of a row.
func (s *Service) draft(ctx context.Context, row *SessionRow) (*SessionDraft, Digest, error) {
	if row.Draft == nil {
		return nil, "", nil
	}
	b, err := s.Keys.openRecordDraft(ctx, row.Case, row.ID, row.Draft)
	if err != nil {
		return nil, "", fmt.Errorf("draft of session %s: %w", row.ID, err)
	}
	var d SessionDraft
	if err := Unmarshal(b, &d); err != nil {
		return nil, "", fmt.Errorf("draft of session %s: %w", row.ID, err)
	}
	return &d, SHA256(b), nil
}

// OpenDraft shows the draft to the officers in the session, and to the person
// asked and the interpreter once it was read back. It is recorded.
func (s *Service) OpenDraft(ctx context.Context, r Reading, id CaseID, sid session.ID) (DraftPage, error) {
	c, x, who, err := s.seated(ctx, r.Actor, id, sid)
	if err != nil {
		return DraftPage{}, err
	}
	row, err := s.Sessions.SessionRow(ctx, sid)
	if err != nil {
		return DraftPage{}, err
	}
	d, _, err := s.draft(ctx, &row)
	if err != nil {
		return DraftPage{}, err
	}
	role := x.Now.Person(who).Role
	if d != nil && !role.Officer() && (row.ReadDigest == "" || who != d.Who && role != session.Interpreter && !s.agentOf(x, who, d.Who)) {
		d = nil
	}
	if d == nil {
		return DraftPage{Rev: row.DraftRev}, nil
	}
	live := row.Live()
	page := DraftPage{Draft: d, Rev: row.DraftRev, ReadBack: row.ReadBack, Digest: row.ReadDigest, Confirmed: row.Confirmed, Needed: unconfirmed(&live, &row, d)}
	if n := slices.Index(c.PartyRefs, x.Seat(d.Who).Party); n >= 0 && n < len(c.Parties) {
		std, err := s.Directory.Standard(ctx, c.Standard)
		if err != nil {
			return DraftPage{}, err
		}
		page.Questions = std.QuestionsFor(c.Parties[n].Role)
	}
	return page, s.record(ctx, r, id, "questioning_draft", string(sid))
}

// agentOf reports whether somebody takes part as an agent: he may hear what the
// person he acts for confirms.
func (s *Service) agentOf(x *Session, who, asked session.Who) bool {
	a, b := x.Seat(who), x.Seat(asked)
	return a != nil && b != nil && a.Role == session.Agent && b.Role != session.Agent
}

// ReadBack says that the draft was read to the person asked, as it is now. From
// then on it can be confirmed; who changes it must read it again.
func (s *Service) ReadBack(ctx context.Context, a Actor, id CaseID, sid session.ID, rev int64) (Digest, error) {
	c, x, who, err := s.seated(ctx, a, id, sid)
	if err != nil {
		return "", err
	}
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return "", fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	var digest Digest
	return digest, s.updateRow(ctx, c, x, func(row *SessionRow) error {
		live := row.Live()
		if !live.May(who).Question {
			return questionNow(&live)
		}
		d, sum, err := s.draft(ctx, row)
		if err != nil {
			return err
		}
		if d == nil || row.DraftRev != rev {
			return E(StaleVersion, "read back what is there now")
		}
		if p := live.Person(d.Who); p == nil || p.Here != session.Admitted {
			return sessionError(&session.Error{Reason: session.NotThere, Message: "who is asked is not in the room"})
		}
		if _, err := questioned(c, &std, x, d); err != nil {
			return err
		}
		if digest = sum; row.ReadDigest != sum {
			row.ReadBack, row.ReadDigest, row.Confirmed = Millis(s.Now()), sum, nil
		}
		return nil
	})
}

// ConfirmRecord confirms and signs the record that was read back, for oneself.
func (s *Service) ConfirmRecord(ctx context.Context, a Actor, id CaseID, sid session.ID, text Digest, strokes []session.Stroke) error {
	c, x, who, err := s.seated(ctx, a, id, sid)
	if err != nil {
		return err
	}
	row, err := s.Sessions.SessionRow(ctx, sid)
	if err != nil {
		return err
	}
	if err := s.mayConfirm(ctx, &row, who, text); err != nil { // nothing is kept of who may not
		return err
	}
	sign, err := s.keepStrokes(ctx, strokes)
	if err != nil {
		return err
	}
	return s.updateRow(ctx, c, x, func(row *SessionRow) error {
		if err := s.mayConfirm(ctx, row, who, text); err != nil {
			return err
		}
		live := row.Live()
		row.Confirmed = slices.DeleteFunc(slices.Clone(row.Confirmed), func(o SessionConfirmation) bool { return o.Who == who })
		row.Confirmed = append(row.Confirmed, SessionConfirmation{Who: who, Role: live.Person(who).Role, Text: text, Signature: sign, At: Millis(s.Now())})
		return nil
	})
}

func (s *Service) mayConfirm(ctx context.Context, row *SessionRow, who session.Who, text Digest) error {
	live := row.Live()
	if !live.May(who).Sign {
		return questionNow(&live)
	}
	d, _, err := s.draft(ctx, row)
	if err != nil {
		return err
	}
	if d == nil || row.ReadDigest == "" || row.ReadDigest != text {
		return E(StaleVersion, "the record is another than the one that was read to you")
	}
	if !confirms(d, live.Person(who)) {
		return sessionError(&session.Error{Reason: session.NotYours, Message: "this record is not yours to confirm"})
	}
	return nil
}

// confirms reports whether somebody may confirm a record: who was asked, who
// asked, an interpreter, an agent.
func confirms(d *SessionDraft, p *session.Person) bool {
	return p.Here == session.Admitted && (p.Who == d.Who || p.Role == session.Host || p.Role == session.Reviewer || p.Role == session.Clerk ||
		p.Role == session.Interpreter || p.Role == session.Agent)
}

// unconfirmed lists who must still confirm: the person asked, the host, and
// every interpreter in the room.
func unconfirmed(live *session.Session, row *SessionRow, d *SessionDraft) []session.Who {
	var out []session.Who
	for _, p := range live.People {
		needed := p.Who == d.Who || p.Role == session.Host || p.Role == session.Interpreter && p.Here == session.Admitted
		done := slices.ContainsFunc(row.Confirmed, func(c SessionConfirmation) bool { return c.Who == p.Who && c.Text == row.ReadDigest })
		if needed && !done {
			out = append(out, p.Who)
		}
	}
	return out
}

// questioned makes the fact of a draft, checked against the standard.
func questioned(c *Case, std *Standard, x *Session, d *SessionDraft) (*Questioned, error) {
	seat := x.Seat(d.Who)
	n := slices.Index(c.PartyRefs, seat.Party)
	if n < 0 || n >= len(c.Parties) {
		return nil, InvalidFields([]FieldError{{"/who", "unknown", "only a party is questioned"}})
	}
	p := c.Parties[n]
	f := &Questioned{Party: c.PartyRefs[n], Role: p.Role, Mode: "video", Private: QuestionedPrivate{Name: p.Name, Answers: map[string]any{}, Text: d.Text}}
	asked := std.QuestionsFor(p.Role)
	if len(asked) == 0 {
		return nil, E(WrongState, "the standard has no questions for this party")
	}
	if err := InvalidFields(RecordQuestioning{Answers: d.Answers}.check(asked, f)); err != nil {
		return nil, err
	}
	f.Conflicts = c.conflicts(asked, f)
	return f, nil
}

// RecordInSession ends the questioning of one party by video: the draft, read
// back and confirmed by everybody, becomes his questioning record and a sealed
// paper.
type RecordInSession struct {
	Session session.ID
	Text    Digest // of the record as it was read back
}

func (RecordInSession) kind() Kind { return KindQuestioned }

func (i RecordInSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	x, _, err := s.sessionPart(ctx, c, cmd, i.Session, func(m session.May) bool { return m.Question })
	if err != nil {
		return nil, nil, err
	}
	row, err := s.Sessions.SessionRow(ctx, x.ID)
	if err != nil {
		return nil, nil, err
	}
	row.Chain = x.Now
	d, _, err := s.draft(ctx, &row)
	if err != nil {
		return nil, nil, err
	}
	if d == nil || row.ReadDigest == "" || row.ReadDigest != i.Text {
		return nil, nil, E(StaleVersion, "read back what is there now")
	}
	live := row.Live()
	if missing := unconfirmed(&live, &row, d); len(missing) > 0 {
		var fields []FieldError
		for _, w := range missing {
			fields = append(fields, FieldError{"/confirmed/" + string(w), "required", "this person has not confirmed the record"})
		}
		return nil, nil, InvalidFields(fields)
	}
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	f, err := questioned(c, &std, x, d)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range row.Confirmed {
		if o.Who == d.Who {
			f.Signature = o.Signature
		}
	}
	f.Session = &QuestionedIn{Session: x.ID, Who: d.Who, ReadBack: row.ReadBack, Confirmed: row.Confirmed}
	paper, err := s.sealRecord(ctx, c, x, f, cmd)
	if err != nil {
		return nil, nil, err
	}
	f.Session.Record, f.Session.Seal = paper.File, paper.Seal
	return f, nil, nil
}

// RecordPaper is what the paper of a questioning by video tells besides the case.
type RecordPaper struct {
	Record  Questioning
	Began   time.Time
	Signed  []PaperSignature
	Session session.ID
}

// PaperSignature is a signature as a paper shows it.
type PaperSignature struct {
	Name    string
	Role    session.Role
	At      time.Time
	Picture []byte // PNG
}

// sealRecord has the press write and seal the questioning record.
func (s *Service) sealRecord(ctx context.Context, c *Case, x *Session, f *Questioned, cmd *Command) (SealedPaper, error) {
	o, err := s.printOrder(ctx, c, PrintQuestioning)
	if err != nil {
		return SealedPaper{}, err
	}
	if _, ok := o.Officers[cmd.Actor.Person]; !ok {
		p, err := s.Directory.Person(ctx, cmd.Actor.Person)
		if err != nil {
			return SealedPaper{}, err
		}
		o.Officers[cmd.Actor.Person] = p.NameZH
	}
	paper := &RecordPaper{Session: x.ID, Began: x.begunAt(), Record: Questioning{
		Party: f.Party, Role: f.Role, Name: f.Private.Name, Mode: f.Mode, Answers: f.Private.Answers, Text: f.Private.Text, Flags: f.Flags,
		Conflicts: f.Conflicts, By: Signatory{Person: cmd.Actor.Person, Agency: cmd.Actor.Agency}, At: s.moment(c),
	}}
	for _, confirmed := range f.Session.Confirmed {
		pic, err := readAll(ctx, s.Objects, confirmed.Signature.Digest)
		if err != nil {
			return SealedPaper{}, fmt.Errorf("signature of the record: %w", err)
		}
		paper.Signed = append(paper.Signed, PaperSignature{x.Names[confirmed.Who], confirmed.Role, confirmed.At, pic})
	}
	o.Record = paper
	return s.Press.SealRecord(ctx, o)
}

// begunAt is when the formal part last began or went on.
func (s *Session) begunAt() time.Time {
	for _, t := range slices.Backward(s.Turns) {
		if t.Did == session.Begin || t.Did == session.Resume {
			return t.At
		}
	}
	return s.OpenedAt
}

// DropDraft forgets a draft that has become a record. What a crash leaves is
// overwritten by the next one and goes with the session's end.
func (s *Service) DropDraft(ctx context.Context, id CaseID, sid session.ID, text Digest) error {
	c, _, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	x := c.Session(sid)
	if x == nil {
		return E(NotFound, "the case has no such session")
	}
	return s.updateRow(ctx, c, x, func(row *SessionRow) error {
		if row.ReadDigest == text {
			row.Draft, row.DraftRev, row.Confirmed, row.ReadBack, row.ReadDigest = nil, row.DraftRev+1, nil, time.Time{}, ""
		}
		return nil
	})
}
