package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gabriel-vasile/mimetype"

	"tongban/hub"
)

// uploadTypes are the types of content that materials may have.
var uploadTypes = []string{"application/pdf", "image/jpeg", "image/png", "image/tiff"}

// SniffBytes is how much of a file its type is told from.
const SniffBytes = 3072

// SniffUpload tells the type of a file from its first SniffBytes bytes. Errors:
// WrongType for what no material may be.
func SniffUpload(head []byte) (mediaType string, err error) {
	mediaType = mimetype.Detect(head).String()
	if !slices.Contains(uploadTypes, mediaType) {
		return "", hub.E(hub.WrongType, "the content is %s; files are PDF, JPEG, PNG or TIFF", mediaType)
	}
	return mediaType, nil
}

func (s *Server) uploadRoute() {
	types := map[string]*huma.MediaType{}
	for _, t := range uploadTypes {
		types[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	register(s, huma.Operation{
		Method: http.MethodPut, Path: base + "/uploads", OperationID: "upload-file", Tags: []string{tagMaterials},
		Summary: "上传文件 Bring a file in", DefaultStatus: http.StatusCreated,
		Description: "The raw bytes, with Content-Length and Repr-Digest. The type is told from the content. Nothing is kept of what is " +
			"too large, of another type, cut short or not what was announced. Repeating is harmless.",
		RequestBody: &huma.RequestBody{Required: true, Content: types},
	}, s.upload)
}

type uploadInput struct {
	Digest string `header:"Repr-Digest" required:"true" doc:"RFC 9530: sha-256=:<base64>:"`
	body   io.Reader
	size   int64
}

// Resolve takes the body as a stream: huma would buffer it.
func (in *uploadInput) Resolve(hctx huma.Context) []error {
	in.size = int64(humafiber.Unwrap(hctx).Request().Header.ContentLength())
	in.body = hctx.BodyReader()
	if in.body == nil {
		in.body = bytes.NewReader(nil)
	}
	in.body = &incoming{body: in.body, deadline: hctx.SetReadDeadline}
	return nil
}

type uploadOutput struct {
	Body fileView
}

// mayUpload lets people bring files in who may put them into a case: materials,
// or the still of the identity step of a session.
func (s *Server) mayUpload(who hub.Actor) error {
	err := s.cfg.Policy.Authorize(who, hub.MaterialAdd, nil)
	if err != nil && s.cfg.Policy.Authorize(who, hub.SessionIdentify, nil) == nil {
		return nil
	}
	return err
}

func (s *Server) upload(ctx context.Context, in *uploadInput) (*uploadOutput, error) {
	who := actor(ctx)
	if err := s.mayUpload(who); err != nil {
		return nil, err
	}
	want, err := parseReprDigest(in.Digest)
	switch {
	case err != nil:
		return nil, err
	case in.size < 0:
		return nil, hub.E(hub.BadRequest, "Content-Length is needed")
	case in.size > s.cfg.Limits.UploadBytes:
		return nil, hub.E(hub.TooLarge, "a file may have at most %d bytes", s.cfg.Limits.UploadBytes)
	}
	if b, ok := in.body.(*incoming); ok {
		b.stall = s.cfg.Limits.Stall
	}
	ctx, cancel := s.transfer(ctx)
	defer cancel()
	head := make([]byte, min(in.size, SniffBytes))
	if _, err := io.ReadFull(in.body, head); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = hub.Wrap(hub.UploadTruncated, err, "the upload broke off")
		}
		return nil, err
	}
	mediaType, err := SniffUpload(head)
	if err != nil {
		return nil, err
	}
	file := hub.File{Digest: want, Size: in.size, Type: mediaType}
	body := io.MultiReader(bytes.NewReader(head), in.body)
	if err := s.cfg.Objects.Put(ctx, Incoming{Body: body, Size: in.size, Want: want}); err != nil {
		return nil, err
	}
	if s.cfg.CheckContent != nil {
		if err := s.cfg.CheckContent(ctx, file); err != nil {
			return nil, err
		}
	}
	if err := s.cfg.Uploads.SaveUpload(ctx, hub.Upload{Agency: who.Agency, Person: who.Person, File: file, At: hub.Millis(s.cfg.Now())}); err != nil {
		return nil, err
	}
	s.metrics.uploaded.Add(float64(in.size))
	return &uploadOutput{fileView(file)}, nil
}

// incoming lets a slow client take its time as long as bytes arrive, and names
// what a broken connection is: a truncated upload.
type incoming struct {
	body     io.Reader
	deadline func(time.Time) error
	stall    time.Duration
	armed    time.Time
}

func (in *incoming) Read(p []byte) (int, error) {
	if now := time.Now(); in.stall > 0 && now.Sub(in.armed) > in.stall/8 {
		if err := in.deadline(now.Add(in.stall)); err != nil {
			return 0, hub.Wrap(hub.UploadTruncated, err, "the client is gone")
		}
		in.armed = now
	}
	n, err := in.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = hub.Wrap(hub.UploadTruncated, err, "the upload broke off")
	}
	return n, err
}
