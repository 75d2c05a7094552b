package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"tongban/cmd/hub/app"
	"tongban/cmd/hub/demo"
	"tongban/hub"
	"tongban/storage/mongo/mongobench"
)

// pages measures the preparation of scans for review, and what others feel of it.
func (b *bench) pages(ctx context.Context) error {
	return b.withApp(ctx, filepath.Join(b.dir, "pages"), func(a *app.App) error {
		l := &load{app: a}
		if err := b.pages20(ctx, l); err != nil {
			return fmt.Errorf("20 pages: %w", err)
		}
		return b.queueDuringPages(ctx, l)
	})
}

// preparing runs the preparation of files until the returned function is called.
func preparing(ctx context.Context, a *app.App) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { a.Pages.Run(ctx) })
	return func() { cancel(); wg.Wait() }
}

// pages20 measures one scan of 20 noisy pages of A4 at 200 dpi, from its being
// put into a case to its last page image and thumbnail in the store.
func (b *bench) pages20(ctx context.Context, l *load) error {
	defer preparing(ctx, l.app)()
	id, err := l.receive(ctx)
	if err != nil {
		return err
	}
	var all []float64
	for n := range 3 {
		scan, err := demo.Document(uint64(n), 20)
		if err != nil {
			return err
		}
		begin := time.Now()
		if err := l.addFile(ctx, id, n, scan); err != nil {
			return err
		}
		p, err := l.prepared(ctx, hub.SHA256(scan))
		if err == nil && len(p.Pages) != 20 {
			err = fmt.Errorf("%s %s %s: %d pages", p.State, p.Code, p.Reason, len(p.Pages))
		}
		if err != nil {
			return err
		}
		all = append(all, time.Since(begin).Seconds())
	}
	b.add("pages20_s", median(all), "s", 20)
	return nil
}

// prepared waits until a file is no longer waiting.
func (l *load) prepared(ctx context.Context, d hub.Digest) (hub.Prepared, error) {
	t := time.NewTicker(5 * time.Millisecond)
	defer t.Stop()
	for {
		p, err := l.app.Pages.Status(ctx, d)
		if err != nil || p.State != hub.PrepWaiting {
			return p, err
		}
		select {
		case <-ctx.Done():
			return p, ctx.Err()
		case <-t.C:
		}
	}
}

// queueDuringPages compares the first page of a work list while files are
// being prepared with the same page while none are, in turns.
func (b *bench) queueDuringPages(ctx context.Context, l *load) error {
	const turns, scans = 5, 10
	rows := min(b.max, 10_000)
	fill, err := mongobench.Open(ctx, l.app.MongoURI(), l.app.Config.Database)
	if err != nil {
		return err
	}
	defer fill.Close(ctx)
	if err := fill.To(ctx, rows); err != nil {
		return err
	}
	for n := range scans { // more than the turns take
		id, err := l.receive(ctx)
		if err != nil {
			return err
		}
		scan, err := demo.Document(uint64(100+n), 20)
		if err != nil {
			return err
		}
		if err := l.addFile(ctx, id, 100+n, scan); err != nil {
			return err
		}
	}
	var ratios []float64
	for range turns {
		quiet, err := l.queueP95(ctx)
		if err != nil {
			return err
		}
		stop := preparing(ctx, l.app)
		busy, err := l.queueP95(ctx)
		stop()
		if err != nil {
			return err
		}
		fmt.Fprintf(b.log, "# queue p95 %.2f ms, while pages are drawn %.2f ms\n", quiet, busy)
		ratios = append(ratios, busy/quiet)
	}
	b.add("queue_p95_ratio_during_pages", median(ratios), "during/without", rows)
	return nil
}

// queueP95 is the p95 of the first page of a work list, in milliseconds, 16
// readers at once.
func (l *load) queueP95(ctx context.Context) (float64, error) {
	page := hub.ListQuery{Queue: hub.QueueFirst.Key(mongobench.Agency), Limit: 20}
	times, err := measure(16, 2000, func(int) error {
		_, err := l.app.Service.List(ctx, l.reviewer(), page)
		return err
	})
	return p95(times), err
}
