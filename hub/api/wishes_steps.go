package api

import "tongban/hub"

// The bodies of the commands from acceptance to rating. See wishes.go.

type questionWish struct {
	Party     int                  `json:"party" minimum:"0" maximum:"199" doc:"which party of the case, from 0"`
	Mode      string               `json:"mode" enum:"window,online,video"`
	Answers   map[string]formValue `json:"answers" maxProperties:"100" doc:"by question of the standard"`
	Signature hub.Digest           `json:"signature" pattern:"^sha256:[0-9a-f]{64}$" doc:"of an uploaded picture of the signature"`
	Text      string               `json:"text,omitempty" maxLength:"8000"`
}

func (w questionWish) intent() hub.Intent {
	answers := hub.Form{}
	for k, v := range w.Answers {
		answers[k] = v.v
	}
	return hub.RecordQuestioning{Party: w.Party, Mode: w.Mode, Answers: answers, Signature: w.Signature, Text: w.Text}
}

type moveWindowWish struct {
	To     hub.AgencyID `json:"to" minLength:"1" maxLength:"60" doc:"the window where the applicant is"`
	Reason string       `json:"reason" maxLength:"8000"`
}

func (w moveWindowWish) intent() hub.Intent { return hub.MoveWindow(w) }

type taxWish struct {
	Result   string `json:"result" enum:"paid,exempt,not_due"`
	Document string `json:"document,omitempty" maxLength:"400" doc:"number of the proof; needed when paid"`
	Text     string `json:"text,omitempty" maxLength:"8000"`
}

func (w taxWish) intent() hub.Intent { return hub.ConfirmTax(w) }

type openNoticeWish struct {
	Text string `json:"text" maxLength:"8000" doc:"what is made public"`
}

func (w openNoticeWish) intent() hub.Intent { return hub.OpenNotice(w) }

type endNoticeWish struct {
	Objection bool   `json:"objection" doc:"somebody objected: the notice may end at once"`
	Text      string `json:"text,omitempty" maxLength:"8000"`
}

func (w endNoticeWish) intent() hub.Intent { return hub.EndNotice(w) }

type visitWish struct {
	Agrees bool   `json:"agrees" doc:"the property is as the application says"`
	Text   string `json:"text" maxLength:"8000"`
}

func (w visitWish) intent() hub.Intent { return hub.RecordVisit(w) }

type suspendWish struct {
	Ground hub.SuspensionGround `json:"ground" enum:"seizure,dispute,other"`
	Entry  string               `json:"entry,omitempty" maxLength:"400" doc:"the register's booking that stops the case"`
	Text   string               `json:"text" maxLength:"8000"`
}

func (w suspendWish) intent() hub.Intent { return hub.Suspend(w) }

type resumeWish struct {
	Text string `json:"text" maxLength:"8000"`
}

func (w resumeWish) intent() hub.Intent { return hub.Resume(w) }

type bookWish struct {
	Told []string `json:"told,omitempty" maxItems:"50" doc:"entries of the register of which those who acquire were told in writing"`
	Note string   `json:"note,omitempty" maxLength:"8000"`
}

func (w bookWish) intent() hub.Intent { return hub.Book(w) }

type issueWish struct {
	Note string `json:"note,omitempty" maxLength:"8000"`
}

func (w issueWish) intent() hub.Intent { return hub.Issue(w) }

type handOutWish struct {
	ID        string         `json:"id" minLength:"1" maxLength:"100" doc:"of the result"`
	Way       hub.HandOutWay `json:"way" enum:"window,mail,electronic,self_service"`
	Receiver  string         `json:"receiver,omitempty" maxLength:"400" doc:"who took it; needed at a window"`
	Signature hub.Digest     `json:"signature,omitempty" doc:"of an uploaded picture; needed at a window"`
	Carrier   string         `json:"carrier,omitempty" maxLength:"240" doc:"needed by mail"`
	Tracking  string         `json:"tracking,omitempty" maxLength:"240" doc:"needed by mail"`
	Text      string         `json:"text,omitempty" maxLength:"8000"`
}

func (w handOutWish) intent() hub.Intent { return hub.HandOut(w) }

type revokeWish struct {
	ID     string           `json:"id" minLength:"1" maxLength:"100" doc:"of the result"`
	Ground hub.RevokeGround `json:"ground" enum:"court,correction,mistake,other"`
	Text   string           `json:"text" maxLength:"8000"`
}

func (w revokeWish) intent() hub.Intent { return hub.Revoke(w) }

type rateWish struct {
	Place hub.RatedPlace `json:"place" enum:"receiving,handling"`
	Grade int            `json:"grade" minimum:"1" maximum:"5" doc:"5 非常满意 … 1 非常不满意"`
	Text  string         `json:"text,omitempty" maxLength:"8000"`
}

func (w rateWish) intent() hub.Intent { return hub.Rate(w) }

type answerRatingWish struct {
	Place   hub.RatedPlace    `json:"place" enum:"receiving,handling"`
	Outcome hub.RatingOutcome `json:"outcome" enum:"corrected,explained,unfounded"`
	Text    string            `json:"text" maxLength:"8000"`
}

func (w answerRatingWish) intent() hub.Intent { return hub.AnswerRating(w) }
