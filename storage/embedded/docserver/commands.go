package docserver

import (
	"context"
	"errors"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// command is one entry of the command table.
type command struct {
	run       func(s *Server, q *request) (*value.Builder, error)
	fields    map[string]bool // arguments beside the generic ones
	list      string          // the argument that may come as a document sequence
	auth      bool            // refused before authentication
	retryable bool            // takes a txnNumber outside transactions
	inTxn     bool            // allowed in a transaction
}

// Arguments that several commands share.
const (
	findFields = "filter sort projection hint skip limit batchSize singleBatch noCursorTimeout allowDiskUse " +
		"allowPartialResults min max returnKey showRecordId tailable awaitData oplogReplay collation let"
	fieldsOfHello = "helloOk client compression loadBalanced topologyVersion maxAwaitTimeMS hostInfo " +
		"saslSupportedMechs speculativeAuthenticate hello"
)

// commandTable lists every command with every argument it knows.
func commandTable() map[string]*command {
	t := map[string]*command{}
	add := func(names, fields string, c command) {
		c.fields = map[string]bool{}
		for f := range strings.FieldsSeq(fields) {
			c.fields[f] = true
		}
		for n := range strings.FieldsSeq(names) {
			t[n] = &c
		}
	}
	add("hello isMaster ismaster", fieldsOfHello, command{run: (*Server).hello})
	add("saslStart", "mechanism payload options autoAuthorize db", command{run: (*Server).saslStart})
	add("saslContinue", "conversationId payload", command{run: (*Server).saslContinue})
	add("buildInfo buildinfo", "", command{run: (*Server).buildInfo, auth: true})
	add("ping", "", command{run: (*Server).ping, auth: true})
	add("logout", "", command{run: (*Server).logout, auth: true})
	add("hostInfo", "", command{run: (*Server).hostInfo, auth: true})
	add("connectionStatus", "showPrivileges", command{run: (*Server).connectionStatus, auth: true})
	add("serverStatus", "repl metrics locks network", command{run: (*Server).serverStatus, auth: true})
	add("getParameter", "featureCompatibilityVersion allParameters authenticationMechanisms", command{run: (*Server).getParameter, auth: true})

	add("insert", "documents ordered bypassDocumentValidation",
		command{run: (*Server).insert, list: "documents", auth: true, retryable: true, inTxn: true})
	add("update", "updates ordered bypassDocumentValidation let",
		command{run: (*Server).update, list: "updates", auth: true, retryable: true, inTxn: true})
	add("delete", "deletes ordered let",
		command{run: (*Server).remove, list: "deletes", auth: true, retryable: true, inTxn: true})
	add("findAndModify findandmodify", "query sort remove update new fields upsert bypassDocumentValidation collation arrayFilters hint let",
		command{run: (*Server).findAndModify, auth: true, retryable: true, inTxn: true})

	add("find", findFields, command{run: (*Server).find, auth: true, inTxn: true})
	add("getMore", "collection batchSize", command{run: (*Server).getMore, auth: true, inTxn: true})
	add("killCursors", "cursors", command{run: (*Server).killCursors, auth: true, inTxn: true})
	add("count", "query limit skip hint collation fields", command{run: (*Server).count, auth: true})
	add("distinct", "key query collation hint", command{run: (*Server).distinct, auth: true, inTxn: true})
	add("aggregate", "pipeline cursor explain allowDiskUse bypassDocumentValidation collation hint let",
		command{run: (*Server).aggregate, auth: true, inTxn: true})
	add("explain", "verbosity", command{run: (*Server).explain, auth: true})

	add("create", "capped autoIndexId size max validator validationLevel validationAction storageEngine indexOptionDefaults viewOn pipeline collation timeseries expireAfterSeconds clusteredIndex changeStreamPreAndPostImages encryptedFields",
		command{run: (*Server).create, auth: true, inTxn: true})
	add("drop", "", command{run: (*Server).drop, auth: true})
	add("dropDatabase", "", command{run: (*Server).dropDatabase, auth: true})
	add("createIndexes", "indexes commitQuorum ignoreUnknownIndexOptions", command{run: (*Server).createIndexes, list: "indexes", auth: true, inTxn: true})
	add("dropIndexes deleteIndexes", "index", command{run: (*Server).dropIndexes, auth: true})
	add("listIndexes", "cursor", command{run: (*Server).listIndexes, auth: true})
	add("listCollections", "filter nameOnly authorizedCollections cursor", command{run: (*Server).listCollections, auth: true})
	add("listDatabases", "filter nameOnly authorizedDatabases", command{run: (*Server).listDatabases, auth: true})
	add("collStats collstats", "scale", command{run: (*Server).collStats, auth: true})
	add("dbStats dbstats", "scale freeStorage", command{run: (*Server).dbStats, auth: true})

	add("commitTransaction", "recoveryToken", command{run: (*Server).commitTransaction, auth: true, inTxn: true})
	add("abortTransaction", "recoveryToken", command{run: (*Server).abortTransaction, auth: true, inTxn: true})
	add("startSession refreshSessions", "", command{run: (*Server).ping, auth: true})
	add("endSessions killSessions", "", command{run: (*Server).endSessions, auth: true})
	add("killAllSessions", "", command{run: (*Server).killAllSessions, auth: true})
	return t
}

// run executes a request and returns its whole reply.
func (s *Server) run(q *request) ([]byte, error) {
	if q.inTxn {
		if !q.cmd.inTxn {
			return nil, fault.New(fault.OperationNotSupportedTxn, "Cannot run '%s' in a multi-document transaction.", q.name)
		}
		return s.runInTransaction(q)
	}
	return s.call(q)
}

// call runs the command's own function and ends its reply.
func (s *Server) call(q *request) ([]byte, error) {
	b, err := q.cmd.run(s, q)
	if err != nil {
		return nil, err
	}
	return finish(q, b), nil
}

// finish closes a successful reply.
func finish(q *request, b *value.Builder) []byte {
	if q.writeConcernErr != nil {
		e := fault.Of(q.writeConcernErr)
		b.Add("writeConcernError", value.Document(value.NewBuilder().
			Add("code", value.Int32(int32(e.Code))).
			Add("codeName", value.String(e.Code.Name())).
			Add("errmsg", value.String(e.Message)).Bytes()))
	}
	if q.session != "" {
		b.Add("operationTime", q.conn.s.operationTime())
	}
	return b.Add("ok", value.Double(1)).Bytes()
}

// operationTime is what drivers with causal consistency send back as
// afterClusterTime. One member reads its own writes anyway.
func (s *Server) operationTime() value.V {
	return value.V{Type: bson.TypeTimestamp, Data: bsoncore.AppendTimestamp(nil, uint32(s.cfg.Now().Unix()), 1)}
}

// refusal turns the error of a command into what the client is told.
func (s *Server) refusal(q *request, err error) *fault.Error {
	var e *fault.Error
	switch {
	case s.ctx.Err() != nil && !isFault(err):
		e = fault.Of(fault.New(fault.InterruptedAtShutdown, "interrupted at shutdown"))
	case errors.Is(err, context.DeadlineExceeded):
		e = fault.Of(errMaxTime)
	default:
		e = fault.Of(err)
	}
	if e.Code == fault.InternalError {
		s.cfg.Logger.Error("command failed", "command", q.name, "error", err)
	}
	return e
}

func isFault(err error) bool {
	_, ok := errors.AsType[*fault.Error](err)
	return ok
}

// errorReply is the reply of a command that failed as a whole.
func errorReply(e *fault.Error) []byte {
	b := value.NewBuilder().
		Add("ok", value.Double(0)).
		Add("errmsg", value.String(e.Message)).
		Add("code", value.Int32(int32(e.Code))).
		Add("codeName", value.String(e.Code.Name()))
	addKeys(b, e)
	if len(e.Labels) > 0 {
		var labels []value.V
		for _, l := range e.Labels {
			labels = append(labels, value.String(l))
		}
		b.Add("errorLabels", value.ArrayOf(labels))
	}
	return b.Bytes()
}

// addKeys adds what a duplicate key error says beside its code.
func addKeys(b *value.Builder, e *fault.Error) {
	if e.KeyPattern != nil {
		b.Add("keyPattern", value.V{Type: bson.TypeEmbeddedDocument, Data: e.KeyPattern})
		b.Add("keyValue", value.V{Type: bson.TypeEmbeddedDocument, Data: e.KeyValue})
	}
}
