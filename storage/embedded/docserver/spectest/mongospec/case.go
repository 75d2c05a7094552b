// Package mongospec reads and runs the test files that MongoDB publishes with its
// drivers: the unified format and the three older formats of crud/v1,
// transactions/legacy and retryable-writes/legacy. All of them become one Case,
// run through the official driver against any server; what a test expects was
// written by MongoDB, not by us.
package mongospec

import (
	"strings"

	"go.mongodb.org/mongo-driver/bson"
)

// Case is one test of one file, in the terms of the unified test format.
type Case struct {
	Folder string // "crud/unified", as the doc names it
	File   string // "find.json"
	Name   string // the test's description

	Requires [][]Requirement // each list: one of them has to hold

	Entities []Entity
	Initial  []CollectionData
	Steps    []Step
	Events   []ClientEvents
	Outcome  []CollectionData

	FailPoint        bson.D // set before the first step, may be nil
	EndSessionsFirst bool   // sessions end before the events are compared
}

// ID names the case in reports: folder, file without suffix, description.
func (c *Case) ID() string {
	return c.Folder + "/" + strings.TrimSuffix(c.File, ".json") + "/" + c.Name
}

// Entity is one object that steps name: a client, database, collection or session.
type Entity struct {
	Kind string
	ID   string
	Spec bson.D
}

// CollectionData is the content of one collection, before or after a test.
type CollectionData struct {
	Database   string   `bson:"databaseName"`
	Collection string   `bson:"collectionName"`
	Documents  []bson.D `bson:"documents"`
}

// Step is one operation with what is expected of it.
type Step struct {
	Name   string
	Object string
	Args   bson.D

	Result       any // expected result; meaningful when HasResult
	HasResult    bool
	IgnoreResult bool
	Error        *ErrorExpectation // nil: the operation has to succeed

	ExactDocuments    bool   // the documents of a listed result have no more keys (older formats)
	CollectionOptions bson.D // of this step only (older formats)
	DatabaseOptions   bson.D
}

// ErrorExpectation says which error an operation has to end with. Fields left out
// are not compared.
type ErrorExpectation struct {
	IsClientError *bool    `bson:"isClientError"`
	Contains      string   `bson:"errorContains"`
	Code          *int32   `bson:"errorCode"`
	CodeName      string   `bson:"errorCodeName"`
	LabelsContain []string `bson:"errorLabelsContain"`
	LabelsOmit    []string `bson:"errorLabelsOmit"`
	Response      bson.D   `bson:"errorResponse"`
	Result        any      `bson:"expectResult"`
	IsError       bool     `bson:"isError"`
}

// ClientEvents are the command events one client has to see, in order.
type ClientEvents struct {
	Client      string   `bson:"client"`
	EventType   string   `bson:"eventType"`
	IgnoreExtra bool     `bson:"ignoreExtraEvents"`
	Events      []bson.D `bson:"events"`
}
