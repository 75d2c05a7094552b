package handover

import (
	"context"

	"tongban/hub"
)

// Transport brings an envelope to the hub of an agency and returns the
// receipt's envelope. Its errors all mean: not delivered for what is known, try
// again later. It need not check the receipt.
type Transport interface {
	Send(ctx context.Context, to hub.AgencyID, envelope []byte) (receipt []byte, err error)
}

// Local is the transport between agencies of one hub.
type Local struct{ Endpoint *Endpoint }

// Send implements Transport.
func (l Local) Send(ctx context.Context, _ hub.AgencyID, envelope []byte) ([]byte, error) {
	return l.Endpoint.Receive(ctx, envelope)
}
