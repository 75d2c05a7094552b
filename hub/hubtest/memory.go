package hubtest

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/hub"
)

// Memory keeps everything of a hub in memory, under one lock. It is for tests
// that are not about stores; those that are take the real ones.
type Memory struct {
	mu        sync.Mutex // guards all below
	chains    map[hub.CaseID][]hub.Event
	rows      map[hub.CaseID]hub.Row
	parcels   map[string]*parcel
	incoming  map[string]hub.Incoming
	objects   map[hub.Digest][]byte
	uploads   map[string]hub.Upload
	accesses  []hub.Access
	agencies  map[hub.AgencyID]hub.Agency
	standards map[hub.StandardRef]hub.Standard
	keys      map[hub.KeyID]hub.AgencyKey
	cases     map[hub.CaseID]hub.CaseKeyRecord
	counters  map[string]int64

	hub.Directory // people are not kept
}

type parcel struct {
	content hub.Parcel
	leased  time.Time
}

// NewMemory returns empty stores.
func NewMemory() *Memory {
	return &Memory{
		chains: map[hub.CaseID][]hub.Event{}, rows: map[hub.CaseID]hub.Row{}, parcels: map[string]*parcel{},
		incoming: map[string]hub.Incoming{}, objects: map[hub.Digest][]byte{}, uploads: map[string]hub.Upload{},
		agencies: map[hub.AgencyID]hub.Agency{}, standards: map[hub.StandardRef]hub.Standard{},
		keys: map[hub.KeyID]hub.AgencyKey{}, cases: map[hub.CaseID]hub.CaseKeyRecord{}, counters: map[string]int64{},
	}
}

func get[K comparable, V any](m *Memory, in map[K]V, k K) (V, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := in[k]
	if !ok {
		return v, hub.E(hub.NotFound, "not there")
	}
	return v, nil
}

// Append implements hub.EventStore.
func (m *Memory) Append(_ context.Context, e hub.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	chain := m.chains[e.Case]
	taken := slices.ContainsFunc(chain, func(x hub.Event) bool { return x.Seq == e.Seq || x.Command.ID == e.Command.ID })
	if taken {
		return hub.E(hub.Conflict, "taken")
	}
	m.chains[e.Case] = append(slices.Clip(chain), e)
	return nil
}

// Chain implements hub.EventStore.
func (m *Memory) Chain(_ context.Context, id hub.CaseID, after int64) ([]hub.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.chains[id][min(after, int64(len(m.chains[id]))):]), nil
}

// SetChain puts a damaged chain in place of the good one.
func (m *Memory) SetChain(id hub.CaseID, events []hub.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chains[id] = events
}

// MarkProjected implements hub.EventStore; nothing is ever behind.
func (m *Memory) MarkProjected(context.Context, ...hub.EventRef) error { return nil }

// Unprojected implements hub.EventStore.
func (m *Memory) Unprojected(context.Context, time.Time, int) ([]hub.CaseID, error) { return nil, nil }

// CaseIDs implements hub.EventStore.
func (m *Memory) CaseIDs(context.Context, hub.CaseID, int) ([]hub.CaseID, error) { return nil, nil }

// Save implements hub.CaseIndex.
func (m *Memory) Save(_ context.Context, r hub.Row) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.Seq > m.rows[r.ID].Seq {
		m.rows[r.ID] = r
	}
	return nil
}

// Row implements hub.CaseIndex.
func (m *Memory) Row(_ context.Context, id hub.CaseID) (hub.Row, error) { return get(m, m.rows, id) }

// List implements hub.CaseIndex; memory keeps no order.
func (m *Memory) List(context.Context, hub.ListQuery) (hub.Page, error) {
	return hub.Page{}, hub.E(hub.Unavailable, "no lists in memory")
}

// Counts implements hub.CaseIndex.
func (m *Memory) Counts(context.Context, []hub.QueueKey, int64) (map[hub.QueueKey]int64, error) {
	return nil, hub.E(hub.Unavailable, "no lists in memory")
}

// Changed implements hub.CaseIndex.
func (m *Memory) Changed(context.Context, time.Time, int) ([]hub.Row, time.Time, error) {
	return nil, time.Time{}, hub.E(hub.Unavailable, "no lists in memory")
}

// Drop implements hub.CaseIndex.
func (m *Memory) Drop(_ context.Context, id hub.CaseID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.rows, id)
	return nil
}

// Stat implements hub.Objects.
func (m *Memory) Stat(_ context.Context, d hub.Digest) (int64, error) {
	b, err := get(m, m.objects, d)
	return int64(len(b)), err
}

