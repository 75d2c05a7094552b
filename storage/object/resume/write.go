package resume

import (
	"context"
	"errors"
	"hash"
	"io"
	"slices"

	"github.com/tus/tusd/v2/pkg/handler"

	"tongban/hub"
	"tongban/storage/object"
)

// WriteChunk implements [handler.Upload]. Bytes that arrived are kept whatever
// ends the request: whole parts at once, the rest as the tail. n is what has
// become safe; an error of the store may leave it smaller than what was read.
func (u *upload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (n int64, err error) {
	u.x.reading.Store(true)
	o := u.x.upload
	if o.Done() || offset != o.Offset {
		return 0, handler.ErrMismatchOffset
	}
	buf, err := u.s.buffers.get(ctx, u.s.Wait)
	if err != nil {
		return 0, u.x.fail(err)
	}
	defer func() {
		if err := u.s.buffers.put(buf); err != nil {
			u.s.Logger.WarnContext(ctx, "memory of an upload was not given back", "error", err)
		}
	}()
	ctx, cancel := u.s.keep(ctx)
	defer cancel()
	p := &packer{upload: u, buf: buf}
	err = p.run(ctx, src)
	if refused(err) {
		if dropErr := u.s.drop(ctx, u.x.upload, u.x.holder); dropErr != nil {
			u.s.Logger.WarnContext(ctx, "a refused upload was not removed", "upload", o.ID, "error", dropErr)
		}
	}
	if err != nil {
		return 0, u.x.fail(err)
	}
	return u.x.upload.Offset - offset, nil
}

// refused reports whether no byte can make the file good any more.
func refused(err error) bool {
	switch hub.ErrorCode(err) {
	case hub.WrongType, hub.DigestMismatch, hub.Invalid, hub.TooLarge, hub.NotFound,
		hub.UnsafeContent, hub.TooManyPages, hub.Encrypted, hub.Quarantined:
		return true
	}
	return false
}

// FinishUpload implements [handler.Upload]. The last WriteChunk has finished
// the file or said why not.
func (u *upload) FinishUpload(context.Context) error {
	if u.x.err == nil && !u.x.upload.Done() {
		return u.x.fail(hub.E(hub.Unavailable, "the file is not finished; ask for the offset"))
	}
	if u.x.err != nil {
		return errOurs
	}
	return nil
}

// packer cuts what arrives into parts.
type packer struct {
	*upload
	buf  []byte // of one part
	fill int64  // bytes of the next part that are in buf
	hash hash.Hash
}

func (p *packer) run(ctx context.Context, src io.Reader) (err error) {
	o := p.x.upload
	if p.hash, err = thaw(o.Hash); err != nil {
		return err
	}
	begin := o.InParts() // of the part in buf
	if o.Tail != "" {
		p.fill = o.Offset - begin
		if err := p.s.Objects.Scrap(ctx, o.Tail, p.buf[:p.fill]); err != nil {
			return lostBytes(err)
		}
	}
	for {
		n, readErr := io.ReadFull(src, p.buf[p.fill:p.until(o, begin)])
		p.fill += int64(n)
		if err := p.sniff(o, begin); err != nil {
			return err
		}
		switch {
		case begin+p.fill == o.Size:
			return p.last(ctx)
		case p.fill == int64(len(p.buf)):
			if err := p.part(ctx); err != nil {
				return err
			}
			begin, p.fill = o.InParts(), 0
		}
		if readErr != nil { // the end, or the client is gone; tusd knows which
			return p.rest(ctx, begin)
		}
	}
}

// until is how far buf is to be filled in one go: to the end of the part or
// the file, but no further than is needed to tell the type.
func (p *packer) until(o *hub.OpenUpload, begin int64) int64 {
	end := min(int64(len(p.buf)), o.Size-begin)
	if o.Type == "" && p.fill < min(o.Size, p.s.SniffBytes) {
		end = min(end, p.s.SniffBytes)
	}
	return end
}

// sniff tells the type as soon as it can be told: before the first part is sent.
func (p *packer) sniff(o *hub.OpenUpload, begin int64) (err error) {
	if o.Type != "" || begin > 0 || p.fill < min(o.Size, p.s.SniffBytes) {
		return nil
	}
	o.Type, err = p.s.Sniff(p.buf[:min(p.fill, p.s.SniffBytes)])
	return err
}

// save writes the next state, which becomes the present one, and removes the
// tail that it makes needless.
func (p *packer) save(ctx context.Context, next hub.OpenUpload) error {
	o := p.x.upload
	next.Holder = p.x.holder
	if err := p.s.Records.Save(ctx, next, o.Offset); err != nil {
		return err
	}
	old := o.Tail
	*o = next
	if old != "" && old != next.Tail {
		if err := p.s.Objects.RemoveScrap(ctx, old); err != nil { // Sweep finds it
			p.s.Logger.WarnContext(ctx, "a tail was not removed", "upload", o.ID, "error", err)
		}
	}
	return nil
}

// part makes what is in buf the next part.
func (p *packer) part(ctx context.Context) (err error) {
	next := *p.x.upload
	d := object.Draft{Key: next.Key, ID: next.Store}
	if d.ID == "" {
		if d, err = p.s.Objects.NewDraft(ctx, next.Want); err != nil {
			return err
		}
		next.Key, next.Store = d.Key, d.ID
	}
	etag, err := p.s.Objects.PutPart(ctx, d, next.Next, p.buf[:p.fill])
	if err != nil {
		return lostBytes(err)
	}
	p.hash.Write(p.buf[:p.fill])
	if next.Hash, err = freeze(p.hash); err != nil {
		return err
	}
	next.Offset = next.InParts() + p.fill
	next.Parts = append(slices.Clip(next.Parts), hub.UploadPart{Number: next.Next, ETag: etag, Size: p.fill})
	next.Next++
	next.Tail = ""
	return p.save(ctx, next)
}

// rest keeps what is in buf as the tail: bytes first, then the record.
func (p *packer) rest(ctx context.Context, begin int64) (err error) {
	next := *p.x.upload
	if next.Offset == begin+p.fill {
		return nil
	}
	if next.Tail, err = p.s.Objects.PutScrap(ctx, p.buf[:p.fill]); err != nil {
		return err
	}
	next.Offset = begin + p.fill
	return p.save(ctx, next)
}

// last ends the file with what is in buf. A file that is not what was
// announced is known before anything of it gets its place.
func (p *packer) last(ctx context.Context) error {
	o := p.x.upload
	if len(o.Parts) > 0 {
		if err := p.part(ctx); err != nil {
			return err
		}
		return p.finish(ctx)
	}
	p.hash.Write(p.buf[:p.fill])
	digest := digestOf(p.hash)
	if err := asAnnounced(o, digest); err != nil {
		return err
	}
	if _, err := p.s.Objects.PutWhole(ctx, p.buf[:p.fill]); err != nil {
		return err
	}
	next := *o
	next.Offset, next.Tail = o.Size, ""
	return p.done(ctx, next, digest)
}

// finish makes the parts one file. It may be repeated after a crash at any point.
func (u *upload) finish(ctx context.Context) error {
	o := u.x.upload
	h, err := thaw(o.Hash)
	if err != nil {
		return err
	}
	digest := digestOf(h)
	if err := asAnnounced(o, digest); err != nil {
		return u.giveUp(ctx, err)
	}
	if err := u.s.Objects.Publish(ctx, object.Draft{Key: o.Key, ID: o.Store}, o.Parts, digest); err != nil {
		return u.giveUp(ctx, lostBytes(err))
	}
	p := &packer{upload: u}
	return p.done(ctx, *o, digest)
}

// giveUp drops an upload that cannot become good.
func (u *upload) giveUp(ctx context.Context, err error) error {
	if !refused(err) {
		return err
	}
	return errors.Join(err, u.s.drop(ctx, u.x.upload, u.x.holder))
}

// done looks into the file, makes it known as brought in by the agency, and
// then the upload as done.
func (p *packer) done(ctx context.Context, next hub.OpenUpload, digest hub.Digest) error {
	file := hub.File{Digest: digest, Size: next.Size, Type: next.Type}
	if p.s.Check != nil {
		if err := p.s.Check(ctx, file); err != nil {
			return p.giveUp(ctx, err)
		}
	}
	err := p.s.Uploads.SaveUpload(ctx, hub.Upload{Agency: next.Agency, Person: next.Person, At: hub.Millis(p.s.Now()), File: file})
	if err != nil {
		return err
	}
	next.File, next.Parts, next.Hash, next.Key, next.Store = digest, []hub.UploadPart{}, nil, "", ""
	return p.save(ctx, next)
}

func asAnnounced(o *hub.OpenUpload, digest hub.Digest) error {
	if o.Want != "" && o.Want != digest {
		return hub.E(hub.DigestMismatch, "announced %s, received %s", o.Want, digest)
	}
	return nil
}

// lostBytes names what is left of an upload whose bytes are gone from the
// store: nothing. The client begins anew.
func lostBytes(err error) error {
	if hub.ErrorCode(err) == hub.NotFound {
		return hub.Wrap(hub.NotFound, err, "the upload has been given up; begin anew")
	}
	return err
}
