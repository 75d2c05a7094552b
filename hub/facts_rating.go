package hub

// The facts after the end. See facts.go on tags.

// Rated (好差评, 国办发〔2019〕51号): one of the two places got a grade. One
// case gives each place one rating.
type Rated struct {
	Place   RatedPlace `json:"place"`
	Grade   int        `json:"grade"` // 5 非常满意 … 1 非常不满意; 1 and 2 must be followed up
	Private Remark     `json:"-"`
}

// RatedPlace is whom a rating is about.
type RatedPlace string

// The places.
const (
	RatedReceiving RatedPlace = "receiving"
	RatedHandling  RatedPlace = "handling"
)

// RatingAnswered: a bad rating was followed up.
type RatingAnswered struct {
	Place   RatedPlace    `json:"place"`
	Outcome RatingOutcome `json:"outcome"`
	Private Remark        `json:"-"`
}

// RatingOutcome is what the follow-up found.
type RatingOutcome string

// Outcomes of a follow-up.
const (
	RatingCorrected RatingOutcome = "corrected" // 已整改
	RatingExplained RatingOutcome = "explained" // 已说明
	RatingUnfounded RatingOutcome = "unfounded" // 误评、恶意差评
)
