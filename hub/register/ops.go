package register

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"tongban/hub/code"
	"tongban/hub/exact"
)

// OpKind names what a step does.
type OpKind string

// Op is one registration on one unit. The concrete types are the closed list
// of newOp; their JSON is part of the log's format.
type Op interface {
	kind() OpKind
	// on is the unit it changes.
	on() code.Unit
	// faults tells what is wrong without looking at the register.
	faults(*faults)
	// refs lets the caller replace every reference to a person.
	refs(func(*Ref))
	// check tells what stands against it in the present state.
	check(*checking)
	// apply changes the state. It fails when the op does not fit at all.
	apply(*State, moment) error
}

// UnitOf is the unit that the op changes.
func UnitOf(o Op) code.Unit { return o.on() }

// KindOf is the op's kind.
func KindOf(o Op) OpKind { return o.kind() }

// Step is one op of a booking with what belongs to it.
type Step struct {
	Op Op
	// Certificates are the numbers of the certificates or proofs that this step
	// issues; none may ever have been issued before.
	Certificates []string
	// Sealed holds the names and other personal particulars, under the caller's key.
	Sealed []byte
}

// newOp is an empty op of the kind, nil for an unknown one.
func newOp(k OpKind) Op {
	switch k {
	case KindPlan:
		return &Plan{}
	case KindFirst:
		return &First{}
	case KindTransfer:
		return &Transfer{}
	case KindChange:
		return &Change{}
	case KindCorrect:
		return &Correct{}
	case KindCancel:
		return &Cancel{}
	case KindMortgage:
		return &Mortgage{}
	case KindMortgageChange:
		return &MortgageChange{}
	case KindMortgageTransfer:
		return &MortgageTransfer{}
	case KindMortgageCancel:
		return &MortgageCancel{}
	case KindNotice:
		return &Notice{}
	case KindNoticeCancel:
		return &NoticeCancel{}
	case KindObjection:
		return &Objection{}
	case KindObjectionSuit:
		return &ObjectionSuit{}
	case KindObjectionCancel:
		return &ObjectionCancel{}
	case KindSeizure:
		return &Seizure{}
	case KindSeizureExtend:
		return &SeizureExtend{}
	case KindSeizureLift:
		return &SeizureLift{}
	case KindResidence:
		return &Residence{}
	case KindEasement:
		return &Easement{}
	case KindBurdenCancel:
		return &BurdenCancel{}
	case KindLock:
		return &Lock{}
	case KindUnlock:
		return &Unlock{}
	}
	return nil
}

// decodeOp reads an op strictly: exactly the bytes this package writes.
func decodeOp(k OpKind, data []byte) (Op, error) {
	o, err := readOp(k, data)
	if err != nil {
		return nil, err
	}
	again, err := exact.Marshal(o)
	if err != nil || !bytes.Equal(again, data) {
		return nil, fmt.Errorf("%s is not in its written form", k)
	}
	return o, nil
}

// readOp reads an op; unknown names are refused.
func readOp(k OpKind, data []byte) (Op, error) {
	o := newOp(k)
	if o == nil {
		return nil, fmt.Errorf("op %q is not known", short(string(k)))
	}
	if err := exact.Unmarshal(data, o); err != nil {
		return nil, fmt.Errorf("read %s: %w", k, err)
	}
	return o, nil
}

func short(s string) string {
	if len(s) > 40 {
		return s[:40]
	}
	return s
}

// faults collects what is wrong with the form of an op.
type faults struct{ fields []string }

func (l *faults) need(ok bool, field string) {
	if !ok {
		l.fields = append(l.fields, field)
	}
}

func (l *faults) unit(u code.Unit, field string) {
	parsed, err := code.ParseUnit(string(u))
	l.need(err == nil && parsed == u, field)
}

func (l *faults) people(refs []Ref, least int, field string) {
	l.need(len(refs) >= least && len(refs) <= maxPeople && !slices.ContainsFunc(refs, func(r Ref) bool { return !r.ok() }) && !repeats(refs), field)
}

// owners checks the form; the sum of shares is an obstacle of its own.
func (l *faults) owners(o Ownership, field string) {
	l.need(o.formed() && len(o.Holders) <= maxPeople, field)
	for _, h := range o.Holders {
		l.need(h.Ref.ok(), field+".ref")
	}
}

func (l *faults) ground(g Ground, of ...Ground) { l.need(slices.Contains(of, g), "ground") }

// Bounds of what one booking may carry.
const (
	maxPeople  = 200
	maxSteps   = 1000
	maxSealed  = 64 << 10
	maxBooking = 4 << 20
)

func repeats[T comparable](list []T) bool {
	seen := make(map[T]bool, len(list))
	for _, x := range list {
		if seen[x] {
			return true
		}
		seen[x] = true
	}
	return false
}

func (r Ref) ok() bool { return r != "" && len(r) <= 200 && plain(string(r)) }

// plain text is valid, and has no control characters.
func plain(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, c := range s {
		if unicode.IsControl(c) || c == utf8.RuneError || c == '\u2028' || c == '\u2029' {
			return false
		}
	}
	return true
}

func text(s string, most int) bool { return s != "" && utf8.RuneCountInString(s) <= most && plain(s) }

// word is a short machine word: lower-case letters, digits, underscores.
func word(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != "" && len(s) <= 60
}

func each(f func(*Ref), lists ...[]Ref) {
	for _, l := range lists {
		for i := range l {
			f(&l[i])
		}
	}
}

func eachHolder(f func(*Ref), o *Ownership) {
	if o == nil {
		return
	}
	for i := range o.Holders {
		f(&o.Holders[i].Ref)
	}
}

func itoa[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
