package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

func (s *Server) caseRoutes() {
	get := func(path, id, summary, more string) huma.Operation {
		return huma.Operation{Method: http.MethodGet, Path: base + path, OperationID: id, Tags: []string{tagCases}, Summary: summary, Description: more}
	}
	register(s, get("/cases", "list-cases", "件列表 One page of cases", "Newest change first. Only what your agency may see."), s.listCases)
	register(s, huma.Operation{
		Method: http.MethodPost, Path: base + "/cases/search", OperationID: "search-cases", Tags: []string{tagCases},
		Summary:     "按当事人查找 Find cases by a party's number",
		Description: "The number is in the body, so that it is in no address and no log. The search itself is recorded.",
	}, s.searchCases)
	register(s, get("/cases/{id}", "get-case", "件详情 One case, personal fields masked", "The reading is recorded."), s.getCase)
	register(s, huma.Operation{
		Method: http.MethodPost, Path: base + "/cases/{id}/unmask", OperationID: "unmask-case", Tags: []string{tagCases},
		Summary: "查看个人信息 One case with personal fields in full", Description: "Needs a purpose, which is recorded.",
	}, s.unmaskCase)
	register(s, get("/cases/{id}/events", "list-events", "记录链 Every event of a case", "Without the sealed personal parts."), s.listEvents)
	register(s, get("/cases/{id}/access", "list-accesses", "查阅记录 Who saw what of a case, and why", ""), s.listAccesses)
	register(s, get("/queues", "count-queues", "待办数量 How many cases wait in my agency's queues", ""), s.countQueues)
}

// Paging is what every list takes.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"the next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type listInput struct {
	Queue  queueName    `query:"queue" doc:"one of my agency's queues"`
	Status statusName   `query:"status"`
	Number string       `query:"number" maxLength:"40" doc:"exact"`
	Unit   string       `query:"unit" maxLength:"40" doc:"exact"`
	Item   hub.ItemCode `query:"item" maxLength:"60"`
	Paging
}

type pageOutput struct{ Body pageView }

// pageView is one page of a list.
type pageView struct {
	Cases []rowView `json:"cases" nullable:"false"`
	Next  string    `json:"next,omitempty" doc:"cursor of the next page; absent at the end"`
}

func (s *Server) listCases(ctx context.Context, in *listInput) (*pageOutput, error) {
	return s.page(ctx, hub.ListQuery{
		Status: hub.Status(in.Status), Number: in.Number, Unit: in.Unit, Item: in.Item,
		Queue: queueKey(ctx, in.Queue), Limit: in.Limit,
	}, in.Cursor)
}

func queueKey(ctx context.Context, q queueName) hub.QueueKey {
	if q == "" {
		return ""
	}
	return hub.Queue(q).Key(actor(ctx).Agency)
}

func (s *Server) page(ctx context.Context, q hub.ListQuery, cursor string) (*pageOutput, error) {
	who := actor(ctx)
	mark := queryMark(q, who.Agency)
	var err error
	if q.After, err = parseCursor(cursor, mark); err != nil {
		return nil, err
	}
	page, err := s.cfg.Service.List(ctx, who, q)
	if err != nil {
		return nil, err
	}
	rows := each(page.Rows, func(r hub.Row) rowView { return rowViewOf(r, who.Agency) })
	if err := s.addLeases(ctx, rows); err != nil {
		return nil, err
	}
	return &pageOutput{pageView{Cases: rows, Next: formatCursor(page.Next, mark)}}, nil
}

type searchInput struct {
	Body struct {
		Party struct {
			IDKind   string `json:"id_kind" enum:"citizen_id,credit_code,passport"`
			IDNumber string `json:"id_number" minLength:"1" maxLength:"40"`
		} `json:"party"`
		Status statusName   `json:"status,omitempty"`
		Item   hub.ItemCode `json:"item,omitempty" maxLength:"60"`
		Cursor string       `json:"cursor,omitempty" maxLength:"200"`
		Limit  int          `json:"limit,omitempty" minimum:"1" maximum:"100" default:"20"`
	}
}

func (s *Server) searchCases(ctx context.Context, in *searchInput) (*pageOutput, error) {
	who, b := actor(ctx), in.Body
	if err := s.cfg.Policy.Authorize(who, hub.CaseList, nil); err != nil {
		return nil, err
	}
	number, err := canonicalID(b.Party.IDKind, b.Party.IDNumber)
	if err != nil {
		return nil, err
	}
	ref := s.cfg.Service.Keys.PartyRef(b.Party.IDKind, number)
	if err := s.record(ctx, "", "search", string(ref)); err != nil {
		return nil, err
	}
	return s.page(ctx, hub.ListQuery{Party: ref, Status: hub.Status(b.Status), Item: b.Item, Limit: b.Limit}, b.Cursor)
}

// CaseInput is the path of what is about one case.
type CaseInput struct {
	ID string `path:"id" doc:"case id"`
}

