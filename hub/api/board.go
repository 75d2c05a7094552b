package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

func (s *Server) boardRoutes() {
	get := func(path, id, summary, more string) huma.Operation {
		return huma.Operation{Method: http.MethodGet, Path: base + path, OperationID: id, Tags: []string{tagCases}, Summary: summary, Description: more}
	}
	register(s, get("/clocks", "list-clocks", "时限预警 My agency's running clocks, the most urgent first",
		"Levels rise at 50, 80 and 100 %. Both places of a case see the same figures; nobody sees another agency's list."), s.listClocks)
	register(s, get("/cases/{id}/clocks", "get-clocks", "办理时限 The clocks of a case", "From receiving to the answer; from acceptance to the result, as promised and by law."), s.getClocks)
	register(s, get("/ratings", "get-ratings", "好差评统计 My agency's grades, and the bad ones to follow up", ""), s.getRatings)
}

type clocksInput struct {
	// Text, because huma never finds a number among the numbers of an enum.
	Level string `query:"level" enum:"0,50,80,100" default:"50" doc:"at least this far, in percent"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type clockRowView struct {
	Level int     `json:"level" doc:"0, 50, 80 or 100 percent"`
	Case  rowView `json:"case"`
}

type clocksOutput struct {
	Body struct {
		Now    time.Time      `json:"now"`
		Clocks []clockRowView `json:"clocks" nullable:"false"`
	}
}

func (s *Server) listClocks(ctx context.Context, in *clocksInput) (*clocksOutput, error) {
	who, now := actor(ctx), hub.Millis(s.cfg.Now())
	level, err := strconv.Atoi(in.Level)
	if err != nil { // the description has refused it before
		return nil, hub.E(hub.BadRequest, "the level is no number")
	}
	rows, err := s.cfg.Service.DueCases(ctx, who, level, now, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &clocksOutput{}
	out.Body.Now = now
	cases := each(rows, func(r hub.Row) rowView { return rowViewOf(r, who.Agency) })
	if err := s.addLeases(ctx, cases); err != nil {
		return nil, err
	}
	out.Body.Clocks = []clockRowView{}
	for i, r := range rows {
		out.Body.Clocks = append(out.Body.Clocks, clockRowView{r.Level(now), cases[i]})
	}
	return out, nil
}

// clockView is one clock as it stands.
type clockView struct {
	Kind        hub.ClockKind `json:"kind" enum:"answer,promised,statutory"`
	Days        int           `json:"days" doc:"working days it gives"`
	Start       time.Time     `json:"start"`
	Due         *time.Time    `json:"due,omitempty"`
	State       string        `json:"state" enum:"running,stopped,ended,overdue"`
	Used        int           `json:"used" doc:"working days"`
	Left        int           `json:"left" doc:"working days"`
	Percent     int           `json:"percent"`
	Level       int           `json:"level" doc:"0, 50, 80 or 100"`
	NextAlarm   *time.Time    `json:"next_alarm,omitempty"`
	Provisional bool          `json:"provisional"`
	Deemed      bool          `json:"deemed_accepted,omitempty" doc:"no answer came in time: deemed accepted (条例 art. 17)"`
}

type caseClocksOutput struct {
	Body struct {
		Now    time.Time   `json:"now"`
		Clocks []clockView `json:"clocks" nullable:"false"`
	}
}

func (s *Server) getClocks(ctx context.Context, in *CaseInput) (*caseClocksOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.cfg.Service.Open(ctx, reading(ctx, ""), id, false)
	if err != nil {
		return nil, err
	}
	out := &caseClocksOutput{}
	out.Body.Now = hub.Millis(s.cfg.Now())
	out.Body.Clocks = each(s.cfg.Service.Clocks(ctx, c, out.Body.Now), func(k hub.CaseClock) clockView {
		return clockView{
			Kind: k.Kind, Days: k.Days, Start: k.Start, Due: unlessZero(k.Due), State: string(k.State), Used: k.Used, Left: k.Left,
			Percent: k.Percent, Level: k.Level, NextAlarm: unlessZero(k.NextAlarm), Provisional: k.Provisional,
			Deemed: k.Kind == hub.ClockAnswer && !c.DeemedAcceptedAt().IsZero(),
		}
	})
	return out, nil
}

// gradesView counts the five grades of one place.
type gradesView struct {
	Grades [5]int64 `json:"grades" doc:"from 1 非常不满意 to 5 非常满意"`
	Rated  int64    `json:"rated"`
	Good   float64  `json:"good" doc:"part of 3 and better, 0 to 1"`
}

type ratingsOutput struct {
	Body struct {
		Receiving gradesView `json:"receiving"`
		Handling  gradesView `json:"handling"`
		FollowUp  []rowView  `json:"follow_up" nullable:"false" doc:"cases with a bad rating that your agency must answer, oldest first"`
	}
}

func (s *Server) getRatings(ctx context.Context, _ *struct{}) (*ratingsOutput, error) {
	who := actor(ctx)
	receiving, handling, rows, err := s.cfg.Service.Ratings(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &ratingsOutput{}
	out.Body.Receiving, out.Body.Handling = gradesViewOf(receiving), gradesViewOf(handling)
	out.Body.FollowUp = each(rows, func(r hub.Row) rowView { return rowViewOf(r, who.Agency) })
	return out, nil
}

func gradesViewOf(g [6]int64) gradesView {
	v := gradesView{Grades: [5]int64(g[1:])}
	for _, n := range v.Grades {
		v.Rated += n
	}
	if v.Rated > 0 {
		v.Good = float64(v.Grades[2]+v.Grades[3]+v.Grades[4]) / float64(v.Rated)
	}
	return v
}
