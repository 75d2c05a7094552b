package docserver

import (
	"runtime"

	"go.mongodb.org/mongo-driver/bson/primitive"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

const (
	replicaSet    = "rs0"
	serverVersion = "7.0.0" // the MongoDB version whose behaviour is followed
	wireVersion   = 21      // the same, as drivers count
)

// hello answers as the primary and only member of replica set rs0.
func (s *Server) hello(q *request) (*value.Builder, error) {
	addr := value.String(s.Addr())
	b := value.NewBuilder().
		Add("helloOk", value.Bool(true)).
		Add("isWritablePrimary", value.Bool(true)).
		Add("ismaster", value.Bool(true)).
		Add("setName", value.String(replicaSet)).
		Add("setVersion", value.Int32(1)).
		Add("secondary", value.Bool(false)).
		Add("hosts", value.ArrayOf([]value.V{addr})).
		Add("me", addr).
		Add("primary", addr).
		Add("maxBsonObjectSize", value.Int32(maxDocumentBytes)).
		Add("maxMessageSizeBytes", value.Int32(maxMessageBytes)).
		Add("maxWriteBatchSize", value.Int32(maxBatchCount)).
		Add("localTime", value.Date(s.cfg.Now().UnixMilli())).
		Add("logicalSessionTimeoutMinutes", value.Int32(int32(s.cfg.SessionLife.Minutes()))).
		Add("connectionId", value.Int32(q.conn.id)).
		Add("minWireVersion", value.Int32(0)).
		Add("maxWireVersion", value.Int32(wireVersion)).
		Add("readOnly", value.Bool(false))
	if !value.Missing(q.field("saslSupportedMechs")) && s.auth != nil {
		b.Add("saslSupportedMechs", value.ArrayOf([]value.V{value.String(mechanism)}))
	}
	if spec, ok := value.Doc(q.field("speculativeAuthenticate")); ok && s.auth != nil {
		if m, _ := value.Text(value.Lookup(spec, "mechanism")); m == mechanism {
			if reply, err := q.conn.authn.start(s.auth, spec); err == nil {
				b.Add("speculativeAuthenticate", value.Document(reply))
			}
		}
	}
	return b, nil
}

func (s *Server) saslStart(q *request) (*value.Builder, error) {
	reply, err := q.conn.authn.start(s.auth, q.body)
	return saslReply(reply), err
}

func (s *Server) saslContinue(q *request) (*value.Builder, error) {
	reply, err := q.conn.authn.advance(q.body)
	return saslReply(reply), err
}

// saslReply opens the finished reply of a conversation again.
func saslReply(reply []byte) *value.Builder {
	b := value.NewBuilder()
	for _, name := range []string{"conversationId", "done", "payload"} {
		b.Add(name, value.Lookup(reply, name))
	}
	return b
}

func (s *Server) logout(q *request) (*value.Builder, error) {
	q.conn.authn = conversation{}
	return value.NewBuilder(), nil
}

func (s *Server) ping(*request) (*value.Builder, error) { return value.NewBuilder(), nil }

func (s *Server) buildInfo(*request) (*value.Builder, error) {
	version := []value.V{value.Int32(7), value.Int32(0), value.Int32(0), value.Int32(0)}
	return value.NewBuilder().
		Add("version", value.String(serverVersion)).
		Add("versionArray", value.ArrayOf(version)).
		Add("modules", value.ArrayOf([]value.V{value.String("embedded document server")})).
		Add("bits", value.Int32(64)).
		Add("maxBsonObjectSize", value.Int32(maxDocumentBytes)), nil
}

func (s *Server) hostInfo(*request) (*value.Builder, error) {
	system := value.NewBuilder().
		Add("currentTime", value.Date(s.cfg.Now().UnixMilli())).
		Add("numCores", value.Int32(int32(runtime.NumCPU()))).Bytes()
	return value.NewBuilder().Add("system", value.Document(system)), nil
}

func (s *Server) connectionStatus(q *request) (*value.Builder, error) {
	var users []value.V
	if q.conn.authn.ok {
		users = append(users, value.Document(value.NewBuilder().
			Add("user", value.String(s.cfg.User)).Add("db", value.String("admin")).Bytes()))
	}
	info := value.NewBuilder().Add("authenticatedUsers", value.ArrayOf(users)).
		Add("authenticatedUserRoles", value.ArrayOf(nil)).Bytes()
	return value.NewBuilder().Add("authInfo", value.Document(info)), nil
}

func (s *Server) serverStatus(*request) (*value.Builder, error) {
	now := s.cfg.Now()
	repl := value.NewBuilder().Add("setName", value.String(replicaSet)).Add("isWritablePrimary", value.Bool(true)).Bytes()
	conns := value.NewBuilder().Add("current", value.Int32(int32(s.conns.count()))).
		Add("available", value.Int32(int32(s.cfg.MaxConnections-s.conns.count()))).Bytes()
	engine := value.NewBuilder().Add("name", value.String("bbolt")).Add("persistent", value.Bool(true)).Bytes()
	return value.NewBuilder().
		Add("host", value.String(s.Addr())).
		Add("version", value.String(serverVersion)).
		Add("process", value.String("docserver")).
		Add("uptime", value.Double(now.Sub(s.started).Seconds())).
		Add("localTime", value.Date(now.UnixMilli())).
		Add("connections", value.Document(conns)).
		Add("repl", value.Document(repl)).
		Add("storageEngine", value.Document(engine)), nil
}

func (s *Server) getParameter(q *request) (*value.Builder, error) {
	if !value.Truthy(q.field("featureCompatibilityVersion")) {
		return nil, fault.New(fault.InvalidOptions, "no option found to get")
	}
	fcv := value.NewBuilder().Add("version", value.String("7.0")).Bytes()
	return value.NewBuilder().Add("featureCompatibilityVersion", value.Document(fcv)), nil
}

// newObjectID makes the _id of a document that came without one.
func newObjectID() value.V {
	id := primitive.NewObjectID()
	v, _ := value.Of(id)
	return v
}
