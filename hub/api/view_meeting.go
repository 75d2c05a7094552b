package api

import (
	"time"

	"tongban/hub"
	"tongban/hub/session"
)

// meetingView is a video session as its chain tells it.
type meetingView struct {
	ID         session.ID         `json:"id"`
	State      session.State      `json:"state" enum:"scheduled,waiting,open,formal,paused,closed,cancelled,expired"`
	Cause      session.Cause      `json:"cause,omitempty" doc:"of the pause: host_wish, host_left, party_left, recording_stalled"`
	Locked     bool               `json:"locked"`
	From       time.Time          `json:"from"`
	To         time.Time          `json:"to"`
	Window     string             `json:"window,omitempty"`
	Room       string             `json:"room,omitempty"`
	Short      bool               `json:"short_notice"`
	Sequence   int                `json:"sequence" doc:"how often the appointment was changed"`
	Ground     string             `json:"ground,omitempty" doc:"of the cancellation: agency, applicant, expired"`
	Text       string             `json:"text,omitempty"`
	People     []seatView         `json:"people" nullable:"false"`
	Consents   []consentView      `json:"consents" nullable:"false"`
	Turns      []turnView         `json:"turns" nullable:"false" doc:"beginnings, pauses, changes of host: marks on the recording"`
	Moves      []moveView         `json:"moves" nullable:"false" doc:"who came and left"`
	Identities []identityView     `json:"identities" nullable:"false"`
	Signed     []signedView       `json:"signed" nullable:"false"`
	Tracks     []trackView        `json:"tracks" nullable:"false" doc:"what is recorded and kept"`
	Files      []recordedFileView `json:"files" nullable:"false" doc:"playable recordings"`
	Kept       []keptView         `json:"kept" nullable:"false"`
	MadeBy     signatoryView      `json:"made_by"`
	MadeAt     time.Time          `json:"made_at"`
	OpenedAt   *time.Time         `json:"opened_at,omitempty"`
	ClosedAt   *time.Time         `json:"closed_at,omitempty"`
}

type seatView struct {
	Who       session.Who      `json:"who"`
	Role      session.Role     `json:"role"`
	Name      string           `json:"name" doc:"of parties and guests masked"`
	Person    hub.PersonID     `json:"person,omitempty"`
	Agency    hub.AgencyID     `json:"agency,omitempty"`
	Told      string           `json:"told,omitempty"`
	Here      session.Presence `json:"here" enum:"invited,testing,waiting,admitted,consulting,removed,left"`
	Talk      int              `json:"talk,omitempty" doc:"which private talk"`
	Consented bool             `json:"consented"`
	Party     int              `json:"party" doc:"which party of the case, from 1; 0 for none"`
}

type consentView struct {
	Who   session.Who   `json:"who"`
	Lang  string        `json:"lang"`
	Texts []textMark    `json:"texts" nullable:"false"`
	Link  string        `json:"link,omitempty" doc:"of the invitation; opens nothing"`
	By    signatoryView `json:"by"`
	At    time.Time     `json:"at"`
}

type textMark struct {
	Key     string     `json:"key"`
	Version string     `json:"version"`
	Digest  hub.Digest `json:"digest"`
}

type turnView struct {
	Did   session.Act   `json:"did"`
	Cause session.Cause `json:"cause,omitempty"`
	To    session.Who   `json:"to,omitempty"`
	By    signatoryView `json:"by"`
	At    time.Time     `json:"at"`
}

type moveView struct {
	Did  session.Act   `json:"did"`
	Who  session.Who   `json:"who"`
	With []session.Who `json:"with,omitempty"`
	By   signatoryView `json:"by"`
	At   time.Time     `json:"at"`
}

type identityView struct {
	Who      session.Who   `json:"who"`
	Method   string        `json:"method"`
	Result   string        `json:"result"`
	Still    *fileView     `json:"still,omitempty"`
	Document string        `json:"document,omitempty"`
	Text     string        `json:"text,omitempty"`
	By       signatoryView `json:"by"`
	At       time.Time     `json:"at"`
}

