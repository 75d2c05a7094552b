package handover

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"tongban/hub"
	"tongban/hub/message"
)

// queue is what waits here for one agency, and how many goroutines work on it.
type queue struct {
	jobs  []job
	lanes int
}

var (
	errBusy = errors.New("many messages wait for this agency")
	errDown = errors.New("not tried: the agency did not answer, or this hub was stopping")
)

// put queues a parcel for its agency and sees to it that the queue is worked
// off. When the queue is full the parcel goes back for a while.
func (d *Deliverer) put(ctx context.Context, j job) {
	to := j.parcel.To
	d.mu.Lock()
	q := d.queues[to]
	if q == nil {
		q = &queue{}
		d.queues[to] = q
	}
	full := len(q.jobs) >= d.config.PerPeer
	if !full {
		q.jobs = append(q.jobs, j)
	}
	start := !full && q.lanes < d.config.Lanes
	if start {
		q.lanes++
	}
	d.mu.Unlock()
	if full {
		d.putBack(ctx, &j, d.pause(j.parcel.Attempts), errBusy)
		j.done(false)
	}
	if start {
		d.wg.Go(func() { d.drain(ctx, to, q) })
	}
}

// drain delivers from one agency's queue and ends when it is empty. After a
// try that got no answer the others that it takes go back unsent.
func (d *Deliverer) drain(ctx context.Context, to hub.AgencyID, q *queue) {
	down := time.Duration(0)
	for {
		j, ok := d.next(to, q)
		if !ok {
			return
		}
		if down > 0 || ctx.Err() != nil { // down, or we are stopping: then it is due at once for whoever comes next
			d.putBack(ctx, &j, down, errDown)
			j.done(false)
			continue
		}
		err := d.deliver(ctx, &j)
		if err != nil {
			pause := d.pause(j.parcel.Attempts)
			d.failed(ctx, &j, pause, err)
			if c := hub.ErrorCode(err); c == hub.Unavailable || c == hub.Internal {
				down = pause
			}
		}
		j.done(err == nil)
	}
}

// next takes the first of a queue. When there is none the goroutine that asks
// ends, and with the last one the queue is removed under the same lock.
func (d *Deliverer) next(to hub.AgencyID, q *queue) (job, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(q.jobs) > 0 {
		j := q.jobs[0]
		q.jobs = q.jobs[1:]
		return j, true
	}
	if q.lanes--; q.lanes == 0 {
		delete(d.queues, to)
	}
	return job{}, false
}

// deliver makes one try. Nil means that a good receipt is stored.
func (d *Deliverer) deliver(ctx context.Context, j *job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("delivery of message %s: panic: %v", j.parcel.ID, r)
		}
	}()
	if left := j.until.Sub(d.service.Now()); left < d.config.SendWithin {
		return hub.E(hub.Conflict, "message %s waited here longer than it was ours", j.parcel.ID)
	}
	m, envelope, err := d.body(ctx, &j.parcel)
	if err != nil {
		return err
	}
	j.written = m.At
	sending, cancel := context.WithTimeout(ctx, d.config.SendWithin)
	defer cancel()
	receipt, err := d.transport.Send(sending, j.parcel.To, envelope)
	if err != nil {
		return fmt.Errorf("send message %s: %w", m.ID, err)
	}
	d.service.Fault("after_send")
	r, err := message.ParseReceipt(receipt)
	if err == nil {
		err = message.VerifyReceipt(ctx, d.verify, r, m)
	}
	if err != nil {
		return fmt.Errorf("receipt of message %s: %w", m.ID, err)
	}
	if err := d.service.Outbox.Done(ctx, m.ID, receipt); err != nil {
		return fmt.Errorf("store receipt of message %s: %w", m.ID, err)
	}
	d.service.Fault("after_done")
	d.log.InfoContext(ctx, "message delivered", "message_id", m.ID, "case_id", m.Case, "to", m.To,
		"verdict", r.Verdict, "decline_code", r.Code)
	return nil
}

// failed puts a parcel back after a try and tells the log, louder when the
// message has been waiting for too long.
func (d *Deliverer) failed(ctx context.Context, j *job, pause time.Duration, err error) {
	p := &j.parcel
	if age := d.service.Now().Sub(j.written); !j.written.IsZero() && age > d.config.AlarmAfter {
		d.log.ErrorContext(ctx, "message is overdue", "message_id", p.ID, "case_id", p.Case, "to", p.To,
			"age", age, "attempts", p.Attempts+1, "error", err)
	} else {
		d.log.WarnContext(ctx, "message not delivered", "message_id", p.ID, "case_id", p.Case, "to", p.To,
			"attempts", p.Attempts+1, "error", err)
	}
	d.putBack(ctx, j, pause, err)
}

// putBack ends our lease, unless it is over: then the parcel may be another's.
// When that fails, the lease ends by itself.
func (d *Deliverer) putBack(ctx context.Context, j *job, pause time.Duration, err error) {
	if !j.until.After(d.service.Now()) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.config.SendWithin)
	defer cancel()
	at := hub.Millis(d.service.Now()).Add(pause)
	if err := d.service.Outbox.Retry(ctx, j.parcel.ID, at, err.Error()); err != nil {
		d.log.WarnContext(ctx, "message keeps its lease", "message_id", j.parcel.ID, "error", err)
	}
}

// pause doubles with every attempt up to the longest, and is drawn from its
// upper half so that many senders do not come back together.
func (d *Deliverer) pause(attempts int) time.Duration {
	p := d.config.LastPause
	if attempts < 30 {
		p = min(p, d.config.FirstPause<<attempts)
	}
	return p/2 + rand.N(p/2+1) //nolint:gosec // not a secret
}
