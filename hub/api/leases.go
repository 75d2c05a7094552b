package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

const (
	// leaseLife is how long a case stays with who took it and does nothing
	// more: a working day with its lunch, so that no case is kept over night.
	leaseLife = 10 * time.Hour
	maxLeases = 100
)

func (s *Server) leaseRoutes() {
	op := func(method, path, id, summary, more string) huma.Operation {
		return huma.Operation{Method: method, Path: base + "/leases" + path, OperationID: id, Tags: []string{tagCases}, Summary: summary, Description: more}
	}
	register(s, op(http.MethodGet, "", "list-leases", "我领取的件 The cases that I have taken", "The newest first."), s.listLeases)
	register(s, op(http.MethodPost, "", "take-leases", "领取 Take cases, so that nobody else does the same work",
		"For each case says who has it then. A lease is no lock: it changes no right and ends by itself after 10 hours. "+
			"Taking again prolongs it. A case that you may not see is left out of the answer."), s.takeLeases)
	drop := op(http.MethodDelete, "/{id}", "drop-lease", "释放 Give a case back to the queue", "What is not yours stays.")
	drop.DefaultStatus = http.StatusNoContent
	register(s, drop, s.dropLease)
}

// leaseView is who works on a case for now.
type leaseView struct {
	Person hub.PersonID `json:"person"`
	NameZH string       `json:"name_zh"`
	NameEN string       `json:"name_en,omitempty"`
	Mine   bool         `json:"mine"`
	Since  time.Time    `json:"since"`
	Until  time.Time    `json:"until"`
}

// leaseViews makes views of leases, each holder looked up once.
func (s *Server) leaseViews(ctx context.Context) func(hub.Lease) leaseView {
	known := map[hub.PersonID]hub.Person{}
	return func(l hub.Lease) leaseView {
		p, ok := known[l.Person]
		if !ok {
			var err error
			if p, err = s.cfg.Directory.Person(ctx, l.Person); err != nil {
				p = hub.Person{NameZH: string(l.Person)} // the lease stands all the same
			}
			known[l.Person] = p
		}
		return leaseView{l.Person, p.NameZH, p.NameEN, l.Person == actor(ctx).Person, l.Since, l.Until}
	}
}

// addLeases puts into rows who has them, as the reader's agency knows it.
func (s *Server) addLeases(ctx context.Context, rows []rowView) error {
	a := actor(ctx).Agency
	if a == "" || len(rows) == 0 {
		return nil
	}
	found, err := s.cfg.Leases.LeasesOf(ctx, a, each(rows, func(r rowView) hub.CaseID { return r.ID }))
	if err != nil {
		return err
	}
	view, at := s.leaseViews(ctx), map[hub.CaseID]int{}
	for i, r := range rows {
		at[r.ID] = i
	}
	for _, l := range found {
		rows[at[l.Case]].Lease = new(view(l))
	}
	return nil
}

type leasesOutput struct {
	Body struct {
		Cases []rowView `json:"cases" nullable:"false" doc:"each with its lease"`
	}
}

func (s *Server) listLeases(ctx context.Context, _ *struct{}) (*leasesOutput, error) {
	who := actor(ctx)
	if err := s.cfg.Policy.Authorize(who, hub.CaseList, nil); err != nil {
		return nil, err
	}
	held, err := s.cfg.Leases.LeasesBy(ctx, who.Agency, who.Person, maxLeases)
	if err != nil {
		return nil, err
	}
	out := &leasesOutput{}
	if out.Body.Cases, err = s.visible(ctx, each(held, func(l hub.Lease) hub.CaseID { return l.Case })); err != nil {
		return nil, err
	}
	return out, s.addLeases(ctx, out.Body.Cases)
}

// visible are the rows of those cases that the caller may see, in the order asked.
func (s *Server) visible(ctx context.Context, ids []hub.CaseID) ([]rowView, error) {
	scope, rows := s.cfg.Policy.Scope(actor(ctx)), []rowView{}
	for _, id := range ids {
		r, err := s.cfg.Index.Row(ctx, id)
		if hub.ErrorCode(err) == hub.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if sees(scope, &r) {
			rows = append(rows, rowViewOf(r, actor(ctx).Agency))
		}
	}
	return rows, nil
}

type takeLeasesInput struct {
	Body struct {
		Cases []hub.CaseID `json:"cases" minItems:"1" maxItems:"100" nullable:"false"`
		Over  bool         `json:"over,omitempty" doc:"also from who has it now"`
	}
}

// heldView is who has a case after the question.
type heldView struct {
	Case  hub.CaseID `json:"case"`
	Lease leaseView  `json:"lease"`
}

type takeLeasesOutput struct {
	Body struct {
		Held []heldView `json:"held" nullable:"false"`
	}
}

func (s *Server) takeLeases(ctx context.Context, in *takeLeasesInput) (*takeLeasesOutput, error) {
	who := actor(ctx)
	if err := s.cfg.Policy.Authorize(who, hub.CaseList, nil); err != nil {
		return nil, err
	}
	if who.Agency == "" {
		return nil, hub.E(hub.Forbidden, "only the people of an agency take cases")
	}
	rows, err := s.visible(ctx, in.Body.Cases)
	if err != nil {
		return nil, err
	}
	now, view := hub.Millis(s.cfg.Now()), s.leaseViews(ctx)
	out := &takeLeasesOutput{}
	out.Body.Held = []heldView{}
	for _, r := range rows {
		l := hub.Lease{Case: r.ID, Agency: who.Agency, Person: who.Person, Since: now, Until: now.Add(leaseLife)}
		if l, err = s.cfg.Leases.TakeLease(ctx, l, in.Body.Over); err != nil {
			return nil, err
		}
		out.Body.Held = append(out.Body.Held, heldView{r.ID, view(l)})
	}
	return out, nil
}

func (s *Server) dropLease(ctx context.Context, in *CaseInput) (*struct{}, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.cfg.Leases.DropLease(ctx, actor(ctx).Agency, id, actor(ctx).Person)
}
