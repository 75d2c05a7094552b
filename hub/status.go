package hub

import "slices"

// Status is the step a case is at.
type Status string

// The statuses, in the order of the usual way.
const (
	StatusReceived       Status = "received"        // 已收件: papers taken at a window
	StatusArrived        Status = "arrived"         // 已到办理地: the handling place holds it
	StatusCorrecting     Status = "correcting"      // 补正中: waits for the window's answer
	StatusAccepted       Status = "accepted"        // 已受理: the clock runs; first review is due
	StatusFirstReviewed  Status = "first_reviewed"  // 已初审
	StatusSecondReviewed Status = "second_reviewed" // 已复审
	StatusSuspended      Status = "suspended"       // 中止: a seizure or a dispute stands against it
	StatusApproved       Status = "approved"        // 准予登记
	StatusBooked         Status = "booked"          // 已登簿: the right exists
	StatusRejected       Status = "rejected"        // 不予登记
	StatusRefused        Status = "refused"         // 不予受理
	StatusWithdrawn      Status = "withdrawn"       // 已撤回
	StatusClosed         Status = "closed"          // 已办结
)

// Statuses lists every status.
func Statuses() []Status {
	return []Status{
		StatusReceived, StatusArrived, StatusCorrecting, StatusAccepted, StatusFirstReviewed,
		StatusSecondReviewed, StatusSuspended, StatusApproved, StatusBooked, StatusRejected, StatusRefused,
		StatusWithdrawn, StatusClosed,
	}
}

// Holder says whose hand an event needs.
type Holder string

// The holders.
const (
	ByWindow    Holder = "window"    // opens the chain; becomes its custodian
	ByCustodian Holder = "custodian" // the agency that holds the case, when it is not frozen
	ByOfferee   Holder = "offeree"   // the agency that is offered the case
	ByReceiver  Holder = "receiver"  // the custodian, or the receiving window as a contribution
)

// Transition is one row of the table that says what may happen when. The
// first row that fits decides.
type Transition struct {
	Kind   Kind
	Action Action // what the actor must be allowed to do
	From   []Status
	To     Status // "" stays, "resume" leads back to before the supplement
	By     Holder
	If     string // a condition on the fact, named in conditions
}

var transitions = Transitions()

// ActionFor is the action that a kind of event needs.
func ActionFor(k Kind) Action {
	for _, t := range transitions {
		if t.Kind == k {
			return t.Action
		}
	}
	return ""
}

// next finds the row for a fact and returns the status it leads to. custodian
// is the agency that would sign, actor the agency of the person.
func (c *Case) next(f Fact, custodian, actor AgencyID) (Status, error) {
	var seen bool
	for _, t := range transitions {
		if t.Kind != f.kind() || !c.at(t.From) {
			continue
		}
		seen = true
		if !c.condition(t.If, f) {
			continue
		}
		if err := c.mayAppend(t.By, custodian, actor); err != nil {
			return "", err
		}
		switch t.To {
		case "":
			return c.Status, nil
		case resumeStatus:
			return c.resume, nil
		case goOnStatus:
			return c.suspendedAt, nil
		}
		return t.To, nil
	}
	if seen {
		return "", E(WrongState, "the case does not meet the condition of %s", f.kind())
	}
	return "", E(WrongState, "%s is not possible when the case is %s", f.kind(), c.statusName())
}

// possible refuses a kind of event early, for its status and its hand, before
// its content is looked at.
func (c *Case) possible(k Kind, custodian, actor AgencyID) error {
	err := E(WrongState, "%s is not possible when the case is %s", k, c.statusName())
	for _, t := range transitions {
		if t.Kind != k || !c.at(t.From) {
			continue
		}
		if err = c.mayAppend(t.By, custodian, actor); err == nil {
			return nil
		}
	}
	return err
}

func (c *Case) at(from []Status) bool {
	if c.Seq == 0 {
		return from == nil
	}
	return slices.Contains(from, c.Status)
}

func (c *Case) statusName() string {
	if c.Seq == 0 {
		return "not there"
	}
	return string(c.Status)
}

// mayAppend holds the rule of one custodian: who signs and who may act.
func (c *Case) mayAppend(by Holder, custodian, actor AgencyID) error {
	switch by {
	case ByWindow:
		if custodian != actor {
			return E(NotCustodian, "a case is received by the actor's own agency")
		}
		return nil
	case ByOfferee:
		if c.Offer == nil {
			return E(WrongState, "no offer is open")
		}
		if c.Offer.To != custodian || actor != custodian {
			return E(NotCustodian, "the offer is to another agency")
		}
		return nil
	}
	if c.Frozen() {
		return E(CaseFrozen, "the case is offered to another agency and waits for its answer")
	}
	if custodian != c.Custodian {
		return E(NotCustodian, "another agency holds the case")
	}
	if actor != custodian && (by != ByReceiver || actor != c.Receiving && actor != c.Window) {
		return E(NotCustodian, "another agency holds the case")
	}
	return nil
}
