package resume

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"

	"tongban/hub"
	"tongban/storage/object"
)

var (
	_ handler.DataStore           = (*Store)(nil)
	_ handler.TerminaterDataStore = (*Store)(nil)
)

// NewUpload implements [handler.DataStore]: it writes the record and nothing
// else, so a small file costs the object store one write in all.
func (s *Store) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	x := exchangeOf(ctx)
	u, err := s.create(ctx, x, info.Size)
	if err != nil {
		return nil, x.fail(err)
	}
	x.upload = &u
	return &upload{s: s, x: x}, nil
}

func (s *Store) create(ctx context.Context, x *exchange, size int64) (hub.OpenUpload, error) {
	if size <= 0 {
		return hub.OpenUpload{}, hub.E(hub.Invalid, "an empty file is no material")
	}
	now := hub.Millis(s.Now())
	for _, of := range []struct {
		person hub.PersonID
		limit  int64
	}{{x.who.Person, s.PerPerson}, {"", s.PerAgency}} {
		n, err := s.Records.Count(ctx, x.who.Agency, of.person, now, of.limit)
		if err != nil {
			return hub.OpenUpload{}, err
		}
		if n >= of.limit {
			return hub.OpenUpload{}, hub.E(hub.RateLimited, "%d uploads are open; finish or end some first", n)
		}
	}
	start, err := freeze(sha256.New())
	if err != nil {
		return hub.OpenUpload{}, err
	}
	u := hub.OpenUpload{
		ID: newID(), Agency: x.who.Agency, Person: x.who.Person, Size: size, Want: x.want,
		Created: now, Expires: now.Add(s.Life), Next: 1, Hash: start, Parts: []hub.UploadPart{},
	}
	return u, s.Records.Create(ctx, u)
}

// GetUpload implements [handler.DataStore]; the lock has read the record. What
// a crash left at its full size is finished here, since a client that hears an
// offset equal to the size will not ask again.
func (s *Store) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	x := exchangeOf(ctx)
	if x.upload == nil || x.upload.ID != id || x.holder == "" {
		return nil, x.fail(hub.E(hub.Internal, "an upload was asked for without its lock"))
	}
	u := &upload{s: s, x: x}
	if x.upload.Offset == x.upload.Size && !x.upload.Done() {
		ctx, cancel := s.keep(ctx)
		defer cancel()
		if err := u.finish(ctx); err != nil {
			return nil, x.fail(err)
		}
	}
	return u, nil
}

// AsTerminatableUpload implements [handler.TerminaterDataStore].
func (s *Store) AsTerminatableUpload(u handler.Upload) handler.TerminatableUpload {
	return u.(*upload) //nolint:forcetypeassert // tusd hands back what it got from here
}

// keepFor bounds what goes on when the client is gone: its last part, or the
// copy of a finished file.
const keepFor = 10 * time.Minute

// keep is a context that does not end with the client: what has arrived is kept.
func (*Store) keep(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), keepFor)
}

func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func wellFormed(id string) bool {
	return len(id) == 32 && strings.Trim(id, "0123456789abcdef") == ""
}

// freeze and thaw keep the state of SHA-256, so that nothing is read twice.
func freeze(h hash.Hash) ([]byte, error) {
	m, ok := h.(encoding.BinaryMarshaler)
	if !ok {
		return nil, hub.E(hub.Internal, "SHA-256 cannot be interrupted")
	}
	return m.MarshalBinary()
}

func thaw(state []byte) (hash.Hash, error) {
	h := sha256.New()
	m, ok := h.(encoding.BinaryUnmarshaler)
	if !ok {
		return nil, hub.E(hub.Internal, "SHA-256 cannot be resumed")
	}
	if err := m.UnmarshalBinary(state); err != nil {
		return nil, fmt.Errorf("resume SHA-256: %w", err)
	}
	return h, nil
}

func digestOf(h hash.Hash) hub.Digest { return hub.Digest("sha256:" + hex.EncodeToString(h.Sum(nil))) }

// upload is one upload in one request. It is used by one goroutine.
type upload struct {
	s *Store
	x *exchange
}

var _ handler.TerminatableUpload = (*upload)(nil)

// GetInfo implements [handler.Upload].
func (u *upload) GetInfo(context.Context) (handler.FileInfo, error) {
	o := u.x.upload
	info := handler.FileInfo{ID: o.ID, Size: o.Size, Offset: o.Offset}
	if o.Want != "" {
		info.MetaData = handler.MetaData{"digest": string(o.Want)}
	}
	return info, nil
}

// GetReader implements [handler.Upload]; files are read by their digest only.
func (*upload) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, handler.ErrNotImplemented
}

// Terminate implements [handler.TerminatableUpload]. A finished file stays: it
// may be in a case already.
func (u *upload) Terminate(ctx context.Context) error {
	ctx, cancel := u.s.keep(ctx)
	defer cancel()
	return u.x.fail(u.s.drop(ctx, u.x.upload, u.x.holder))
}

// drop forgets an upload and its bytes: bytes first, so that what fails is
// found again by its record.
func (s *Store) drop(ctx context.Context, o *hub.OpenUpload, holder string) error {
	if !o.Done() {
		if err := s.Objects.DropDraft(ctx, object.Draft{Key: o.Key, ID: o.Store}); err != nil {
			return err
		}
	}
	if o.Tail != "" {
		if err := s.Objects.RemoveScrap(ctx, o.Tail); err != nil {
			return err
		}
	}
	return s.Records.Delete(ctx, o.ID, holder)
}
