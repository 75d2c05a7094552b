package hub

import (
	"fmt"
	"testing"
)

// BenchmarkFold is what every command and every page pays to know a case.
func BenchmarkFold(b *testing.B) {
	for _, n := range []int{10, 100} {
		b.Run(fmt.Sprintf("events=%d", n), func(b *testing.B) {
			notary := newNotary(b, "a")
			events := make([]Event, 0, n)
			var prev Digest
			for i := range n {
				var f Fact = &MaterialAdded{Material: MaterialID(fmt.Sprint(i)), Slot: "contract", File: File{Digest: SHA256([]byte{byte(i)}), Size: 1, Type: "application/pdf"}}
				if i == 0 {
					f = &Received{Number: "1", Item: "transfer.resale", Agency: "a", PartyRefs: []PartyRef{"x"}}
				}
				e := notary.event(b, int64(i+1), prev, f)
				prev = e.Hash
				events = append(events, *e)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := notary.verify.Fold(b.Context(), &Case{}, events, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseEvent(b *testing.B) {
	raw := newNotary(b, "a").event(b, 1, "", &Received{Number: "1", Item: "transfer.resale", Agency: "a", PartyRefs: []PartyRef{"x"}}).Raw
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := ParseEvent(raw); err != nil {
			b.Fatal(err)
		}
	}
}
