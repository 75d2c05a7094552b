package hub

import "time"

// OpenUpload is a file on its way in that outlives the request, the connection
// and the process that carry it. Everything it needs to go on is here and in
// the object store.
type OpenUpload struct {
	ID      string // 32 hex digits, random
	Agency  AgencyID
	Person  PersonID
	Size    int64  // bytes, known from the start
	Want    Digest // announced digest, "" if none
	Created time.Time
	Expires time.Time // from then on nobody can go on with it

	Offset int64  // bytes that are safe: all parts and the tail
	Type   string // told from the first bytes, "" before there are enough
	Key    string // object that the parts will become, "" before the first part
	Store  string // id of the object store's own multipart upload
	Parts  []UploadPart
	Next   int    // number of the next part; a number is never used by two writers
	Tail   string // object with the bytes after the last part, "" if none
	Hash   []byte // state of SHA-256 after the last part
	File   Digest // of the whole file, set when it is in its place

	Holder string    // who may write now, "" if nobody
	Until  time.Time // when the holder is given up for dead
	Wanted bool      // somebody else waits for the holder to let go
}

// UploadPart is one part that the object store has.
type UploadPart struct {
	Number int // ascending, with gaps where a writer died
	ETag   string
	Size   int64
}

// Done reports whether the whole file is in its place.
func (u *OpenUpload) Done() bool { return u.File != "" }

// InParts is how many bytes are in parts; the rest up to Offset is in the tail.
func (u *OpenUpload) InParts() int64 {
	var n int64
	for _, p := range u.Parts {
		n += p.Size
	}
	return n
}
