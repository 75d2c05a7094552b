package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

const base = "/api/v1"

// The two ways to show who one is.
const (
	byCookie = "session"
	byBearer = "bearer"
	byLink   = "attend"
)

// The tags that order the description.
const (
	tagSession   = "session"
	tagDrafts    = "drafts"
	tagCases     = "cases"
	tagCommands  = "commands"
	tagMaterials = "materials"
	tagReference = "reference"
	tagRegister  = "register"
	tagMeetings  = "meetings"
	tagAttend    = "attend"
	tagLive      = "live"
	tagHealth    = "health"
	tagAdmin     = "administration"
)

func (s *Server) description() huma.Config {
	cfg := huma.DefaultConfig("Tongban 通办", s.cfg.Version)
	// huma's own pages load from a third-party host, and $schema links help nobody here.
	cfg.DocsPath, cfg.OpenAPIPath, cfg.SchemasPath, cfg.CreateHooks = "", "", "", nil
	cfg.RejectUnknownQueryParameters = true
	f := strictFormat()
	cfg.Formats = map[string]huma.Format{"application/json": f, "json": f}
	cfg.DefaultFormat = "application/json"
	cfg.Info.Description = "One case, one custodian, one evidence chain. Every command needs an Idempotency-Key; " +
		"a repeat gets the first answer. Errors are RFC 9457 problems with a stable code."
	cfg.Info.License = &huma.License{Name: "Apache-2.0"}
	cfg.Servers = nil
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		byCookie: {Type: "apiKey", In: "cookie", Name: s.cookieName(), Description: "for browsers; commands also need Sec-Fetch-Site: same-origin or X-Tongban: 1"},
		byLink:   {Type: "apiKey", In: "cookie", Name: s.attendCookie(), Description: "of who came by a link: POST /api/v1/attend; good for that session alone"},
		byBearer: {Type: "http", Scheme: "bearer", Description: "for programs: the token of POST /api/v1/session with bearer true"},
	}
	for _, t := range []huma.Tag{
		{Name: tagSession, Description: "登录 Sign in and out"},
		{Name: tagDrafts, Description: "草稿 What I typed and have not sent"},
		{Name: tagCases, Description: "件 Find and read cases"},
		{Name: tagCommands, Description: "办理 Move a case on"},
		{Name: tagMaterials, Description: "材料 Files of a case"},
		{Name: tagRegister, Description: "登记簿、证照 The real-property register, papers"},
		{Name: tagMeetings, Description: "视频会话 Video sessions: appointments, the room, the record"},
		{Name: tagAttend, Description: "凭链接参会 Taking part by a link, without an account"},
		{Name: tagReference, Description: "事项、标准、管辖 Items, standards, agencies, routing"},
		{Name: tagLive, Description: "动态 What changed"},
		{Name: tagAdmin, Description: "管理 People, keys, duties, calendars, deliveries"},
		{Name: tagHealth, Description: "运行状态 Is the hub well"},
	} {
		cfg.Tags = append(cfg.Tags, &t)
	}
	return cfg
}

// open registers an operation that needs no session.
func open[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	op.MaxBodyBytes = s.cfg.Limits.JSONBytes + 1 // huma refuses what reaches the limit
	op.BodyReadTimeout = s.cfg.Limits.Stall
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err == nil {
			return out, nil
		}
		p := s.problem(ctx, err)
		s.logFailure(ctx, p, err)
		h := http.Header{}
		s.problemHeaders(p, h.Set)
		return nil, huma.ErrorWithHeaders(p, h)
	})
}

// register registers an operation for people who are signed in.
func register[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	op.Security = []map[string][]string{{byCookie: {}}, {byBearer: {}}}
	op.Middlewares = append(op.Middlewares, s.signedIn)
	open(s, op, handle)
}
