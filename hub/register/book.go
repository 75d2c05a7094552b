package register

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"tongban/hub/code"
)

// Request asks for a booking.
type Request struct {
	Source Source
	Agency string // the registry that answers for it
	By     string // the booking officer's person id
	Steps  []Step // in order; all or none
	// Told names the entries (objections, rights of residence) of which those
	// who acquire were told in writing and which they accept.
	Told []EntryID
	// Keep holds the case's locks for a later booking of the same case.
	Keep bool
}

// Book books all steps or none. Repeating a source's request returns the
// stored booking; certificates and sealed bytes are then those of the first.
//
// A case must hold the lock of every unit it disposes of, and gives it back
// with the booking. Errors: Refused with every obstacle, Malformed,
// SourceReused, Conflict when others were first too often.
func (r *Register) Book(ctx context.Context, q Request) (Booking, error) {
	return r.commit(ctx, q, func(states map[code.Unit]*State, now time.Time) ([]Step, error) {
		list, after := check(states, q.Source, q.Steps, now, r.terms, true)
		if len(Standing(list, q.Told)) > 0 {
			return nil, &Error{Reason: Refused, Obstacles: list}
		}
		steps := slices.Clone(q.Steps)
		if q.Keep {
			return steps, nil
		}
		return append(steps, unlocks(after, q.Source.Case())...), nil
	})
}

// Hold takes the lock of every unit that the plan disposes of, for the case of
// the source, if nothing stands against the plan; the same as at booking. It
// is called when the case is accepted. Warnings, also those of which somebody
// must be told before booking, are returned with the booking. A plan that
// disposes of nothing needs no lock: the booking is then empty.
// Errors as for Book.
func (r *Register) Hold(ctx context.Context, q Request) (Booking, []Obstacle, error) {
	var warnings []Obstacle
	if q.Source.Kind != FromCase {
		return Booking{}, nil, Fail(Malformed, "only a case holds locks")
	}
	locks := locksFor(q)
	if len(locks) == 0 {
		list, err := r.Check(ctx, q.Source, q.Steps)
		if err == nil && blocks(list) {
			err = &Error{Reason: Refused, Obstacles: list}
		}
		return Booking{}, list, err
	}
	all := q
	all.Steps = append(slices.Clone(q.Steps), locks...) // load everything the plan looks at
	b, err := r.commitAs(ctx, all, locks, func(states map[code.Unit]*State, now time.Time) ([]Step, error) {
		warnings = Check(states, q.Source, q.Steps, now, r.terms)
		missing := slices.DeleteFunc(slices.Clone(locks), func(s Step) bool {
			l := states[s.Op.on()].Lock
			return l != nil && l.Case == q.Source.Case()
		})
		list := withLocks(warnings, Check(states, q.Source, missing, now, r.terms), q.Steps)
		if blocks(list) {
			return nil, &Error{Reason: Refused, Obstacles: list}
		}
		return missing, nil
	})
	return b, warnings, err
}

// withLocks adds what stands against the locks and was not said of the steps
// already, at the first step on the unit.
func withLocks(list, locks []Obstacle, steps []Step) []Obstacle {
	out := slices.Clone(list)
	for _, o := range locks {
		if slices.ContainsFunc(list, func(x Obstacle) bool { return x.Unit == o.Unit && x.Code == o.Code && x.Ref == o.Ref }) {
			continue
		}
		o.Step = slices.IndexFunc(steps, func(s Step) bool { return s.Op != nil && s.Op.on() == o.Unit })
		out = append(out, o)
	}
	return out
}

func blocks(list []Obstacle) bool {
	return slices.ContainsFunc(list, func(o Obstacle) bool { return o.Severity == Block })
}

// locksFor are the locks a plan needs, with the notices it turns into rights.
func locksFor(q Request) []Step {
	var out []Step
	at := map[code.Unit]*Lock{}
	for _, s := range q.Steps {
		if s.Op == nil || !disposing(s.Op) {
			continue
		}
		l := at[s.Op.on()]
		if l == nil {
			l = &Lock{Unit: s.Op.on(), Case: q.Source.Case()}
			at[l.Unit] = l
			out = append(out, Step{Op: l})
		}
		switch x := s.Op.(type) {
		case *Transfer:
			l.claim(x.Notice)
		case *Mortgage:
			l.claim(x.Notice)
		}
	}
	return out
}

