package docserver

import (
	"bytes"
	"container/heap"
	"slices"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
)

// rows is a stream of documents. A document is valid until the next step on the
// reader; who keeps one must copy it.
type rows interface {
	// next returns the next document, nil at the end.
	next(r *reader) ([]byte, error)
}

// scanRows are the documents of a scan.
type scanRows struct{ sc *scan }

func (s *scanRows) next(r *reader) ([]byte, error) {
	_, doc, err := s.sc.next(r)
	return doc, err
}

// listRows are documents already in memory.
type listRows struct{ docs [][]byte }

func (l *listRows) next(*reader) ([]byte, error) {
	if len(l.docs) == 0 {
		return nil, nil
	}
	doc := l.docs[0]
	l.docs[0], l.docs = nil, l.docs[1:]
	return doc, nil
}

// skipRows leaves out the first n.
type skipRows struct {
	in rows
	n  int64
}

func (s *skipRows) next(r *reader) ([]byte, error) {
	for ; s.n > 0; s.n-- {
		if doc, err := s.in.next(r); doc == nil || err != nil {
			return nil, err
		}
	}
	return s.in.next(r)
}

// limitRows ends after n.
type limitRows struct {
	in rows
	n  int64
}

func (l *limitRows) next(r *reader) ([]byte, error) {
	if l.n <= 0 {
		return nil, nil
	}
	l.n--
	return l.in.next(r)
}

// filterRows keeps what matches.
type filterRows struct {
	in    rows
	match func(doc []byte) (bool, error)
}

func (f *filterRows) next(r *reader) ([]byte, error) {
	for {
		doc, err := f.in.next(r)
		if doc == nil || err != nil {
			return nil, err
		}
		if ok, err := f.match(doc); ok || err != nil {
			return doc, err
		}
	}
}

// mapRows changes each document.
type mapRows struct {
	in rows
	f  query.Transform
}

func (m *mapRows) next(r *reader) ([]byte, error) {
	doc, err := m.in.next(r)
	if doc == nil || err != nil {
		return nil, err
	}
	return m.f(doc)
}

// sortRows reads everything before it gives the first document. With a limit it
// keeps only so many.
type sortRows struct {
	in    rows
	sort  query.Sort
	limit int64 // 0: all
	max   int   // bytes it may hold
	out   *listRows
}

// sortItem is one document with what orders it; seq keeps equal ones in order.
type sortItem struct {
	key, doc []byte
	seq      int
}

func (a sortItem) compare(b sortItem) int {
	if c := bytes.Compare(a.key, b.key); c != 0 {
		return c
	}
	return a.seq - b.seq
}

// worstFirst is a heap of the items kept so far with the last one on top.
type worstFirst []sortItem

func (h worstFirst) Len() int           { return len(h) }
func (h worstFirst) Less(i, j int) bool { return h[i].compare(h[j]) > 0 }
func (h worstFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *worstFirst) Push(x any)        { *h = append(*h, x.(sortItem)) } //nolint:forcetypeassert // only items are pushed
func (h *worstFirst) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

func (s *sortRows) next(r *reader) ([]byte, error) {
	if s.out == nil {
		if err := s.fill(r); err != nil {
			return nil, err
		}
	}
	return s.out.next(r)
}

func (s *sortRows) fill(r *reader) error {
	var items worstFirst
	var key []byte
	size := 0
	for seq := 0; ; seq++ {
		doc, err := s.in.next(r)
		if err != nil {
			return err
		}
		if doc == nil {
			break
		}
		key = s.sort.AppendKey(key[:0], doc)
		full := s.limit > 0 && int64(len(items)) == s.limit
		if full {
			if bytes.Compare(key, items[0].key) >= 0 {
				continue
			}
			worst, _ := heap.Pop(&items).(sortItem)
			size -= len(worst.key) + len(worst.doc)
		}
		it := sortItem{key: bytes.Clone(key), doc: bytes.Clone(doc), seq: seq}
		if size += len(it.key) + len(it.doc); size > s.max {
			return fault.New(fault.ExceededMemoryLimit, "Sort exceeded memory limit of %d bytes, but did not opt in to external sorting.", s.max)
		}
		if s.limit > 0 {
			heap.Push(&items, it)
		} else {
			items = append(items, it)
		}
	}
	slices.SortFunc(items, sortItem.compare)
	s.out = &listRows{docs: make([][]byte, len(items))}
	for i, it := range items {
		s.out.docs[i] = it.doc
	}
	return nil
}
