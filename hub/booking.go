package hub

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"tongban/hub/code"
	"tongban/hub/register"
)

// The register and the chain are two stores. Whichever of booking, release and
// withdrawal is first in the register wins; the event follows it, and a
// command that a crash cut between the two finds the register's answer when it
// is repeated.

// bookStep is the one booking of a case, in its source.
const bookStep = "book"

func caseSource(id CaseID, step string) register.Source {
	return register.Source{Kind: register.FromCase, ID: string(id), Step: step}
}

// plan makes the steps that the case asks of the register, on its state now.
// Errors: Invalid with the form's fields that the register does not agree with.
func (s *Service) plan(ctx context.Context, c *Case) ([]register.Step, error) {
	make, ok := bookPlans[c.Item]
	if !ok {
		return nil, E(WrongState, "this item does not end in the register")
	}
	states, err := s.register.States(ctx, c.units())
	if err != nil {
		return nil, s.registerError(err)
	}
	p := &bookPlan{c: c, keys: s.Keys, states: states}
	st := p.state()
	if p.names, err = s.names(ctx, p.unit(), st.Title.Named, st.Title.Entry); err != nil {
		return nil, err
	}
	make(p)
	if len(p.wrong) > 0 {
		return nil, InvalidFields(p.wrong)
	}
	return p.steps, nil
}

// hold takes the unit's lock for an accepted case and tells what must be known.
func (s *Service) hold(ctx context.Context, c *Case, by PersonID) ([]RegisterNote, error) {
	steps, err := s.plan(ctx, c)
	if err != nil {
		return nil, err
	}
	_, warnings, err := s.register.Hold(ctx, register.Request{
		Source: caseSource(c.ID, "hold/"+strconv.FormatInt(c.Seq, 10)), Agency: string(c.Custodian), By: string(by), Steps: steps,
	})
	return registerNotes(warnings), s.registerError(err)
}

// Book (登簿) enters the approved case into the register. Told names the
// entries of which those who acquire were told.
type Book struct {
	Told []string
	Note string
}

func (Book) kind() Kind { return KindBooked }

func (i Book) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	r, err := remark("/note", i.Note, false)
	if err != nil {
		return nil, nil, err
	}
	b, err := s.booked(ctx, c.ID)
	if err == nil && b.ID == "" {
		b, err = s.book(ctx, c, i, cmd.Actor.Person)
	}
	if err != nil {
		return nil, nil, err
	}
	f := &Booked{Booking: string(b.ID), At: b.At, Private: r}
	for _, e := range b.Told {
		f.Told = append(f.Told, string(e))
	}
	for _, l := range b.Links {
		f.Units = append(f.Units, BookedUnit{string(l.Unit), l.Version, Digest(b.Hash)})
	}
	for n, step := range b.Steps {
		for _, number := range step.Certificates {
			f.Papers = append(f.Papers, BookedPaper{paperOf(step.Op), number, string(register.UnitOf(step.Op)), string(b.Source.Entry(n))})
		}
	}
	return f, nil, nil
}

// BookingOf reads the booking that the register made for a case, or nothing.
func (s *Service) BookingOf(ctx context.Context, c *Case) (raw, sig []byte, err error) {
	if c.Booked == nil {
		return nil, nil, nil
	}
	b, err := s.register.Booking(ctx, register.BookingID(c.Booked.Booking))
	return b.Raw, b.Sig, s.registerError(err)
}