func (l *Lock) claim(id EntryID) {
	if id != "" && !slices.Contains(l.Claims, id) {
		l.Claims = append(l.Claims, id)
	}
}

// Release gives back every lock that the case holds, as after a refusal or a
// withdrawal. A case that holds none gets an empty booking and no error.
func (r *Register) Release(ctx context.Context, src Source, agency, by string) (Booking, error) {
	units, err := r.LockedBy(ctx, src.Case())
	if err != nil || len(units) == 0 {
		return Booking{}, err
	}
	steps := make([]Step, 0, len(units))
	for _, u := range units {
		steps = append(steps, Step{Op: &Unlock{Unit: u, Case: src.Case()}})
	}
	return r.Book(ctx, Request{Source: src, Agency: agency, By: by, Steps: steps, Keep: true})
}

// unlocks give back the case's locks on the units that the booking touches.
func unlocks(states map[code.Unit]*State, c CaseID) []Step {
	var out []Step
	for _, u := range slices.Sorted(maps.Keys(states)) {
		if l := states[u].Lock; l != nil && l.Case == c && c != "" {
			out = append(out, Step{Op: &Unlock{Unit: u, Case: c}})
		}
	}
	return out
}

// tries bounds how often a booking decides again because others were first.
const tries = 200

// decide makes the steps to book from the present states, or refuses. No steps
// are nothing to book.
type decide func(states map[code.Unit]*State, now time.Time) ([]Step, error)

func (r *Register) commit(ctx context.Context, q Request, d decide) (Booking, error) {
	return r.commitAs(ctx, q, q.Steps, d)
}

// commitAs books what decide makes; asked is what a repeat must ask for again.
func (r *Register) commitAs(ctx context.Context, q Request, asked []Step, d decide) (Booking, error) {
	plan, err := r.readable(q, asked)
	if err != nil {
		return Booking{}, err
	}
	id := q.Source.BookingID()
	units := needed(q.Steps)
	for try := range tries {
		if b, found, err := r.stored(ctx, id, plan); found || err != nil {
			return b, err
		}
		states, err := r.States(ctx, units)
		if err != nil {
			return Booking{}, err
		}
		now := r.moment(states)
		steps, refusal := d(states, now)
		if refusal != nil { // perhaps the same request was booked meanwhile
			if b, found, err := r.stored(ctx, id, plan); found || err != nil {
				return b, err
			}
			return Booking{}, refusal
		}
		if len(steps) == 0 {
			return Booking{}, nil
		}
		b, err := r.make(ctx, q, steps, states, now, plan)
		if err != nil {
			return Booking{}, err
		}
		switch err = r.store.Append(ctx, b); {
		case err == nil:
			r.follow(ctx, &b, states)
			return b, nil
		case ReasonOf(err) != Conflict:
			return Booking{}, fmt.Errorf("append booking %s: %w", id, err)
		}
		if err := r.certificatesFree(ctx, &b); err != nil {
			return Booking{}, err
		}
		if err := pause(ctx, try); err != nil {
			return Booking{}, fmt.Errorf("append booking %s: %w", id, err)
		}
	}
	return Booking{}, Fail(Conflict, "booking "+string(id)+" came second too often")
}

// readable checks what must be right before anything is looked at.
func (r *Register) readable(q Request, asked []Step) (plan string, err error) {
	s := q.Source
	known := s.Kind == FromCase || s.Kind == FromCourt || s.Kind == FromOffice
	if !known || !text(s.ID, 200) || !plain(s.Step) || len(s.Step) > 200 || q.Agency == "" {
		return "", Fail(Malformed, "a booking needs a source and a registry")
	}
	if len(asked) == 0 || len(q.Steps) > maxSteps {
		return "", Fail(Malformed, "a booking needs between 1 and "+itoa(maxSteps)+" steps")
	}
	if slices.ContainsFunc(asked, func(s Step) bool { return s.Op == nil }) {
		return "", Fail(Malformed, "a step without an operation")
	}
	var numbers []string
	for _, st := range q.Steps {
		numbers = append(numbers, st.Certificates...)
	}
	if repeats(numbers) {
		return "", Fail(Malformed, "a certificate number twice")
	}
	if plan, err = planDigest(asked); err != nil {
		return "", &Error{Reason: Malformed, Message: "steps cannot be written", Err: err}
	}
	return plan, nil
}

