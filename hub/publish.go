package hub

import (
	"context"
	"time"
)

// PublishStandard puts a draft into force from its day on, and freezes the
// older versions that it replaces. WrongState when a newer version of the same
// agency is published already, or the version was withdrawn; Conflict when the
// draft is another than the one with the digest.
func PublishStandard(ctx context.Context, d Directory, ref StandardRef, now time.Time) error {
	all, err := d.Standards(ctx, ref.Item)
	if err != nil {
		return err
	}
	for i := range all {
		if s := &all[i]; s.Agency == ref.Agency && s.Version > ref.Version && s.Applies() {
			return E(WrongState, "version %d is published already; give the draft a higher number", s.Version)
		}
	}
	if err := d.MoveStandard(ctx, ref, StandardPublished); err != nil {
		return err
	}
	std, err := d.Standard(ctx, ref)
	if err != nil || std.From.After(now) {
		return err // the older one is frozen when it is found replaced, see WithdrawStandard
	}
	return freezeOlder(ctx, d, all, ref)
}

func freezeOlder(ctx context.Context, d Directory, all []Standard, ref StandardRef) error {
	for i := range all {
		s := &all[i]
		if s.Agency != ref.Agency || s.Version >= ref.Version || s.State != StandardPublished {
			continue
		}
		if err := d.MoveStandard(ctx, s.Ref(), StandardFrozen); err != nil && ErrorCode(err) != WrongState {
			return err
		}
	}
	return nil
}

// WithdrawStandard takes back a draft, or a published version that no case is
// pinned to and no newer one in force has replaced. WrongState otherwise.
func WithdrawStandard(ctx context.Context, d Directory, ref StandardRef, now time.Time) error {
	all, err := d.Standards(ctx, ref.Item)
	if err != nil {
		return err
	}
	for i := range all {
		s := &all[i]
		if s.Agency != ref.Agency || s.Version <= ref.Version || !s.Applies() || s.From.After(now) {
			continue
		}
		if err := freezeOlder(ctx, d, all, s.Ref()); err != nil {
			return err
		}
	}
	return d.MoveStandard(ctx, ref, StandardWithdrawn)
}
