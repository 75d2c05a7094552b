package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

// Duty makes an agency responsible for items in a place, as the routing
// configuration says it; with To it hands them on to another.
type Duty struct {
	Agency, To hub.AgencyID
	Place      string // division code; "" all places of the agency
	PlaceZH    string
	Item       string // one item, or a beginning with a star
	From       string // first day; "" no limit
	Until      string // first day no more; "" no limit
}

func (s *Server) administrationRoutes() {
	op := func(method, path, id, summary, more string) huma.Operation {
		return huma.Operation{Method: method, Path: base + path, OperationID: id, Tags: []string{tagAdmin}, Summary: summary, Description: more}
	}
	register(s, op(http.MethodGet, "/duties", "list-duties", "职责 Which agency is responsible for what", "Read from the routing configuration; changed there."), s.listDuties)
	register(s, op(http.MethodGet, "/keys", "list-keys", "签名密钥 The signing keys of the agencies", "Fingerprints only: no private part ever leaves the hub."), s.listKeys)
	register(s, op(http.MethodGet, "/calendar", "get-calendar", "工作日历 The working days of a year", "The national days, with what an office does otherwise laid over them."), s.getCalendar)
	register(s, op(http.MethodGet, "/deliveries", "list-deliveries", "未送达 Messages without a receipt after failed tries", ""), s.listDeliveries)
	hasten := op(http.MethodPost, "/deliveries/{parcel}/retry", "retry-delivery", "立即重试 Try a message again at once", "")
	hasten.DefaultStatus = http.StatusNoContent
	register(s, hasten, s.retryDelivery)
	register(s, op(http.MethodGet, "/access", "list-administration", "管理与查询记录 What was done or read that is of no single case", "Changes of people and settings, searches, readings of the register. For audit administrators; reading it is recorded too."), s.listAdministration)
}

type dutyView struct {
	Agency  hub.AgencyID `json:"agency"`
	To      hub.AgencyID `json:"to,omitempty" doc:"handed on to"`
	Place   string       `json:"place,omitempty" doc:"division code; absent: all places of the agency"`
	PlaceZH string       `json:"place_zh,omitempty"`
	Item    string       `json:"item" doc:"one item, or a beginning with a star"`
	From    string       `json:"from,omitempty" doc:"first day"`
	Until   string       `json:"until,omitempty" doc:"first day no more"`
}

type dutiesOutput struct {
	Body struct {
		Duties []dutyView `json:"duties" nullable:"false"`
	}
}

func (s *Server) listDuties(ctx context.Context, _ *struct{}) (*dutiesOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.RouteExplain, nil); err != nil {
		return nil, err
	}
	out := &dutiesOutput{}
	out.Body.Duties = []dutyView{}
	if s.cfg.Duties != nil {
		out.Body.Duties = each(s.cfg.Duties(), func(d Duty) dutyView { return dutyView(d) })
	}
	return out, nil
}

type keyView struct {
	ID          hub.KeyID    `json:"id"`
	Agency      hub.AgencyID `json:"agency"`
	Scheme      string       `json:"scheme"`
	Fingerprint string       `json:"fingerprint" doc:"SHA-256 of the public key (PKIX), in pairs"`
	From        time.Time    `json:"from"`
	Until       *time.Time   `json:"until,omitempty" doc:"out of force since"`
	Ours        bool         `json:"ours" doc:"this hub signs with it; else it is another hub's"`
}

type keysInput struct {
	Agency hub.AgencyID `query:"agency" maxLength:"60"`
}

type keysOutput struct {
	Body struct {
		Keys []keyView `json:"keys" nullable:"false" doc:"the newest first"`
	}
}

func (s *Server) listKeys(ctx context.Context, in *keysInput) (*keysOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.KeysManage, nil); err != nil {
		return nil, err
	}
	all, err := s.cfg.Keys.AgencyKeys(ctx, in.Agency)
	if err != nil {
		return nil, err
	}
	out := &keysOutput{}
	out.Body.Keys = each(all, func(k hub.AgencyKey) keyView {
		return keyView{k.ID, k.Agency, k.Scheme, fingerprint(k.Public), k.From, unlessZero(k.Until), k.Sealed != nil}
	})
	return out, nil
}

// fingerprint writes the digest of a public key as people compare it.
func fingerprint(pkix []byte) string {
	b, err := hex.DecodeString(strings.TrimPrefix(string(hub.SHA256(pkix)), "sha256:"))
	if err != nil {
		panic(err) // SHA256 writes hex
	}
	pairs := make([]string, len(b))
	for i, x := range b {
		pairs[i] = strings.ToUpper(hex.EncodeToString([]byte{x}))
	}
	return strings.Join(pairs, ":")
}

