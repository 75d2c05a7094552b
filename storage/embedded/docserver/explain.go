package docserver

import (
	"bytes"
	"fmt"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// explain tells how a find, count, distinct or aggregate finds its documents.
func (s *Server) explain(q *request) (*value.Builder, error) {
	inner, ok := value.Doc(q.arg)
	if !ok {
		return nil, wrongType("explain", q.arg, "object")
	}
	it := value.Elements(inner)
	name, coll, _ := it.Next()
	collName, ok := value.Text(coll)
	if !ok {
		return nil, fault.New(fault.InvalidNamespace, "explain needs a command on a collection")
	}
	ns, err := q.qualify(collName)
	if err != nil {
		return nil, err
	}
	filter, sort, err := s.explained(string(name), bytes.Clone(inner))
	if err != nil {
		return nil, err
	}
	c := s.catalog.Load().colls[ns]
	plan := value.NewBuilder()
	if c == nil {
		plan.Add("stage", value.String("EOF"))
	} else {
		p, err := c.plan(filter, sort, value.Lookup(inner, "hint"))
		if err != nil {
			return nil, err
		}
		p.describe(plan)
	}
	planner := value.NewBuilder().Add("namespace", value.String(ns)).
		Add("winningPlan", value.Document(plan.Bytes())).Bytes()
	return value.NewBuilder().Add("queryPlanner", value.Document(planner)), nil
}

func (s *Server) explained(name string, cmd []byte) (*query.Filter, query.Sort, error) {
	field := map[string]string{"find": "filter", "count": "query", "distinct": "query", "aggregate": "pipeline"}[name]
	if field == "" {
		return nil, nil, fault.New(fault.NotImplemented, "explain of %s is not supported by this server", name)
	}
	if name == "aggregate" {
		arr, _ := value.Array(value.Lookup(cmd, field))
		stages, err := readStages(value.List(arr))
		if err != nil {
			return nil, nil, err
		}
		front, _, err := (&pipeline{s: s}).front(stages)
		return front.filter, front.sort, err
	}
	doc, _ := value.Doc(value.Lookup(cmd, field))
	f, err := query.CompileFilter(doc, nil)
	if err != nil {
		return nil, nil, err
	}
	sortDoc, _ := value.Doc(value.Lookup(cmd, "sort"))
	sort, err := query.CompileSort(sortDoc)
	return f, sort, err
}

// describe writes the plan as explain shows it: the stage that reads, inside
// the stages above it.
func (p *plan) describe(b *value.Builder) {
	in := value.NewBuilder()
	if p.ix.primary && !p.bounded {
		in.Add("stage", value.String("COLLSCAN"))
	} else {
		in.Add("stage", value.String("IXSCAN")).Add("indexName", value.String(p.ix.name)).
			Add("keyPattern", value.Lookup(p.ix.spec, "key")).
			Add("isMultiKey", value.Bool(p.ix.anyMultikey())).
			Add("ranges", value.Int32(int32(len(p.ranges))))
	}
	in.Add("direction", value.String(map[bool]string{false: "forward", true: "backward"}[p.reverse])).
		Add("filterCovered", value.Bool(p.exact))
	doc := value.Document(in.Bytes())
	stage := "FETCH"
	if p.union != nil {
		b.Add("branches", value.Int32(int32(len(p.union))))
	}
	if p.merge != nil {
		stage = "SORT_MERGE"
	} else if !p.sorted {
		stage = "SORT"
	}
	b.Add("stage", value.String(stage)).Add("inputStage", doc)
	b.Add("summary", value.String(fmt.Sprint(p)))
}
