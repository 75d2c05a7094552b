package record

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	manifestVersion = 1
	maxManifest     = 256 << 20 // bytes; an hour has about one MB
)

// manifest names every segment of a lane, with what its head says and the
// digest of the whole object. The stored form is the contract; see
// docs/recording.md.
type manifest struct {
	Version  int           `json:"v"`
	Lane     string        `json:"lane"`
	Start    time.Time     `json:"start"` // hub's time of position 0
	To       int64         `json:"to_ms"` // position of the end
	Hash     string        `json:"hash"`
	Segments []segmentLine `json:"segments"`
}

type segmentLine struct {
	Key    string `json:"key"`
	Size   int64  `json:"size"`
	Skip   int    `json:"head_size"` // bytes before the first fragment
	Digest string `json:"digest"`    // hex
	Head   head   `json:"head"`
}

// result says that the files are complete.
type result struct {
	Version int        `json:"v"`
	Lane    string     `json:"lane"`
	Hash    string     `json:"hash"`
	Files   []fileLine `json:"files"`
}

type fileLine struct {
	Key       string    `json:"key"`
	Container Container `json:"container"`
	Size      int64     `json:"size"`
	Digest    string    `json:"digest"`
	Start     time.Time `json:"start"` // hub's time of the file's time 0
	Duration  int64     `json:"duration_ms"`
	Segments  int       `json:"segments"`
}

// readManifest reads and checks a stored manifest. Errors: ReasonCorrupt.
func readManifest(r io.Reader, key string) (*manifest, error) {
	var m manifest
	if err := strictJSON(io.LimitReader(r, maxManifest), &m); err != nil {
		return nil, fail(ReasonCorrupt, key, err)
	}
	if err := m.check(); err != nil {
		return nil, fail(ReasonCorrupt, key, err)
	}
	return &m, nil
}

func (m *manifest) check() error {
	if _, ok := laneByName(m.Lane); !ok || m.Version != manifestVersion || len(m.Segments) == 0 {
		return errors.New("version, lane or no segment")
	}
	var o order
	for i := range m.Segments {
		s := &m.Segments[i]
		digest, err := hex.DecodeString(s.Digest)
		if err != nil || len(digest) == 0 || len(digest) > maxDigest {
			return errors.New("digest")
		}
		if err := s.Head.check(); err != nil {
			return err
		}
		if s.Skip < 9 || s.Skip > maxHead+24 || s.Size != int64(s.Skip)+s.Head.mediaSize() || s.Head.Lane != m.Lane || s.Head.Hash != m.Hash {
			return fmt.Errorf("segment %d", s.Head.Index)
		}
		if err := o.next(&s.Head, s.Digest); err != nil {
			return err
		}
	}
	if !o.start.Equal(m.Start) || o.to != m.To {
		return errors.New("start or end")
	}
	return nil
}

// order checks that segments follow one another.
type order struct {
	index  int
	digest string
	start  time.Time
	to     int64
	hash   string
}

func (o *order) next(h *head, digest string) error {
	switch {
	case h.PrevIndex > o.index:
		return fail(ReasonMissing, fmt.Sprintf("%s %d", h.Lane, h.PrevIndex), nil)
	case h.PrevIndex < o.index || h.Prev != o.digest:
		return fail(ReasonBroken, fmt.Sprintf("%s %d", h.Lane, h.Index), nil)
	case o.index > 0 && (!h.Start.Equal(o.start) || h.From < o.to || h.Hash != o.hash):
		return fail(ReasonBroken, fmt.Sprintf("%s %d", h.Lane, h.Index), errors.New("start, time or hash"))
	}
	o.index, o.digest, o.start, o.to, o.hash = h.Index, digest, h.Start, h.To, h.Hash
	return nil
}

// putJSON stores a small object.
func putJSON(ctx context.Context, sink Sink, key string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fail(ReasonInvalid, key, err)
	}
	if err := sink.Put(ctx, key, bytes.NewReader(b), int64(len(b))); err != nil {
		return fail(ReasonStorage, key, err)
	}
	return nil
}
