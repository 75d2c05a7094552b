package hubtest

import (
	"context"
	"slices"
	"strings"
	"time"

	"tongban/hub"
)

// Enqueue implements hub.Outbox.
func (m *Memory) Enqueue(_ context.Context, p hub.Parcel) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.parcels[p.ID] == nil {
		m.parcels[p.ID] = &parcel{content: p}
	}
	return nil
}

// Lease implements hub.Outbox.
func (m *Memory) Lease(_ context.Context, _ string, now time.Time, ttl time.Duration, limit int) ([]hub.Parcel, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []*parcel
	for _, p := range m.parcels {
		if !p.content.Done && !p.content.Due.After(now) && !p.leased.After(now) {
			due = append(due, p)
		}
	}
	slices.SortFunc(due, func(x, y *parcel) int { return x.content.Due.Compare(y.content.Due) })
	var out []hub.Parcel
	for _, p := range due[:min(limit, len(due))] {
		p.leased = now.Add(ttl)
		out = append(out, p.content)
	}
	return out, nil
}

func (m *Memory) change(id string, f func(*parcel)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.parcels[id]
	if p == nil {
		return hub.E(hub.NotFound, "no such message")
	}
	f(p)
	return nil
}

// SaveBody implements hub.Outbox.
func (m *Memory) SaveBody(_ context.Context, id string, body []byte) (stored []byte, err error) {
	err = m.change(id, func(p *parcel) {
		if len(p.content.Body) == 0 {
			p.content.Body = body
		}
		stored = p.content.Body
	})
	return stored, err
}

// Done implements hub.Outbox.
func (m *Memory) Done(_ context.Context, id string, receipt []byte) error {
	return m.change(id, func(p *parcel) {
		if c := &p.content; !c.Done {
			c.Done, c.Receipt, c.LastErr = true, receipt, ""
		}
	})
}

// Retry implements hub.Outbox.
func (m *Memory) Retry(_ context.Context, id string, at time.Time, lastError string) error {
	return m.change(id, func(p *parcel) {
		p.content.Due, p.content.LastErr, p.leased = at, lastError, time.Time{}
		p.content.Attempts++
	})
}

// Parcel implements hub.Outbox.
func (m *Memory) Parcel(_ context.Context, id string) (hub.Parcel, error) {
	p, err := get(m, m.parcels, id)
	if err != nil {
		return hub.Parcel{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return p.content, nil
}

// OfCase implements hub.Outbox.
func (m *Memory) OfCase(_ context.Context, id hub.CaseID) ([]hub.Parcel, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []hub.Parcel
	for _, p := range m.parcels {
		if p.content.Case == id {
			out = append(out, p.content)
		}
	}
	slices.SortFunc(out, func(x, y hub.Parcel) int { return strings.Compare(x.ID, y.ID) })
	return out, nil
}

// Receive implements hub.Outbox.
func (m *Memory) Receive(_ context.Context, in hub.Incoming) (stored hub.Incoming, isNew bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if was, ok := m.incoming[in.ID]; ok {
		return was, false, nil
	}
	m.incoming[in.ID] = in
	return in, true, nil
}

// Incoming implements hub.Outbox.
func (m *Memory) Incoming(_ context.Context, id string) (hub.Incoming, error) {
	return get(m, m.incoming, id)
}

// IncomingOfCase implements hub.Outbox.
func (m *Memory) IncomingOfCase(_ context.Context, id hub.CaseID) ([]hub.Incoming, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []hub.Incoming
	for _, in := range m.incoming {
		if in.Case == id {
			out = append(out, in)
		}
	}
	slices.SortFunc(out, func(x, y hub.Incoming) int { return strings.Compare(x.ID, y.ID) })
	return out, nil
}
