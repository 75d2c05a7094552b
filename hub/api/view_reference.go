package api

import (
	"time"

	"tongban/hub"
)

type agencyView struct {
	ID       hub.AgencyID `json:"id"`
	NameZH   string       `json:"name_zh"`
	NameEN   string       `json:"name_en"`
	Division string       `json:"division"`
	Timezone string       `json:"timezone"`
	Kind     string       `json:"kind"`
}

func agencyViewOf(a hub.Agency) agencyView { return agencyView(a) }

// itemView is a kind of service, named as its national base or any agency names it.
type itemView struct {
	Item   hub.ItemCode `json:"item"`
	NameZH string       `json:"name_zh"`
	NameEN string       `json:"name_en"`
}

// standardView is an item as one agency applies it.
type standardView struct {
	Item      hub.ItemCode    `json:"item"`
	Agency    hub.AgencyID    `json:"agency,omitempty" doc:"empty for the national base"`
	Version   int             `json:"version"`
	From      time.Time       `json:"from"`
	NameZH    string          `json:"name_zh"`
	NameEN    string          `json:"name_en"`
	Fields    []fieldView     `json:"fields" nullable:"false"`
	Parties   []partyRuleView `json:"parties" nullable:"false"`
	Slots     []slotView      `json:"slots" nullable:"false"`
	Statutory int             `json:"statutory_days"`
	Promised  int             `json:"promised_days"`
	Digest    hub.Digest      `json:"digest"`
}

type fieldView struct {
	Key      string `json:"key"`
	Kind     string `json:"kind"`
	Required bool   `json:"required"`
	Personal bool   `json:"personal"`
	Max      int    `json:"max,omitempty"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
}

type partyRuleView struct {
	Role string `json:"role"`
	Min  int    `json:"min"`
	Max  int    `json:"max"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type slotView struct {
	Key      string   `json:"key"`
	Required bool     `json:"required"`
	If       string   `json:"if,omitempty"`
	Types    []string `json:"types" nullable:"false"`
	MaxBytes int64    `json:"max_bytes"`
	MaxFiles int      `json:"max_files"`
	ZH       string   `json:"zh"`
	EN       string   `json:"en"`
}

func standardViewOf(s hub.Standard) standardView {
	return standardView{
		Item: s.Item, Agency: s.Agency, Version: s.Version, From: s.From, NameZH: s.NameZH, NameEN: s.NameEN,
		Fields:  each(s.Fields, func(f hub.Field) fieldView { return fieldView(f) }),
		Parties: each(s.Parties, func(p hub.PartyRule) partyRuleView { return partyRuleView(p) }),
		Slots: each(s.Slots, func(x hub.Slot) slotView {
			v := slotView(x)
			if v.Types == nil {
				v.Types = []string{}
			}
			return v
		}),
		Statutory: s.Statutory, Promised: s.Promised, Digest: s.Digest,
	}
}

// routeView is a routing decision with every reason.
type routeView struct {
	Agency  hub.AgencyID `json:"agency"`
	NameZH  string       `json:"name_zh,omitempty"`
	NameEN  string       `json:"name_en,omitempty"`
	Place   string       `json:"place" doc:"the division in force on the day"`
	Reasons []reasonView `json:"reasons" nullable:"false"`
	Rules   hub.Digest   `json:"rules"`
}
