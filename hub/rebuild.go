package hub

import (
	"context"
	"fmt"
	"reflect"
	"slices"
)

// Finding is one thing that a check found wrong.
type Finding struct {
	Case CaseID
	What string
}

// RebuildReport counts what a rebuild or a check went through.
type RebuildReport struct {
	Cases, Events, Materials, Messages int
	Rewritten                          int
	Findings                           []Finding
}

const rebuildPage = 500

// Rebuild goes through every chain and verifies it whole: hashes, signatures,
// transitions, materials in the object store, one message and one receipt for
// everything that had to leave; and every row for a chain behind it. With
// write it makes all derived data again; without, it only compares, and what
// is behind or different is a finding.
func (s *Service) Rebuild(ctx context.Context, write bool, progress func(RebuildReport)) (RebuildReport, error) {
	var rep RebuildReport
	seen := map[CaseID]bool{}
	if err := s.rebuildChains(ctx, write, &rep, seen, progress); err != nil {
		return rep, err
	}
	return rep, s.checkRowsHaveChains(ctx, write, &rep, seen)
}

func (s *Service) rebuildChains(ctx context.Context, write bool, rep *RebuildReport, seen map[CaseID]bool, progress func(RebuildReport)) error {
	var after CaseID
	for {
		ids, err := s.Events.CaseIDs(ctx, after, rebuildPage)
		if err != nil {
			return fmt.Errorf("list cases: %w", err)
		}
		for _, id := range ids {
			seen[id] = true
			if err := s.rebuildCase(ctx, id, write, rep); err != nil {
				return fmt.Errorf("rebuild case %s: %w", id, err)
			}
		}
		if progress != nil {
			progress(*rep)
		}
		if len(ids) < rebuildPage {
			return nil
		}
		after = ids[len(ids)-1]
	}
}

// checkRowsHaveChains finds rows of cases that have no chain (any more). A row
// that came to be while the check ran is asked for again.
func (s *Service) checkRowsHaveChains(ctx context.Context, write bool, rep *RebuildReport, seen map[CaseID]bool) error {
	q := ListQuery{Scope: Scope{Everyone: true}, Limit: rebuildPage}
	for {
		page, err := s.Index.List(ctx, q)
		if err != nil {
			return fmt.Errorf("list rows: %w", err)
		}
		for _, r := range page.Rows {
			if seen[r.ID] {
				continue
			}
			events, err := s.Events.Chain(ctx, r.ID, 0)
			if err != nil {
				return fmt.Errorf("read chain of %s: %w", r.ID, err)
			}
			if len(events) > 0 {
				continue
			}
			rep.Findings = append(rep.Findings, Finding{r.ID, "there is a row, but no chain"})
			if write {
				if err := s.Index.Drop(ctx, r.ID); err != nil {
					return fmt.Errorf("drop row: %w", err)
				}
			}
		}
		if q.After = page.Next; q.After == nil {
			return nil
		}
	}
}

func (s *Service) rebuildCase(ctx context.Context, id CaseID, write bool, rep *RebuildReport) error {
	rep.Cases++
	found := func(format string, args ...any) {
		rep.Findings = append(rep.Findings, Finding{id, fmt.Sprintf(format, args...)})
	}
	c, events, err := s.load(ctx, id)
	if ErrorCode(err) == BrokenChain {
		found("%v", err)
		return nil
	}
	if err != nil {
		return err
	}
	rep.Events += len(events)
	var seq int64
	var head Digest
	for i := range events {
		if err := s.verify.VerifyEvent(ctx, &events[i], seq, head); err != nil {
			found("%v", err)
			return nil
		}
		seq, head = events[i].Seq, events[i].Hash
	}
	if err := s.checkMaterials(ctx, c, rep, found); err != nil {
		return err
	}
	if err := s.checkBooking(ctx, c, found); err != nil {
		return err
	}
	if err := s.checkClaim(ctx, &events[0], write, found); err != nil {
		return err
	}
	if write {
		rep.Rewritten++
		return s.rewriteRow(ctx, c, events)
	}
	if err := s.checkRow(ctx, c, found); err != nil {
		return err
	}
	return s.checkMessages(ctx, events, rep, found)
}

