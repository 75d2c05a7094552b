package mongospec

import (
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
)

// parseUnified reads a file of the unified test format. A test's skipReason is not
// looked at: it is about helpers of the driver that the runner does not depend on.
func parseUnified(file bson.D) ([]*Case, error) {
	base := Case{}
	reqs, err := requirements(file, "runOnRequirements")
	if err != nil {
		return nil, err
	}
	for _, e := range documents(file, "createEntities") {
		if len(e) != 1 {
			return nil, fmt.Errorf("entity with %d kinds", len(e))
		}
		spec, _ := e[0].Value.(bson.D)
		base.Entities = append(base.Entities, Entity{Kind: e[0].Key, ID: text(spec, "id"), Spec: spec})
	}
	if base.Initial, err = collections(file, "initialData"); err != nil {
		return nil, err
	}
	var cases []*Case
	for _, t := range documents(file, "tests") {
		c := base
		c.Name = text(t, "description")
		own, err := requirements(t, "runOnRequirements")
		if err != nil {
			return nil, err
		}
		c.Requires = [][]Requirement{reqs, own}
		if err := c.parseUnifiedTest(t); err != nil {
			return nil, fmt.Errorf("test %q: %w", c.Name, err)
		}
		cases = append(cases, &c)
	}
	return cases, nil
}

func (c *Case) parseUnifiedTest(t bson.D) error {
	for _, op := range documents(t, "operations") {
		s, err := unifiedStep(op)
		if err != nil {
			return err
		}
		c.Steps = append(c.Steps, s)
	}
	for _, doc := range documents(t, "expectEvents") {
		var ev ClientEvents
		if err := recode(doc, &ev); err != nil {
			return fmt.Errorf("expectEvents: %w", err)
		}
		c.Events = append(c.Events, ev)
	}
	var err error
	c.Outcome, err = collections(t, "outcome")
	return err
}

func unifiedStep(op bson.D) (Step, error) {
	s := Step{Name: text(op, "name"), Object: text(op, "object"), Args: document(op, "arguments")}
	for _, e := range op {
		switch e.Key {
		case "name", "object", "arguments":
		case "expectResult":
			s.Result, s.HasResult = e.Value, true
		case "ignoreResultAndError":
			s.IgnoreResult = e.Value == true
		case "expectError":
			doc, _ := e.Value.(bson.D)
			s.Error = &ErrorExpectation{}
			if err := recode(doc, s.Error); err != nil {
				return s, fmt.Errorf("expectError: %w", err)
			}
		default:
			return s, fmt.Errorf("operation has unknown field %q", e.Key)
		}
	}
	return s, nil
}

func collections(d bson.D, key string) ([]CollectionData, error) {
	docs := documents(d, key)
	list := make([]CollectionData, len(docs))
	for i, doc := range docs {
		if err := recode(doc, &list[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	return list, nil
}
