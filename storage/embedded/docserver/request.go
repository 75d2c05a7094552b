package docserver

import (
	"context"
	"math"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// request is one command on its way through the server.
type request struct {
	ctx     context.Context //nolint:containedctx // lives exactly as long as the request
	conn    *conn
	cmd     *command
	name    string
	arg     value.V // the value of the command's own field
	db      string
	body    []byte
	lists   map[string][][]byte
	maxTime time.Duration

	session   string // lsid, "" if none
	txnNumber int64
	retryable bool // has a txnNumber outside a transaction
	inTxn     bool
	startTxn  bool
	txn       *transaction // locked while the command runs; nil outside

	writeConcernErr error // what the write concern asked that cannot be had
}

// newRequest reads the generic fields of a command.
func newRequest(c *conn, m *message) (*request, error) {
	it := value.Elements(m.body)
	key, arg, _ := it.Next()
	q := &request{conn: c, name: string(key), arg: arg, db: m.db, body: m.body, lists: m.lists}
	if db, ok := value.Text(value.Lookup(m.body, "$db")); ok {
		q.db = db
	}
	q.cmd = c.s.commands[q.name]
	if q.cmd == nil {
		if strings.Contains(q.name, "SearchIndex") {
			return nil, fault.New(fault.CommandNotFound, "no such command: '%s': search indexes are only available on Atlas", q.name)
		}
		return nil, fault.New(fault.CommandNotFound, "no such command: '%s'", q.name)
	}
	if q.cmd.auth && c.s.auth != nil && !c.authn.ok {
		return nil, fault.New(fault.Unauthorized, "Command %s requires authentication", q.name)
	}
	if m.query && q.cmd.auth {
		return nil, fault.New(fault.CommandNotFound, "OP_QUERY is no longer supported for %s", q.name)
	}
	if !validDB(q.db) {
		return nil, fault.New(fault.InvalidNamespace, "Invalid database name: '%s'", q.db)
	}
	if err := q.checkFields(); err != nil {
		return nil, err
	}
	return q, q.readGeneric()
}

// checkFields refuses every field that neither the command nor all commands
// know.
func (q *request) checkFields() error {
	it := value.Elements(q.body)
	it.Next() // the command itself
	for {
		key, _, ok := it.Next()
		if !ok {
			break
		}
		if k := string(key); !genericField(k) && !q.cmd.fields[k] {
			return fault.New(fault.UnknownField, "BSON field '%s.%s' is an unknown field.", q.name, k)
		}
	}
	for name := range q.lists {
		if q.cmd.list != name {
			return fault.New(fault.UnknownField, "BSON field '%s.%s' is an unknown field.", q.name, name)
		}
		if !value.Missing(value.Lookup(q.body, name)) {
			return fault.New(fault.FailedToParse, "BSON field '%s.%s' is given twice", q.name, name)
		}
	}
	return nil
}

// genericField tells whether every command takes the field.
func genericField(k string) bool {
	switch k {
	case "$db", "lsid", "$clusterTime", "$readPreference", "comment", "maxTimeMS", "readConcern", "writeConcern",
		"txnNumber", "autocommit", "startTransaction":
		return true
	}
	return false
}

func (q *request) readGeneric() error {
	if v := value.Lookup(q.body, "maxTimeMS"); !value.NullOrMissing(v) {
		ms, ok := value.Int(v)
		if !ok || ms < 0 || ms > math.MaxInt32 {
			return fault.Bad("maxTimeMS must be a whole number of milliseconds from 0 to %d", math.MaxInt32)
		}
		q.maxTime = time.Duration(ms) * time.Millisecond
	}
	if err := q.readSession(); err != nil {
		return err
	}
	if err := q.readConcern(); err != nil {
		return err
	}
	return q.writeConcern()
}

func (q *request) readSession() error {
	if lsid, ok := value.Doc(value.Lookup(q.body, "lsid")); ok {
		id := value.Lookup(lsid, "id")
		_, data, _, ok := bsoncore.ReadBinary(id.Data)
		if id.Type != bson.TypeBinary || !ok || len(data) != 16 {
			return fault.New(fault.TypeMismatch, "lsid.id must be a UUID")
		}
		q.session = string(data)
	}
	n := value.Lookup(q.body, "txnNumber")
	if value.Missing(n) {
		if !value.Missing(value.Lookup(q.body, "autocommit")) || !value.Missing(value.Lookup(q.body, "startTransaction")) {
			return fault.New(fault.InvalidOptions, "a transaction needs a txnNumber")
		}
		return nil
	}
	var ok bool
	if q.txnNumber, ok = value.Int(n); !ok || n.Type != bson.TypeInt64 || q.txnNumber < 0 || q.session == "" {
		return fault.New(fault.InvalidOptions, "txnNumber must be a long that is not negative, together with an lsid")
	}
	if auto := value.Lookup(q.body, "autocommit"); !value.Missing(auto) {
		if value.Truthy(auto) {
			return fault.New(fault.InvalidOptions, "autocommit must be false")
		}
		q.inTxn, q.startTxn = true, value.Truthy(value.Lookup(q.body, "startTransaction"))
	}
	q.retryable = !q.inTxn
	if q.retryable && !q.cmd.retryable {
		return fault.New(50768, "%s may not be retried: txnNumber is only for insert, update, delete and findAndModify", q.name)
	}
	return nil
}

// readConcern accepts the levels that hold here anyway: whatever is read has
// been synced by the only member.
func (q *request) readConcern() error {
	doc, ok := value.Doc(value.Lookup(q.body, "readConcern"))
	if !ok {
		return nil
	}
	it := value.Elements(doc)
	for {
		key, v, ok := it.Next()
		if !ok {
			return nil
		}
		switch string(key) {
		case "level":
			level, _ := value.Text(v)
			switch level {
			case "local", "available", "majority", "linearizable":
			case "snapshot":
				if !q.inTxn {
					return fault.New(fault.InvalidOptions, "readConcern snapshot is only supported in transactions")
				}
			default:
				return fault.New(fault.FailedToParse, "readConcern level '%s' is unknown", level)
			}
		case "afterClusterTime": // one member: every read is after every commit
		default:
			return fault.New(fault.UnknownField, "readConcern field '%s' is unknown", key)
		}
	}
}

// writeConcern accepts what one member that syncs every commit fulfils; more
// members cannot be had, and are reported after the write, as MongoDB does.
func (q *request) writeConcern() error {
	doc, ok := value.Doc(value.Lookup(q.body, "writeConcern"))
	if !ok {
		return nil
	}
	it := value.Elements(doc)
	for {
		key, v, ok := it.Next()
		if !ok {
			return nil
		}
		switch string(key) {
		case "w":
			n, whole := value.Int(v)
			if s, isText := value.Text(v); isText && s != "majority" {
				q.writeConcernErr = fault.New(79, "No write concern mode named '%s' found in replica set configuration", s)
			} else if !isText && (!whole || n < 0) {
				return fault.New(fault.FailedToParse, "w has to be a number that is not negative or a string")
			} else if n > 1 {
				q.writeConcernErr = fault.New(fault.UnsatisfiableWriteConcern, "Not enough data-bearing nodes")
			}
		case "j", "fsync", "wtimeout":
		default:
			return fault.New(fault.UnknownField, "writeConcern field '%s' is unknown", key)
		}
	}
}

// field returns an argument, missing if absent.
func (q *request) field(name string) value.V { return value.Lookup(q.body, name) }

// doc returns a document argument, nil if absent.
func (q *request) doc(name string) ([]byte, error) {
	v := q.field(name)
	if value.NullOrMissing(v) {
		return nil, nil
	}
	doc, ok := value.Doc(v)
	if !ok {
		return nil, wrongType(q.name+"."+name, v, "object")
	}
	return doc, nil
}

func wrongType(field string, v value.V, want string) error {
	return fault.New(fault.TypeMismatch, "BSON field '%s' is the wrong type '%s', expected type '%s'",
		field, value.TypeName(v.Type), want)
}

// flag returns a boolean argument.
func (q *request) flag(name string) (bool, error) { return flagOf(q.body, q.name, name, false) }

func flagOf(doc []byte, cmd, name string, absent bool) (bool, error) {
	v := value.Lookup(doc, name)
	if value.Missing(v) {
		return absent, nil
	}
	if v.Type != bson.TypeBoolean && !value.Number(v) {
		return false, wrongType(cmd+"."+name, v, "bool")
	}
	return value.Truthy(v), nil
}

// count returns a whole number argument that is not negative.
func (q *request) count(name string) (int64, error) {
	v := q.field(name)
	if value.NullOrMissing(v) {
		return 0, nil
	}
	n, ok := value.Int(v)
	if !ok {
		return 0, wrongType(q.name+"."+name, v, "long")
	}
	if n < 0 {
		return 0, fault.New(51024, "BSON field '%s' value must be >= 0, actual value '%d'", name, n)
	}
	return n, nil
}

// documents returns the list argument of a command, wherever it was sent.
func (q *request) documents(name string) ([][]byte, error) {
	if l, ok := q.lists[name]; ok {
		return l, checkBatch(q.name, name, len(l))
	}
	v := q.field(name)
	arr, ok := value.Array(v)
	if !ok {
		return nil, wrongType(q.name+"."+name, v, "array")
	}
	var out [][]byte
	for _, e := range value.List(arr) {
		doc, ok := value.Doc(e)
		if !ok {
			return nil, wrongType(q.name+"."+name, e, "object")
		}
		out = append(out, doc)
	}
	return out, checkBatch(q.name, name, len(out))
}

func checkBatch(cmd, name string, n int) error {
	if n < 1 || n > maxBatchCount {
		return fault.New(fault.InvalidLength, "%s.%s must have 1 to %d entries, got %d", cmd, name, maxBatchCount, n)
	}
	return nil
}

// namespace returns the full name of the collection in the command's field.
func (q *request) namespace() (string, error) {
	name, ok := value.Text(q.arg)
	if !ok {
		return "", fault.New(fault.InvalidNamespace, "collection name has invalid type %s", value.TypeName(q.arg.Type))
	}
	return q.qualify(name)
}

func (q *request) qualify(coll string) (string, error) {
	if coll == "" || strings.ContainsAny(coll, "\x00$") || coll[0] == '.' || len(q.db)+len(coll) > 255 {
		return "", fault.New(fault.InvalidNamespace, "Invalid collection name: '%s.%s'", q.db, coll)
	}
	return q.db + "." + coll, nil
}

func validDB(name string) bool {
	return name != "" && len(name) < 64 && !strings.ContainsAny(name, "/\\. \"$*<>:|?\x00")
}

// vars returns the variables that expressions of the command may use.
func (q *request) vars() (*expr.Vars, error) {
	let, err := q.doc("let")
	if err != nil {
		return nil, err
	}
	return expr.NewVars(q.conn.s.cfg.Now(), let)
}
