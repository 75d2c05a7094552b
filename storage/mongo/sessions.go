package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
	"tongban/hub/session"
)

// Sessions keeps the rows of video sessions: one document each, written whole
// with a version.
type Sessions struct{ rows *driver.Collection }

var _ hub.SessionStore = (*Sessions)(nil)

// Sessions keeps video sessions as they are now.
func (d *DB) Sessions() *Sessions { return &Sessions{d.db.Collection(sessionsName)} }

// sessionDoc is a stored row. Times that are not set are the year 1.
type sessionDoc struct {
	ID        session.ID     `bson:"_id"`
	Case      hub.CaseID     `bson:"case"`
	Number    string         `bson:"number"`
	Rev       int64          `bson:"rev"`
	Seq       int64          `bson:"seq"`
	Chain     sessionState   `bson:"chain"`
	From      time.Time      `bson:"from"`
	To        time.Time      `bson:"to"`
	Window    string         `bson:"window"`
	Room      string         `bson:"room"`
	Custodian hub.AgencyID   `bson:"custodian"`
	Agencies  []hub.AgencyID `bson:"agencies"`
	Officers  []hub.PersonID `bson:"officers"`
	Host      hub.PersonID   `bson:"host"`
	Windows   []string       `bson:"windows"`

	State       session.State      `bson:"state"`
	Led         bool               `bson:"led"`     // a node looks after it
	Planned     bool               `bson:"planned"` // nobody has opened it, and it may still be
	Door        map[string]doorDoc `bson:"door"`
	Locked      bool               `bson:"locked"`
	Shown       []hub.MaterialID   `bson:"shown"`
	Draft       []byte             `bson:"draft"`
	DraftRev    int64              `bson:"draft_rev"`
	Confirmed   []confirmationDoc  `bson:"confirmed"`
	ReadBack    time.Time          `bson:"read_back"`
	ReadDigest  hub.Digest         `bson:"read_digest"`
	Node        string             `bson:"node"`
	Address     string             `bson:"address"`
	LeaseUntil  time.Time          `bson:"lease_until"`
	Stalled     bool               `bson:"stalled"`
	StalledWhy  string             `bson:"stalled_why"`
	ConfirmedTo time.Time          `bson:"confirmed_to"`
	Updated     time.Time          `bson:"updated"`
}

// sessionState has the fields of [session.Session], in the same order.
type sessionState struct {
	State  session.State `bson:"state"`
	Locked bool          `bson:"locked"`
	Cause  session.Cause `bson:"cause"`
	Talks  int           `bson:"talks"`
	People []personDocOf `bson:"people"`
}

// personDocOf has the fields of [session.Person], in the same order.
type personDocOf struct {
	Who       session.Who      `bson:"who"`
	Role      session.Role     `bson:"role"`
	Here      session.Presence `bson:"here"`
	Moves     int              `bson:"moves"`
	Consented bool             `bson:"consented"`
	Talk      int              `bson:"talk"`
}

type doorDoc struct {
	Here   session.Presence `bson:"here"`
	Moves  int              `bson:"moves"`
	Since  time.Time        `bson:"since"`
	Test   testDoc          `bson:"test"`
	Help   string           `bson:"help"`
	HelpAt time.Time        `bson:"help_at"`
	Loss   float64          `bson:"loss"`
	Kbps   int              `bson:"kbps"`
	Seen   time.Time        `bson:"seen"`
}

// testDoc has the fields of [hub.SelfTest], in the same order.
type testDoc struct {
	Score    string    `bson:"score"`
	Camera   bool      `bson:"camera"`
	Mic      bool      `bson:"mic"`
	Speaker  bool      `bson:"speaker"`
	Kbps     int       `bson:"kbps"`
	RoundMs  int       `bson:"round_ms"`
	LossPart float64   `bson:"loss"`
	Browser  string    `bson:"browser"`
	At       time.Time `bson:"at"`
}

type confirmationDoc struct {
	Who    session.Who  `bson:"who"`
	Role   session.Role `bson:"role"`
	Text   hub.Digest   `bson:"text"`
	Digest hub.Digest   `bson:"digest"`
	Size   int64        `bson:"size"`
	Type   string       `bson:"type"`
	At     time.Time    `bson:"at"`
}

func sessionToDoc(r *hub.SessionRow) sessionDoc {
	d := sessionDoc{
		ID: r.ID, Case: r.Case, Number: r.Number, Rev: r.Rev, Seq: r.Seq, From: r.Slot.From, To: r.Slot.To, Window: r.Window, Room: r.Room,
		Custodian: r.Custodian, Agencies: r.Agencies, Officers: r.Officers, Host: r.Host, Windows: r.Windows,
		State: r.State, Door: map[string]doorDoc{}, Locked: r.Locked, Shown: r.Shown, Draft: r.Draft, DraftRev: r.DraftRev,
		ReadBack: r.ReadBack, ReadDigest: r.ReadDigest, Node: r.Node, Address: r.Address, LeaseUntil: r.LeaseUntil,
		Stalled: r.Stalled, StalledWhy: r.StalledWhy, ConfirmedTo: r.ConfirmedTo, Updated: r.Updated,
		Led:     r.State.Live() || r.State == session.Waiting || r.Node != "",
		Planned: r.State == session.Scheduled || r.State == session.Waiting,
		Chain:   sessionState{State: r.Chain.State, Locked: r.Chain.Locked, Cause: r.Chain.Cause, Talks: r.Chain.Talks},
	}
	for _, p := range r.Chain.People {
		d.Chain.People = append(d.Chain.People, personDocOf(p))
	}
	for w, x := range r.Door {
		d.Door[string(w)] = doorDoc{x.Here, x.Moves, x.Since, testDoc(x.Test), x.Help, x.HelpAt, x.Loss, x.Kbps, x.Seen}
	}
	for _, c := range r.Confirmed {
		d.Confirmed = append(d.Confirmed, confirmationDoc{c.Who, c.Role, c.Text, c.Signature.Digest, c.Signature.Size, c.Signature.Type, c.At})
	}
	return d
}