// VerifyBooking checks that raw is the booking that the case tells of, and the
// registry's signature on it.
func (v *Verifier) VerifyBooking(ctx context.Context, c *Case, raw, sig []byte) error {
	b, err := register.ParseBooking(raw)
	if err != nil {
		return Wrap(BrokenChain, err, "the booking is not readable")
	}
	h, err := v.Algorithms.HashNamed(b.Names.Hash)
	if err != nil {
		return err
	}
	want := c.Booked
	if string(b.ID) != want.Booking || b.Source != caseSource(c.ID, bookStep) || !Millis(b.At).Equal(want.At) || len(b.Links) != len(want.Units) {
		return E(BrokenChain, "it is another booking than the chain says")
	}
	for i, l := range b.Links {
		if u := want.Units[i]; string(l.Unit) != u.Unit || l.Version != u.Version || Sum(h, raw) != u.Hash {
			return E(BrokenChain, "it is not the booking of unit %s that the chain says", u.Unit)
		}
	}
	key, err := v.Keys.PublicKey(ctx, KeyID(b.Names.Key))
	if err != nil {
		return err
	}
	if string(key.Agency) != b.Agency || key.Scheme != b.Names.Sign || !key.InForce(b.At) {
		return E(BadSignature, "key %s is not the registry's, or was not in force", key.ID)
	}
	scheme, err := v.Algorithms.SignNamed(key.Scheme)
	if err != nil {
		return err
	}
	if err := scheme.Verify(key.PKIX, raw, sig); err != nil {
		return Wrap(BadSignature, err, "the registry's signature is wrong")
	}
	return nil
}

// booked is the case's booking, or an empty one.
func (s *Service) booked(ctx context.Context, id CaseID) (register.Booking, error) {
	b, err := s.register.Booking(ctx, caseSource(id, bookStep).BookingID())
	if register.ReasonOf(err) == register.NotFound {
		return register.Booking{}, nil
	}
	return b, s.registerError(err)
}

func (s *Service) book(ctx context.Context, c *Case, i Book, by PersonID) (register.Booking, error) {
	steps, err := s.plan(ctx, c)
	if err != nil {
		return register.Booking{}, err
	}
	src, told := caseSource(c.ID, bookStep), make([]register.EntryID, len(i.Told))
	for n, e := range i.Told {
		told[n] = register.EntryID(e)
	}
	// Asked first, so that a refusal uses up no numbers.
	list, err := s.register.Check(ctx, src, steps)
	if err != nil {
		return register.Booking{}, s.registerError(err)
	}
	if len(register.Standing(list, told)) > 0 {
		return register.Booking{}, refusedByRegister(list, told)
	}
	for n := range steps {
		if err := s.furnish(ctx, c, &steps[n]); err != nil {
			return register.Booking{}, err
		}
	}
	b, err := s.register.Book(ctx, register.Request{Source: src, Agency: string(c.Custodian), By: string(by), Steps: steps, Told: told})
	s.Fault("after_booking")
	return b, s.registerError(err)
}

// furnish gives a step its certificate's number and the names that belong to it.
func (s *Service) furnish(ctx context.Context, c *Case, step *register.Step) error {
	if kind := paperOf(step.Op); kind != "" {
		number, err := s.certificateNumber(ctx, c.Custodian, kind)
		if err != nil {
			return err
		}
		step.Certificates = []string{number}
	}
	var people []RegisterPerson
	for n, p := range c.Parties {
		if p.Role != "agent" {
			people = append(people, RegisterPerson{c.PartyRefs[n], p.Name, p.IDKind, p.IDNumber})
		}
	}
	var err error
	step.Sealed, err = s.Keys.SealRegister(string(register.UnitOf(step.Op)), people)
	return err
}

// paperOf is the paper that a step of a booking gives, "" for none.
func paperOf(o register.Op) ResultKind {
	switch o.(type) {
	case *register.Transfer, *register.Change, *register.First:
		return ResultCertificate
	case *register.Mortgage, *register.MortgageTransfer, *register.MortgageChange, *register.Notice:
		return ResultProof
	}
	return ""
}

// unbooked refuses what would go against a booking that the register has
// already, as after a crash between the two stores.
func (s *Service) unbooked(ctx context.Context, c *Case) error {
	if !c.Steps.Booking || c.Booked != nil {
		return nil
	}
	b, err := s.booked(ctx, c.ID)
	if err == nil && b.ID != "" {
		err = E(WrongState, "the register has booked this case; finish the booking")
	}
	return err
}

// letGo gives the unit's lock back before an approved case is withdrawn, and
// refuses when the booking was first. After it no booking can come.
func (s *Service) letGo(ctx context.Context, c *Case) error {
	if !c.Steps.Booking {
		return nil
	}
	if err := s.release(ctx, c); err != nil {
		return err
	}
	return s.unbooked(ctx, c)
}

