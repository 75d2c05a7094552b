package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tongban/hub/code"
	"tongban/hub/register"
)

// held is what the register of the handling place says of the unit before the
// story begins. The demo lets the registry take it over, as an older register
// comes into a hub.
type held struct {
	by      []string // names of the owners: parties, or others
	joint   bool
	others  []party // people of the register who are no party
	planned bool    // a pre-sale flat: by is the developer
	land    bool    // the unit is the parcel itself
	pledge  *pledge
	advance []string // holders of an advance notice, whose proof is the form's proof_no
}

// pledge is a mortgage that stands.
type pledge struct {
	to   string // name of the creditor
	debt int64  // fen
}

// people are all whom the register names, by name.
func (x *script) people() []party { return append(slices.Clone(x.held.others), x.parties...) }

// landOwner holds the land under the flats of the stories.
var landOwner = firm("", "演示地块建设用地使用权人", "91350100M000100Y43", "")

// takeOver is what the registry enters about the unit of case n.
func (x *script) takeOver(n int, agency string) (map[string]any, error) {
	unit, form := x.unitOf(n), x.formOf(n)
	refs := func(names []string) []register.Ref {
		out := make([]register.Ref, len(names))
		for i, n := range names {
			out[i] = register.Ref(n)
		}
		return out
	}
	text := func(key string) string { s, _ := form[key].(string); return s }
	seed := &register.Seed{Agency: agency}
	if !x.held.land {
		seed.Bookings = append(seed.Bookings, office(unit[:19]+"W00000000", register.Step{Op: &register.First{
			Unit: code.Unit(unit[:19] + "W00000000"), Owners: owning([]register.Ref{register.Ref(landOwner.Name)}, false),
			About: register.Description{Location: "宗地 " + unit[:19], Area: 2_500_000, Use: "residential_land", Nature: "granted", TermEnd: "2082-12-31"},
		}}))
	}
	about := register.Description{Location: text("address"), Area: 9000, Use: "residential", Nature: "market", TermEnd: "2082-12-31"}
	if a, ok := form["area"].(int); ok {
		about.Area = int64(a)
	}
	owners := refs(x.held.by)
	var steps []register.Step
	switch {
	case x.held.planned:
		steps = append(steps, register.Step{Op: &register.Plan{Unit: code.Unit(unit), About: about, Developer: owners[0]}})
	default:
		if x.held.land {
			about.Area, about.Use, about.Nature = 3_120_000, "residential_land", "granted"
		}
		first := register.Step{Op: &register.First{Unit: code.Unit(unit), About: about, Owners: owning(owners, x.held.joint)}}
		if c := text("certificate"); c != "" {
			first.Certificates = []string{c}
		}
		steps = append(steps, first)
	}
	if p := x.held.pledge; p != nil {
		bank := register.Ref(p.to)
		m := register.Step{Op: &register.Mortgage{
			Unit: code.Unit(unit), Kind: register.OrdinaryMortgage, Creditor: bank, Debt: p.debt, Begins: "2021-06-01", Until: "2041-05-31",
			Acting: append(slices.Clone(owners), bank),
		}}
		if c := text("proof_no"); c != "" {
			m.Certificates = []string{c}
		}
		steps = append(steps, m)
	}
	if len(x.held.advance) > 0 {
		holders := refs(x.held.advance)
		steps = append(steps, register.Step{Op: &register.Notice{
			Unit: code.Unit(unit), Kind: register.NoticeOwnership, Obligors: owners, Holders: holders, Acting: append(slices.Clone(owners), holders...),
		}, Certificates: []string{text("proof_no")}})
	}
	seed.Bookings = append(seed.Bookings, office(unit, steps...))
	var b bytes.Buffer
	if _, err := seed.WriteTo(&b); err != nil {
		return nil, err
	}
	var people []map[string]any
	for _, p := range append(x.people(), landOwner) {
		if p.Role != "agent" && p.Role != "escrow" {
			people = append(people, map[string]any{"ref": p.Name, "name": p.Name, "id_kind": p.IDKind, "id_number": p.IDNumber})
		}
	}
	return map[string]any{"register": json.RawMessage(b.Bytes()), "people": people}, nil
}

func office(unit string, steps ...register.Step) register.SeedBooking {
	return register.SeedBooking{Source: register.Source{Kind: register.FromOffice, ID: "demo:" + unit, Step: "take-over"}, Steps: steps}
}

func owning(who []register.Ref, joint bool) register.Ownership {
	o := register.Ownership{Mode: register.Sole}
	if len(who) > 1 && joint {
		o.Mode = register.Joint
	}
	for _, r := range who {
		o.Holders = append(o.Holders, register.Holder{Ref: r})
	}
	return o
}

// enterRegister lets the registry take over what it has about the unit.
func (s *story) enterRegister(ctx context.Context) error {
	agency, err := s.agencyOf(ctx)
	if err != nil {
		return err
	}
	body, err := s.takeOver(s.number, agency)
	if err != nil {
		return err
	}
	req := request{method: "POST", path: "/api/v1/register/take-over", body: body}
	if err := s.booking.do(ctx, req, nil); err != nil {
		return err
	}
	s.say("演示准备：%[1]s 的登记簿已有单元 %[2]s，权利人 %[3]s", "to begin with, the register of %[1]s has unit %[2]s, owned by %[3]s", agency, s.unit(), strings.Join(s.held.by, "、"))
	return nil
}

// agencyOf asks who will be responsible.
func (s *story) agencyOf(ctx context.Context) (string, error) {
	var r struct {
		Agency string `json:"agency"`
	}
	err := s.clerk.do(ctx, get(fmt.Sprintf("/api/v1/route?item=%s&unit=%s", s.item, s.unit())), &r)
	return r.Agency, err
}