// caseID reads the id and lets every later line of the log name the case.
func (in CaseInput) caseID(ctx context.Context) (hub.CaseID, error) {
	id, err := parseCaseID(in.ID)
	of(ctx).caseID = string(id)
	return id, err
}

type caseOutput struct {
	ETag string `header:"ETag"`
	Body caseView
}

func (s *Server) getCase(ctx context.Context, in *CaseInput) (*caseOutput, error) {
	return s.openCase(ctx, *in, "", false)
}

type unmaskInput struct {
	CaseInput
	Body struct {
		Purpose string `json:"purpose" maxLength:"200"`
	}
}

func (s *Server) unmaskCase(ctx context.Context, in *unmaskInput) (*caseOutput, error) {
	return s.openCase(ctx, in.CaseInput, in.Body.Purpose, true)
}

func (s *Server) openCase(ctx context.Context, in CaseInput, purpose string, unmask bool) (*caseOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.cfg.Service.Open(ctx, reading(ctx, purpose), id, unmask)
	if err != nil {
		return nil, err
	}
	out := &caseOutput{ETag: etag(c.Seq), Body: caseViewOf(c, !unmask, s.explainer(ctx))}
	if a := actor(ctx).Agency; a != "" {
		held, err := s.cfg.Leases.LeasesOf(ctx, a, []hub.CaseID{id})
		if err != nil {
			return nil, err
		}
		for _, l := range held {
			out.Body.Lease = new(s.leaseViews(ctx)(l))
		}
	}
	return out, nil
}

type eventsOutput struct {
	Body struct {
		Events []eventView `json:"events" nullable:"false"`
	}
}

func (s *Server) listEvents(ctx context.Context, in *CaseInput) (*eventsOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	events, err := s.cfg.Service.History(ctx, reading(ctx, ""), id)
	if err != nil {
		return nil, err
	}
	out := &eventsOutput{}
	out.Body.Events = each(events, eventViewOf)
	return out, nil
}

type accessInput struct {
	CaseInput
	After string `query:"after" maxLength:"64" doc:"id of the last line of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type accessOutput struct {
	Body struct {
		Accesses []accessView `json:"accesses" nullable:"false"`
		Next     string       `json:"next,omitempty" doc:"give it as after; absent at the end"`
	}
}

func (s *Server) listAccesses(ctx context.Context, in *accessInput) (*accessOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	c, _, err := s.cfg.Service.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.AccessRead, c); err != nil {
		return nil, err
	}
	if err := s.record(ctx, id, "access", ""); err != nil {
		return nil, err
	}
	return s.accessPage(ctx, id, in.After, in.Limit)
}

// names tells people by name in the reader's language, each looked up once.
func (s *Server) names(ctx context.Context) func(hub.PersonID) string {
	known := map[hub.PersonID]string{}
	return func(id hub.PersonID) string {
		if name, ok := known[id]; ok || id == "" {
			return name
		}
		if p, err := s.cfg.Directory.Person(ctx, id); err == nil { // he may be of another hub
			if known[id] = p.NameZH; of(ctx).lang == "en" && p.NameEN != "" {
				known[id] = p.NameEN
			}
		}
		return known[id]
	}
}

// accessPage reads one page of the record of a case, "" for administration.
func (s *Server) accessPage(ctx context.Context, id hub.CaseID, after string, limit int) (*accessOutput, error) {
	lines, err := s.cfg.Access.Accesses(ctx, id, after, limit)
	if err != nil {
		return nil, err
	}
	out := &accessOutput{}
	name := s.names(ctx)
	out.Body.Accesses = each(lines, func(a hub.Access) accessView {
		v := accessViewOf(a)
		v.Name = name(a.Actor.Person)
		return v
	})
	if len(lines) == limit {
		out.Body.Next = lines[len(lines)-1].ID
	}
	return out, nil
}

type queuesOutput struct {
	Body struct {
		Queues []queueView `json:"queues" nullable:"false" doc:"in the order of the desk"`
	}
}

// queueView is one queue of the reader's agency.
type queueView struct {
	Queue hub.Queue `json:"queue"`
	Count int64     `json:"count"`
	More  bool      `json:"more" doc:"counting stopped at 1,000"`
}

const countTo = 1000

func (s *Server) countQueues(ctx context.Context, _ *struct{}) (*queuesOutput, error) {
	who := actor(ctx)
	counts, err := s.cfg.Service.QueueCounts(ctx, who, countTo)
	if err != nil {
		return nil, err
	}
	out := &queuesOutput{}
	out.Body.Queues = []queueView{}
	for _, q := range hub.Queues() {
		if n, ok := counts[q.Key(who.Agency)]; ok {
			out.Body.Queues = append(out.Body.Queues, queueView{Queue: q, Count: n, More: n >= countTo})
		}
	}
	return out, nil
}
