package hub

import (
	"os"
	"strings"
	"testing"
	"time"
)

// docs/cases.md carries the picture of the table; -update is not needed, as
// the expected text is printed.
func TestPictureOfTheTransitionTableIsInTheDocs(t *testing.T) {
	b, err := os.ReadFile("../docs/cases.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := "```mermaid\n" + TransitionDiagram() + "```"; !strings.Contains(string(b), want) {
		t.Fatalf("docs/cases.md must contain:\n%s", want)
	}
}

func TestEveryKindHasAFactAnActionAndARow(t *testing.T) {
	byMachine := map[Kind]bool{KindRunOut: true, KindSessionRecorded: true, KindSessionFinished: true}
	for _, k := range Kinds() {
		if newFact(k) == nil || ActionFor(k) == "" && !byMachine[k] { // no person says that time is up, or what is recorded
			t.Errorf("%s is not complete", k)
		}
	}
	for _, row := range Transitions() {
		if newFact(row.Kind) == nil {
			t.Errorf("row of unknown kind %s", row.Kind)
		}
	}
}

func TestEveryStatusCanBeReachedAndLeft(t *testing.T) {
	reached, left := map[Status]bool{}, map[Status]bool{}
	for _, row := range Transitions() {
		reached[row.To] = true
		for _, s := range row.From {
			if row.To != "" && row.To != s {
				left[s] = true
			}
		}
	}
	for _, s := range Statuses() {
		if !reached[s] {
			t.Errorf("%s is never reached", s)
		}
		if !left[s] && s != StatusClosed {
			t.Errorf("%s is never left", s)
		}
	}
	if left[StatusClosed] {
		t.Error("a closed case is open again")
	}
}

// Custody, invariant 3: with an offer open, nothing but its answer by the
// offered agency is possible, whatever the kind and whoever asks.
func TestAFrozenCaseTakesOnlyTheAnswerOfTheOfferedAgency(t *testing.T) {
	for _, s := range Statuses() {
		c := &Case{
			ID: "c", Seq: 5, Status: s, Receiving: "a", Custodian: "a", Handling: "b",
			Offer: &OpenOffer{ID: "o", From: "a", To: "b"}, Supplements: []Supplement{{}},
		}
		for _, k := range Kinds() {
			f := newFact(k)
			switch x := f.(type) {
			case *CustodyAccepted:
				x.Offer = "o"
			case *CustodyDeclined:
				x.Offer = "o"
			}
			for _, who := range []AgencyID{"a", "b", "x"} {
				_, err := c.next(f, who, who)
				answer := (k == KindCustodyAccepted || k == KindCustodyDeclined) && who == "b" &&
					(s == StatusReceived || s == StatusArrived)
				if (err == nil) != answer {
					t.Errorf("%s, %s by %s: got %v", s, k, who, err)
				}
			}
		}
	}
}

func TestOnlyTheCustodianAppendsButForTheWindowsContribution(t *testing.T) {
	contribution := map[Kind]bool{
		KindMaterialAdded: true, KindSupplementAnswered: true, KindWithdrawn: true,
		KindQuestioned: true, KindHandedOut: true, KindRated: true, KindRatingAnswered: true,
		KindSessionScheduled: true, KindSessionChanged: true, KindSessionCancelled: true, KindSessionConsented: true,
		KindSessionMoved: true, KindSessionIdentified: true, KindSessionSigned: true,
	}
	own := map[Kind]bool{KindWithdrawn: true, KindRated: true, KindSessionConsented: true, KindSessionMoved: true, KindSessionSigned: true}
	for _, s := range Statuses() {
		c := &Case{ID: "c", Seq: 5, Status: s, resume: StatusArrived, Receiving: "w", Custodian: "h", Handling: "h", Supplements: []Supplement{{}}}
		for _, k := range Kinds() {
			f := newFact(k)
			if _, err := c.next(f, "x", "x"); err == nil {
				t.Errorf("%s, %s: a stranger may sign", s, k)
			}
			if _, err := c.next(f, "h", "x"); err == nil {
				t.Errorf("%s, %s: a stranger may act", s, k)
			}
			if _, err := c.next(f, "h", "w"); err == nil && !contribution[k] {
				t.Errorf("%s, %s: the window may act", s, k)
			}
			if _, err := c.next(f, "h", ""); err == nil && !own[k] {
				t.Errorf("%s, %s: a party may act", s, k)
			}
		}
	}
}

// The verifier holds what the service holds: a chain in which one person did
// two duties, or whose times run back, does not fold.
func TestAChainThatTheServiceWouldRefuseDoesNotFold(t *testing.T) {
	base := Case{ID: "c", Seq: 3, Status: StatusAccepted, Receiving: "w", Custodian: "h", Handling: "h", ReceivedBy: "clerk", UpdatedAt: millis(10)}
	reviewed := base
	reviewed.Status, reviewed.First = StatusFirstReviewed, &Review{By: Signatory{Person: "first"}}
	for name, x := range map[string]struct {
		c    Case
		e    Event
		fact Fact
		ok   bool
	}{
		"the clerk reviews":     {base, Event{At: millis(11), Actor: Signatory{"clerk", "h", FirstReviewer}}, &Reviewed{Pass: true}, false},
		"first is second":       {reviewed, Event{At: millis(11), Actor: Signatory{"first", "h", SecondReviewer}}, &Reviewed{Second: true, Pass: true}, false},
		"time runs back":        {base, Event{At: millis(9), Actor: Signatory{"first", "h", FirstReviewer}}, &Reviewed{Pass: true}, false},
		"another person":        {reviewed, Event{At: millis(11), Actor: Signatory{"second", "h", SecondReviewer}}, &Reviewed{Second: true, Pass: true}, true},
		"by a party":            {base, Event{At: millis(11), Actor: Signatory{"buyer", "", Applicant}}, &Withdrawn{}, true},
		"by nobody's officer":   {base, Event{At: millis(11), Actor: Signatory{"clerk", "", Clerk}}, &Withdrawn{}, false},
		"received for somebody": {Case{}, Event{Seq: 1, Actor: Signatory{"clerk", "h", Clerk}}, &Received{Agency: "w"}, false},
	} {
		x.e.Case, x.e.Agency, x.e.Command.ID = "c", "h", "next"
		if x.e.Seq == 0 {
			x.e.Seq = x.c.Seq + 1
		}
		if err := x.c.Apply(x.e, x.fact); (err == nil) != x.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func millis(n int64) time.Time { return time.UnixMilli(n) }
