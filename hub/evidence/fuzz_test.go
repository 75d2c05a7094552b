package evidence

import (
	"bytes"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// FuzzVerify: whatever bytes come, the verifier neither panics nor lets
// through what it was not given.
func FuzzVerify(f *testing.F) {
	h := hubtest.New(f, hub.Ports{}, nil)
	good := bundle(f, h, decided(f, h, "case-1"))
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := check(t, b, Options{}); err == nil && !bytes.Equal(b, good) {
			t.Error("other bytes than the bundle's verify")
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