func (d *sessionDoc) row() hub.SessionRow {
	r := hub.SessionRow{
		ID: d.ID, Case: d.Case, Number: d.Number, Rev: d.Rev, Seq: d.Seq, Slot: session.Slot{From: d.From.UTC(), To: d.To.UTC()}, Window: d.Window,
		Room: d.Room, Custodian: d.Custodian, Agencies: d.Agencies, Officers: d.Officers, Host: d.Host, Windows: d.Windows,
		State: d.State, Door: map[session.Who]hub.SessionDoor{}, Locked: d.Locked, Shown: d.Shown, Draft: d.Draft, DraftRev: d.DraftRev,
		ReadBack: d.ReadBack, ReadDigest: d.ReadDigest, Node: d.Node, Address: d.Address, LeaseUntil: d.LeaseUntil,
		Stalled: d.Stalled, StalledWhy: d.StalledWhy, ConfirmedTo: d.ConfirmedTo, Updated: d.Updated,
		Chain: session.Session{State: d.Chain.State, Locked: d.Chain.Locked, Cause: d.Chain.Cause, Talks: d.Chain.Talks},
	}
	for _, p := range d.Chain.People {
		r.Chain.People = append(r.Chain.People, session.Person(p))
	}
	for w, x := range d.Door {
		r.Door[session.Who(w)] = hub.SessionDoor{
			Door: session.Door{Here: x.Here, Moves: x.Moves}, Since: x.Since, Test: hub.SelfTest(x.Test), Help: x.Help, HelpAt: x.HelpAt, Loss: x.Loss, Kbps: x.Kbps, Seen: x.Seen,
		}
	}
	for _, c := range d.Confirmed {
		r.Confirmed = append(r.Confirmed, hub.SessionConfirmation{
			Who: c.Who, Role: c.Role, Text: c.Text, Signature: hub.File{Digest: c.Digest, Size: c.Size, Type: c.Type}, At: c.At,
		})
	}
	return r
}

// SessionRow implements [hub.SessionStore].
func (s *Sessions) SessionRow(ctx context.Context, id session.ID) (hub.SessionRow, error) {
	d, err := one[sessionDoc](ctx, s.rows, id)
	if err != nil {
		return hub.SessionRow{}, translate(err, "read session %s", id)
	}
	return d.row(), nil
}

// SaveSessionRow implements [hub.SessionStore].
func (s *Sessions) SaveSessionRow(ctx context.Context, r hub.SessionRow) (hub.SessionRow, error) {
	was := r.Rev
	r.Rev++
	d := sessionToDoc(&r)
	if was == 0 {
		_, err := s.rows.InsertOne(ctx, d)
		return r, translate(err, "write session %s", r.ID)
	}
	got, err := s.rows.ReplaceOne(ctx, bson.M{"_id": r.ID, "rev": was}, d)
	if err == nil && got.MatchedCount == 0 {
		return hub.SessionRow{}, hub.E(hub.Conflict, "session %s has changed", r.ID)
	}
	return r, translate(err, "write session %s", r.ID)
}

// SessionRows implements [hub.SessionStore].
func (s *Sessions) SessionRows(ctx context.Context, q hub.SessionQuery) ([]hub.SessionRow, error) {
	filter := bson.M{}
	if !q.Everyone && q.Agency == "" && q.Officer == "" && q.Case == "" {
		return nil, hub.E(hub.Internal, "a list of sessions is somebody's")
	}
	if q.Agency != "" {
		filter["agencies"] = q.Agency
	}
	if q.Officer != "" {
		filter["officers"] = q.Officer
	}
	if q.Window != "" {
		filter["windows"] = q.Window
	}
	if q.Case != "" {
		filter["case"] = q.Case
	}
	if q.Live {
		filter["led"] = true
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		slot := bson.M{"$gte": q.From}
		if !q.To.IsZero() {
			slot["$lt"] = q.To
		}
		filter["from"] = slot
	}
	limit := q.Limit
	if limit < 1 || limit > 500 {
		limit = 500
	}
	return s.list(ctx, filter, limit, asc("from"), asc("_id"))
}

// LedSessions implements [hub.SessionStore].
func (s *Sessions) LedSessions(ctx context.Context, node string, now time.Time, limit int) ([]hub.SessionRow, error) {
	return s.list(ctx, bson.M{"led": true, "$or": bson.A{bson.M{"node": node}, bson.M{"lease_until": bson.M{"$lte": now}}}}, limit, asc("_id"))
}

// StaleSessions implements [hub.SessionStore].
func (s *Sessions) StaleSessions(ctx context.Context, before time.Time, limit int) ([]hub.SessionRow, error) {
	return s.list(ctx, bson.M{"planned": true, "to": bson.M{"$lt": before}}, limit, asc("to"))
}

func (s *Sessions) list(ctx context.Context, filter bson.M, limit int, order ...bson.E) ([]hub.SessionRow, error) {
	docs, err := all[sessionDoc](ctx, s.rows, filter, sorted(order...).SetLimit(int64(limit)))
	if err != nil {
		return nil, translate(err, "list sessions")
	}
	out := make([]hub.SessionRow, len(docs))
	for i := range docs {
		out[i] = docs[i].row()
	}
	return out, nil
}
