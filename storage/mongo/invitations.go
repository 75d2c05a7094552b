package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
	"tongban/hub/session"
)

// Invitations keeps who may come into a session by a link: one document for
// each person of a session, so that a new link takes the place of the old one.
type Invitations struct{ invitations *driver.Collection }

var _ hub.InvitationStore = (*Invitations)(nil)

// Invitations keeps links into sessions.
func (d *DB) Invitations() *Invitations { return &Invitations{d.db.Collection(invitationsName)} }

type invitationDoc struct {
	ID       string       `bson:"_id"` // <session>/<who>
	Session  session.ID   `bson:"session"`
	Who      session.Who  `bson:"who"`
	Case     hub.CaseID   `bson:"case"`
	Link     string       `bson:"link"`
	Code     string       `bson:"code"`
	By       hub.PersonID `bson:"by"`
	At       time.Time    `bson:"at"`
	Expires  time.Time    `bson:"expires"`
	Attempts int          `bson:"attempts"`
	Used     bool         `bson:"used"`
	Device   string       `bson:"device,omitempty"`
	DeviceTo time.Time    `bson:"device_to"`
}

func (d *invitationDoc) invitation() hub.Invitation {
	return hub.Invitation{
		Session: d.Session, Who: d.Who, Case: d.Case, Link: d.Link, Code: d.Code, By: d.By, At: d.At, Expires: d.Expires,
		Attempts: d.Attempts, Used: d.Used, Device: d.Device, DeviceTo: d.DeviceTo,
	}
}

// SaveInvitation implements [hub.InvitationStore].
func (s *Invitations) SaveInvitation(ctx context.Context, i hub.Invitation) error {
	d := invitationDoc{
		ID: string(i.Session) + "/" + string(i.Who), Session: i.Session, Who: i.Who, Case: i.Case, Link: i.Link, Code: i.Code, By: i.By,
		At: i.At, Expires: i.Expires, Attempts: i.Attempts, Used: i.Used, Device: i.Device, DeviceTo: i.DeviceTo,
	}
	return translate(put(ctx, s.invitations, d.ID, d), "write an invitation to session %s", i.Session)
}

// GuessInvitation implements [hub.InvitationStore].
func (s *Invitations) GuessInvitation(ctx context.Context, link string, tries int, now time.Time) (hub.Invitation, error) {
	good := bson.M{"link": link, "used": false, "expires": bson.M{"$gt": now}}
	open := bson.M{"link": link, "used": false, "expires": bson.M{"$gt": now}, "attempts": bson.M{"$lt": tries}}
	var d invitationDoc
	err := s.invitations.FindOneAndUpdate(ctx, open, bson.M{"$inc": bson.M{"attempts": 1}}, after()).Decode(&d)
	if errors.Is(err, driver.ErrNoDocuments) {
		if err = s.invitations.FindOne(ctx, good).Decode(&d); err == nil {
			return hub.Invitation{}, hub.E(hub.Locked, "the code was guessed too often; ask for a new link")
		}
	}
	if err != nil {
		return hub.Invitation{}, translate(err, "read an invitation")
	}
	return d.invitation(), nil
}

// EnterInvitation implements [hub.InvitationStore].
func (s *Invitations) EnterInvitation(ctx context.Context, link, device string, to time.Time) error {
	r, err := s.invitations.UpdateOne(ctx, bson.M{"link": link, "used": false}, bson.M{"$set": bson.M{"used": true, "device": device, "device_to": to}})
	if err == nil && r.MatchedCount == 0 {
		return hub.E(hub.Conflict, "the link was used or replaced meanwhile")
	}
	return translate(err, "enter by an invitation")
}

// InvitationByDevice implements [hub.InvitationStore].
func (s *Invitations) InvitationByDevice(ctx context.Context, device string) (hub.Invitation, error) {
	if device == "" {
		return hub.Invitation{}, hub.E(hub.NotFound, "there is no such device")
	}
	var d invitationDoc
	if err := s.invitations.FindOne(ctx, bson.M{"device": device}).Decode(&d); err != nil {
		return hub.Invitation{}, translate(err, "read an invitation by its device")
	}
	return d.invitation(), nil
}

// TouchDevice implements [hub.InvitationStore].
func (s *Invitations) TouchDevice(ctx context.Context, device string, to time.Time) error {
	r, err := s.invitations.UpdateOne(ctx, bson.M{"device": device}, bson.M{"$set": bson.M{"device_to": to}})
	if err == nil && r.MatchedCount == 0 {
		return hub.E(hub.NotFound, "there is no such device any more")
	}
	return translate(err, "touch a device")
}