type calendarInput struct {
	Year   int          `query:"year" minimum:"1991" maximum:"2099" doc:"this year when absent"`
	Agency hub.AgencyID `query:"agency" maxLength:"60" doc:"with what this office does otherwise"`
}

type dayView struct {
	Day    string `json:"day" format:"date"`
	Worked bool   `json:"worked"`
	Own    bool   `json:"own,omitempty" doc:"the office's own; else the State Council's"`
}

type calendarOutput struct {
	Body struct {
		Year        int       `json:"year"`
		Years       []int     `json:"years" nullable:"false" doc:"that were announced and are loaded"`
		Provisional bool      `json:"provisional" doc:"the year is not announced: weekends alone are off"`
		Zone        string    `json:"zone"`
		Open        string    `json:"open"`
		Close       string    `json:"close"`
		Worked      int       `json:"worked" doc:"working days of the year"`
		Days        []dayView `json:"days" nullable:"false" doc:"days that are not as weekends alone would have them"`
	}
}

func (s *Server) getCalendar(ctx context.Context, in *calendarInput) (*calendarOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardRead, nil); err != nil {
		return nil, err
	}
	if in.Year == 0 {
		in.Year = s.cfg.Now().In(beijing).Year()
	}
	c := s.cfg.Service.Calendar
	plan := c.Year(string(in.Agency), in.Year)
	out := &calendarOutput{}
	b := &out.Body
	b.Year, b.Years, b.Provisional, b.Zone, b.Open, b.Close, b.Worked = in.Year, c.Years(), !plan.Known, plan.Zone, plan.Open, plan.Close, plan.Worked
	b.Days = []dayView{}
	for _, d := range plan.Days {
		b.Days = append(b.Days, dayView{d.Date.Format(time.DateOnly), d.Worked, d.Own})
	}
	return out, nil
}

// parcelView is a message that has no receipt yet.
type parcelView struct {
	ID       string       `json:"id"`
	Kind     string       `json:"kind" enum:"offer,answer,recall"`
	From     hub.AgencyID `json:"from"`
	To       hub.AgencyID `json:"to"`
	Case     hub.CaseID   `json:"case"`
	Attempts int          `json:"attempts"`
	Due      time.Time    `json:"due" doc:"next try"`
	Reason   string       `json:"reason" doc:"of the last failure, as the courier wrote it down"`
}

type deliveriesInput struct {
	Attempts int `query:"attempts" minimum:"0" maximum:"1000" default:"1" doc:"after so many failed tries; 0 also what is only waiting"`
	Limit    int `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

type deliveriesOutput struct {
	Body struct {
		Now        time.Time    `json:"now"`
		Deliveries []parcelView `json:"deliveries" nullable:"false" doc:"the most often tried first"`
	}
}

func (s *Server) listDeliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.AgenciesManage, nil); err != nil {
		return nil, err
	}
	all, err := s.cfg.Service.Outbox.Stuck(ctx, in.Attempts, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &deliveriesOutput{}
	out.Body.Now = hub.Millis(s.cfg.Now())
	out.Body.Deliveries = each(all, func(p hub.Parcel) parcelView {
		return parcelView{p.ID, p.Kind, p.From, p.To, p.Case, p.Attempts, p.Due, p.LastErr}
	})
	return out, nil
}

type parcelInput struct {
	Parcel string `path:"parcel" maxLength:"200"`
}

func (s *Server) retryDelivery(ctx context.Context, in *parcelInput) (*struct{}, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.AgenciesManage, nil); err != nil {
		return nil, err
	}
	if p, err := s.cfg.Service.Outbox.Parcel(ctx, in.Parcel); err != nil {
		return nil, err
	} else if p.Done {
		return nil, hub.E(hub.WrongState, "the message is delivered")
	}
	if err := s.record(ctx, "", "delivery.retry", in.Parcel); err != nil {
		return nil, err
	}
	return nil, s.cfg.Service.Outbox.Hasten(ctx, in.Parcel, hub.Millis(s.cfg.Now()))
}

type administrationInput struct {
	After string `query:"after" maxLength:"64" doc:"id of the last line of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (s *Server) listAdministration(ctx context.Context, in *administrationInput) (*accessOutput, error) {
	who := actor(ctx)
	if err := s.cfg.Policy.Authorize(who, hub.AccessRead, nil); err != nil {
		return nil, err
	}
	if !s.cfg.Policy.Scope(who).Everyone { // acts on people are of no agency alone
		return nil, hub.E(hub.Forbidden, "only audit administrators read the record of administration")
	}
	if err := s.record(ctx, "", "access", ""); err != nil {
		return nil, err
	}
	return s.accessPage(ctx, "", in.After, in.Limit)
}
