package api

import (
	"time"

	"tongban/hub"
	"tongban/hub/session"
)

// The bodies of the commands on a session. See wishes.go.

type seatWish struct {
	Role   session.Role `json:"role" enum:"host,reviewer,clerk,applicant,agent,interpreter,observer,institution"`
	Person hub.PersonID `json:"person,omitempty" maxLength:"60" doc:"an officer"`
	Party  int          `json:"party,omitempty" minimum:"0" maximum:"200" doc:"a party of the case, from 1"`
	Name   string       `json:"name,omitempty" maxLength:"400" doc:"an interpreter or observer"`
	Told   string       `json:"told,omitempty" enum:",window,phone,message,letter" doc:"how he was told"`
}

type appointmentWish struct {
	From   time.Time  `json:"from" doc:"on a quarter of an hour"`
	To     time.Time  `json:"to"`
	Window string     `json:"window,omitempty" maxLength:"160" doc:"of the receiving place"`
	Room   string     `json:"room,omitempty" maxLength:"160" doc:"of the handling place"`
	People []seatWish `json:"people" maxItems:"50" nullable:"false" doc:"the host first"`
	Agreed bool       `json:"agreed,omitempty" doc:"the people agreed, although it is at short notice"`
	Text   string     `json:"text,omitempty" maxLength:"8000" doc:"why; needed for a change"`
}

func (w appointmentWish) wish() hub.SessionWish {
	return hub.SessionWish{
		From: w.From, To: w.To, Window: w.Window, Room: w.Room, Agreed: w.Agreed, Text: w.Text,
		People: each(w.People, func(p seatWish) hub.SeatWish { return hub.SeatWish(p) }),
	}
}

func (w appointmentWish) intent() hub.Intent { return hub.ScheduleSession{SessionWish: w.wish()} }

// sessionWish is the body of a command on one session.
type sessionWish interface {
	of(id session.ID) hub.Intent
}

type changeSessionWish appointmentWish

func (w changeSessionWish) of(id session.ID) hub.Intent {
	return hub.ChangeSession{Session: id, SessionWish: appointmentWish(w).wish()}
}

type cancelSessionWish struct {
	Ground string `json:"ground" enum:"agency,applicant"`
	Text   string `json:"text" maxLength:"8000"`
}

func (w cancelSessionWish) of(id session.ID) hub.Intent {
	return hub.CancelSession{Session: id, Ground: w.Ground, Text: w.Text}
}

type consentWish struct {
	Lang  string       `json:"lang" enum:"zh-CN,en"`
	Texts []hub.Digest `json:"texts" minItems:"1" maxItems:"10" nullable:"false" doc:"digests of the texts as they were shown, in their order"`
}

func (w consentWish) of(id session.ID) hub.Intent {
	return hub.ConsentToSession{Session: id, Lang: w.Lang, Texts: w.Texts}
}

// remarkWish is a command that needs nothing but may say why.
type remarkWish struct {
	Text string `json:"text,omitempty" maxLength:"8000"`
}

type whoWish struct {
	Who  session.Who `json:"who" minLength:"1" maxLength:"10"`
	Text string      `json:"text,omitempty" maxLength:"8000"`
}

type (
	openWish   remarkWish
	enterWish  remarkWish
	leaveWish  remarkWish
	beginWish  remarkWish
	pauseWish  remarkWish
	goOnWish   remarkWish
	endWish    remarkWish
	takeHost   remarkWish
	admitWish  whoWish
	removeWish whoWish
	recallWish whoWish
	giveHost   whoWish
)

func (w openWish) of(id session.ID) hub.Intent {
	return hub.MoveInSession{Session: id, Did: session.Opened, Text: w.Text}
}

func (w enterWish) of(id session.ID) hub.Intent {
	return hub.MoveInSession{Session: id, Did: session.Enter, Text: w.Text}
}

func (w leaveWish) of(id session.ID) hub.Intent {
	return hub.MoveInSession{Session: id, Did: session.Leave, Text: w.Text}
}

func (w admitWish) of(id session.ID) hub.Intent {
	return hub.MoveInSession{Session: id, Did: session.Admit, Who: w.Who, Text: w.Text}
}

