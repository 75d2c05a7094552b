package hub

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"tongban/hub/register"
)

// Service is the case service: authorize, check, append, project. It keeps no
// state that matters and is safe for concurrent use by any number of nodes.
type Service struct {
	Ports
	verify   *Verifier
	register *register.Register

	sweeping atomic.Bool     // somebody reads marks
	marks    chan []EventRef // what is projected but not yet marked so
	awake    chan struct{}   // the loop over sessions has something to do
}

// Command is one wish of one actor about one case.
type Command struct {
	ID     CommandID // the idempotency key: 1 to 128 visible ASCII characters
	Case   CaseID    // empty for Receive
	IfSeq  int64     // when not 0: only if the case is at this seq (If-Match)
	Actor  Actor
	Intent Intent

	machine bool // no person gave it: set by ExecuteForAgency alone
}

// Intent is what a command wants. The types of intents.go are all there are.
type Intent interface {
	kind() Kind
	// decide turns the wish into a fact for the case as it is now. It may
	// read, never write, and is asked again after a lost race.
	decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error)
}

// Result is what a command did. A repeated command gets the same Result.
type Result struct {
	Case     CaseID
	Number   string
	Kind     Kind
	Seq      int64
	Head     Digest
	Status   Status
	At       time.Time
	Repeated bool
}

// maxAttempts bounds how often a command re-decides after losing the race for a seq.
const maxAttempts = 12

// Execute carries out a command: it loads the case, lets policy and the
// transition table refuse, decides, appends one event and projects it. When
// another command wins the race for the seq it decides again on the new state,
// unless the caller named the state by IfSeq.
//
// Errors: the codes of policy, of the transition table and of the intent;
// Forbidden for an actor who calls himself the hub, CommandReused,
// StaleVersion, Conflict, Unavailable.
func (s *Service) Execute(ctx context.Context, cmd Command) (Result, error) {
	if err := cmd.check(); err != nil {
		return Result{}, err
	}
	var err error
	for attempt := range maxAttempts {
		if attempt > 0 {
			if err := pause(ctx, attempt); err != nil {
				return Result{}, err
			}
		}
		var r Result
		if r, err = s.attempt(ctx, &cmd); err == nil {
			return r, nil
		}
		// Lost the race, or lost the answer: look at the chain again. The
		// command's own event, if it is there, gives the first answer.
		if !errors.Is(err, errLost) {
			return Result{}, err
		}
	}
	return Result{}, err
}

// maxEvents bounds a chain, which is read whole for every command: beyond it
// only steps that lead to the end are taken.
const maxEvents = 1000

// errLost marks an append whose seq was taken or whose answer did not arrive.
var errLost = errors.New("append lost")

func pause(ctx context.Context, attempt int) error {
	d := time.Duration(rand.Int64N(int64(attempt) * int64(4*time.Millisecond))) //nolint:gosec // jitter, not a secret
	select {
	case <-ctx.Done():
		return Wrap(Unavailable, context.Cause(ctx), "the request ran out of time")
	case <-time.After(d):
		return nil
	}
}

func (cmd *Command) check() error {
	n := len(cmd.ID)
	for _, b := range []byte(cmd.ID) {
		if b <= ' ' || b > '~' {
			n = 0
		}
	}
	if n < 1 || n > 128 {
		return E(BadRequest, "the idempotency key must be 1 to 128 visible ASCII characters")
	}
	if cmd.Intent == nil {
		return E(BadRequest, "the command is empty")
	}
	if cmd.Actor.isHub() != cmd.machine {
		return E(Forbidden, "nobody acts as the hub itself")
	}
	if cmd.Intent.kind() == KindReceived {
		cmd.Case = "" // the claim says it
	}
	return nil
}

