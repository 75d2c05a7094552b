package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// desk adds to the memory of hubtest what lists, live updates and sign-in need.
type desk struct {
	*hubtest.Memory

	mu       sync.Mutex // guards all below
	agencies []hub.Agency
	people   map[hub.PersonID]hub.Person
	logins   map[string]hub.Login
	rows     map[hub.CaseID]written
	down     error // what every list answers, when set
}

type written struct {
	hub.Row
	at time.Time
}

func newDesk() *desk {
	return &desk{Memory: hubtest.NewMemory(), people: map[hub.PersonID]hub.Person{}, logins: map[string]hub.Login{}, rows: map[hub.CaseID]written{}}
}

func (d *desk) SaveAgency(ctx context.Context, a hub.Agency) error {
	d.mu.Lock()
	d.agencies = append(d.agencies, a)
	d.mu.Unlock()
	return d.Memory.SaveAgency(ctx, a)
}

func (d *desk) Agencies(context.Context) ([]hub.Agency, error) { return d.agencies, nil }

func (d *desk) SavePerson(_ context.Context, p hub.Person) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people[p.ID] = p
	return nil
}

func (d *desk) Person(_ context.Context, id hub.PersonID) (hub.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.people[id]; ok {
		return p, nil
	}
	return hub.Person{}, hub.E(hub.NotFound, "no such person")
}

func (d *desk) PersonByLogin(_ context.Context, login string) (hub.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.people {
		if p.Login == login {
			return p, nil
		}
	}
	return hub.Person{}, hub.E(hub.NotFound, "no such person")
}

func (d *desk) SignInResult(_ context.Context, id hub.PersonID, ok bool, now time.Time, lock hub.LockRule) (hub.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.people[id]
	if p.Failures++; ok {
		p.Failures = 0
	} else if p.Failures >= lock.After {
		p.Failures, p.LockedTo = 0, now.Add(lock.For)
	}
	d.people[id] = p
	return p, nil
}

func (d *desk) SaveLogin(_ context.Context, l hub.Login) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.logins[l.ID] = l
	return nil
}

func (d *desk) Login(_ context.Context, id string) (hub.Login, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l, ok := d.logins[id]; ok {
		return l, nil
	}
	return hub.Login{}, hub.E(hub.NotFound, "no such sign-in")
}

func (d *desk) TouchLogin(_ context.Context, id string, seen, expires time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.logins[id]
	l.Seen, l.Expires = seen, expires
	d.logins[id] = l
	return nil
}

func (d *desk) DeleteLogin(_ context.Context, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.logins, id)
	return nil
}

func (d *desk) Save(ctx context.Context, r hub.Row) error {
	d.mu.Lock()
	if r.Seq > d.rows[r.ID].Seq {
		d.rows[r.ID] = written{r, time.Now()}
	}
	d.mu.Unlock()
	return d.Memory.Save(ctx, r)
}

func (d *desk) List(_ context.Context, q hub.ListQuery) (hub.Page, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []hub.Row
	for _, w := range d.rows {
		r := w.Row
		fits := sees(q.Scope, &r) && (q.Queue == "" || slices.Contains(r.Queues, q.Queue)) && (q.Status == "" || r.Status == q.Status) &&
			(q.Number == "" || r.Number == q.Number) && (q.Unit == "" || r.Unit == q.Unit) && (q.Item == "" || r.Item == q.Item) &&
			(q.Party == "" || slices.Contains(r.PartyRefs, q.Party)) && (q.NotFirstReviewer == "" || r.FirstReviewer != q.NotFirstReviewer)
		if after := q.After; fits && (after == nil || newestFirst(hub.Row{Updated: after.Updated, ID: after.ID}, r) < 0) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, newestFirst)
	if len(all) <= q.Limit {
		return hub.Page{Rows: all}, d.down
	}
	last := all[q.Limit-1]
	return hub.Page{Rows: all[:q.Limit], Next: &hub.Cursor{Updated: last.Updated, ID: last.ID}}, d.down
}

func newestFirst(a, b hub.Row) int {
	return cmp.Or(b.Updated.Compare(a.Updated), strings.Compare(string(b.ID), string(a.ID)))
}

func (d *desk) Counts(_ context.Context, queues []hub.QueueKey, limit int64) (map[hub.QueueKey]int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[hub.QueueKey]int64{}
	for _, q := range queues {
		for _, r := range d.rows {
			if slices.Contains(r.Queues, q) {
				out[q] = min(out[q]+1, limit)
			}
		}
	}
	return out, nil
}

func (d *desk) Changed(_ context.Context, since time.Time, limit int) ([]hub.Row, time.Time, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := time.Now()
	if limit == 0 {
		return nil, next, d.down
	}
	var rows []hub.Row
	for _, r := range d.rows {
		if r.at.After(since) {
			rows = append(rows, r.Row)
		}
	}
	slices.SortFunc(rows, func(a, b hub.Row) int { return -newestFirst(a, b) })
	return rows, next, d.down
}
