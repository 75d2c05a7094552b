package hub

import "context"

// Rate gives one of the two places its grade (好差评).
type Rate struct {
	Place RatedPlace
	Grade int // 5 very good … 1 very bad
	Text  string
}

// AnswerRating follows a bad rating up.
type AnswerRating struct {
	Place   RatedPlace
	Outcome RatingOutcome
	Text    string
}

func (Rate) kind() Kind         { return KindRated }
func (AnswerRating) kind() Kind { return KindRatingAnswered }

func (i Rate) decide(_ context.Context, _ *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if err := oneOf("/place", i.Place, RatedReceiving, RatedHandling); err != nil {
		return nil, nil, err
	}
	if i.Grade < 1 || i.Grade > 5 {
		return nil, nil, InvalidFields([]FieldError{{"/grade", "range", "a grade is 1 to 5"}})
	}
	if c.RatingOf(i.Place) != nil {
		return nil, nil, E(WrongState, "this place has its rating already")
	}
	r, err := remark("/text", i.Text, false)
	return &Rated{Place: i.Place, Grade: i.Grade, Private: r}, nil, err
}

func (i AnswerRating) decide(_ context.Context, _ *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	r := c.RatingOf(i.Place)
	if r == nil || !r.Bad() || r.Answered != nil {
		return nil, nil, E(WrongState, "there is no bad rating of this place to follow up")
	}
	if i.Place == RatedReceiving && cmd.Actor.Agency != c.Receiving || i.Place == RatedHandling && cmd.Actor.Agency != c.Custodian {
		return nil, nil, E(Forbidden, "a rating is followed up by the place it is about")
	}
	if err := oneOf("/outcome", i.Outcome, RatingCorrected, RatingExplained, RatingUnfounded); err != nil {
		return nil, nil, err
	}
	text, err := remark("/text", i.Text, true)
	return &RatingAnswered{Place: i.Place, Outcome: i.Outcome, Private: text}, nil, err
}

// Ratings counts the grades of the actor's agency, by place, and lists the bad
// ones that it must still follow up.
func (s *Service) Ratings(ctx context.Context, actor Actor) (receiving, handling [6]int64, followUp []Row, err error) {
	if err = s.Policy.Authorize(actor, RatingAnswer, nil); err != nil {
		return receiving, handling, nil, err
	}
	if receiving, handling, err = s.Index.Grades(ctx, actor.Agency); err != nil {
		return receiving, handling, nil, err
	}
	followUp, err = s.Index.FollowUps(ctx, actor.Agency, 100)
	return receiving, handling, followUp, err
}