// release gives back every lock of a case that has ended without a booking. It
// may be done again.
func (s *Service) release(ctx context.Context, c *Case) error {
	_, err := s.register.Release(ctx, caseSource(c.ID, "release/"+strconv.FormatInt(c.Seq, 10)), string(c.Custodian), string(hubPerson))
	return s.registerError(err)
}

// projectRegister lets go of what an ended case still holds.
func (s *Service) projectRegister(ctx context.Context, c *Case) error {
	if c.EndedAt.IsZero() || c.Booked != nil || c.Handling != c.Custodian {
		return nil
	}
	if _, ok := bookPlans[c.Item]; !ok {
		return nil
	}
	if keeps, err := s.keepsRegister(ctx, c.Custodian); err != nil || !keeps {
		return err
	}
	if err := s.release(ctx, c); err != nil {
		return fmt.Errorf("release units of case %s: %w", c.ID, err)
	}
	return nil
}

// StopHit suspends the running cases that courts have hit, up to limit, and
// returns how many it dealt with. A crash loses none: each comes again until
// it is settled.
func (s *Service) StopHit(ctx context.Context, limit int) (int, error) {
	stops, err := s.register.Stops(ctx, limit)
	if err != nil {
		return 0, s.registerError(err)
	}
	for _, x := range stops {
		if err := s.stop(ctx, x); err != nil {
			return 0, fmt.Errorf("stop case %s: %w", x.Case, err)
		}
	}
	done := map[register.BookingID]bool{}
	for _, x := range stops { // a booking may hit several cases
		if done[x.Booking] {
			continue
		}
		done[x.Booking] = true
		if err := s.register.Settle(ctx, x.Booking); err != nil {
			return 0, s.registerError(err)
		}
	}
	return len(stops), nil
}

func (s *Service) stop(ctx context.Context, x register.Stop) error {
	c, _, err := s.load(ctx, CaseID(x.Case))
	if err != nil {
		return err
	}
	ground := SuspendedSeizure
	if x.Court == "" {
		ground = SuspendedOther
	}
	_, err = s.ExecuteForAgency(ctx, c.Custodian, Command{
		ID: CommandID("stop/" + string(x.Booking)), Case: c.ID, Intent: Suspend{Ground: ground, Entry: string(x.Booking)},
	})
	if ErrorCode(err) == WrongState { // it stands still already, or it has ended
		return nil
	}
	return err
}

// RegisterCheck tells how the register stands towards a case: what would
// refuse its booking now, and what must be known.
type RegisterCheck struct {
	Kept      bool // the handling place's register is in this hub
	Held      bool // the case has the unit's lock
	Obstacles []FieldError
	Notes     []RegisterNote
}

// CheckRegister asks the register about a case that is on its way to it.
func (s *Service) CheckRegister(ctx context.Context, r Reading, id CaseID) (RegisterCheck, error) {
	c, _, err := s.open(ctx, r, id)
	if err != nil {
		return RegisterCheck{}, err
	}
	if err := s.Policy.Authorize(r.Actor, RegisterRead, c); err != nil {
		return RegisterCheck{}, err
	}
	if c.Erased {
		return RegisterCheck{}, E(Erased, "the case was erased")
	}
	var out RegisterCheck
	if out.Kept, err = s.keepsRegister(ctx, c.responsible()); err != nil || !out.Kept || bookPlans[c.Item] == nil || c.Booked != nil {
		return out, err
	}
	units, err := s.register.LockedBy(ctx, register.CaseID(c.ID))
	if err != nil {
		return out, s.registerError(err)
	}
	out.Held = slices.Contains(units, code.Unit(c.Unit))
	steps, err := s.plan(ctx, c)
	if ErrorCode(err) == Invalid {
		out.Obstacles = FieldsOf(err)
		return out, nil
	}
	if err != nil {
		return out, err
	}
	list, err := s.register.Check(ctx, caseSource(c.ID, bookStep), steps)
	if err != nil {
		return out, s.registerError(err)
	}
	out.Notes = registerNotes(list)
	for _, o := range list {
		if o.Severity == register.Block {
			out.Obstacles = append(out.Obstacles, FieldError{"/register/" + string(o.Unit), string(o.Code), ""})
		}
	}
	return out, nil
}
