package hub

import "context"

// HandOut writes down that a result reached its holder.
type HandOut struct {
	ID                string
	Way               HandOutWay
	Receiver          string // who took it
	Signature         Digest // of an uploaded picture; needed at a window
	Carrier, Tracking string // needed by mail
	Text              string
}

// Revoke takes a result out of force.
type Revoke struct {
	ID     string
	Ground RevokeGround
	Text   string
}

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

func (HandOut) kind() Kind      { return KindHandedOut }
func (Revoke) kind() Kind       { return KindRevoked }
func (Rate) kind() Kind         { return KindRated }
func (AnswerRating) kind() Kind { return KindRatingAnswered }

func (i HandOut) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if !c.goodResult(i.ID) {
		return nil, nil, E(NotFound, "the case has no such result in force")
	}
	if err := oneOf("/way", i.Way, ByCounter, ByMail, Electronic, BySelfServer); err != nil {
		return nil, nil, err
	}
	f := &HandedOut{ID: i.ID, Way: i.Way}
	var err error
	if f.Private.Receiver, err = short("/receiver", i.Receiver, 100, i.Way == ByCounter); err != nil {
		return nil, nil, err
	}
	if f.Carrier, err = short("/carrier", i.Carrier, 60, i.Way == ByMail); err != nil {
		return nil, nil, err
	}
	if f.Tracking, err = short("/tracking", i.Tracking, 60, i.Way == ByMail); err != nil {
		return nil, nil, err
	}
	if i.Signature != "" || i.Way == ByCounter {
		file, err := s.signature(ctx, cmd, "/signature", i.Signature)
		if err != nil {
			return nil, nil, err
		}
		f.Signature = &file
	}
	r, err := remark("/text", i.Text, false)
	f.Private.Text = r.Text
	return f, nil, err
}

func (i Revoke) decide(_ context.Context, _ *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if !c.goodResult(i.ID) {
		return nil, nil, E(NotFound, "the case has no such result in force")
	}
	if err := oneOf("/ground", i.Ground, RevokedCourt, RevokedCorrection, RevokedMistake, RevokedOther); err != nil {
		return nil, nil, err
	}
	r, err := remark("/text", i.Text, true)
	return &Revoked{ID: i.ID, Ground: i.Ground, Private: r}, nil, err
}

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
