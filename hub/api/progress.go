package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

func (s *Server) progressRoutes() {
	register(s, huma.Operation{
		Method: http.MethodGet, Path: base + "/cases/{id}/progress", OperationID: "get-progress", Tags: []string{tagCases},
		Summary:     "办理进度 Where a case stands, in words for a citizen",
		Description: "What is happening, who has it now, when it is expected to end, and every step so far. The reading is recorded.",
	}, s.getProgress)
}

// progressView is a case for a citizen.
type progressView struct {
	Number    string             `json:"number"`
	Item      hub.ItemCode       `json:"item"`
	Status    hub.Status         `json:"status"`
	Words     string             `json:"words" doc:"what is happening, in the reader's language"`
	Holder    placeView          `json:"holder" doc:"who must act now"`
	Receiving placeView          `json:"receiving"`
	Handling  placeView          `json:"handling"`
	Waits     bool               `json:"waits_for_applicant"`
	Expected  *time.Time         `json:"expected,omitempty" doc:"expected end"`
	Tentative bool               `json:"provisional,omitempty" doc:"the calendar of that year is not known yet"`
	Late      bool               `json:"late,omitempty"`
	Stopped   bool               `json:"stopped,omitempty" doc:"the time is not counted now"`
	Steps     []progressStepView `json:"steps" nullable:"false"`
	Results   []paperView        `json:"results" nullable:"false"`
	RateThese []hub.RatedPlace   `json:"rate" nullable:"false" doc:"which places may be rated now"`
}

type placeView struct {
	Agency hub.AgencyID `json:"agency"`
	Name   string       `json:"name"`
}

type progressStepView struct {
	Kind  hub.Kind  `json:"kind"`
	Words string    `json:"words"`
	Place placeView `json:"place"`
	At    time.Time `json:"at"`
}

type progressOutput struct{ Body progressView }

func (s *Server) getProgress(ctx context.Context, in *CaseInput) (*progressOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.cfg.Service.Progress(ctx, reading(ctx, ""), id)
	if err != nil {
		return nil, err
	}
	words, place := s.catalogues[of(ctx).lang], s.places(ctx)
	v := progressView{
		Number: p.Number, Item: p.Item, Status: p.Status, Words: words.Statuses[p.Status], Holder: place(p.Holder),
		Receiving: place(p.Receiving), Handling: place(p.Handling), Waits: p.WaitsForApplicant, Expected: unlessZero(p.Expected),
		Tentative: p.Provisional, Late: p.Late, Stopped: p.Stopped, Results: each(p.Results, paperViewOf), RateThese: []hub.RatedPlace{},
		Steps: each(p.Steps, func(x hub.ProgressStep) progressStepView {
			return progressStepView{x.Kind, words.Kinds[x.Kind], place(x.Agency), x.At}
		}),
	}
	if p.RateReceiving {
		v.RateThese = append(v.RateThese, hub.RatedReceiving)
	}
	if p.RateHandling {
		v.RateThese = append(v.RateThese, hub.RatedHandling)
	}
	return &progressOutput{v}, nil
}

// places names agencies in the reader's language, each looked up once.
func (s *Server) places(ctx context.Context) func(hub.AgencyID) placeView {
	known := map[hub.AgencyID]placeView{}
	return func(id hub.AgencyID) placeView {
		if v, ok := known[id]; ok || id == "" {
			return v
		}
		v := placeView{Agency: id, Name: string(id)} // it may belong to another hub
		if a, err := s.cfg.Directory.Agency(ctx, id); err == nil {
			if v.Name = a.NameZH; of(ctx).lang == "en" {
				v.Name = a.NameEN
			}
		}
		known[id] = v
		return v
	}
}
