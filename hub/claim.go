package hub

import (
	"context"
	"fmt"
)

// target loads the case of a command; nil for a receive command whose case is
// not there yet.
func (s *Service) target(ctx context.Context, cmd *Command) (*Case, []Event, error) {
	receive := cmd.Intent.kind() == KindReceived
	if receive && cmd.Case == "" {
		if err := s.findClaimed(ctx, cmd); err != nil || cmd.Case == "" {
			return nil, nil, err
		}
	}
	c, events, err := s.load(ctx, cmd.Case)
	if receive && ErrorCode(err) == NotFound {
		return nil, nil, nil
	}
	return c, events, err
}

// findClaimed names the case of a receive command that came before; it stays
// "" where none did. A claim whose case has no event yet is one that a crash or
// a lost answer left: the command goes on with that id.
func (s *Service) findClaimed(ctx context.Context, cmd *Command) error {
	k := NewClaimKey(cmd.Actor.Person, cmd.ID)
	id, err := s.Events.Claimed(ctx, k)
	switch {
	case err == nil:
		cmd.Case = id
		return nil
	case ErrorCode(err) != NotFound:
		return fmt.Errorf("find the claim of a receive command: %w", err)
	}
	old, err := s.Events.Chain(ctx, k.oldCaseID(), 0)
	if err != nil {
		return fmt.Errorf("find the case of a receive command: %w", err)
	}
	if len(old) > 0 {
		cmd.Case = k.oldCaseID()
	}
	return nil
}

// claim gives a new case its id. Two who do so at once both get the same one,
// and the first event decides between them.
func (s *Service) claim(ctx context.Context, cmd *Command) error {
	if cmd.Case != "" {
		return nil
	}
	k := NewClaimKey(cmd.Actor.Person, cmd.ID)
	id, err := s.Events.Claim(ctx, k, NewCaseID(k, Millis(s.Now())))
	if ErrorCode(err) == Unavailable { // said or not: ask again
		return fmt.Errorf("%w: %w", errLost, err)
	}
	if err != nil {
		return fmt.Errorf("claim a case: %w", err)
	}
	cmd.Case = id
	s.Fault("after_claim")
	return nil
}
