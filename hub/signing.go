package hub

import "context"

// SignNaming signs bytes that name the key they are signed with: compose is
// given the agency's key in force and returns the bytes. NotFound when the
// agency has no signing key at this hub.
func (k *Keyring) SignNaming(ctx context.Context, a AgencyID, compose func(PublicKey) ([]byte, error)) (raw, sig []byte, err error) {
	s, err := k.signer(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	if raw, err = compose(s.PublicKey); err != nil {
		return nil, nil, err
	}
	sig, err = s.Sign(raw)
	return raw, sig, err
}