type signedView struct {
	Who       session.Who    `json:"who"`
	Material  hub.MaterialID `json:"material"`
	Document  hub.Digest     `json:"document"`
	Signature fileView       `json:"signature"`
	At        time.Time      `json:"at"`
}

type trackView struct {
	Who      session.Who `json:"who"`
	Lane     string      `json:"lane"`
	Init     hub.Digest  `json:"init,omitempty"`
	Segments int         `json:"segments"`
	From     *time.Time  `json:"from,omitempty"`
	To       *time.Time  `json:"to,omitempty"`
	Gaps     []gapTime   `json:"gaps" nullable:"false"`
}

type gapTime struct {
	Kind   string    `json:"kind,omitempty"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason"`
}

type recordedFileView struct {
	Who      session.Who `json:"who"`
	Lane     string      `json:"lane"`
	File     fileView    `json:"file"`
	Start    time.Time   `json:"start"`
	Millis   int64       `json:"ms"`
	Segments int         `json:"segments"`
}

type keptView struct {
	What string   `json:"what"`
	File fileView `json:"file"`
}

// meetingViewOf shows a session with the people where now says they are.
func meetingViewOf(c *hub.Case, x *hub.Session, now *session.Session) meetingView {
	v := meetingView{
		ID: x.ID, State: now.State, Cause: now.Cause, Locked: now.Locked, From: x.Plan.From, To: x.Plan.To, Window: x.Plan.Window, Room: x.Plan.Room,
		Short: x.Plan.Short, Sequence: x.Sequence, Ground: x.Ground, Text: x.Text, MadeBy: signatoryView(x.MadeBy), MadeAt: x.MadeAt,
		OpenedAt: unlessZero(x.OpenedAt), ClosedAt: unlessZero(x.ClosedAt),
	}
	v.People = each(x.Plan.People, func(p hub.SessionSeat) seatView {
		out := seatView{Who: p.Who, Role: p.Role, Name: x.Names[p.Who], Person: p.Person, Agency: p.Agency, Told: p.Told}
		for n, ref := range c.PartyRefs {
			if p.Party != "" && ref == p.Party {
				out.Party = n + 1
			}
		}
		if q := now.Person(p.Who); q != nil {
			out.Role, out.Here, out.Talk, out.Consented = q.Role, q.Here, q.Talk, q.Consented
		}
		return out
	})
	v.Consents = each(x.Consents, func(k hub.SessionConsent) consentView {
		return consentView{k.Who, k.Lang, each(k.Texts, func(t hub.SessionText) textMark { return textMark(t) }), k.Link, signatoryView(k.By), k.At}
	})
	v.Turns = each(x.Turns, func(t hub.SessionTurn) turnView { return turnView{t.Did, t.Cause, t.To, signatoryView(t.By), t.At} })
	v.Moves = each(x.Moves, func(t hub.SessionMove) moveView { return moveView{t.Did, t.Who, t.With, signatoryView(t.By), t.At} })
	v.Identities = each(x.Identities, func(i hub.SessionIdentity) identityView {
		out := identityView{i.Who, i.Method, i.Result, nil, i.Document, i.Text, signatoryView(i.By), i.At}
		if i.Still != nil {
			out.Still = new(fileView(*i.Still))
		}
		return out
	})
	v.Signed = each(x.Signed, func(k hub.SessionSignature) signedView {
		return signedView{k.Who, k.Material, k.Document, fileView(k.Signature), k.At}
	})
	v.Tracks = each(x.Tracks, trackViewOf)
	v.Files = each(x.Files, func(f hub.RecordedFile) recordedFileView {
		return recordedFileView{f.Who, f.Lane, fileView(f.File), f.Start, f.Millis, f.Segments}
	})
	v.Kept = each(x.Kept, func(k hub.SessionKept) keptView { return keptView{k.What, fileView(k.File)} })
	return v
}

