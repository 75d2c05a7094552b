package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// The collections.
const (
	eventsName     = "events"
	claimsName     = "claims"
	casesName      = "cases"
	outboxName     = "outbox"
	inboxName      = "inbox"
	uploadsName    = "uploads"
	openName       = "open_uploads"
	accessName     = "access"
	agenciesName   = "agencies"
	peopleName     = "people"
	standardsName  = "standards"
	loginsName     = "logins"
	factorsName    = "factors"
	draftsName     = "drafts"
	leasesName     = "leases"
	agencyKeysName = "agency_keys"
	caseKeysName   = "case_keys"
	countersName   = "counters"
	preparedName   = "prepared"

	registerName      = "register"
	registerUnitsName = "register_units"
	papersName        = "papers"
	recordingsName    = "recordings"

	sessionsName    = "sessions"
	slotsName       = "session_slots"
	invitationsName = "invitations"
)

// Indexes that a query names, so that its plan is always the same.
const (
	byQueue    = "queue"
	byParty    = "party"
	byUpdated  = "updated"
	byNumber   = "number"
	byUnit     = "unit"
	byClock    = "clock"
	byRunOut   = "run_out"
	byFollowUp = "follow_up"
)

// EnsureIndexes makes the indexes that are missing; those that are there stay.
// It is done at every start, by every node.
func (d *DB) EnsureIndexes(ctx context.Context) error {
	for coll, models := range indexes() {
		if _, err := d.db.Collection(coll).Indexes().CreateMany(ctx, models); err != nil {
			return translate(err, "make the indexes of %s", coll)
		}
	}
	return nil
}

// indexes is every index beside those on _id. Each makes writes slower:
// docs/storage.md says what it is for.
func indexes() map[string][]driver.IndexModel {
	return map[string][]driver.IndexModel{
		eventsName: {
			index("command", named().SetUnique(true), asc("case"), asc("cmd")),
			index("todo", named().SetPartialFilterExpression(bson.D{{Key: "todo", Value: true}}), asc("at")),
		},
		casesName: {
			index(byQueue, named(), asc("queues"), desc("updated"), desc("_id")),
			index(byParty, named(), asc("party_refs"), desc("updated"), desc("_id")),
			index(byUpdated, named(), desc("updated"), desc("_id")),
			index("touched", named(), asc("touched")),
			index(byNumber, named(), asc("number")),
			index(byUnit, named(), asc("unit")),
			index(byClock, named(), asc("clock_of"), asc("due")),
			index(byRunOut, named().SetPartialFilterExpression(bson.D{{Key: "run_out", Value: bson.D{{Key: "$gt", Value: time.Time{}}}}}), asc("run_out")),
			index(byFollowUp, named(), asc("follow_up"), asc("updated")),
		},
		outboxName: {
			index("due", named().SetPartialFilterExpression(bson.D{{Key: "done", Value: false}}), asc("due")),
			index("case", named(), asc("case")),
			index("tried", named().SetPartialFilterExpression(bson.D{{Key: "done", Value: false}}), desc("attempts"), asc("due"), asc("_id")),
		},
		preparedName: {
			index("due", named().SetPartialFilterExpression(bson.D{{Key: "state", Value: "waiting"}}), asc("due")),
		},
		papersName: {index("unit", named(), asc("unit"), asc("issued_at"))},
		inboxName:  {index("case", named(), asc("case"))},
		accessName: {index("case", named(), asc("case"), asc("at"), asc("_id"))},
		peopleName: {index("login", named().SetUnique(true), asc("login"))},
		loginsName: {
			index("expires", named().SetExpireAfterSeconds(0), asc("expires")),
			index("person", named(), asc("person"), desc("seen")),
		},
		draftsName: {
			index("expires", named().SetExpireAfterSeconds(0), asc("expires")),
			index("person", named(), asc("person"), desc("saved")),
		},
		leasesName: {
			index("until", named().SetExpireAfterSeconds(0), asc("until")),
			index("person", named(), asc("person"), asc("agency"), desc("since"), desc("_id")),
		},
		openName: {
			index("agency", named(), asc("agency"), asc("file"), asc("expires")),
			index("expires", named(), asc("expires")),
		},
		registerName: {
			index("keys", named().SetUnique(true), asc("keys")),
			index("cases", named(), asc("cases"), asc("at"), asc("_id")),
			index("todo", named().SetPartialFilterExpression(bson.D{{Key: "todo", Value: true}}), asc("at"), asc("_id")),
			index("hit", named().SetPartialFilterExpression(bson.D{{Key: "hit", Value: true}}), asc("hit"), asc("at"), asc("_id")),
		},
		sessionsName: {
			index("agency", named(), asc("agencies"), asc("from"), asc("_id")),
			index("officer", named(), asc("officers"), asc("from"), asc("_id")),
			index("case", named(), asc("case"), asc("from"), asc("_id")),
			index("led", named().SetPartialFilterExpression(bson.D{{Key: "led", Value: true}}), asc("led"), asc("_id")),
			index("planned", named().SetPartialFilterExpression(bson.D{{Key: "planned", Value: true}}), asc("to")),
		},
		slotsName: {
			index("keys", named().SetUnique(true), asc("keys")),
			index("pending", named().SetPartialFilterExpression(bson.D{{Key: "pending", Value: true}}), asc("taken")),
		},
		invitationsName: {
			index("link", named().SetUnique(true), asc("link")),
			index("device", named().SetUnique(true).SetPartialFilterExpression(bson.D{{Key: "device", Value: bson.D{{Key: "$gt", Value: ""}}}}), asc("device")),
			index("expires", named().SetExpireAfterSeconds(86_400), asc("expires")),
		},
		registerUnitsName: {index("holders", named(), asc("holders"), asc("_id"))},
		agencyKeysName: {
			index("agency", named(), asc("agency"), desc("from")),
		},
	}
}

func named() *options.IndexOptions { return options.Index() }

func index(name string, o *options.IndexOptions, keys ...bson.E) driver.IndexModel {
	return driver.IndexModel{Keys: bson.D(keys), Options: o.SetName(name)}
}

func asc(field string) bson.E  { return bson.E{Key: field, Value: 1} }
func desc(field string) bson.E { return bson.E{Key: field, Value: -1} }
