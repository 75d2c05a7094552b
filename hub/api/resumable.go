package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

// Resumable answers the requests of the tus protocol for a person who may add
// materials. The request's path is the id of the upload or empty, and so is
// Location in the answer. An error is a hub.Error, and nothing but headers has
// been written to w then; status, when it is not 0, is what the protocol asks
// for in place of the code's own. It does not read the body after its return.
type Resumable interface {
	Serve(w http.ResponseWriter, r *http.Request, who hub.Actor) (status int, err error)
}

const (
	tusPath    = base + "/uploads/tus"
	tusVersion = "1.0.0"
)

func (s *Server) resumableRoutes() {
	const more = " tus 1.0 with creation, creation-with-upload, termination and expiration; see docs/uploads.md. " +
		"Every request but HEAD and OPTIONS needs Tus-Resumable: 1.0.0."
	for _, op := range []huma.Operation{
		{
			Method: http.MethodOptions, Path: tusPath, OperationID: "resumable-options", Summary: "断点续传能力 What resumable uploads can do",
			Description:   "Versions, extensions and the largest file." + more,
			DefaultStatus: http.StatusOK, Responses: answers(http.StatusOK, "in the headers", "Tus-Version", "Tus-Extension", "Tus-Max-Size"),
		},
		{
			Method: http.MethodPost, Path: tusPath, OperationID: "create-upload", Summary: "新建断点续传 Begin a resumable upload",
			Description: "Upload-Length is needed; Upload-Metadata may hold the digest of the whole file (digest, sha256:<hex>), which is " +
				"then checked; nothing else of it is kept. A first piece may come along as application/offset+octet-stream." + more,
			Parameters:    headers("Tus-Resumable", "Upload-Length", "Upload-Metadata"),
			DefaultStatus: http.StatusCreated, Responses: answers(http.StatusCreated, "created", "Location", "Upload-Offset", "Upload-Expires"),
		},
		{
			Method: http.MethodHead, Path: tusPath + "/{id}", OperationID: "get-upload-offset", Summary: "续传位置 How much has arrived",
			Description:   "Waits for a request that still writes to let go. Repr-Digest is there when the file is whole." + more,
			DefaultStatus: http.StatusOK, Responses: answers(http.StatusOK, "in the headers", "Upload-Offset", "Upload-Length", "Upload-Expires", "Repr-Digest"),
		},
		{
			Method: http.MethodPatch, Path: tusPath + "/{id}", OperationID: "continue-upload", Summary: "续传 Send the bytes from an offset on",
			Description: "What arrived stays, also when the connection breaks. The last piece checks type and digest and is answered with " +
				"Repr-Digest, with which the file can be put into a case. A file that is refused is removed." + more,
			Parameters: headers("Tus-Resumable", "Upload-Offset"),
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
				"application/offset+octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
			}},
			DefaultStatus: http.StatusNoContent, Responses: answers(http.StatusNoContent, "arrived", "Upload-Offset", "Upload-Expires", "Repr-Digest"),
		},
		{
			Method: http.MethodDelete, Path: tusPath + "/{id}", OperationID: "end-upload", Summary: "放弃续传 Give an upload up",
			Description: "What arrived is removed, unless the file is whole." + more, Parameters: headers("Tus-Resumable"),
			DefaultStatus: http.StatusNoContent, Responses: answers(http.StatusNoContent, "removed"),
		},
	} {
		op.Tags = []string{tagMaterials}
		op.Middlewares = huma.Middlewares{speaksTus}
		if op.Path == tusPath {
			register(s, op, func(ctx context.Context, in *createUploadInput) (*huma.StreamResponse, error) {
				return s.resumable(ctx, in.hctx, "")
			})
			continue
		}
		register(s, op, func(ctx context.Context, in *oneUploadInput) (*huma.StreamResponse, error) {
			return s.resumable(ctx, in.hctx, in.ID)
		})
	}
}

// answers describes an answer without a body.
func answers(status int, what string, names ...string) map[string]*huma.Response {
	h := map[string]*huma.Header{}
	for _, n := range names {
		h[n] = &huma.Header{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	return map[string]*huma.Response{strconv.Itoa(status): {Description: what, Headers: h}}
}

// headers describes headers of a request, which tusd reads by itself.
func headers(names ...string) []*huma.Param {
	var all []*huma.Param
	for _, n := range names {
		all = append(all, &huma.Param{Name: n, In: "header", Required: n != "Upload-Metadata", Schema: &huma.Schema{Type: huma.TypeString}})
	}
	return all
}

type createUploadInput struct{ taken }

type oneUploadInput struct {
	taken
	ID string `path:"id" maxLength:"64"`
}

// taken keeps huma from reading the body.
type taken struct{ hctx huma.Context }

// Resolve implements [huma.Resolver].
func (t *taken) Resolve(hctx huma.Context) []error {
	t.hctx = hctx
	return nil
}

// speaksTus marks every answer, refusals too.
func speaksTus(hctx huma.Context, next func(huma.Context)) {
	hctx.SetHeader("Tus-Resumable", tusVersion)
	next(hctx)
}

func (s *Server) resumable(ctx context.Context, hctx huma.Context, id string) (*huma.StreamResponse, error) {
	who := actor(ctx)
	if err := s.mayUpload(who); err != nil {
		return nil, err
	}
	ctx, cancel := s.transfer(ctx)
	defer cancel()
	x := cross(hctx, id)
	stop := context.AfterFunc(s.streams, func() { x.interrupt(errStopping) })
	defer stop()
	var status int
	var err error
	x.serve(ctx, func(w http.ResponseWriter, r *http.Request) { status, err = s.cfg.Resumable.Serve(w, r, who) })
	stopped := x.end(errOver)
	s.metrics.uploaded.Add(float64(x.read))
	if err != nil && errors.Is(stopped, errStopping) {
		err = hub.Wrap(hub.Unavailable, err, "the server is stopping; go on from the offset")
	}
	if err != nil {
		return nil, s.tusRefusal(ctx, hctx, status, err)
	}
	if at := x.header.Get("Location"); at != "" {
		x.header.Set("Location", tusPath+"/"+at)
	}
	return &huma.StreamResponse{Body: x.send}, nil
}

// tusRefusal is the problem for a refusal, under the status of the protocol.
func (s *Server) tusRefusal(ctx context.Context, hctx huma.Context, status int, err error) error {
	p := s.problem(ctx, err)
	if p.Status >= http.StatusInternalServerError {
		return err
	}
	if status != 0 {
		p.Status = status
	}
	if status == http.StatusPreconditionFailed {
		hctx.SetHeader("Tus-Version", tusVersion)
	}
	return p
}
