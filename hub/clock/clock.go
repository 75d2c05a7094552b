package clock

import "time"

// Kind says what a clock measures. Stable.
type Kind string

// The clocks of a case. The package treats them alike.
const (
	// KindAnswer runs from receiving to the handling place's answer. When it runs out without a written answer the
	// application may count as accepted (不动产登记暂行条例 art. 17).
	KindAnswer Kind = "answer"
	// KindPromised runs from acceptance to the result, for the days that the agency promised.
	KindPromised Kind = "promised"
	// KindStatutory is the same for the days of the law (不动产登记暂行条例 art. 20: 30).
	KindStatutory Kind = "statutory"
)

// Days of the law.
const (
	AnswerDays    = 1  // default; "on the spot" in the law
	StatutoryDays = 30 // 不动产登记暂行条例 art. 20
	MaxDays       = 2000
)

// Why says what stops a clock. Stable.
type Why string

// What stops a clock by law.
const (
	WhySupplement Why = "supplement" // waiting for the applicant (补正)
	WhyNotice     Why = "notice"     // public notice (公告)
	WhySurvey     Why = "survey"     // site survey, where local rules say so
)

// Clock is one period of a case. It is a value: what happened, not what it means.
type Clock struct {
	Kind  Kind
	Start time.Time
	Days  int       // working days, 0 to MaxDays
	Stops []Stop    // in any order; they may overlap, which counts once
	End   time.Time // when the awaited act happened; zero: not yet
}

// Stop is a time that is not counted, from From to just before Until.
type Stop struct {
	From  time.Time
	Until time.Time // zero: still stopped
	Why   Why
}

// Check tells why a clock cannot be read, as an *Error of the section "clock". Whoever makes a clock from what others
// sent checks it first.
func (c *Clock) Check() error {
	fail := func(key string, r Reason) error { return &Error{Section: "clock", Key: key, Reason: r} }
	switch {
	case c.Start.IsZero():
		return fail("start", ReasonMissing)
	case !inCentury(floorDiv(int(c.Start.Unix())-epoch, daySeconds)):
		return fail("start", ReasonRange)
	case c.Days < 0 || c.Days > MaxDays:
		return fail("days", ReasonRange)
	case !c.End.IsZero() && c.End.Before(c.Start):
		return fail("end", ReasonOrder)
	}
	for i := range c.Stops {
		s := &c.Stops[i]
		switch {
		case s.From.IsZero():
			return fail("stops", ReasonMissing)
		case !s.Until.IsZero() && s.Until.Before(s.From):
			return fail("stops", ReasonOrder)
		}
	}
	return nil
}

// State is what a clock does at an instant. Stable.
type State string

// The states. A clock that ended is ended, late or not; one that is past its due instant is overdue even when a stop
// began afterwards.
const (
	Running State = "running"
	Stopped State = "stopped"
	Ended   State = "ended"
	Overdue State = "overdue"
	Invalid State = "invalid" // Check has the reason
)

// Level is the highest alarm reached: 0, 50, 80 or 100 percent of the period.
type Level int

// The levels.
const (
	Level0   Level = 0
	Level50  Level = 50
	Level80  Level = 80
	Level100 Level = 100
)

// levelAt is the level of a percentage; next is the level after it, 0 after the last.
func levelAt(percent int) (at, next Level) {
	switch {
	case percent >= 100:
		return Level100, 0
	case percent >= 80:
		return Level80, Level100
	case percent >= 50:
		return Level50, Level80
	}
	return Level0, Level50
}

// Reading is what a clock says at an instant. All instants are in UTC.
type Reading struct {
	State State
	// Due is the last instant in time. It is zero while an open stop stands before it.
	Due time.Time
	// Earliest is Due, or while that is unknown the due instant if the stop ended now.
	Earliest time.Time
	// Used are the working days that are over; Left is Days − Used, negative when overdue by that many days.
	Used, Left int
	// Percent of the period, 0 to 100, counting the office hours of the present day; see Read.
	Percent int
	Level   Level
	// Late: ended after Due. In time to the second of closing is in time.
	Late bool
	// Provisional: computed with days that a notice not loaded yet may still change.
	Provisional bool
	// NextAlarm is the next instant at which Level rises. It is zero when ended, at 100, and while it depends on the
	// end of an open stop.
	NextAlarm time.Time
}
