package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

func (s *Server) registerRoutes() {
	op := func(method, path, id, summary, more string) huma.Operation {
		return huma.Operation{Method: method, Path: base + path, OperationID: id, Tags: []string{tagRegister}, Summary: summary, Description: more}
	}
	register(s, op(http.MethodGet, "/register/units/{unit}", "read-register", "登记簿 A unit of the register",
		"For officers of an agency that keeps the register of that place; recorded. Names are masked without a purpose."), s.readRegister)
	register(s, op(http.MethodGet, "/cases/{id}/register", "check-register", "登记簿核验 How the register stands towards a case",
		"What would refuse the booking now, all at once, and what those who acquire must be told."), s.checkRegister)
	register(s, op(http.MethodPost, "/register/orders", "enter-order", "协助执行 Book a court's order",
		"A seizure waits for no case: the case that holds the unit is stopped. Repeating the order changes nothing."), s.enterOrder)
	register(s, op(http.MethodPost, "/register/take-over", "take-over-register", "存量登记接入 Take over an older register",
		"Bookings of the registry itself, in the form tongban.register-seed/1 (docs/register.md), with the people they name. "+
			"Repeating it changes nothing."), s.takeOver)
}

type unitInput struct {
	Unit    string    `path:"unit" maxLength:"60" doc:"不动产单元号, GB/T 37346"`
	At      time.Time `query:"at" doc:"as of this moment; now without it"`
	Purpose string    `header:"Access-Purpose" doc:"why the names are needed, percent-encoded UTF-8; recorded"`
}

type unitOutput struct{ Body unitView }

func (s *Server) readRegister(ctx context.Context, in *unitInput) (*unitOutput, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, err
	}
	v, err := s.cfg.Service.ReadRegister(ctx, reading(ctx, purpose), in.Unit, in.At)
	if err != nil {
		return nil, err
	}
	return &unitOutput{unitViewOf(v)}, nil
}

type registerCheckView struct {
	Kept      bool               `json:"kept" doc:"the handling place's register is in this hub"`
	Held      bool               `json:"held" doc:"the case holds the unit's lock"`
	Obstacles []FieldError       `json:"obstacles" nullable:"false" doc:"what would refuse the booking now"`
	Notes     []registerNoteView `json:"notes" nullable:"false" doc:"what must be known, or told to who acquires"`
}

type registerCheckOutput struct{ Body registerCheckView }

func (s *Server) checkRegister(ctx context.Context, in *CaseInput) (*registerCheckOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.cfg.Service.CheckRegister(ctx, reading(ctx, ""), id)
	if err != nil {
		return nil, err
	}
	return &registerCheckOutput{registerCheckView{
		c.Kept, c.Held, s.fieldProblems(ctx, c.Obstacles), each(c.Notes, func(n hub.RegisterNote) registerNoteView { return registerNoteView(n) }),
	}}, nil
}

type orderBody struct {
	Kind   string `json:"kind" enum:"seizure,extend,lift"`
	Unit   string `json:"unit" minLength:"1" maxLength:"60"`
	Court  string `json:"court,omitempty" maxLength:"400" doc:"needed for a seizure"`
	Order  string `json:"order" minLength:"1" maxLength:"400" doc:"number of the order; it is booked once"`
	Months int    `json:"months,omitempty" minimum:"0" maximum:"36"`
	Entry  string `json:"entry,omitempty" maxLength:"100" doc:"the seizure that is extended or lifted"`
}

type orderInput struct{ Body orderBody }

type orderOutput struct {
	Body struct {
		Booking string    `json:"booking"`
		Entry   string    `json:"entry" doc:"of the register"`
		At      time.Time `json:"at"`
		Hits    []string  `json:"hits" nullable:"false" doc:"running cases that it stops"`
	}
}

func (s *Server) enterOrder(ctx context.Context, in *orderInput) (*orderOutput, error) {
	b, err := s.cfg.Service.EnterOrder(ctx, reading(ctx, ""), hub.CourtOrder(in.Body))
	if err != nil {
		return nil, err
	}
	out := &orderOutput{}
	out.Body.Booking, out.Body.Entry, out.Body.At, out.Body.Hits = string(b.ID), string(b.Source.Entry(0)), b.At, []string{}
	for _, h := range b.Hits {
		out.Body.Hits = append(out.Body.Hits, string(h.Case))
	}
	return out, nil
}

type takeOverInput struct {
	Body struct {
		Register json.RawMessage  `json:"register" doc:"tongban.register-seed/1"`
		People   []seedPersonView `json:"people" maxItems:"2000"`
	}
}

type seedPersonView struct {
	Ref      string `json:"ref" minLength:"1" maxLength:"100" doc:"as the bookings name him"`
	Name     string `json:"name" minLength:"1" maxLength:"400"`
	IDKind   string `json:"id_kind" enum:"citizen_id,credit_code,passport"`
	IDNumber string `json:"id_number" minLength:"1" maxLength:"60"`
}

type takeOverOutput struct {
	Body struct {
		Bookings int `json:"bookings"`
	}
}

func (s *Server) takeOver(ctx context.Context, in *takeOverInput) (*takeOverOutput, error) {
	n, err := s.cfg.Service.TakeOverRegister(ctx, reading(ctx, ""), hub.TakeOver{
		Seed: in.Body.Register, People: each(in.Body.People, func(p seedPersonView) hub.SeedPerson { return hub.SeedPerson(p) }),
	})
	if err != nil {
		return nil, err
	}
	out := &takeOverOutput{}
	out.Body.Bookings = n
	return out, nil
}
