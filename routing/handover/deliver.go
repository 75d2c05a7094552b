package handover

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tongban/hub"
)

// Config of a Deliverer. The zero value of each field stands for its default.
type Config struct {
	Bell       Bell          // wakes Run; nil: only the poll does
	Poll       time.Duration // how often Run looks without a ring: 1 s
	LeaseTTL   time.Duration // how long a parcel is ours; after a crash others wait that long: 30 s
	SendWithin time.Duration // one try, longer than any honest answer takes and shorter than the lease: 10 s
	Batch      int           // parcels leased at once: 64
	PerPeer    int           // parcels that wait in memory for one agency: 256
	Lanes      int           // tries under way to one agency: 4
	FirstPause time.Duration // after the first failure, then doubled: 1 s
	LastPause  time.Duration // never longer: 10 min
	AlarmAfter time.Duration // undelivered for so long is an error in the log: 1 h
}

func (c Config) withDefaults() Config {
	def := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&c.Poll, time.Second)
	def(&c.LeaseTTL, 30*time.Second)
	def(&c.SendWithin, 10*time.Second)
	def(&c.FirstPause, time.Second)
	def(&c.LastPause, 10*time.Minute)
	def(&c.AlarmAfter, time.Hour)
	if c.Batch <= 0 {
		c.Batch = 64
	}
	if c.PerPeer <= 0 {
		c.PerPeer = 256
	}
	if c.Lanes <= 0 {
		c.Lanes = 4
	}
	return c
}

// Deliverer takes parcels from the outbox to the agencies they are for, until
// each has a good receipt. Any number of deliverers may work on one outbox.
// Each agency has a queue of its own here, so that one that does not answer
// slows nobody else.
type Deliverer struct {
	service   *hub.Service
	verify    *hub.Verifier
	transport Transport
	config    Config
	worker    string
	log       *slog.Logger

	mu     sync.Mutex // guards queues and what they hold
	queues map[hub.AgencyID]*queue
	wg     sync.WaitGroup // the goroutines that empty the queues
}

// job is one leased parcel on its way.
type job struct {
	parcel  hub.Parcel
	until   time.Time // our lease
	written time.Time // when the message was; zero while not known
	done    func(delivered bool)
}

// NewDeliverer delivers over a transport.
func NewDeliverer(s *hub.Service, t Transport, c Config) *Deliverer {
	return &Deliverer{
		service: s, verify: &hub.Verifier{Algorithms: s.Algorithms, Keys: s.Keys}, transport: t,
		config: c.withDefaults(), worker: rand.Text(), log: s.Logger, queues: map[hub.AgencyID]*queue{},
	}
}

// Run delivers until ctx ends and returns when nothing is under way any more.
func (d *Deliverer) Run(ctx context.Context) {
	defer d.wg.Wait()
	t := time.NewTicker(d.config.Poll)
	defer t.Stop()
	for {
		jobs, err := d.lease(ctx)
		if err != nil && ctx.Err() == nil {
			d.log.WarnContext(ctx, "outbox is not readable", "error", err)
		}
		for _, j := range jobs {
			d.put(ctx, j)
		}
		if len(jobs) == d.config.Batch {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
			return
		case <-d.config.Bell:
		case <-t.C:
		}
	}
}

// DeliverDue tries once to deliver all that is due, waits for it, and returns
// how many messages got their receipt.
func (d *Deliverer) DeliverDue(ctx context.Context) (int, error) {
	var delivered atomic.Int64
	for {
		jobs, err := d.lease(ctx)
		var wait sync.WaitGroup
		wait.Add(len(jobs))
		for _, j := range jobs {
			j.done = func(ok bool) {
				if ok {
					delivered.Add(1)
				}
				wait.Done()
			}
			d.put(ctx, j)
		}
		wait.Wait()
		if err != nil || len(jobs) == 0 {
			return int(delivered.Load()), err
		}
	}
}

// lease takes what is due. With an error it may still have taken some.
func (d *Deliverer) lease(ctx context.Context) ([]job, error) {
	now := hub.Millis(d.service.Now())
	parcels, err := d.service.Outbox.Lease(ctx, d.worker, now, d.config.LeaseTTL, d.config.Batch)
	if err != nil {
		err = fmt.Errorf("lease messages: %w", err)
	}
	jobs := make([]job, len(parcels))
	for i, p := range parcels {
		jobs[i] = job{parcel: p, until: now.Add(d.config.LeaseTTL), done: func(bool) {}}
	}
	return jobs, err
}
