package signin

import (
	"crypto/sha256"
	"sync"
	"time"

	"tongban/hub"
)

// maxTracked bounds the memory of attempts to sign in.
const maxTracked = 50_000

// key stands for a login or an address; what people typed is not kept.
type key [sha256.Size]byte

func keyOf(parts ...string) key {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return key(h.Sum(nil))
}

// rates counts attempts per minute.
type rates struct {
	mu     sync.Mutex // guards the fields below
	minute time.Time
	seen   map[key]int
}

// allow counts one attempt and reports whether it is within the limit. When
// too many keys are seen within a minute, new ones are refused.
func (r *rates) allow(k key, limit int, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := now.Truncate(time.Minute); r.seen == nil || !m.Equal(r.minute) {
		r.minute, r.seen = m, map[key]int{}
	}
	if _, known := r.seen[k]; !known && len(r.seen) >= maxTracked {
		return false
	}
	r.seen[k]++
	return r.seen[k] <= limit
}

// locks applies the lock rule to any login that is tried, whether or not
// somebody has it, so that being locked says nothing about who exists. The
// lasting lock of a person is kept by the directory; this one lasts as long as
// the process.
type locks struct {
	mu      sync.Mutex // guards entries
	entries map[key]lockEntry
}

type lockEntry struct {
	failures int
	until    time.Time
}

func (l *locks) locked(k key, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return now.Before(l.entries[k].until)
}

func (l *locks) record(k key, ok bool, rule hub.LockRule, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ok {
		delete(l.entries, k)
		return
	}
	if l.entries == nil || len(l.entries) >= maxTracked {
		l.entries = map[key]lockEntry{}
	}
	e := l.entries[k]
	if e.failures++; e.failures >= rule.After {
		e = lockEntry{until: now.Add(rule.For)}
	}
	l.entries[k] = e
}
