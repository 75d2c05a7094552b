package gm_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"strings"
	"sync"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"tongban/hub"
	"tongban/hub/gm"
)

// GB/T 32905-2016, annex A.
func TestSM3MatchesTheStandard(t *testing.T) {
	for in, want := range map[string]string{
		"abc":                      "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
		strings.Repeat("abcd", 16): "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
	} {
		if got := hub.Sum(gm.Suite().Hash, []byte(in)); got != hub.Digest("sm3:"+want) {
			t.Errorf("SM3(%q) = %s, want sm3:%s", in, got, want)
		}
	}
}

// GB/T 32918.5-2017, annex A.2: the key, the message and the signature made with a known k.
const (
	annexKey = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
	annexX   = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
	annexY   = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
	annexR   = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
	annexS   = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
	annexMsg = "message digest"
)

func TestSM2VerifiesTheSignatureOfTheStandard(t *testing.T) {
	key, err := sm2.NewPrivateKey(unhex(t, annexKey))
	if err != nil {
		t.Fatal(err)
	}
	pkix, err := smx509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(pkix, unhex(t, "04"+annexX+annexY)) {
		t.Fatal("the key of the annex has another public point")
	}
	r, s := new(big.Int).SetBytes(unhex(t, annexR)), new(big.Int).SetBytes(unhex(t, annexS))
	sig, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		t.Fatal(err)
	}
	verify := gm.Suite().Sign.Verify
	if err := verify(pkix, []byte(annexMsg), sig); err != nil {
		t.Errorf("the annex's own signature: %v", err)
	}
	if verify(pkix, []byte("message digesT"), sig) == nil {
		t.Error("the signature also verifies another message")
	}
}

// RFC 8998, appendix A.1.
func TestSM4GCMMatchesTheRFC(t *testing.T) {
	aead, err := gm.Suite().Seal.AEAD(unhex(t, "0123456789abcdeffedcba9876543210"))
	if err != nil {
		t.Fatal(err)
	}
	nonce, more := unhex(t, "00001234567800000000abcd"), unhex(t, "feedfacedeadbeeffeedfacedeadbeefabaddad2")
	var plain []byte
	for _, b := range unhex(t, "aabbccddeeffeeaa") {
		plain = append(plain, bytes.Repeat([]byte{b}, 8)...)
	}
	want := unhex(t, "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"+
		"d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"+
		"83de3541e4c2b58177e065a9bf7b62ec")
	sealed := aead.Seal(nil, nonce, plain, more)
	if !bytes.Equal(sealed, want) {
		t.Errorf("sealed %x, want %x", sealed, want)
	}
	for i := range sealed {
		sealed[i] ^= 1
		if _, err := aead.Open(nil, nonce, sealed, more); err == nil {
			t.Fatalf("byte %d changed and nobody noticed", i)
		}
		sealed[i] ^= 1
	}
}

func TestSealRefusesAKeyOfAnotherSize(t *testing.T) {
	for _, size := range []int{0, 15, 17, 32} {
		if _, err := gm.Suite().Seal.AEAD(make([]byte, size)); err == nil {
			t.Errorf("a key of %d bytes was taken", size)
		}
	}
}

func TestSignaturesRefuseEveryChangedPart(t *testing.T) {
	sign := gm.Suite().Sign
	private, public := generate(t, sign)
	_, other := generate(t, sign)
	_, foreign := generate(t, hub.StandardSuite().Sign)
	message := []byte("one case, one custodian")
	sig := signed(t, sign, private, message)

	if err := sign.Verify(public, message, sig); err != nil {
		t.Fatalf("own signature: %v", err)
	}
	for name, bad := range map[string]error{
		"other message":      sign.Verify(public, []byte("two custodians"), sig),
		"other key":          sign.Verify(other, message, sig),
		"key of other suite": sign.Verify(foreign, message, sig),
		"no key":             sign.Verify(nil, message, sig),
		"no signature":       sign.Verify(public, message, nil),
		"cut signature":      sign.Verify(public, message, sig[:len(sig)-1]),
		"bytes behind it":    sign.Verify(public, message, append(bytes.Clone(sig), 0)),
	} {
		if bad == nil {
			t.Errorf("%s: verified", name)
		}
	}
	for i := range sig {
		sig[i] ^= 1
		if sign.Verify(public, message, sig) == nil {
			t.Errorf("byte %d of the signature changed and it verified", i)
		}
		sig[i] ^= 1
	}
}

func TestSignerRefusesAKeyOfAnotherScheme(t *testing.T) {
	private, _ := generate(t, hub.StandardSuite().Sign)
	for name, key := range map[string][]byte{"ed25519": private, "empty": nil, "garbage": []byte("key")} {
		if _, err := gm.Suite().Sign.Signer(key); err == nil {
			t.Errorf("%s: taken as an SM2 key", name)
		}
	}
}

func TestOneSignerServesManyAtOnce(t *testing.T) {
	sign := gm.Suite().Sign
	private, public := generate(t, sign)
	signer, err := sign.Signer(private)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			message := []byte{byte(i)}
			sig, err := signer.Sign(message)
			if err == nil {
				err = sign.Verify(public, message, sig)
			}
			if err != nil {
				t.Errorf("signature %d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

func TestBothSuitesAreKnownByName(t *testing.T) {
	a := hub.NewAlgorithms(gm.Suite(), hub.StandardSuite())
	if a.Hash.Name() != gm.HashName || a.Sign.Name() != gm.SignName || a.Seal.Name() != gm.SealName {
		t.Error("new events do not use the suite that was asked for")
	}
	for _, name := range []string{gm.SignName, "ed25519"} {
		if _, err := a.SignNamed(name); err != nil {
			t.Errorf("old keys of %s cannot be checked: %v", name, err)
		}
	}
}

func BenchmarkSM2(b *testing.B) {
	sign := gm.Suite().Sign
	private, public := generate(b, sign)
	signer, err := sign.Signer(private)
	if err != nil {
		b.Fatal(err)
	}
	message := make([]byte, 1024)
	sig := signed(b, sign, private, message)
	b.Run("sign/1KiB", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := signer.Sign(message); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("verify/1KiB", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := sign.Verify(public, message, sig); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func generate(tb testing.TB, s hub.SignScheme) (private, public []byte) {
	tb.Helper()
	private, public, err := s.Generate()
	if err != nil {
		tb.Fatal(err)
	}
	return private, public
}

func signed(tb testing.TB, s hub.SignScheme, private, message []byte) []byte {
	tb.Helper()
	signer, err := s.Signer(private)
	if err != nil {
		tb.Fatal(err)
	}
	sig, err := signer.Sign(message)
	if err != nil {
		tb.Fatal(err)
	}
	return sig
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