func (s *Service) attempt(ctx context.Context, cmd *Command) (Result, error) {
	c, events, err := s.target(ctx, cmd)
	if err != nil {
		return Result{}, err
	}
	if c == nil {
		c = &Case{}
		if err := s.authorize(cmd, nil); err != nil {
			return Result{}, err
		}
	}
	if seq := c.CommandAt(cmd.ID); seq > 0 {
		return s.repeat(ctx, cmd, c, events[:seq])
	}
	if c.Seq > 0 {
		if err := s.authorize(cmd, c); err != nil {
			return Result{}, err
		}
	}
	if cmd.IfSeq != 0 && cmd.IfSeq != c.Seq {
		return Result{}, E(StaleVersion, "the case has changed since you loaded it")
	}
	if err := c.possible(cmd.Intent.kind(), signs(cmd, c), cmd.Actor.Agency); err != nil {
		return Result{}, err
	}
	if k := cmd.Intent.kind(); c.Seq >= maxEvents && (k == KindMaterialAdded || k == KindMaterialRemoved || k == KindRouted) {
		return Result{}, E(WrongState, "the case has too many events; finish or withdraw it")
	}
	fact, out, err := cmd.Intent.decide(ctx, s, c, cmd)
	if err != nil {
		return Result{}, err
	}
	return s.commit(ctx, cmd, c, fact, out)
}

// repeat answers a command that is already in the chain.
func (s *Service) repeat(ctx context.Context, cmd *Command, c *Case, upTo []Event) (Result, error) {
	e := upTo[len(upTo)-1]
	key, err := s.Keys.caseKey(ctx, cmd.Case, false)
	if err != nil {
		return Result{}, fmt.Errorf("key of case %s: %w", cmd.Case, err)
	}
	digest, err := cmd.digest(key)
	if err != nil {
		return Result{}, err
	}
	if e.Command.Digest != digest {
		if err := s.authorize(cmd, c); err != nil {
			return Result{}, err
		}
		return Result{}, E(CommandReused, "this idempotency key was used for something else")
	}
	then := &Case{}
	if err := s.verify.fold(ctx, then, upTo, nil, readFact); err != nil {
		return Result{}, err
	}
	r := result(then, &e)
	r.Repeated = true
	return r, nil
}

func result(c *Case, e *Event) Result {
	return Result{Case: c.ID, Number: c.Number, Kind: e.Kind, Seq: e.Seq, Head: e.Hash, Status: c.Status, At: e.At}
}

func (s *Service) authorize(cmd *Command, c *Case) error {
	if cmd.machine {
		return nil
	}
	return s.Policy.Authorize(cmd.Actor, ActionFor(cmd.Intent.kind()), c)
}

// digest identifies the content of a command, keyed because it may be personal.
func (cmd *Command) digest(key *caseKey) (string, error) {
	b, err := Marshal(struct {
		Person PersonID
		Agency AgencyID
		Kind   Kind
		Intent Intent
	}{cmd.Actor.Person, cmd.Actor.Agency, cmd.Intent.kind(), cmd.Intent})
	if err != nil {
		return "", fmt.Errorf("digest of command: %w", err)
	}
	return key.commandDigest(b), nil
}

// commit builds, signs and appends the event. The append is the only commit.
func (s *Service) commit(ctx context.Context, cmd *Command, c *Case, f Fact, out []Outgoing) (Result, error) {
	// Only now is it sure that a new case will be: a refused one leaves no claim
	// and no key.
	if err := s.claim(ctx, cmd); err != nil {
		return Result{}, err
	}
	key, err := s.Keys.caseKey(ctx, cmd.Case, c.Seq == 0)
	if err != nil {
		return Result{}, fmt.Errorf("key of case %s: %w", cmd.Case, err)
	}
	e, err := s.event(ctx, cmd, c, key, f, out)
	if err != nil {
		return Result{}, err
	}
	if err := c.Apply(*e, f); err != nil {
		// The table refused: tell its reason, not that a chain is broken.
		if inner := errors.Unwrap(err); inner != nil {
			return Result{}, inner
		}
		return Result{}, err
	}
	s.Fault("before_append")
	if err := s.Events.Append(ctx, *e); err != nil {
		switch ErrorCode(err) {
		case Conflict, Unavailable:
			return Result{}, fmt.Errorf("%w: %w", errLost, err)
		}
		return Result{}, fmt.Errorf("append to case %s: %w", cmd.Case, err)
	}
	s.Fault("after_append")
	if err := s.project(context.WithoutCancel(ctx), c, e); err != nil {
		// Committed all the same; the sweeper will bring the projection up.
		s.Logger.WarnContext(ctx, "projection is behind", "case_id", c.ID, "seq", e.Seq, "error", err)
	}
	return result(c, e), nil
}

