package api

import "tongban/hub"

// The bodies of the commands. Their limits are those of the description; what
// the case allows is for the case service to say.

type receiveWish struct {
	Item    hub.ItemCode         `json:"item" minLength:"1" maxLength:"60"`
	Unit    string               `json:"unit" minLength:"1" maxLength:"60" doc:"28 characters, GB/T 37346"`
	Choice  string               `json:"choice,omitempty" maxLength:"12" doc:"present division, when the old one was split"`
	Form    map[string]formValue `json:"form" maxProperties:"200"`
	Parties []partyWish          `json:"parties" maxItems:"200" nullable:"false"`
	Despite string               `json:"despite,omitempty" maxLength:"8000" doc:"why, although an open case is about the same unit"`
}

type partyWish struct {
	Role       string `json:"role" maxLength:"40"`
	Name       string `json:"name" maxLength:"200"`
	IDKind     string `json:"id_kind" maxLength:"40" doc:"citizen_id, credit_code, passport"`
	IDNumber   string `json:"id_number" maxLength:"60"`
	Phone      string `json:"phone,omitempty" maxLength:"40"`
	Represents string `json:"represents,omitempty" maxLength:"200"`
}

func (w receiveWish) intent() hub.Intent {
	form := hub.Form{}
	for k, v := range w.Form {
		form[k] = v.v
	}
	return hub.Receive{
		Item: w.Item, Unit: w.Unit, Choice: w.Choice, Form: form, Despite: w.Despite,
		Parties: each(w.Parties, func(p partyWish) hub.Party { return hub.Party(p) }),
	}
}

type addMaterialWish struct {
	Slot         string        `json:"slot" minLength:"1" maxLength:"60"`
	Digest       hub.Digest    `json:"digest,omitempty" pattern:"^sha256:[0-9a-f]{64}$" doc:"of a file that your agency uploaded"`
	From         *materialFrom `json:"from,omitempty" doc:"in place of digest: a material of another case of the same people, where the standard calls the slot reusable"`
	Name         string        `json:"name" minLength:"1" maxLength:"200"`
	SeenOriginal bool          `json:"seen_original" doc:"核对原件: the clerk saw it and the copy agrees"`
}

func (w addMaterialWish) intent() hub.Intent {
	i := hub.AddMaterial{Slot: w.Slot, Digest: w.Digest, Name: w.Name, SeenOriginal: w.SeenOriginal}
	if w.From != nil {
		i.From = new(hub.MaterialSource(*w.From))
	}
	return i
}

// materialFrom names a material of another case.
type materialFrom struct {
	Case     hub.CaseID     `json:"case" minLength:"1" maxLength:"60"`
	Material hub.MaterialID `json:"material" minLength:"1" maxLength:"60"`
}

type routeWish struct {
	Choice string       `json:"choice,omitempty" maxLength:"12"`
	Manual hub.AgencyID `json:"manual,omitempty" maxLength:"60" doc:"only after a decline, with a reason"`
	Reason string       `json:"reason,omitempty" maxLength:"8000"`
}

func (w routeWish) intent() hub.Intent { return hub.Route(w) }

type offerWish struct {
	Note string `json:"note,omitempty" maxLength:"8000"`
}

func (w offerWish) intent() hub.Intent { return hub.OfferCustody(w) }

type takeWish struct {
	Offer hub.OfferID `json:"offer" minLength:"1" maxLength:"40"`
	Note  string      `json:"note,omitempty" maxLength:"8000"`
}

func (w takeWish) intent() hub.Intent { return hub.AcceptCustody(w) }

type declineWish struct {
	Offer hub.OfferID     `json:"offer" minLength:"1" maxLength:"40"`
	Code  hub.DeclineCode `json:"code" enum:"wrong_place,not_our_item,broken_chain,missing_material,closed,other"`
	Text  string          `json:"text" maxLength:"8000"`
}

func (w declineWish) intent() hub.Intent { return hub.DeclineCustody(w) }

type acceptWish struct {
	Note string `json:"note,omitempty" maxLength:"8000"`
}

func (w acceptWish) intent() hub.Intent { return hub.Accept(w) }

type refuseWish struct {
	Code hub.RefusalCode `json:"code" enum:"incomplete,wrong_place,not_our_item,illegal,other"`
	Text string          `json:"text" maxLength:"8000"`
}

func (w refuseWish) intent() hub.Intent { return hub.Refuse(w) }

type supplementWish struct {
	Gaps   []gapWish `json:"gaps" maxItems:"100" nullable:"false"`
	Reason string    `json:"reason,omitempty" maxLength:"8000" doc:"a further round needs a supervisor's"`
}

type gapWish struct {
	Target string     `json:"target" enum:"field,slot,region"`
	Ref    string     `json:"ref" minLength:"1" maxLength:"60" doc:"field key, slot key or material id"`
	Page   int        `json:"page,omitempty" minimum:"0"`
	Rect   [4]float64 `json:"rect,omitempty" doc:"x, y, width, height as parts of the page"`
	Reason string     `json:"reason" enum:"incorrect,incomplete,outdated"`
	Note   string     `json:"note,omitempty" maxLength:"8000"`
}

func (w supplementWish) intent() hub.Intent {
	return hub.AskSupplement{Reason: w.Reason, Gaps: each(w.Gaps, func(g gapWish) hub.GapWish { return hub.GapWish(g) })}
}

type answerWish struct {
	Answers []gapAnswerWish `json:"answers" maxItems:"100" nullable:"false"`
}

type gapAnswerWish struct {
	Gap      string         `json:"gap" minLength:"1" maxLength:"10"`
	Value    formValue      `json:"value" required:"false" doc:"for a field"`
	Material hub.MaterialID `json:"material,omitempty" maxLength:"40" doc:"for a slot or a region: the file added for it"`
	Remark   string         `json:"remark,omitempty" maxLength:"8000"`
}

func (w answerWish) intent() hub.Intent {
	return hub.AnswerSupplement{Answers: each(w.Answers, func(a gapAnswerWish) hub.AnswerWish {
		return hub.AnswerWish{Gap: a.Gap, Value: a.Value.v, Material: a.Material, Remark: a.Remark}
	})}
}

type reviewWish struct {
	Pass bool   `json:"pass"`
	Text string `json:"text,omitempty" maxLength:"8000" doc:"needed when it does not pass"`
}

// The two reviews have an address each, as they have a right each.
type (
	firstReviewWish  reviewWish
	secondReviewWish reviewWish
)

func (w firstReviewWish) intent() hub.Intent { return hub.ReviewCase{Pass: w.Pass, Text: w.Text} }
func (w secondReviewWish) intent() hub.Intent {
	return hub.ReviewCase{Second: true, Pass: w.Pass, Text: w.Text}
}

type decideWish struct {
	Approve bool   `json:"approve"`
	Text    string `json:"text,omitempty" maxLength:"8000"`
}

func (w decideWish) intent() hub.Intent { return hub.Decide(w) }

type withdrawWish struct {
	Reason string `json:"reason" maxLength:"8000"`
}

func (w withdrawWish) intent() hub.Intent { return hub.Withdraw(w) }

type closeWish struct {
	Note string `json:"note,omitempty" maxLength:"8000"`
}

func (w closeWish) intent() hub.Intent { return hub.Close(w) }
