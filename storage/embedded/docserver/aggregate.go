package docserver

import (
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

func (s *Server) aggregate(q *request) (*value.Builder, error) { return nil, fault.Bad("soon") }
func (s *Server) explain(q *request) (*value.Builder, error)   { return nil, fault.Bad("soon") }
