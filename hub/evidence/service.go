package evidence

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"tongban/hub"
)

// Exporter writes bundles of a hub's cases.
type Exporter struct{ service *hub.Service }

// FromService exports the cases of a service.
func FromService(s *hub.Service) *Exporter { return &Exporter{s} }

// WriteBundle writes the bundle of a case for a person who may export it, in
// the name of his agency. The access is recorded before the first byte. An
// error before the first byte is one of hub's codes; after it, what was
// written is not a bundle.
func (x *Exporter) WriteBundle(ctx context.Context, r hub.Reading, id hub.CaseID, w io.Writer) error {
	if _, _, err := x.service.OpenToExport(ctx, r, id); err != nil {
		return err
	}
	src, err := x.Collect(ctx, id, r.Actor.Agency)
	if err != nil {
		return err
	}
	return Write(ctx, w, src)
}

// maxCollects bounds how often a case that changes meanwhile is read again.
const maxCollects = 5

// Collect gathers what proves a case, to be signed by an agency of this hub.
// It asks nobody's permission; see WriteBundle. The chain is read before and
// after the messages and must be the same, so that they belong together.
//
// Errors: NotFound, BrokenChain, Conflict when the case does not stand still.
func (x *Exporter) Collect(ctx context.Context, id hub.CaseID, exporter hub.AgencyID) (Source, error) {
	s := x.service
	before, _, err := s.Load(ctx, id)
	if err != nil {
		return Source{}, err
	}
	for range maxCollects {
		deliveries, err := x.deliveries(ctx, id)
		if err != nil {
			return Source{}, err
		}
		c, events, err := s.Load(ctx, id)
		if err != nil {
			return Source{}, err
		}
		if c.Head == before.Head {
			booking, sig, err := s.BookingOf(ctx, c)
			if err != nil {
				return Source{}, err
			}
			return Source{
				Case: c, Events: events, Messages: deliveries, Booking: booking, BookingSig: sig, Files: s.Objects, Keys: s.Keys, Signer: s.Keys,
				Exporter: exporter, At: hub.Millis(s.Now()),
			}, nil
		}
		before = c
	}
	return Source{}, hub.E(hub.Conflict, "the case is changing; try again")
}

// deliveries pairs each message with its receipt. Inside one hub a message is
// in the outbox of one side and with the received ones of the other.
func (x *Exporter) deliveries(ctx context.Context, id hub.CaseID) ([]Delivery, error) {
	sent, err := x.service.Outbox.OfCase(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("messages of case %s: %w", id, err)
	}
	received, err := x.service.Outbox.IncomingOfCase(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("received messages of case %s: %w", id, err)
	}
	byID := map[string]Delivery{}
	for _, p := range sent {
		if len(p.Body) > 0 {
			byID[p.ID] = Delivery{p.Body, p.Receipt}
		}
	}
	for _, in := range received {
		byID[in.ID] = Delivery{in.Body, in.Receipt}
	}
	out := make([]Delivery, 0, len(byID))
	for _, k := range slices.Sorted(maps.Keys(byID)) {
		out = append(out, byID[k])
	}
	return out, nil
}
