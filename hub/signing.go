package hub

import "context"

// SigningKey returns the key that an agency signs with at this hub. NotFound
// when it has none here: then it is an agency of another hub.
func (k *Keyring) SigningKey(ctx context.Context, a AgencyID) (PublicKey, error) {
	s, err := k.signer(ctx, a)
	return s.PublicKey, err
}

// SignNaming signs bytes that name the key they are signed with: compose is
// given the agency's key in force and returns the bytes. NotFound as for
// SigningKey.
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