func (s *Service) event(ctx context.Context, cmd *Command, c *Case, key *caseKey, f Fact, out []Outgoing) (*Event, error) {
	digest, err := cmd.digest(key)
	if err != nil {
		return nil, err
	}
	agency := signs(cmd, c)
	signer, err := s.Keys.signer(ctx, agency)
	if err != nil {
		return nil, fmt.Errorf("sign for %s: %w", agency, err)
	}
	e := &Event{
		Case: cmd.Case, Seq: c.Seq + 1, Prev: c.Head, At: signer.Moment(s.moment(c)), Kind: f.kind(), Agency: agency, Key: signer.ID,
		Schemes: SchemeNames{s.Algorithms.Hash.Name(), signer.Scheme, key.scheme},
		Actor:   Signatory{cmd.Actor.Person, cmd.Actor.Agency, s.roleFor(cmd)},
		Command: CommandMark{cmd.ID, digest}, Outbox: out,
	}
	if e.Data, err = Marshal(f); err != nil {
		return nil, fmt.Errorf("encode %s: %w", e.Kind, err)
	}
	if p := f.private(); p != nil {
		plain, err := Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", e.Kind, err)
		}
		if e.Sealed, err = s.Keys.sealFact(key, cmd.Case, e.Kind, cmd.ID, plain); err != nil {
			return nil, fmt.Errorf("seal %s: %w", e.Kind, err)
		}
	}
	if e.contributed() {
		if err := s.contribute(ctx, e); err != nil {
			return nil, err
		}
	}
	return e, e.seal(s.Algorithms.Hash, signer)
}

// signs is the agency whose key signs what a command does: the custodian, or
// the actor's own where the event makes or answers a custodian.
func signs(cmd *Command, c *Case) AgencyID {
	switch cmd.Intent.kind() {
	case KindReceived, KindCustodyAccepted, KindCustodyDeclined:
		return cmd.Actor.Agency
	}
	return c.Custodian
}

// contribute adds the signature of the agency whose clerk did the work.
func (s *Service) contribute(ctx context.Context, e *Event) error {
	k, sig, err := s.Keys.Sign(ctx, e.Actor.Agency, e.contributionBytes(s.Algorithms.Hash))
	if err != nil {
		return fmt.Errorf("contribution of %s: %w", e.Actor.Agency, err)
	}
	e.At = k.Moment(e.At)
	e.Contribution = &Contribution{Agency: e.Actor.Agency, Key: k.ID, Sign: k.Scheme, Sig: sig}
	return nil
}

// moment is now, but never before the event before: a chain's times do not run back.
func (s *Service) moment(c *Case) time.Time {
	t := Millis(s.Now())
	if t.Before(c.UpdatedAt) {
		return c.UpdatedAt
	}
	return t
}

// roleFor names the role that allows the action, for the record.
func (s *Service) roleFor(cmd *Command) Role {
	for _, r := range cmd.Actor.Roles {
		if s.Policy.Permits(r, ActionFor(cmd.Intent.kind())) {
			return r
		}
	}
	return ""
}

// hubPerson acts where no person does: a message that is refused by machine.
const hubPerson PersonID = "hub"

func (a Actor) isHub() bool { return a.Person == hubPerson }

// ExecuteForAgency carries out a command that no person gave: the hand-over
// protocol answering for an agency. The chain says so.
func (s *Service) ExecuteForAgency(ctx context.Context, a AgencyID, cmd Command) (Result, error) {
	cmd.Actor, cmd.machine = Actor{Person: hubPerson, Agency: a}, true
	return s.Execute(ctx, cmd)
}

// load folds a case from its chain. NotFound when there is none.
func (s *Service) load(ctx context.Context, id CaseID) (*Case, []Event, error) {
	events, err := s.Events.Chain(ctx, id, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("load case %s: %w", id, err)
	}
	if len(events) == 0 {
		return nil, nil, E(NotFound, "no such case")
	}
	c := &Case{}
	if err := s.verify.fold(ctx, c, events, s.Keys, readFact); err != nil {
		return nil, nil, fmt.Errorf("load case %s: %w", id, err)
	}
	for i := range c.Results {
		c.Results[i].Code = s.Keys.CheckCode(c.Results[i].ID)
	}
	return c, events, nil
}
