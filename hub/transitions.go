package hub

import (
	"fmt"
	"strings"
)

// Where a row may lead besides to a status of its own.
const (
	resumeStatus Status = "resume" // back to before the supplement
	goOnStatus   Status = "go_on"  // back to before the suspension
)

// Transitions is the one table of the case's life. docs/cases.md has its
// picture, generated from here.
func Transitions() []Transition {
	atWindow := []Status{StatusReceived}
	movable := []Status{StatusReceived, StatusArrived}
	reviewing := []Status{StatusAccepted, StatusFirstReviewed}
	handled := []Status{StatusAccepted, StatusFirstReviewed, StatusSecondReviewed}
	open := []Status{StatusReceived, StatusArrived, StatusCorrecting, StatusAccepted, StatusFirstReviewed, StatusSecondReviewed, StatusSuspended}
	timed := append([]Status{StatusReceived, StatusArrived, StatusCorrecting, StatusApproved}, handled...)
	stoppable := append([]Status{StatusCorrecting, StatusApproved}, handled...)
	served := append([]Status{StatusArrived, StatusCorrecting, StatusSuspended, StatusApproved, StatusBooked}, handled...)
	asked := append([]Status{StatusReceived, StatusArrived, StatusCorrecting}, reviewing...)
	done := []Status{StatusApproved, StatusBooked, StatusRejected, StatusRefused, StatusWithdrawn}
	results := []Status{StatusApproved, StatusBooked}
	ended := append([]Status{StatusClosed}, done...)
	return []Transition{
		{KindReceived, CaseReceive, nil, StatusReceived, ByWindow, ""},
		{KindMaterialAdded, MaterialAdd, atWindow, "", ByCustodian, ""},
		{KindMaterialAdded, MaterialAdd, []Status{StatusCorrecting}, "", ByReceiver, ""},
		{KindMaterialRemoved, MaterialRemove, atWindow, "", ByCustodian, ""},
		{KindRouted, CaseRoute, movable, StatusArrived, ByCustodian, "to_itself"},
		{KindRouted, CaseRoute, movable, "", ByCustodian, ""},
		{KindOffered, CustodyOffer, movable, "", ByCustodian, "to_responsible"},
		{KindCustodyAccepted, CustodyAccept, movable, StatusArrived, ByOfferee, "open_offer"},
		{KindCustodyDeclined, CustodyDecline, movable, "", ByOfferee, "open_offer"},
		{KindAccepted, CaseAccept, []Status{StatusArrived}, StatusAccepted, ByCustodian, "responsible"},
		{KindRefused, CaseRefuse, []Status{StatusArrived, StatusCorrecting}, StatusRefused, ByCustodian, "not_accepted_yet"},
		{KindSupplementAsked, SupplementAsk, []Status{StatusArrived, StatusAccepted}, StatusCorrecting, ByCustodian, ""},
		{KindSupplementAnswered, SupplementAnswer, []Status{StatusCorrecting}, resumeStatus, ByReceiver, ""},
		{KindQuestioned, QuestioningRecord, asked, "", ByReceiver, ""},
		{KindWindowMoved, WindowMove, served, "", ByReceiver, "other_window"},
		{KindTaxConfirmed, TaxConfirm, handled, "", ByCustodian, ""},
		{KindNoticeOpened, NoticePublish, handled, "", ByCustodian, "no_notice"},
		{KindNoticeEnded, NoticePublish, handled, "", ByCustodian, "notice_runs"},
		{KindVisited, VisitRecord, handled, "", ByCustodian, ""},
		{KindSuspended, CaseSuspend, stoppable, StatusSuspended, ByCustodian, ""},
		{KindResumed, CaseSuspend, []Status{StatusSuspended}, goOnStatus, ByCustodian, ""},
		{KindRunOut, "", timed, "", ByCustodian, "once"},
		{KindFirstReviewed, ReviewFirst, []Status{StatusAccepted}, StatusSecondReviewed, ByCustodian, "single_review"},
		{KindFirstReviewed, ReviewFirst, []Status{StatusAccepted}, StatusFirstReviewed, ByCustodian, ""},
		{KindSecondReviewed, ReviewSecond, []Status{StatusFirstReviewed}, StatusSecondReviewed, ByCustodian, "pass"},
		{KindSecondReviewed, ReviewSecond, []Status{StatusFirstReviewed}, StatusAccepted, ByCustodian, ""},
		{KindDecided, CaseDecide, []Status{StatusSecondReviewed}, StatusApproved, ByCustodian, "approve"},
		{KindDecided, CaseDecide, []Status{StatusSecondReviewed, StatusSuspended}, StatusRejected, ByCustodian, "reject"},
		{KindBooked, CaseBook, []Status{StatusApproved}, StatusBooked, ByCustodian, "to_be_booked"},
		{KindIssued, ResultIssue, results, "", ByCustodian, "result_is_due"},
		{KindRevoked, ResultRevoke, append([]Status{StatusClosed}, results...), "", ByCustodian, "result_is_good"},
		{KindHandedOut, ResultHandOut, ended, "", ByReceiver, "result_is_good"},
		{KindRated, CaseRate, ended, "", ByReceiver, "not_rated"},
		{KindRatingAnswered, RatingAnswer, ended, "", ByReceiver, "bad_rating"},
		{KindWithdrawn, CaseWithdraw, open, StatusWithdrawn, ByReceiver, ""},
		{KindWithdrawn, CaseWithdraw, []Status{StatusApproved}, StatusWithdrawn, ByReceiver, "to_be_booked"},
		{KindClosed, CaseClose, done, StatusClosed, ByCustodian, "nothing_due"},
	}
}

