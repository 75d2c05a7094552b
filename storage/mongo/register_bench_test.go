package mongo_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub/code"
	"tongban/hub/register"
	"tongban/storage/storetest"
)

// BenchmarkRegisterBook is one transfer
// by writers that each have a parcel of their own: reading, checking,
// signing, the insert, the snapshot, the mark.
func BenchmarkRegisterBook(b *testing.B) {
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			r := register.New(open(b).Register(), storetest.NewRegisterKeys(), time.Now, register.DefaultTerms())
			book := func(id string, steps ...register.Step) {
				q := register.Request{Source: register.Source{Kind: register.FromOffice, ID: id}, Agency: "a", By: "p", Steps: steps}
				if _, err := r.Book(b.Context(), q); err != nil {
					b.Error(err)
				}
			}
			u := func(w int) code.Unit { return code.Unit(fmt.Sprintf("410425001002GB%05dW00000000", w+1)) }
			sole := func(ref register.Ref) register.Ownership {
				return register.Ownership{Mode: register.Sole, Holders: []register.Holder{{Ref: ref}}}
			}
			for w := range writers {
				book(fmt.Sprint("first ", w), register.Step{Op: &register.First{
					Unit: u(w), About: register.Description{Location: "x", Area: 1, Use: "x"}, Owners: sole("o0"),
				}})
			}
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for w := range writers {
				wg.Go(func() {
					for i := 0; next.Add(1) <= int64(b.N); i++ {
						from, to := register.Ref(fmt.Sprint("o", i)), register.Ref(fmt.Sprint("o", i+1))
						book(fmt.Sprint(w, " ", i), register.Step{Op: &register.Transfer{
							Unit: u(w), Ground: register.ByAgreement, From: []register.Ref{from}, To: sole(to), Acting: []register.Ref{from, to},
						}, Sealed: make([]byte, 300)})
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bookings/s")
		})
	}
}
