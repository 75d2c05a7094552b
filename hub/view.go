package hub

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Reading is who reads and why; it becomes one line of the access record.
type Reading struct {
	Actor   Actor
	Purpose string // needed to see personal fields in full
	Request string // request id
}

// Open returns a case to a person who may see it, with personal fields masked
// unless unmask is asked for with a purpose and allowed. What officers wrote to
// each other is for the agencies of the case. What is served is
// recorded first; what cannot be recorded is not served.
func (s *Service) Open(ctx context.Context, r Reading, id CaseID, unmask bool) (*Case, error) {
	c, _, err := s.open(ctx, r, id)
	if err != nil {
		return nil, err
	}
	what := "case"
	if unmask {
		if err := s.Policy.Authorize(r.Actor, CaseUnmask, c); err != nil {
			return nil, err
		}
		if strings.TrimSpace(r.Purpose) == "" {
			return nil, InvalidFields([]FieldError{{"/purpose", "required", "seeing personal fields needs a reason"}})
		}
		what = "personal"
	}
	if err := s.record(ctx, r, id, what, ""); err != nil {
		return nil, err
	}
	if unmask {
		return c, nil
	}
	m := c.Masked()
	if !slices.Contains(c.SeenBy(), r.Actor.Agency) {
		m.hideRemarks()
	}
	return m, nil
}

// History returns the events of a case, with their facts' public parts.
func (s *Service) History(ctx context.Context, r Reading, id CaseID) ([]Event, error) {
	_, events, err := s.open(ctx, r, id)
	if err != nil {
		return nil, err
	}
	return events, s.record(ctx, r, id, "chain", "")
}

// OpenMaterial streams one file of a case and verifies it while reading. The
// caller closes the reader. A file that is Quarantined or NotScanned is refused,
// and the attempt is recorded.
func (s *Service) OpenMaterial(ctx context.Context, r Reading, id CaseID, m MaterialID) (Material, io.ReadCloser, error) {
	mat, err := s.readable(ctx, r, id, m)
	if err != nil {
		return Material{}, nil, err
	}
	if err := s.record(ctx, r, id, "material", string(m)); err != nil {
		return Material{}, nil, err
	}
	if err := s.Preparer.Readable(ctx, mat.File); err != nil {
		return Material{}, nil, err
	}
	body, _, err := s.Objects.Open(ctx, mat.File.Digest)
	if ErrorCode(err) == NotFound { // the chain has it; the store has lost it
		return Material{}, nil, Wrap(Internal, err, "the file of this material is missing")
	}
	if err != nil {
		return Material{}, nil, fmt.Errorf("open material %s: %w", m, err)
	}
	return mat, body, nil
}

func (s *Service) open(ctx context.Context, r Reading, id CaseID) (*Case, []Event, error) {
	c, events, err := s.load(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if err := s.Policy.Authorize(r.Actor, CaseRead, c); err != nil {
		return nil, nil, err
	}
	return c, events, nil
}

func (s *Service) record(ctx context.Context, r Reading, id CaseID, what, ref string) error {
	role := Role("")
	if i := slices.IndexFunc(r.Actor.Roles, func(x Role) bool { return s.Policy.Permits(x, CaseRead) }); i >= 0 {
		role = r.Actor.Roles[i]
	}
	now := s.Now()
	a := Access{
		ID: fmt.Sprintf("%016x%s", now.UnixNano(), rand.Text()[:10]), At: Millis(now), // ids keep the order within a millisecond
		Actor: Signatory{r.Actor.Person, r.Actor.Agency, role},
		Case:  id, What: what, Ref: ref, Purpose: strings.TrimSpace(r.Purpose), Request: r.Request,
	}
	if err := s.Access.Record(ctx, a); err != nil {
		return fmt.Errorf("record access to case %s: %w", id, err)
	}
	return nil
}

// List returns one page of rows that the actor may see.
func (s *Service) List(ctx context.Context, actor Actor, q ListQuery) (Page, error) {
	if err := s.Policy.Authorize(actor, CaseList, nil); err != nil {
		return Page{}, err
	}
	q.Scope = s.Policy.Scope(actor)
	if q.Queue == QueueSecond.Key(actor.Agency) {
		q.NotFirstReviewer = actor.Person
	}
	return s.Index.List(ctx, q)
}

// QueueCounts counts the actor's own queues, each up to limit.
func (s *Service) QueueCounts(ctx context.Context, actor Actor, limit int64) (map[QueueKey]int64, error) {
	if err := s.Policy.Authorize(actor, CaseList, nil); err != nil {
		return nil, err
	}
	keys := make([]QueueKey, 0, len(Queues()))
	for _, q := range Queues() {
		keys = append(keys, q.Key(actor.Agency))
	}
	return s.Index.Counts(ctx, s.Policy.Scope(actor), keys, limit)
}

// RecallOffer asks the offered agency to give the case back. It is a question:
// only the other side's answer, an event of its own, ends the offer. Asked
// again, also after the answer, it names the same offer and changes nothing.
// Who asked is in the access record.
func (s *Service) RecallOffer(ctx context.Context, r Reading, id CaseID) (OfferID, error) {
	c, events, err := s.load(ctx, id)
	if err != nil {
		return "", err
	}
	if err := s.Policy.Authorize(r.Actor, CustodyRecall, c); err != nil {
		return "", err
	}
	e, f := lastOffer(events)
	if e == nil || e.Agency != r.Actor.Agency {
		return "", E(WrongState, "your agency has offered this case to nobody")
	}
	p := Parcel{ID: string(f.Offer) + ".recall", Kind: ParcelRecall, From: e.Agency, To: f.To, Case: id, Seq: e.Seq, Due: Millis(s.Now())}
	if _, err := s.Outbox.Parcel(ctx, p.ID); err == nil {
		return f.Offer, nil
	} else if ErrorCode(err) != NotFound {
		return "", err
	}
	if c.Offer == nil {
		return "", E(WrongState, "no offer of your agency is open")
	}
	if err := s.record(ctx, r, id, "recall", string(f.Offer)); err != nil {
		return "", err
	}
	if err := s.Outbox.Enqueue(ctx, p); err != nil {
		return "", fmt.Errorf("enqueue recall: %w", err)
	}
	return f.Offer, nil
}

// lastOffer is the newest offer of a chain.
func lastOffer(events []Event) (*Event, *Offered) {
	for i := range slices.Backward(events) {
		if f, err := readFact(events[i].Kind, events[i].Data); err == nil {
			if o, ok := f.(*Offered); ok {
				return &events[i], o
			}
		}
	}
	return nil, nil
}

// Load folds a case for the hub's own packages (hand-over, bundle). It checks
// no permission and records no access; nothing of it may be served as it is.
func (s *Service) Load(ctx context.Context, id CaseID) (*Case, []Event, error) {
	return s.load(ctx, id)
}