// checkBooking finds a booking that the chain tells of and the register does
// not have so, and one in the register that the chain does not tell of.
func (s *Service) checkBooking(ctx context.Context, c *Case, found func(string, ...any)) error {
	if c.Booked == nil {
		if b, err := s.booked(ctx, c.ID); err != nil || b.ID == "" || !c.Steps.Booking {
			return err
		}
		found("the register has booked the case, and its chain does not say so: repeat the booking")
		return nil
	}
	raw, sig, err := s.BookingOf(ctx, c)
	if ErrorCode(err) == NotFound {
		found("the register does not have its booking %s", c.Booked.Booking)
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.verify.VerifyBooking(ctx, c, raw, sig); err != nil {
		found("%v", err)
	}
	return nil
}

// checkClaim finds a receive command that would not meet its own case again,
// and with write says it again where it was lost.
func (s *Service) checkClaim(ctx context.Context, e *Event, write bool, found func(string, ...any)) error {
	k := NewClaimKey(e.Actor.Person, e.Command.ID)
	var id CaseID
	var err error
	if write {
		id, err = s.Events.Claim(ctx, k, e.Case)
	} else if id, err = s.Events.Claimed(ctx, k); ErrorCode(err) == NotFound && e.Case == k.oldCaseID() {
		return nil
	}
	switch {
	case ErrorCode(err) == NotFound:
		found("the claim of its receive command is missing")
		return nil
	case err != nil:
		return fmt.Errorf("look for the claim: %w", err)
	case id != e.Case:
		found("its receive command leads to case %s", id)
	}
	return nil
}

// rewriteRow makes what is derived from a case again, so that there is a row
// at every moment. Only a row that is ahead of its chain is dropped first.
func (s *Service) rewriteRow(ctx context.Context, c *Case, events []Event) error {
	if old, err := s.Index.Row(ctx, c.ID); err == nil && old.Seq > c.Seq {
		if err := s.Index.Drop(ctx, c.ID); err != nil {
			return fmt.Errorf("drop row: %w", err)
		}
	}
	if err := s.Index.Replace(ctx, RowOf(c, s.Calendar)); err != nil {
		return fmt.Errorf("replace row: %w", err)
	}
	return s.project(ctx, c, pointers(events)...)
}

func (s *Service) checkMaterials(ctx context.Context, c *Case, rep *RebuildReport, found func(string, ...any)) error {
	var digests []Digest
	for _, m := range c.Materials {
		digests = append(digests, m.File.Digest)
	}
	for _, f := range c.Hands() {
		digests = append(digests, f.Digest)
	}
	for _, r := range c.Results {
		digests = append(digests, r.File.Digest)
	}
	rep.Materials += len(digests)
	slices.Sort(digests)
	missing, err := s.Objects.Missing(ctx, slices.Compact(digests))
	if err != nil {
		return fmt.Errorf("look for materials: %w", err)
	}
	for _, d := range missing {
		found("material %s is not in the object store", d)
	}
	return nil
}

func (s *Service) checkRow(ctx context.Context, c *Case, found func(string, ...any)) error {
	row, err := s.Index.Row(ctx, c.ID)
	if ErrorCode(err) == NotFound {
		found("the case has no row")
		return nil
	}
	if err != nil {
		return fmt.Errorf("read row: %w", err)
	}
	if want := RowOf(c, s.Calendar); !reflect.DeepEqual(row, want) {
		found("the row differs from the chain (row at %d, chain at %d)", row.Seq, want.Seq)
	}
	return nil
}

func (s *Service) checkMessages(ctx context.Context, events []Event, rep *RebuildReport, found func(string, ...any)) error {
	for _, e := range events {
		for _, o := range e.Outbox {
			rep.Messages++
			p, err := s.Outbox.Parcel(ctx, o.ID)
			if ErrorCode(err) == NotFound {
				found("message %s of event %d was never queued", o.ID, e.Seq)
				continue
			}
			if err != nil {
				return fmt.Errorf("read message: %w", err)
			}
			if p.Done && len(p.Receipt) == 0 {
				found("message %s is done without a receipt", o.ID)
			}
		}
	}
	return nil
}

// Erase destroys the key of a closed case: its personal fields can never be
// read again, here or in any bundle, while its chain still verifies. It cannot
// be undone.
func (s *Service) Erase(ctx context.Context, r Reading, id CaseID) error {
	c, _, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	if err := s.Policy.Authorize(r.Actor, CaseErase, c); err != nil {
		return err
	}
	if c.Status != StatusClosed {
		return E(WrongState, "only a closed case can be erased")
	}
	if _, err := remark("/purpose", r.Purpose, true); err != nil {
		return err
	}
	if err := s.record(ctx, r, id, "erase", ""); err != nil {
		return err
	}
	if err := s.Keys.EraseCase(ctx, id, s.Now()); err != nil {
		return fmt.Errorf("erase case %s: %w", id, err)
	}
	c, events, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	return s.rewriteRow(ctx, c, events)
}
