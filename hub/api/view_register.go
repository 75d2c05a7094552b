package api

import (
	"time"

	"tongban/hub"
	registry "tongban/hub/register"
)

// personView is somebody in the register.
type personView struct {
	Name     string `json:"name"`
	IDKind   string `json:"id_kind,omitempty"`
	IDNumber string `json:"id_number,omitempty"`
	Share    string `json:"share,omitempty" doc:"of the whole right"`
}

// unitView is a unit of the register at a moment.
type unitView struct {
	Unit         string          `json:"unit"`
	Version      int64           `json:"version"`
	AsOf         time.Time       `json:"as_of"`
	Head         string          `json:"head" doc:"hash of the newest booking"`
	Status       string          `json:"status" enum:"planned,registered,cancelled,"`
	Location     string          `json:"location,omitempty"`
	Area         int64           `json:"area,omitempty" doc:"0.01 m²"`
	Use          string          `json:"use,omitempty"`
	Nature       string          `json:"nature,omitempty"`
	TermEnd      string          `json:"term_end,omitempty"`
	Ownership    string          `json:"ownership,omitempty" enum:"sole,joint,shares,"`
	Owners       []personView    `json:"owners" nullable:"false"`
	Since        *time.Time      `json:"since,omitempty"`
	Certificates []string        `json:"certificates" nullable:"false"`
	Mortgages    []mortgageView  `json:"mortgages" nullable:"false" doc:"in rank order"`
	Notices      []advanceView   `json:"notices" nullable:"false"`
	Objections   []objectionView `json:"objections" nullable:"false"`
	Seizures     []seizureView   `json:"seizures" nullable:"false"`
	Burdens      []burdenView    `json:"burdens" nullable:"false"`
	Busy         bool            `json:"busy" doc:"an application about it is under way"`
	History      []entryView     `json:"history" nullable:"false" doc:"oldest first"`
	Clear        bool            `json:"clear" doc:"names are in clear; the purpose is recorded"`
}

type mortgageView struct {
	Entry      string     `json:"entry"`
	Kind       string     `json:"kind"`
	Creditor   personView `json:"creditor"`
	Debt       int64      `json:"debt" doc:"fen"`
	From       string     `json:"from"`
	Until      string     `json:"until"`
	NoTransfer bool       `json:"no_transfer"`
	Proofs     []string   `json:"proofs" nullable:"false"`
	At         time.Time  `json:"at"`
}

type advanceView struct {
	Entry   string       `json:"entry"`
	Kind    string       `json:"kind"`
	Holders []personView `json:"holders" nullable:"false"`
	Debt    int64        `json:"debt,omitempty" doc:"fen"`
	Proofs  []string     `json:"proofs" nullable:"false"`
	At      time.Time    `json:"at"`
}

type objectionView struct {
	Entry string     `json:"entry"`
	By    personView `json:"by"`
	About string     `json:"about"`
	At    time.Time  `json:"at"`
	Suit  *time.Time `json:"suit,omitempty"`
}

type seizureView struct {
	Entry   string     `json:"entry"`
	Court   string     `json:"court"`
	Order   string     `json:"order"`
	Months  int        `json:"months"`
	At      time.Time  `json:"at"`
	Waiting int        `json:"waiting" doc:"0 is in force; the others wait"`
	Until   *time.Time `json:"until,omitempty"`
}

type burdenView struct {
	Entry  string     `json:"entry"`
	Kind   string     `json:"kind"`
	Holder personView `json:"holder"`
	Until  string     `json:"until,omitempty"`
	At     time.Time  `json:"at"`
}

type entryView struct {
	Entry        string    `json:"entry"`
	Kind         string    `json:"kind"`
	At           time.Time `json:"at"`
	Agency       string    `json:"agency"`
	Certificates []string  `json:"certificates" nullable:"false"`
}

func unitViewOf(v hub.RegisterView) unitView {
	x := v.Extract
	who := func(r registry.Ref) personView {
		p := v.Names[hub.PartyRef(r)]
		return personView{Name: p.Name, IDKind: p.IDKind, IDNumber: p.IDNumber}
	}
	out := unitView{
		Unit: string(x.Unit), Version: x.Version, AsOf: x.AsOf, Head: string(x.Head), Status: string(x.Status), Location: x.About.Location,
		Area: x.About.Area, Use: x.About.Use, Nature: x.About.Nature, TermEnd: string(x.About.TermEnd), Ownership: string(x.Owners.Mode),
		Since: unlessZero(x.Since), Certificates: each(x.Certificates, same), Busy: x.Lock != nil, Clear: v.Clear,
	}
	out.Owners = each(x.Owners.Holders, func(h registry.Holder) personView {
		p := who(h.Ref)
		p.Share = h.Share.String()
		return p
	})
	out.Mortgages = each(x.Mortgages, func(m registry.Mortgaged) mortgageView {
		return mortgageView{
			string(m.Entry), string(m.Kind), who(m.Creditor), m.Debt, string(m.From), string(m.Until), m.NoTransfer, each(m.Certificates, same), m.At,
		}
	})
	out.Notices = each(x.Notices, func(n registry.Noticed) advanceView {
		return advanceView{string(n.Entry), string(n.Kind), each(n.Holders, who), n.Debt, each(n.Certificates, same), n.At}
	})
	out.Objections = each(x.Objections, func(o registry.Objected) objectionView {
		return objectionView{string(o.Entry), who(o.By), o.About, o.At, unlessZero(o.Suit)}
	})
	out.Seizures = each(x.Seizures, func(z registry.SeizedAt) seizureView {
		return seizureView{string(z.Entry), z.Court, z.Order, z.Months, z.At, z.Waiting, unlessZero(z.Until)}
	})
	out.Burdens = each(x.Burdens, func(b registry.Burden) burdenView {
		return burdenView{string(b.Entry), string(b.Kind), who(b.Holder), string(b.Until), b.At}
	})
	out.History = each(x.History, func(l registry.Line) entryView {
		return entryView{string(l.Entry), string(l.Kind), l.At, l.Agency, each(l.Certificates, same)}
	})
	return out
}
