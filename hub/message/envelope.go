package message

import (
	"bytes"
	"encoding/base64"

	"tongban/hub"
)

// MaxBytes bounds an envelope. An offer of 10 000 files fits.
const MaxBytes = 4 << 20

// Seal puts signed bytes and their signature into an envelope. raw holds no
// newline, as hub.Marshal writes it.
func Seal(raw, sig []byte) []byte {
	b := make([]byte, 0, len(raw)+2+base64.StdEncoding.EncodedLen(len(sig)))
	b = append(b, raw...)
	b = append(b, '\n')
	b = base64.StdEncoding.AppendEncode(b, sig)
	return append(b, '\n')
}

// Open splits an envelope. It checks its form only, not the signature.
//
// Errors: TooLarge, BadRequest.
func Open(envelope []byte) (raw, sig []byte, err error) {
	if len(envelope) > MaxBytes {
		return nil, nil, hub.E(hub.TooLarge, "a message has at most %d bytes", MaxBytes)
	}
	raw, rest, ok := bytes.Cut(envelope, []byte("\n"))
	if !ok || len(raw) == 0 {
		return nil, nil, hub.E(hub.BadRequest, "the envelope is not a message and its signature on two lines")
	}
	sig, err = base64.StdEncoding.DecodeString(string(bytes.TrimSuffix(rest, []byte("\n"))))
	if err != nil || !bytes.Equal(Seal(raw, sig), envelope) {
		return nil, nil, hub.Wrap(hub.BadRequest, err, "the envelope's signature is not readable")
	}
	return raw, sig, nil
}
