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

// Rating is one place's grade and its follow-up.
type Rating struct {
	Place    RatedPlace
	Grade    int
	Text     string
	By       Signatory
	At       time.Time
	Answered *RatingReply
}

// RatingReply is the follow-up of a bad rating.
type RatingReply struct {
	Outcome RatingOutcome
	Text    string
	By      Signatory
	At      time.Time
}

// Bad reports whether the rating must be followed up (国办发〔2019〕51号).
func (r *Rating) Bad() bool { return r.Grade <= 2 }

// RatingOf is the rating of one of the two places, or nil.
func (c *Case) RatingOf(p RatedPlace) *Rating {
	i := slices.IndexFunc(c.Ratings, func(r Rating) bool { return r.Place == p })
	if i < 0 {
		return nil
	}
	return &c.Ratings[i]
}

// Paper returns the result with the id, or nil.
func (c *Case) Paper(id string) *Paper {
	i := slices.IndexFunc(c.Results, func(r Paper) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Results[i]
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
	case *Rated:
		c.Ratings = append(c.Ratings, Rating{Place: f.Place, Grade: f.Grade, Text: f.Private.Text, By: e.Actor, At: e.At})
	case *RatingAnswered:
		c.RatingOf(f.Place).Answered = &RatingReply{f.Outcome, f.Private.Text, e.Actor, e.At}
	}
}

// addRatings puts the grades into a row, and who must follow a bad one up.
func (r *Row) addRatings(c *Case) {
	for _, x := range c.Ratings {
		who := c.Custodian
		if x.Place == RatedReceiving {
			who, r.RatedReceiving = c.Receiving, x.Grade
		} else {
			r.RatedHandling = x.Grade
		}
		if x.Bad() && x.Answered == nil && !slices.Contains(r.FollowUp, who) {
			r.FollowUp = append(r.FollowUp, who)
		}
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
