package evidence

import (
	"bytes"
	"slices"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// FuzzVerify: whatever bytes come, alone or written into a good bundle, the
// verifier does not panic and lets no change through.
func FuzzVerify(f *testing.F) {
	h := hubtest.New(f, hub.Ports{}, nil)
	good := bundle(f, h, decided(f, h, "case-1"))
	f.Add(uint32(0), good[:len(good)/2])
	for _, e := range entriesOf(f, good) {
		f.Add(uint32(e.record), []byte("PK\x03\x04"))
		f.Add(uint32(e.start), []byte{0})
	}
	f.Fuzz(func(t *testing.T, at uint32, piece []byte) {
		_ = wrongItem(t, piece, Options{})
		b := append(slices.Clone(good[:int(at)%len(good)]), piece...)
		if len(b) < len(good) {
			b = append(b, good[len(b):]...)
		}
		if (wrongItem(t, b, Options{}) == "") != bytes.Equal(b, good) {
			t.Errorf("%d bytes written at %d pass", len(piece), at)
		}
	})
}

// FuzzVerifySigned lets the signature of the manifest pass, as if the exporter
// himself had written the bytes, so that all that lies behind it is reached.
func FuzzVerifySigned(f *testing.F) {
	h := hubtest.New(f, hub.Ports{}, nil)
	b := bundle(f, h, decided(f, h, "case-1"))
	content := files(f, b)
	order := orderOf(f, b)
	for i, name := range order[2:] {
		f.Add(uint16(i), []byte(content[name]))
	}
	f.Fuzz(func(t *testing.T, which uint16, replacement []byte) {
		name := order[2+int(which)%(len(order)-2)]
		if name == sumsName || name == readmeName {
			return
		}
		forged := forge(t, h, b, func(m map[string]string, _ *manifest) { m[name] = string(replacement) })
		if got := wrongItem(t, forged, Options{}); (got == "") != (content[name] == string(replacement)) {
			t.Errorf("%s replaced: names %q", name, got)
		}
	})
}