// trackViewOf tells how much there is; the segments themselves are in the bundle.
func trackViewOf(t hub.RecordedTrack) trackView {
	v := trackView{Who: t.Who, Lane: t.Lane, Init: t.Init, Segments: len(t.Segments), Gaps: each(t.Gaps, func(g hub.RecordedGap) gapTime { return gapTime(g) })}
	if n := len(t.Segments); n > 0 {
		v.From, v.To = unlessZero(t.Segments[0].From), unlessZero(t.Segments[n-1].To)
	}
	return v
}

// questionedInView is what a questioning by video has besides.
type questionedInView struct {
	Session   session.ID         `json:"session"`
	Who       session.Who        `json:"who"`
	ReadBack  time.Time          `json:"read_back"`
	Confirmed []confirmationView `json:"confirmed" nullable:"false"`
	Record    fileView           `json:"record" doc:"the sealed paper"`
	Seal      sealView           `json:"seal"`
}

type confirmationView struct {
	Who       session.Who  `json:"who"`
	Role      session.Role `json:"role"`
	Text      hub.Digest   `json:"text"`
	Signature fileView     `json:"signature"`
	At        time.Time    `json:"at"`
}

func confirmationViewOf(c hub.SessionConfirmation) confirmationView {
	return confirmationView{c.Who, c.Role, c.Text, fileView(c.Signature), c.At}
}

func questionedInViewOf(q *hub.QuestionedIn) *questionedInView {
	if q == nil {
		return nil
	}
	return &questionedInView{q.Session, q.Who, q.ReadBack, each(q.Confirmed, confirmationViewOf), fileView(q.Record), sealView(q.Seal)}
}

// sessionLineView is one appointment of a list, and one room of the board.
type sessionLineView struct {
	ID      session.ID     `json:"id"`
	Case    hub.CaseID     `json:"case"`
	Number  string         `json:"number"`
	State   session.State  `json:"state"`
	Cause   session.Cause  `json:"cause,omitempty"`
	From    time.Time      `json:"from"`
	To      time.Time      `json:"to"`
	Window  string         `json:"window,omitempty"`
	Room    string         `json:"room,omitempty"`
	Host    hub.PersonID   `json:"host"`
	Address string         `json:"address,omitempty" doc:"of the node that has the room"`
	Stalled string         `json:"stalled,omitempty" doc:"why the recording is not confirmed"`
	Proven  *time.Time     `json:"confirmed_until,omitempty"`
	People  []presenceView `json:"people" nullable:"false"`
}

// presenceView is where somebody is and how his connection does; no name.
type presenceView struct {
	Who    session.Who      `json:"who"`
	Role   session.Role     `json:"role"`
	Here   session.Presence `json:"here"`
	Since  *time.Time       `json:"since,omitempty"`
	Test   string           `json:"self_test,omitempty" doc:"good, okay or bad"`
	Loss   float64          `json:"loss,omitempty" doc:"part of packets lost"`
	Kbps   int              `json:"kbps,omitempty"`
	Help   string           `json:"help,omitempty"`
	HelpAt *time.Time       `json:"help_at,omitempty"`
}

func sessionLineOf(r hub.SessionRow) sessionLineView {
	live := r.Live()
	v := sessionLineView{
		ID: r.ID, Case: r.Case, Number: r.Number, State: live.State, Cause: live.Cause, From: r.Slot.From, To: r.Slot.To, Window: r.Window, Room: r.Room,
		Host: r.Host, Address: r.Address, Proven: unlessZero(r.ConfirmedTo), People: presenceOf(&r, &live),
	}
	if r.Stalled && live.State == session.Paused {
		v.Stalled = r.StalledWhy
	}
	return v
}

func presenceOf(r *hub.SessionRow, live *session.Session) []presenceView {
	return each(live.People, func(p session.Person) presenceView {
		d := r.Door[p.Who]
		return presenceView{p.Who, p.Role, p.Here, unlessZero(d.Since), d.Test.Score, d.Loss, d.Kbps, d.Help, unlessZero(d.HelpAt)}
	})
}
