package mongospec

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"
)

// parseTransactions reads a file of transactions/legacy.
func parseTransactions(file bson.D) ([]*Case, error) {
	reqs, err := requirements(file, "runOn")
	if err != nil {
		return nil, err
	}
	db, coll := text(file, "database_name"), text(file, "collection_name")
	var cases []*Case
	for _, t := range documents(file, "tests") {
		c := &Case{
			Name:             text(t, "description"),
			Requires:         [][]Requirement{reqs},
			Entities:         legacyEntities(db, coll, document(t, "clientOptions")),
			Initial:          []CollectionData{{db, coll, documents(file, "data")}},
			FailPoint:        document(t, "failPoint"),
			EndSessionsFirst: true,
		}
		for _, id := range []string{"session0", "session1"} {
			c.Entities = append(c.Entities, Entity{Kind: "session", ID: id, Spec: bson.D{
				{Key: "client", Value: legacyClient},
				{Key: "sessionOptions", Value: document(document(t, "sessionOptions"), id)},
			}})
		}
		for _, op := range documents(t, "operations") {
			c.Steps = append(c.Steps, transactionStep(op))
		}
		if events, ok := find(t, "expectations"); ok {
			c.Events = []ClientEvents{legacyEvents(events)}
		}
		if out := document(document(t, "outcome"), "collection"); out != nil {
			name := coll
			if n := text(out, "name"); n != "" {
				name = n
			}
			c.Outcome = []CollectionData{{db, name, documents(out, "data")}}
		}
		cases = append(cases, c)
	}
	return cases, nil
}

func transactionStep(op bson.D) Step {
	s := Step{
		Name:              text(op, "name"),
		Object:            text(op, "object"),
		Args:              document(op, "arguments"),
		ExactDocuments:    true,
		CollectionOptions: document(op, "collectionOptions"),
		DatabaseOptions:   document(op, "databaseOptions"),
	}
	if s.Name == "startTransaction" {
		s.Args = flattenOptions(s.Args)
	}
	result, has := find(op, "result")
	doc, _ := result.(bson.D)
	isError := slices.ContainsFunc(doc, func(e bson.E) bool {
		return slices.Contains(legacyErrorKeys(), e.Key)
	})
	if isError || lookup(op, "error") == true {
		s.Error = legacyError(result)
		return s
	}
	s.Result, s.HasResult = optionalIDs(result), has
	return s
}

// legacyEvents turns command_started_event expectations into unified ones: null
// means "must not be there", 42 any value, and lsid names a session.
func legacyEvents(list any) ClientEvents {
	ce := ClientEvents{Client: legacyClient, Events: []bson.D{}}
	arr, _ := list.(bson.A)
	for _, v := range arr {
		outer, _ := v.(bson.D)
		ev := document(outer, "command_started_event")
		ce.Events = append(ce.Events, bson.D{{Key: "commandStartedEvent", Value: bson.D{
			{Key: "command", Value: legacyCommand(document(ev, "command"))},
			{Key: "commandName", Value: lookup(ev, "command_name")},
			{Key: "databaseName", Value: lookup(ev, "database_name")},
		}}})
	}
	return ce
}

func legacyCommand(cmd bson.D) bson.D {
	out := make(bson.D, 0, len(cmd))
	for _, e := range cmd {
		switch v := e.Value.(type) {
		case nil:
			e.Value = bson.D{{Key: "$$exists", Value: false}}
		case bson.D:
			e.Value = legacyCommand(v)
		case bson.A:
			e.Value = legacyArray(v)
		case string:
			switch {
			case e.Key == "lsid":
				e.Value = bson.D{{Key: "$$sessionLsid", Value: v}}
			case v == "42":
				e.Value = bson.D{{Key: "$$exists", Value: true}}
			}
		case int32:
			if v == 42 {
				e.Value = bson.D{{Key: "$$exists", Value: true}}
			}
		case int64:
			if v == 42 {
				e.Value = bson.D{{Key: "$$exists", Value: true}}
			}
		}
		out = append(out, e)
	}
	return out
}

func legacyArray(arr bson.A) bson.A {
	out := make(bson.A, len(arr))
	for i, v := range arr {
		if doc, ok := v.(bson.D); ok {
			v = legacyCommand(doc)
		}
		out[i] = v
	}
	return out
}
