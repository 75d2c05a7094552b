package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"tongban/cmd/hub/app"
	"tongban/cmd/hub/config"
	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/storage/mongo/mongobench"
)

// withApp runs f on a hub of its own, embedded stores and all.
func (b *bench) withApp(ctx context.Context, data string, f func(*app.App) error) (err error) {
	cfg := config.Default()
	cfg.Data = data
	a, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	running, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	wg.Go(func() { a.Service.RunSweeper(running, cfg.SweepEvery) })
	return f(a)
}

// load drives the case service of one hub.
type load struct {
	app  *app.App
	next atomic.Int64
}

func (*load) clerk() hub.Actor {
	return hub.Actor{Person: "p_bench_clerk", Agency: seed.Window, Roles: []hub.Role{hub.Clerk}}
}

func (*load) reviewer() hub.Actor {
	return hub.Actor{Person: "p_bench_reviewer", Agency: mongobench.Agency, Roles: []hub.Role{hub.FirstReviewer}}
}

func (l *load) do(ctx context.Context, a hub.Actor, id hub.CaseID, cmd string, i hub.Intent) error {
	_, err := l.app.Service.Execute(ctx, hub.Command{ID: hub.CommandID(cmd), Case: id, Actor: a, Intent: i})
	return err
}

func (l *load) receive(ctx context.Context) (hub.CaseID, error) {
	n := l.next.Add(1)
	r, err := l.app.Service.Execute(ctx, hub.Command{
		ID: hub.CommandID(fmt.Sprint("receive-", n)), Actor: l.clerk(),
		Intent: hub.Receive{
			Item: "transfer.resale", Unit: fmt.Sprintf("410425001002GB00003F%08d", n%100_000_000),
			Form: hub.Form{
				"certificate": "豫(2022)郏县不动产权第0001234号", "price": int64(68_000_000), "contract_date": "2026-11-20", "address": "郏县龙山街道迎宾路 8 号",
				"use": "home", "area": int64(8964),
			},
			Parties: []hub.Party{
				{Role: "seller", Name: "张建国", IDKind: "citizen_id", IDNumber: "410425199003071231"},
				{Role: "buyer", Name: "李晓明", IDKind: "citizen_id", IDNumber: "440524188001010014"},
			},
		},
	})
	return r.Case, err
}

// cases measures lists, opening and commands as the store grows.
func (b *bench) cases(ctx context.Context) error {
	data := filepath.Join(b.dir, "cases")
	var sizes []int
	for n := 1000; n <= b.max; n *= 10 {
		sizes = append(sizes, n)
	}
	err := b.withApp(ctx, data, func(a *app.App) error {
		fill, err := mongobench.Open(ctx, a.MongoURI(), a.Config.Database)
		if err != nil {
			return err
		}
		defer fill.Close(ctx)
		l := &load{app: a}
		for _, n := range sizes {
			begin := time.Now()
			if err := fill.To(ctx, n); err != nil {
				return err
			}
			fmt.Fprintf(b.log, "# %d cases are there after %.0f s\n", n, time.Since(begin).Seconds())
			if err := b.atSize(ctx, l, n); err != nil {
				return fmt.Errorf("at %d cases: %w", n, err)
			}
		}
		return nil
	})
	if err != nil || len(sizes) == 0 {
		return err
	}
	ms, err := b.start(ctx, data)
	if err != nil {
		return err
	}
	b.add("start_ms", ms, "ms", sizes[len(sizes)-1])
	return nil
}

func (b *bench) atSize(ctx context.Context, l *load, n int) error {
	if b.profile != "" && n == b.max {
		f, err := os.Create(b.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	ids, err := b.commands(ctx, l, n)
	if err != nil {
		return fmt.Errorf("commands: %w", err)
	}
	page := hub.ListQuery{Queue: hub.QueueFirst.Key(mongobench.Agency), Limit: 20}
	times, err := measure(16, 2000, func(int) error {
		p, err := l.app.Service.List(ctx, l.reviewer(), page)
		if err == nil && len(p.Rows) != 20 {
			err = fmt.Errorf("a page of %d rows", len(p.Rows))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	b.add("queue_p95_ms", p95(times), "ms", n)
	times, err = measure(1, 1000, func(i int) error {
		_, err := l.app.Service.Open(ctx, hub.Reading{Actor: l.clerk()}, ids[i%len(ids)], false)
		return err
	})
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	b.add("open_case_p95_ms", p95(times), "ms", n)
	return nil
}

// commands measures whole commands (load, authorize, decide, append with
// fsync, project) of 32 writers on cases of their own: each case is received
// and then routed nine times.
func (b *bench) commands(ctx context.Context, l *load, n int) ([]hub.CaseID, error) {
	const writers, casesEach, more = 32, 10, 9
	ids := make([]hub.CaseID, writers*casesEach)
	begin := time.Now()
	_, err := measure(writers, len(ids), func(i int) error {
		id, err := l.receive(ctx)
		ids[i] = id
		for k := 0; k < more && err == nil; k++ {
			err = l.do(ctx, l.clerk(), id, fmt.Sprint("route-", k), hub.Route{})
		}
		return err
	})
	if err == nil {
		b.add("commands_per_s", float64(len(ids)*(more+1))/time.Since(begin).Seconds(), "commands/s", n)
	}
	return ids, err
}

// measure calls f n times from some workers at once and returns how long each call took.
func measure(workers, n int, f func(i int) error) ([]time.Duration, error) {
	times := make([]time.Duration, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, workers)
	for w := range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && errs[w] == nil; i = int(next.Add(1)) - 1 {
				begin := time.Now()
				errs[w] = f(i)
				times[i] = time.Since(begin)
			}
		})
	}
	wg.Wait()
	return times, errors.Join(errs...)
}
