package register_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"testing"
	"time"

	"tongban/hub/code"
	"tongban/hub/register"
)

func sumHex(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// What is read is written again as the same bytes, and what is not never panics.
func FuzzParseBooking(f *testing.F) {
	w := newWorld(f)
	for _, b := range w.store.bookings {
		f.Add(b.Raw)
	}
	f.Add([]byte(`{"v":"tongban.booking/1"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := register.ParseBooking(raw)
		if err != nil {
			if register.ReasonOf(err) != register.Broken {
				t.Fatal(err)
			}
			return
		}
		if !bytes.Equal(b.Raw, raw) || b.ID != b.Source.BookingID() {
			t.Fatal("it is not what was read")
		}
		for _, l := range b.Links { // applying what is formed but absurd must not panic
			s := &register.State{Unit: l.Unit, Version: l.Version - 1, Head: l.Prev}
			_ = s.Apply(&b)
		}
		register.Check(map[code.Unit]*register.State{}, b.Source, b.Steps, time.Now(), register.DefaultTerms())
	})
}

func FuzzReadSeed(f *testing.F) {
	for _, p := range register.DemoPlaces() {
		s := register.DemoSeed(p)
		s.Bookings = s.Bookings[12:15]
		var b bytes.Buffer
		if _, err := s.WriteTo(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte(`{"format":"tongban.register-seed/1","agency":"x","bookings":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := register.ReadSeed(bytes.NewReader(raw))
		if err != nil {
			if register.ReasonOf(err) != register.Malformed {
				t.Fatal(err)
			}
			return
		}
		var b bytes.Buffer
		if _, err := s.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		again, err := register.ReadSeed(&b)
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("written and read again it is another seed: %v", err)
		}
	})
}

// BenchmarkCheck is what acceptance and booking ask: three linked steps on a
// unit with a history.
func BenchmarkCheck(b *testing.B) {
	w := newWorld(b)
	s := w.state(mortgaged)
	steps := []register.Step{
		step(transfer(mortgaged, "a", "x")), step(mortgage(mortgaged, "new", "x")),
		step(&register.MortgageCancel{Unit: mortgaged, Mortgage: s.Mortgages[0].Entry, Ground: register.ByWaiver, Acting: refs("bank")}),
	}
	states := map[code.Unit]*register.State{mortgaged: s}
	src := register.Source{Kind: register.FromCase, ID: "c", Step: "book"}
	b.ReportAllocs()
	for b.Loop() {
		if len(register.Standing(register.Check(states, src, steps, w.now, register.DefaultTerms()), nil)) > 0 {
			b.Fatal("refused")
		}
	}
}

// BenchmarkReplay is an extract of a unit with so many bookings.
func BenchmarkReplay(b *testing.B) {
	for _, n := range []int{10, 100} {
		b.Run(fmt.Sprintf("bookings=%d", n), func(b *testing.B) {
			w := newWorld(b)
			for i := range n {
				who := []register.Ref{"a", "x"}
				w.office(step(transfer(simple, who[i%2], who[(i+1)%2])))
			}
			for b.Loop() {
				if _, err := w.Replay(b.Context(), simple, 0, time.Time{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