// condition evaluates the If column.
func (c *Case) condition(name string, fact Fact) bool {
	switch f := fact.(type) {
	case *Routed:
		return name == "" || f.To == c.Custodian
	case *Offered:
		return f.To == c.Handling && f.To != c.Custodian
	case *CustodyAccepted:
		return c.Offer != nil && f.Offer == c.Offer.ID
	case *CustodyDeclined:
		return c.Offer != nil && f.Offer == c.Offer.ID
	case *Accepted:
		return c.Handling == c.Custodian
	case *Refused: // a window that never answers must not hold the case for ever
		return c.Status == StatusArrived || c.resume == StatusArrived
	case *Reviewed:
		return name == "" || f.Pass && (name == "pass" || c.Steps.Reviews == 1)
	case *Decided: // nobody approves what a review did not pass or a step is missing for
		return name == "approve" && f.Approve && c.First != nil && c.First.Pass && len(c.StepsMissing()) == 0 ||
			name == "reject" && !f.Approve
	}
	return c.conditionOfStep(name, fact)
}

// conditionOfStep evaluates the If column for the steps around the decision.
func (c *Case) conditionOfStep(name string, fact Fact) bool {
	switch f := fact.(type) {
	case *WindowMoved:
		return f.To != "" && f.To != c.Window
	case *NoticeOpened:
		return c.Notice == nil
	case *NoticeEnded:
		return c.Notice != nil && c.Notice.EndedAt.IsZero()
	case *RunOut:
		return !c.hasRunOut(f.Clock)
	case *Booked:
		return c.Steps.Booking
	case *Issued:
		return c.resultsDue()
	case *Revoked:
		return c.goodResult(f.ID)
	case *HandedOut:
		return c.goodResult(f.ID)
	case *Rated:
		return c.RatingOf(f.Place) == nil && f.Grade >= 1 && f.Grade <= 5
	case *RatingAnswered:
		r := c.RatingOf(f.Place)
		return r != nil && r.Bad() && r.Answered == nil
	case *Withdrawn:
		return name == "" || c.Steps.Booking
	case *Closed:
		return c.Status != StatusApproved && c.Status != StatusBooked || !c.bookingDue() && !c.resultsDue()
	}
	return true
}

// TransitionDiagram draws the table as a Mermaid state diagram.
func TransitionDiagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, t := range transitions {
		froms := t.From
		if froms == nil {
			froms = []Status{"[*]"}
		}
		label := string(t.Kind)
		if t.If != "" {
			label += " [" + t.If + "]"
		}
		for _, from := range froms {
			for _, to := range t.leadsTo(from) {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, label)
			}
		}
	}
	fmt.Fprintf(&b, "    %s --> [*]\n", StatusClosed)
	return b.String()
}

// leadsTo lists where a row may lead from a status.
func (t *Transition) leadsTo(from Status) []Status {
	switch t.To {
	case "":
		return []Status{from}
	case resumeStatus:
		return []Status{StatusArrived, StatusAccepted}
	case goOnStatus:
		return []Status{StatusCorrecting, StatusAccepted, StatusFirstReviewed, StatusSecondReviewed, StatusApproved}
	}
	return []Status{t.To}
}
