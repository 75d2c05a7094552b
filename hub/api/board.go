package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
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
	register(s, get("/board", "get-board", "督办看板 Running cases of my agency by the other place, and open offers",
		"Counted over the most urgent 5,000; nobody sees another agency's."), s.getBoard)
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

// boardTo is how many running cases are counted, and openOffers how many open
// offers are shown.
const (
	boardTo    = 5000
	openOffers = 50
)

// placeCountView counts the running cases that we share with another place.
type placeCountView struct {
	Agency  hub.AgencyID `json:"agency" doc:"the other place"`
	Here    string       `json:"here" enum:"receiving,handling,both" doc:"what we are for these cases"`
	Running int          `json:"running"`
	Half    int          `json:"half" doc:"at 50 % or more, less than 80 %"`
	Eighty  int          `json:"eighty" doc:"at 80 % or more, not overdue"`
	Overdue int          `json:"overdue"`
	Next    *time.Time   `json:"next,omitempty" doc:"the next clock that runs out"`
}

type boardOutput struct {
	Body struct {
		Now    time.Time        `json:"now"`
		Places []placeCountView `json:"places" nullable:"false" doc:"where most must be done first"`
		Offers []rowView        `json:"offers" nullable:"false" doc:"open offers that we made or got, the oldest first"`
		More   bool             `json:"more" doc:"counting stopped at 5,000"`
	}
}

func (s *Server) getBoard(ctx context.Context, _ *struct{}) (*boardOutput, error) {
	who, now := actor(ctx), hub.Millis(s.cfg.Now())
	rows, err := s.cfg.Service.DueCases(ctx, who, 0, now, boardTo)
	if err != nil {
		return nil, err
	}
	out := &boardOutput{}
	b := &out.Body
	b.Now, b.More, b.Places, b.Offers = now, len(rows) == boardTo, countPlaces(rows, who.Agency, now), []rowView{}
	offers := slices.DeleteFunc(slices.Clone(rows), func(r hub.Row) bool { return r.OfferedTo == "" })
	slices.SortFunc(offers, func(x, y hub.Row) int { return x.Updated.Compare(y.Updated) })
	b.Offers = each(offers[:min(len(offers), openOffers)], func(r hub.Row) rowView { return rowViewOf(r, who.Agency) })
	return out, nil
}

// countPlaces groups rows, which come in order of their end, by the other place.
func countPlaces(rows []hub.Row, us hub.AgencyID, now time.Time) []placeCountView {
	type group struct {
		agency hub.AgencyID
		here   string
	}
	counts := map[group]*placeCountView{}
	for _, r := range rows {
		g := group{r.Receiving, "handling"}
		switch {
		case r.Receiving == us && (r.Handling == us || r.Handling == ""):
			g = group{us, "both"}
		case r.Receiving == us:
			g = group{r.Handling, "receiving"}
		}
		c := counts[g]
		if c == nil {
			c = &placeCountView{Agency: g.agency, Here: g.here}
			counts[g] = c
		}
		c.Running++
		switch r.Level(now) {
		case 50:
			c.Half++
		case 80:
			c.Eighty++
		case 100:
			c.Overdue++
		}
		if c.Next == nil && r.Due.After(now) {
			c.Next = unlessZero(r.Due)
		}
	}
	out := []placeCountView{}
	for _, c := range counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(x, y placeCountView) int {
		return cmp.Or(y.Overdue-x.Overdue, y.Eighty-x.Eighty, y.Half-x.Half, y.Running-x.Running, strings.Compare(string(x.Agency)+x.Here, string(y.Agency)+y.Here))
	})
	return out
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
