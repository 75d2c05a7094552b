package api

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tongban/hub"
)

// rowView is one line of a list. It holds no personal field in clear.
type rowView struct {
	ID             hub.CaseID    `json:"id"`
	Number         string        `json:"number"`
	Item           hub.ItemCode  `json:"item"`
	Status         hub.Status    `json:"status"`
	Receiving      hub.AgencyID  `json:"receiving"`
	Handling       hub.AgencyID  `json:"handling,omitempty"`
	Custodian      hub.AgencyID  `json:"custodian"`
	OfferedTo      hub.AgencyID  `json:"offered_to,omitempty"`
	Queues         []hub.Queue   `json:"queues" nullable:"false" doc:"of the reader's agency"`
	Parties        string        `json:"parties" doc:"masked"`
	Unit           string        `json:"unit"`
	ReceivedAt     time.Time     `json:"received_at"`
	AcceptedAt     *time.Time    `json:"accepted_at,omitempty"`
	UpdatedAt      time.Time     `json:"updated_at"`
	Clock          hub.ClockKind `json:"clock,omitempty" doc:"the clock that runs out next"`
	Half           *time.Time    `json:"half,omitempty" doc:"when it is at 50 %"`
	Eighty         *time.Time    `json:"eighty,omitempty" doc:"and at 80 %"`
	Due            *time.Time    `json:"due,omitempty"`
	Provisional    bool          `json:"provisional,omitempty" doc:"the calendar of that year is not known yet"`
	RunOut         *time.Time    `json:"run_out,omitempty" doc:"when the hub writes down that a clock has run out"`
	RatedReceiving int           `json:"rated_receiving,omitempty"`
	RatedHandling  int           `json:"rated_handling,omitempty"`
	FollowUp       bool          `json:"follow_up,omitempty" doc:"your agency must follow up a bad rating"`
	Disposes       bool          `json:"disposes" doc:"open, and changes rights of the unit"`
	Lease          *leaseView    `json:"lease,omitempty" doc:"who of the reader's agency works on it"`
	Seq            int64         `json:"seq"`
}

func rowViewOf(r hub.Row, reader hub.AgencyID) rowView {
	return rowView{
		ID: r.ID, Number: r.Number, Item: r.Item, Status: r.Status, Receiving: r.Receiving, Handling: r.Handling,
		Custodian: r.Custodian, OfferedTo: r.OfferedTo, Queues: ownQueues(r, reader), Parties: r.PartiesMasked, Unit: r.Unit,
		ReceivedAt: r.ReceivedAt, AcceptedAt: unlessZero(r.AcceptedAt), UpdatedAt: r.Updated, Seq: r.Seq,
		Clock: r.Clock, Half: unlessZero(r.Half), Eighty: unlessZero(r.Eighty), Due: unlessZero(r.Due), Provisional: r.Provisional,
		RunOut: unlessZero(r.RunOut), RatedReceiving: r.RatedReceiving, RatedHandling: r.RatedHandling, Disposes: r.Disposes,
		FollowUp: slices.Contains(r.FollowUp, reader),
	}
}

// ownQueues lists the queues of one agency in which a row stands: what other
// agencies have on their desks is theirs.
func ownQueues(r hub.Row, a hub.AgencyID) []hub.Queue {
	own := []hub.Queue{}
	for _, key := range r.Queues {
		if q, ok := strings.CutPrefix(string(key), string(a)+"/"); ok && a != "" {
			own = append(own, hub.Queue(q))
		}
	}
	return own
}

// eventView is one event of a chain, without its sealed part.
type eventView struct {
	Seq          int64           `json:"seq"`
	At           time.Time       `json:"at"`
	Kind         hub.Kind        `json:"kind"`
	Agency       hub.AgencyID    `json:"agency" doc:"the custodian, whose key signs"`
	Actor        signatoryView   `json:"actor"`
	Contribution hub.AgencyID    `json:"contribution,omitempty" doc:"another agency whose clerk did it and that signed too"`
	Data         json.RawMessage `json:"data" doc:"the public part of the fact"`
	Sealed       bool            `json:"sealed" doc:"has a personal part"`
	Key          hub.KeyID       `json:"key"`
	Prev         hub.Digest      `json:"prev"`
	Hash         hub.Digest      `json:"hash"`
}

func eventViewOf(e hub.Event) eventView {
	v := eventView{
		Seq: e.Seq, At: e.At, Kind: e.Kind, Agency: e.Agency, Actor: signatoryView(e.Actor), Data: e.Data,
		Sealed: e.Sealed != nil, Key: e.Key, Prev: e.Prev, Hash: e.Hash,
	}
	if e.Contribution != nil {
		v.Contribution = e.Contribution.Agency
	}
	return v
}

// accessView is one line of the record of who saw what.
type accessView struct {
	ID      string        `json:"id"`
	At      time.Time     `json:"at"`
	Actor   signatoryView `json:"actor"`
	Name    string        `json:"name,omitempty" doc:"of the actor, in the reader's language"`
	What    string        `json:"what"`
	Ref     string        `json:"ref,omitempty"`
	Purpose string        `json:"purpose,omitempty"`
	Request string        `json:"request,omitempty"`
}

func accessViewOf(a hub.Access) accessView {
	return accessView{ID: a.ID, At: a.At, Actor: signatoryView(a.Actor), What: a.What, Ref: a.Ref, Purpose: a.Purpose, Request: a.Request}
}

// ResultView is what a command did. It is exported because huma only looks
// into embedded types that are.
type ResultView struct {
	Case   hub.CaseID `json:"case"`
	Number string     `json:"number"`
	Kind   hub.Kind   `json:"kind"`
	Seq    int64      `json:"seq"`
	Head   hub.Digest `json:"head"`
	Status hub.Status `json:"status"`
	At     time.Time  `json:"at"`
}

func resultViewOf(r hub.Result) ResultView {
	return ResultView{Case: r.Case, Number: r.Number, Kind: r.Kind, Seq: r.Seq, Head: r.Head, Status: r.Status, At: r.At}
}