func (w removeWish) of(id session.ID) hub.Intent {
	return hub.MoveInSession{Session: id, Did: session.Remove, Who: w.Who, Text: w.Text}
}

func (w recallWish) of(id session.ID) hub.Intent {
	return hub.MoveInSession{Session: id, Did: session.Recall, Who: w.Who, Text: w.Text}
}

func (w beginWish) of(id session.ID) hub.Intent {
	return hub.TurnSession{Session: id, Did: session.Begin, Text: w.Text}
}

func (w pauseWish) of(id session.ID) hub.Intent {
	return hub.TurnSession{Session: id, Did: session.Pause, Text: w.Text}
}

func (w goOnWish) of(id session.ID) hub.Intent {
	return hub.TurnSession{Session: id, Did: session.Resume, Text: w.Text}
}

func (w endWish) of(id session.ID) hub.Intent {
	return hub.TurnSession{Session: id, Did: session.Close, Text: w.Text}
}

func (w giveHost) of(id session.ID) hub.Intent {
	return hub.HostSession{Session: id, Did: session.HandOver, To: w.Who, Text: w.Text}
}

func (w takeHost) of(id session.ID) hub.Intent {
	return hub.HostSession{Session: id, Did: session.TakeOver, Text: w.Text}
}

type consultWish struct {
	People []session.Who `json:"people" minItems:"2" maxItems:"10" nullable:"false"`
}

func (w consultWish) of(id session.ID) hub.Intent {
	return hub.MoveInSession{Session: id, Did: session.Consult, Who: w.People[0], With: w.People[1:]}
}

type rejoinWish struct {
	Who session.Who `json:"who,omitempty" maxLength:"10" doc:"somebody in the talk; oneself when it is left out"`
}

func (w rejoinWish) of(id session.ID) hub.Intent {
	return hub.MoveInSession{Session: id, Did: session.Rejoin, Who: w.Who}
}

type identifyWish struct {
	Who      session.Who `json:"who" minLength:"1" maxLength:"10"`
	Method   string      `json:"method" enum:"citizen_card,passport,licence,known_to_window"`
	Result   string      `json:"result" enum:"matches,differs,unclear"`
	Still    hub.Digest  `json:"still,omitempty" doc:"of an uploaded picture from the person's own track"`
	Document string      `json:"document,omitempty" maxLength:"240" doc:"number of the document"`
	Text     string      `json:"text,omitempty" maxLength:"8000"`
}

func (w identifyWish) of(id session.ID) hub.Intent {
	return hub.IdentifyInSession{Session: id, Who: w.Who, Method: w.Method, Result: w.Result, Still: w.Still, Document: w.Document, Text: w.Text}
}

// strokeWish is what was drawn on a screen.
type strokeWish struct {
	Dots []dotWish `json:"dots" maxItems:"5000" nullable:"false"`
}

type dotWish struct {
	X float64 `json:"x" minimum:"0" maximum:"1"`
	Y float64 `json:"y" minimum:"0" maximum:"1"`
	T int     `json:"t" minimum:"0" doc:"milliseconds since the first dot"`
}

func strokesOf(all []strokeWish) []session.Stroke {
	return each(all, func(s strokeWish) session.Stroke {
		return each(s.Dots, func(d dotWish) session.Dot { return session.Dot(d) })
	})
}

type signMaterialWish struct {
	Material hub.MaterialID `json:"material" minLength:"1" maxLength:"40"`
	Strokes  []strokeWish   `json:"strokes" maxItems:"200" nullable:"false"`
}

func (w signMaterialWish) of(id session.ID) hub.Intent {
	return hub.SignInSession{Session: id, Material: w.Material, Strokes: strokesOf(w.Strokes)}
}

type finishRecordWish struct {
	Text hub.Digest `json:"text" pattern:"^sha256:[0-9a-f]{64}$" doc:"of the record as it was read back"`
}

func (w finishRecordWish) of(id session.ID) hub.Intent {
	return hub.RecordInSession{Session: id, Text: w.Text}
}
