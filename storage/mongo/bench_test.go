package mongo_test

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
	"tongban/storage/mongo"
	"tongban/storage/storetest"
)

var benchDay = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const benchAgency hub.AgencyID = "410425.registry"

// benchRow is a row of realistic size: two agencies, two parties, a status and
// a queue that differ.
func benchRow(n int) hub.Row {
	window := hub.AgencyID(fmt.Sprintf("4403%02d.window", n%20))
	queue := hub.Queues()[3+n%6]
	return hub.Row{
		ID: hub.NewCaseID(hub.NewClaimKey("p1", hub.CommandID(strconv.Itoa(n))), benchDay.Add(time.Duration(n)*10*time.Millisecond)), Number: fmt.Sprintf("440305-20260302-%07d", n),
		Item: "transfer.resale", Status: hub.StatusReceived, Receiving: window, Handling: benchAgency, Custodian: benchAgency,
		SeenBy:        []hub.AgencyID{benchAgency, window},
		Queues:        []hub.QueueKey{hub.QueueAll.Key(benchAgency), hub.QueueAll.Key(window), queue.Key(benchAgency), hub.QueueElsewhere.Key(window)},
		PartyRefs:     []hub.PartyRef{hub.PartyRef(fmt.Sprintf("%040x", n)), hub.PartyRef(fmt.Sprintf("%040x", n/2))},
		PartiesMasked: "张*、李*明", Unit: fmt.Sprintf("440305001001GB%05dF%08d", n/1000, n), ReceivedBy: "p1",
		ReceivedAt: benchDay, AcceptedAt: benchDay, Updated: benchDay.Add(time.Duration(n) * 10 * time.Millisecond), Seq: 1,
		Head: hub.SHA256([]byte(strconv.Itoa(n))),
	}
}

// BenchmarkCommand is what one command writes: its event, the row, the mark.
func BenchmarkCommand(b *testing.B) {
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			db := open(b)
			events, cases := db.Events(), db.Cases()
			ready := make([]hub.Event, b.N)
			rows := make([]hub.Row, b.N)
			for n := range ready { // ten events a case
				rows[n] = benchRow(n / 10)
				rows[n].Seq = int64(n%10) + 1
				rows[n].Updated = benchDay.Add(time.Duration(n) * time.Millisecond)
				ready[n] = storetest.Event(b, rows[n].ID, rows[n].Seq, hub.CommandID(strconv.Itoa(n)))
			}
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range writers {
				wg.Go(func() {
					for n := int(next.Add(1)) - 1; n < b.N; n = int(next.Add(1)) - 1 {
						err := events.Append(b.Context(), ready[n])
						if err == nil {
							err = cases.Save(b.Context(), rows[n])
						}
						if err == nil {
							err = events.MarkProjected(b.Context(), hub.EventRef{Case: rows[n].ID, Seq: rows[n].Seq})
						}
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
		})
	}
}

// sizes are the numbers of rows to measure with; BENCH_N sets another.
func sizes() []int {
	if n, err := strconv.Atoi(os.Getenv("BENCH_N")); err == nil {
		return []int{n}
	}
	return []int{1_000, 10_000, 100_000}
}

func loaded(b *testing.B, n int) *mongo.DB {
	b.Helper()
	db := open(b)
	const batch = 5_000
	for from := 0; from < n; from += batch {
		rows := make([]hub.Row, 0, batch)
		for i := from; i < min(n, from+batch); i++ {
			rows = append(rows, benchRow(i))
		}
		if err := mongo.LoadRows(b.Context(), db, rows, func(i int) time.Time { return rows[i].Updated }); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// BenchmarkList is one page of 50 as the desk asks for it.
func BenchmarkList(b *testing.B) {
	own := hub.Scope{Agencies: []hub.AgencyID{benchAgency}, NeverFor: "nobody"}
	for _, n := range sizes() {
		db := loaded(b, n)
		middle := benchRow(n / 2)
		for name, q := range map[string]hub.ListQuery{
			"queue":        {Scope: own, Queue: hub.QueueFirst.Key(benchAgency)},
			"queue_middle": {Scope: own, Queue: hub.QueueFirst.Key(benchAgency), After: &hub.Cursor{Updated: middle.Updated, ID: middle.ID}},
			"agency":       {Scope: own},
			"everyone":     {Scope: hub.Scope{Everyone: true}},
			"party":        {Scope: hub.Scope{Parties: middle.PartyRefs[:1]}},
			"number":       {Scope: own, Number: middle.Number},
			"unit":         {Scope: own, Unit: middle.Unit, Queue: hub.QueueAll.Key(benchAgency)},
		} {
			q.Limit = 50
			b.Run(fmt.Sprintf("%s/rows=%d", name, n), func(b *testing.B) {
				for b.Loop() {
					p, err := db.Cases().List(b.Context(), q)
					if err != nil || len(p.Rows) == 0 {
						b.Fatal(len(p.Rows), err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("counts_to_1000/rows=%d", n), func(b *testing.B) {
			keys := make([]hub.QueueKey, 0, len(hub.Queues()))
			for _, q := range hub.Queues() {
				keys = append(keys, q.Key(benchAgency))
			}
			for b.Loop() {
				if _, err := db.Cases().Counts(b.Context(), hub.Scope{Agencies: []hub.AgencyID{benchAgency}}, keys, 1000); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("changed/rows=%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, _, err := db.Cases().Changed(b.Context(), benchRow(n-100).Updated, 500); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkChain is what a command reads to know its case.
func BenchmarkChain(b *testing.B) {
	for _, n := range []int{10, 100} {
		b.Run(fmt.Sprintf("events=%d", n), func(b *testing.B) {
			s := open(b).Events()
			for i := range n {
				if err := s.Append(b.Context(), storetest.Event(b, "c", int64(i)+1, hub.CommandID(strconv.Itoa(i)))); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if events, err := s.Chain(b.Context(), "c", 0); err != nil || len(events) != n {
					b.Fatal(len(events), err)
				}
			}
		})
	}
}
