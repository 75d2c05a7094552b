package message

import (
	"context"
	"time"

	"tongban/hub"
)

// Verify checks that the message is signed by the agency it names, with a key
// of that agency that was in force when it was written.
//
// Errors: Unauthenticated for a key that nobody vouches for, of another agency
// or not in force; BadSignature.
func Verify(ctx context.Context, v *hub.Verifier, m *Message) error {
	return verify(ctx, v, signed{m.From, m.Key, m.Sign, m.At, m.Raw, m.Sig})
}

// VerifyReceipt checks the receipt's signature, as Verify does, and that it
// answers this message. m may be nil when the message is not at hand.
func VerifyReceipt(ctx context.Context, v *hub.Verifier, r *Receipt, m *Message) error {
	if m != nil {
		if r.Message != m.ID || r.Digest != m.Digest() || r.Case != m.Case || r.From != m.To || r.To != m.From {
			return hub.E(hub.Invalid, "the receipt is not for this message")
		}
		if m.Recall == nil && r.Verdict == TooLate || m.Offer == nil && r.Verdict == AlreadyAnswered ||
			m.Answer != nil && r.Verdict == Declined || m.Recall != nil && r.Verdict == Verified {
			return hub.E(hub.Invalid, "verdict %q is not for a message of kind %q", r.Verdict, m.Kind())
		}
	}
	return verify(ctx, v, signed{r.From, r.Key, r.Sign, r.At, r.Raw, r.Sig})
}

type signed struct {
	by       hub.AgencyID
	key      hub.KeyID
	scheme   string
	at       time.Time
	raw, sig []byte
}

func verify(ctx context.Context, v *hub.Verifier, s signed) error {
	k, err := v.Keys.PublicKey(ctx, s.key)
	switch hub.ErrorCode(err) {
	case "":
	case hub.NotFound:
		return hub.Wrap(hub.Unauthenticated, err, "key %s is not known", s.key)
	default:
		return err
	}
	if k.Agency != s.by || k.Scheme != s.scheme {
		return hub.E(hub.Unauthenticated, "key %s is not of agency %s", s.key, s.by)
	}
	if s.at.Before(hub.Millis(k.From)) || !k.Until.IsZero() && s.at.After(k.Until) {
		return hub.E(hub.Unauthenticated, "key %s was not in force", s.key)
	}
	scheme, err := v.Algorithms.SignNamed(s.scheme)
	if err != nil {
		return hub.Wrap(hub.Unauthenticated, err, "key %s", s.key)
	}
	if err := scheme.Verify(k.PKIX, s.raw, s.sig); err != nil {
		return hub.Wrap(hub.BadSignature, err, "signature of %s", s.by)
	}
	return nil
}
