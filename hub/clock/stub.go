// Package clock STUB.
package clock

import "time"

type Calendar struct{}

func Default() *Calendar                     { return &Calendar{} }
func (c *Calendar) Office(id string) *Office { return &Office{} }

type Office struct{}

func (o *Office) Add(start time.Time, days int) (time.Time, bool) {
	return start.AddDate(0, 0, days), false
}

type Stop struct {
	From, Until time.Time
	Why         string
}
type Clock struct {
	Kind  string
	Start time.Time
	Days  int
	Stops []Stop
	End   time.Time
}
type State string

const (
	Running State = "running"
	Stopped State = "stopped"
	Ended   State = "ended"
	Overdue State = "overdue"
)

type Reading struct {
	Due               time.Time
	Used, Left        int
	Percent, Level    int
	State             State
	Provisional, Late bool
	NextAlarm         time.Time
}

func (o *Office) Read(c Clock, now time.Time) Reading { return Reading{} }