// Open implements hub.Objects.
func (m *Memory) Open(_ context.Context, d hub.Digest) (io.ReadCloser, int64, error) {
	b, err := get(m, m.objects, d)
	return io.NopCloser(bytes.NewReader(b)), int64(len(b)), err
}

// Missing implements hub.Objects.
func (m *Memory) Missing(_ context.Context, ds []hub.Digest) ([]hub.Digest, error) {
	return slices.DeleteFunc(slices.Clone(ds), func(d hub.Digest) bool { _, err := get(m, m.objects, d); return err == nil }), nil
}

// PutFile implements Files.
func (m *Memory) PutFile(_ testing.TB, content []byte) hub.Digest {
	d := hub.SHA256(content)
	m.SetFile(d, content)
	return d
}

// SetFile puts a content under a digest that it may not have; nil removes it.
func (m *Memory) SetFile(d hub.Digest, content []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.objects[d] = content; content == nil {
		delete(m.objects, d)
	}
}

// SaveUpload implements hub.Uploads.
func (m *Memory) SaveUpload(_ context.Context, u hub.Upload) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.uploads[string(u.Agency)+" "+string(u.File.Digest)] = u
	return nil
}

// Upload implements hub.Uploads.
func (m *Memory) Upload(_ context.Context, a hub.AgencyID, d hub.Digest) (hub.Upload, error) {
	return get(m, m.uploads, string(a)+" "+string(d))
}

// Record implements hub.AccessLog.
func (m *Memory) Record(_ context.Context, a hub.Access) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.accesses = append(m.accesses, a)
	return nil
}

// Accesses implements hub.AccessLog.
func (m *Memory) Accesses(_ context.Context, id hub.CaseID, _ string, _ int) ([]hub.Access, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.accesses), func(a hub.Access) bool { return a.Case != id }), nil
}

// SaveAgency implements hub.Directory.
func (m *Memory) SaveAgency(_ context.Context, a hub.Agency) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.agencies[a.ID] = a
	return nil
}

// Agency implements hub.Directory.
func (m *Memory) Agency(_ context.Context, id hub.AgencyID) (hub.Agency, error) {
	return get(m, m.agencies, id)
}

// SaveStandard implements hub.Directory.
func (m *Memory) SaveStandard(_ context.Context, s hub.Standard) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.standards[s.Ref()] = s
	return nil
}

// Standard implements hub.Directory.
func (m *Memory) Standard(_ context.Context, ref hub.StandardRef) (hub.Standard, error) {
	return get(m, m.standards, ref)
}

// Standards implements hub.Directory.
func (m *Memory) Standards(_ context.Context, item hub.ItemCode) ([]hub.Standard, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []hub.Standard
	for ref, s := range m.standards {
		if item == "" || ref.Item == item {
			out = append(out, s)
		}
	}
	return out, nil
}

// Next implements hub.Counters.
func (m *Memory) Next(_ context.Context, name string) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counters[name]++
	return m.counters[name], nil
}

// SaveAgencyKey implements hub.KeyStore.
func (m *Memory) SaveAgencyKey(_ context.Context, k hub.AgencyKey) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[k.ID] = k
	return nil
}

// AgencyKey implements hub.KeyStore.
func (m *Memory) AgencyKey(_ context.Context, id hub.KeyID) (hub.AgencyKey, error) {
	return get(m, m.keys, id)
}

// AgencyKeys implements hub.KeyStore.
func (m *Memory) AgencyKeys(_ context.Context, a hub.AgencyID) ([]hub.AgencyKey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []hub.AgencyKey
	for _, k := range m.keys {
		if a == "" || k.Agency == a {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(x, y hub.AgencyKey) int {
		if c := y.From.Compare(x.From); c != 0 {
			return c
		}
		return strings.Compare(string(x.ID), string(y.ID))
	})
	return out, nil
}

// SaveCaseKey implements hub.KeyStore.
func (m *Memory) SaveCaseKey(_ context.Context, k hub.CaseKeyRecord) (hub.CaseKeyRecord, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if was, ok := m.cases[k.Case]; ok {
		return was, nil
	}
	m.cases[k.Case] = k
	return k, nil
}

// CaseKey implements hub.KeyStore.
func (m *Memory) CaseKey(_ context.Context, id hub.CaseID) (hub.CaseKeyRecord, error) {
	return get(m, m.cases, id)
}

// EraseCaseKey implements hub.KeyStore.
func (m *Memory) EraseCaseKey(context.Context, hub.CaseID, time.Time) error {
	return hub.E(hub.Unavailable, "no erasure in memory")
}