// stored is the source's booking if there is one. SourceReused when it is of
// another plan.
func (r *Register) stored(ctx context.Context, id BookingID, plan string) (b Booking, found bool, err error) {
	b, err = r.store.Booking(ctx, id)
	switch {
	case ReasonOf(err) == NotFound:
		return Booking{}, false, nil
	case err != nil:
		return Booking{}, false, fmt.Errorf("read booking %s: %w", id, err)
	case b.Plan != plan:
		return Booking{}, false, Fail(SourceReused, "booking "+string(id)+" is of another plan")
	}
	return b, true, nil
}

// make writes and signs a booking on these states.
func (r *Register) make(ctx context.Context, q Request, steps []Step, states map[code.Unit]*State, now time.Time, plan string) (Booking, error) {
	b := Booking{
		ID: q.Source.BookingID(), Source: q.Source, At: now, Agency: q.Agency, By: q.By, Steps: steps,
		Told: q.Told, Plan: plan,
	}
	for _, u := range slices.Sorted(slices.Values(touched(steps))) {
		s := states[u]
		b.Links = append(b.Links, Link{Unit: u, Version: s.Version + 1, Prev: s.Head})
		if l := s.Lock; l != nil && q.Source.Kind == FromCourt && stops(u, steps) {
			b.Hits = append(b.Hits, Hit{Unit: u, Case: l.Case})
		}
	}
	var err error
	b.Raw, b.Sig, err = r.crypto.Sign(ctx, q.Agency, func(n Names, from time.Time) ([]byte, error) {
		b.Names = n
		if from = millis(from); b.At.Before(from) {
			b.At = from
		}
		return b.write()
	})
	if err != nil {
		return Booking{}, fmt.Errorf("sign booking %s: %w", b.ID, err)
	}
	if len(b.Raw) > maxBooking {
		return Booking{}, Fail(Malformed, "the booking is too large")
	}
	if b.Hash, err = r.crypto.Sum(b.Names.Hash, b.Raw); err != nil {
		return Booking{}, fmt.Errorf("hash booking %s: %w", b.ID, err)
	}
	// What is stored is what will be read: never write what cannot be.
	read, err := ParseBooking(b.Raw)
	if err != nil {
		return Booking{}, &Error{Reason: Malformed, Message: "the booking cannot be read back", Err: err}
	}
	read.Hash, read.Sig = b.Hash, b.Sig
	for _, l := range read.Links {
		if err := states[l.Unit].Clone().Apply(&read); err != nil {
			return Booking{}, err
		}
	}
	return read, nil
}

// stops tells whether a court's steps stop a case that runs on the unit.
func stops(u code.Unit, steps []Step) bool {
	return slices.ContainsFunc(steps, func(s Step) bool {
		switch s.Op.(type) {
		case *Seizure, *Transfer, *Correct, *Cancel:
			return s.Op.on() == u
		}
		return false
	})
}

// follow writes what is derived. If it fails, the booking stands all the same,
// and Sweep finds it by its mark.
func (r *Register) follow(ctx context.Context, b *Booking, states map[code.Unit]*State) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	for _, l := range b.Links {
		if states[l.Unit].Apply(b) != nil {
			return
		}
	}
	_ = r.project(ctx, b, states) // the mark stays
}

// certificatesFree refuses when one of the numbers was issued by another booking.
func (r *Register) certificatesFree(ctx context.Context, b *Booking) error {
	var taken []Obstacle
	for i, s := range b.Steps {
		for _, n := range s.Certificates {
			holder, err := r.store.ByKey(ctx, CertificateKey(n))
			if ReasonOf(err) == NotFound || err == nil && holder.ID == b.ID {
				continue
			}
			if err != nil {
				return fmt.Errorf("look for a certificate: %w", err)
			}
			taken = append(taken, Obstacle{
				Step: i, Unit: s.Op.on(), Code: CertificateTaken, Severity: Block, Args: map[string]string{"certificate": n},
			})
		}
	}
	if len(taken) > 0 {
		return &Error{Reason: Refused, Obstacles: taken}
	}
	return nil
}

// pause lets others finish: a little longer each time, at most some 20 ms.
func pause(ctx context.Context, try int) error {
	d := time.Duration(rand.IntN(min(try+1, 20)*1000)) * time.Microsecond //nolint:gosec // no secret
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
