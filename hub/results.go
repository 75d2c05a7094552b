package hub

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Paper is a sealed document of the case and what became of it.
type Paper struct {
	IssuedResult
	Code    string // check code, as printed in its QR; no part of the chain
	At      time.Time
	Revoked *Revocation
	Given   []Delivery
}

// Revocation is why a result is no longer good.
type Revocation struct {
	Ground RevokeGround
	Text   string
	By     Signatory
	At     time.Time
}

// Delivery is one handing out of a result.
type Delivery struct {
	Way               HandOutWay
	Signature         *File
	Carrier, Tracking string
	Receiver, Text    string
	By                Signatory
	At                time.Time
}

// Paper returns the result with the id, or nil.
func (c *Case) Paper(id string) *Paper {
	i := slices.IndexFunc(c.Results, func(r Paper) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Results[i]
}

// bookingDue reports whether the register must still take the case.
func (c *Case) bookingDue() bool { return c.Steps.Booking && c.Booked == nil }

// resultsDue reports whether papers must still be issued.
func (c *Case) resultsDue() bool {
	numbered := c.Booked != nil && len(c.Booked.Papers) > 0
	return !c.bookingDue() && len(c.Results) == 0 && (numbered || len(c.Steps.Papers) > 0)
}

// Hands are the pictures of signatures that were given in the case: under
// questioning records, and for papers that were taken at a window.
func (c *Case) Hands() []File {
	var out []File
	add := func(f File) {
		if !slices.ContainsFunc(out, func(o File) bool { return o.Digest == f.Digest }) {
			out = append(out, f)
		}
	}
	for _, q := range c.Questioned {
		add(q.Signature)
	}
	for _, r := range c.Results {
		for _, g := range r.Given {
			if g.Signature != nil {
				add(*g.Signature)
			}
		}
	}
	return out
}

func (c *Case) goodResult(id string) bool {
	r := c.Paper(id)
	return r != nil && r.Revoked == nil
}

func (c *Case) foldResult(e Event, fact Fact) {
	switch f := fact.(type) {
	case *Booked:
		c.Booked = f
	case *Issued:
		for _, r := range f.Results {
			c.Results = append(c.Results, Paper{IssuedResult: r, At: e.At})
		}
	case *Revoked:
		c.Paper(f.ID).Revoked = &Revocation{f.Ground, f.Private.Text, e.Actor, e.At}
	case *HandedOut:
		r := c.Paper(f.ID)
		r.Given = append(r.Given, Delivery{
			Way: f.Way, Signature: f.Signature, Carrier: f.Carrier, Tracking: f.Tracking,
			Receiver: f.Private.Receiver, Text: f.Private.Text, By: e.Actor, At: e.At,
		})
	}
}

// projectPapers writes the rows of the case's results and marks those that
// they replace.
func (s *Service) projectPapers(ctx context.Context, c *Case) error {
	for _, p := range c.Results {
		row := PaperRow{
			ID: p.ID, Number: p.Number, Kind: p.Kind, Unit: p.Unit, Case: c.ID, Agency: c.Custodian, Digest: p.File.Digest,
			IssuedAt: p.At, Seq: c.Seq,
		}
		if p.Revoked != nil {
			row.RevokedAt, row.Ground = p.Revoked.At, p.Revoked.Ground
		}
		if err := s.Papers.SavePaper(ctx, row); err != nil {
			return fmt.Errorf("save result: %w", err)
		}
		for _, old := range p.Replaces {
			if err := s.Papers.ReplacePaper(ctx, old, p.ID); err != nil {
				return fmt.Errorf("replace result: %w", err)
			}
		}
	}
	return nil
}
