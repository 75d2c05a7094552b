package mongospec

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"
)

// Names that the older formats leave to the runner.
const (
	legacyClient     = "client0"
	legacyDatabase   = "database"
	legacyCollection = "collection"
	legacyDB         = "legacy-spec"
	legacyColl       = "coll"
)

// legacyEntities are the objects that a test of an older format may name.
func legacyEntities(db, coll string, uriOptions bson.D) []Entity {
	return []Entity{
		{Kind: "client", ID: legacyClient, Spec: bson.D{
			{Key: "uriOptions", Value: uriOptions},
			{Key: "observeEvents", Value: bson.A{"commandStartedEvent"}},
		}},
		{Kind: "database", ID: legacyDatabase, Spec: bson.D{
			{Key: "client", Value: legacyClient},
			{Key: "databaseName", Value: db},
		}},
		{Kind: "collection", ID: legacyCollection, Spec: bson.D{
			{Key: "database", Value: legacyDatabase},
			{Key: "collectionName", Value: coll},
		}},
	}
}

// parseSingleOperation reads a file of crud/v1 or retryable-writes/legacy: one
// operation a test, and its outcome.
func parseSingleOperation(file bson.D) ([]*Case, error) {
	reqs, err := requirements(file, "runOn")
	if err != nil {
		return nil, err
	}
	if len(reqs) == 0 {
		reqs = []Requirement{{
			MinVersion: text(file, "minServerVersion"),
			MaxVersion: text(file, "maxServerVersion"),
			Serverless: text(file, "serverless"),
		}}
	}
	initial := CollectionData{legacyDB, legacyColl, documents(file, "data")}
	var cases []*Case
	for _, t := range documents(file, "tests") {
		c := &Case{
			Name:      text(t, "description"),
			Requires:  [][]Requirement{reqs},
			Entities:  legacyEntities(legacyDB, legacyColl, document(t, "clientOptions")),
			Initial:   []CollectionData{initial},
			FailPoint: document(t, "failPoint"),
		}
		outcome := document(t, "outcome")
		c.Steps = []Step{singleStep(document(t, "operation"), outcome)}
		if coll := document(outcome, "collection"); coll != nil {
			name := legacyColl
			if n := text(coll, "name"); n != "" {
				name = n
				c.Initial = append(c.Initial, CollectionData{legacyDB, name, nil})
			}
			c.Outcome = []CollectionData{{legacyDB, name, documents(coll, "data")}}
		}
		cases = append(cases, c)
	}
	return cases, nil
}

func singleStep(op, outcome bson.D) Step {
	s := Step{
		Name:           text(op, "name"),
		Object:         legacyCollection,
		Args:           flattenOptions(document(op, "arguments")),
		ExactDocuments: true,
	}
	result, has := find(outcome, "result")
	if lookup(outcome, "error") == true {
		s.Error = legacyError(result)
		if s.Name == "bulkWrite" && result != nil && s.Error.LabelsContain == nil && s.Error.LabelsOmit == nil {
			s.Error.Result = optionalIDs(result)
		}
		return s
	}
	s.Result, s.HasResult = optionalIDs(result), has
	return s
}

// flattenOptions moves the members of "options" up: that is where the unified
// format has them.
func flattenOptions(args bson.D) bson.D {
	var out bson.D
	for _, e := range args {
		if opts, ok := e.Value.(bson.D); ok && e.Key == "options" {
			out = append(out, opts...)
			continue
		}
		out = append(out, e)
	}
	return out
}

// legacyError reads the error members out of an operation's result.
func legacyError(result any) *ErrorExpectation {
	e := &ErrorExpectation{IsError: true}
	doc, _ := result.(bson.D)
	doc = slices.DeleteFunc(slices.Clone(doc), func(m bson.E) bool {
		return !slices.Contains(legacyErrorKeys(), m.Key)
	})
	if err := recode(doc, e); err != nil {
		e.Contains = "unreadable expectation: " + err.Error() // no error has this text
	}
	return e
}

func legacyErrorKeys() []string {
	return []string{"errorContains", "errorCode", "errorCodeName", "errorLabelsContain", "errorLabelsOmit"}
}

// optionalIDs makes insertedIds optional: drivers may leave them out of the result
// of a bulk write, and ours does.
func optionalIDs(result any) any {
	doc, ok := result.(bson.D)
	if !ok {
		return result
	}
	doc = slices.Clone(doc)
	for i, e := range doc {
		if e.Key == "insertedIds" {
			doc[i].Value = bson.D{{Key: "$$unsetOrMatches", Value: e.Value}}
		}
	}
	return doc
}
