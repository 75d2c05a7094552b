package hub

import (
	"context"
	"time"
)

// Progress is a case in words for a citizen: what is happening, who has it,
// when it ends, and every step so far. It holds nothing personal.
type Progress struct {
	Number                      string
	Item                        ItemCode
	Status                      Status
	Holder                      AgencyID // who must act now
	Receiving, Handling         AgencyID
	Expected                    time.Time // zero: not known, or it has ended
	Provisional, Late           bool
	WaitsForApplicant           bool
	Stopped                     bool // a clock stands still
	Steps                       []ProgressStep
	Results                     []Paper
	RateReceiving, RateHandling bool // may be rated now
}

// ProgressStep is one thing that happened.
type ProgressStep struct {
	Kind   Kind
	Agency AgencyID
	At     time.Time
}

// Progress tells a person of the case where it stands. The reading is recorded.
func (s *Service) Progress(ctx context.Context, r Reading, id CaseID) (Progress, error) {
	c, events, err := s.open(ctx, r, id)
	if err != nil {
		return Progress{}, err
	}
	if err := s.record(ctx, r, id, "progress", ""); err != nil {
		return Progress{}, err
	}
	p := Progress{
		Number: c.Number, Item: c.Item, Status: c.Status, Holder: c.Custodian, Receiving: c.Receiving, Handling: c.responsible(),
		Results: c.Masked().Results,
	}
	if c.Status == StatusCorrecting {
		p.Holder, p.WaitsForApplicant = c.Window, true
	}
	for _, k := range s.Clocks(ctx, c, Millis(s.Now())) {
		p.addClock(k)
	}
	for _, e := range events {
		switch e.Kind {
		case KindMaterialAdded, KindMaterialRemoved, KindRouted, KindCustodyDeclined: // of no use to him
			continue
		}
		p.Steps = append(p.Steps, ProgressStep{e.Kind, e.Actor.Agency, e.At})
	}
	if c.at([]Status{StatusApproved, StatusBooked, StatusRejected, StatusRefused, StatusWithdrawn, StatusClosed}) {
		p.RateReceiving, p.RateHandling = c.RatingOf(RatedReceiving) == nil, c.RatingOf(RatedHandling) == nil
	}
	return p, nil
}

// addClock takes the promise over the law's own limit, and the latest that runs.
func (p *Progress) addClock(k CaseClock) {
	if k.State == "ended" {
		return
	}
	p.Stopped = p.Stopped || k.State == "stopped"
	if k.Kind == ClockStatutory && !p.Expected.IsZero() {
		return
	}
	p.Expected, p.Provisional, p.Late = k.Due, k.Provisional, k.State == "overdue"
}
