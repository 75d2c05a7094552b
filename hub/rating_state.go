package hub

import (
	"slices"
	"time"
)

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

func (c *Case) foldRating(e Event, fact Fact) {
	switch f := fact.(type) {
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
