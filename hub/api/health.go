package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

func (s *Server) healthRoutes() {
	open(s, huma.Operation{
		Method: http.MethodGet, Path: "/healthz", OperationID: "is-alive", Tags: []string{tagHealth},
		Summary: "存活 The process answers",
	}, s.alive)
	open(s, huma.Operation{
		Method: http.MethodGet, Path: "/readyz", OperationID: "is-ready", Tags: []string{tagHealth},
		Summary: "就绪 Every store answers",
	}, s.ready)
}

type healthOutput struct {
	Body struct {
		Status  string `json:"status"`
		Version string `json:"version"`
	}
}

func (s *Server) health(status string) *healthOutput {
	out := &healthOutput{}
	out.Body.Status, out.Body.Version = status, s.cfg.Version
	return out
}

func (s *Server) alive(context.Context, *struct{}) (*healthOutput, error) {
	return s.health("alive"), nil
}

// readyWithin bounds how long a store may take to be called ready.
const readyWithin = 2 * time.Second

func (s *Server) ready(ctx context.Context, _ *struct{}) (*healthOutput, error) {
	if s.stopping.Load() {
		return nil, hub.E(hub.Unavailable, "the hub is stopping")
	}
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := s.cfg.Ready(ctx); err != nil {
		return nil, hub.Wrap(hub.Unavailable, err, "a store does not answer")
	}
	return s.health("ready"), nil
}
