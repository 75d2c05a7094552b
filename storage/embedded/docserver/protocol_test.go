package docserver

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

func TestOpenRefusesUnsafeConfigurations(t *testing.T) {
	dir := t.TempDir()
	for name, cfg := range map[string]Config{
		"no account":      {Path: dir + "/a"},
		"no password":     {Path: dir + "/a", User: "u"},
		"no file":         {Insecure: true},
		"every interface": {Path: dir + "/a", Insecure: true, Addr: ":0"},
		"outside address": {Path: dir + "/a", Insecure: true, Addr: "0.0.0.0:0"},
	} {
		if s, err := Open(t.Context(), cfg); err == nil {
			_ = s.Close()
			t.Errorf("%s: accepted", name)
		}
	}
}

// wireClient talks OP_MSG by hand.
type wireClient struct {
	t  *testing.T
	nc net.Conn
}

func rawDial(t *testing.T, s *Server) *wireClient {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	return &wireClient{t, nc}
}

func opMsg(doc []byte) []byte {
	b := make([]byte, 16, 21+len(doc))
	binary.LittleEndian.PutUint32(b[12:], 2013)
	b = append(b, 0, 0, 0, 0, 0)
	b = append(b, doc...)
	binary.LittleEndian.PutUint32(b, uint32(len(b)))
	return b
}

func (w *wireClient) do(cmd D) bson.Raw {
	w.t.Helper()
	if _, err := w.nc.Write(opMsg(raw(w.t, append(cmd, e("$db", "hub"))))); err != nil {
		w.t.Fatal(err)
	}
	var head [21]byte
	if _, err := io.ReadFull(w.nc, head[:]); err != nil {
		w.t.Fatal(err)
	}
	doc := make([]byte, binary.LittleEndian.Uint32(head[:])-21)
	if _, err := io.ReadFull(w.nc, doc); err != nil {
		w.t.Fatal(err)
	}
	return doc
}

func TestOnlyTheHandshakeIsOpenToStrangers(t *testing.T) {
	s := open(t)
	for name := range s.commands {
		w := rawDial(t, s) // a command may end the conversation
		r := w.do(D{e(name, 1)})
		code := r.Lookup("code")
		switch name {
		case "hello", "isMaster", "ismaster":
			if r.Lookup("ok").Double() != 1 || !r.Lookup("isWritablePrimary").Boolean() || r.Lookup("setName").StringValue() != "rs0" {
				t.Errorf("%s: %v", name, r)
			}
		case "saslStart", "saslContinue":
			if code.AsInt64() != 18 {
				t.Errorf("%s: %v", name, r)
			}
		default:
			if code.AsInt64() != 13 {
				t.Errorf("%s was answered to a stranger: %v", name, r)
			}
		}
	}
}

func TestWrongPasswordsAreRefused(t *testing.T) {
	s := open(t)
	for _, cred := range []options.Credential{
		{Username: "hub", Password: "guess", AuthSource: "admin"},
		{Username: "nobody", Password: "s3cret/@pass", AuthSource: "admin"},
		{Username: "hub", Password: "s3cret/@pass", AuthSource: "admin", AuthMechanism: "SCRAM-SHA-1"},
	} {
		o := options.Client().ApplyURI("mongodb://" + s.Addr() + "/?replicaSet=rs0").SetAuth(cred).SetServerSelectionTimeout(2 * time.Second)
		c, err := mongo.Connect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Ping(t.Context(), nil); err == nil || !strings.Contains(strings.ToLower(err.Error()), "auth") {
			t.Errorf("%s/%s: %v", cred.Username, cred.AuthMechanism, err)
		}
		_ = c.Disconnect(t.Context())
	}
}

func TestUnknownThingsAreRefused(t *testing.T) {
	s := open(t)
	db := dial(t, s).Database("hub")
	if _, err := db.Collection("c").InsertOne(t.Context(), D{e("_id", 1)}); err != nil {
		t.Fatal(err)
	}
	one := D{e("q", D{}), e("u", D{e("$set", D{e("a", 1)})})}
	tests := []struct {
		name string
		cmd  D
		code int
	}{
		{"command", D{e("mapReduce", "c")}, 59},
		{"option of find", D{e("find", "c"), e("frob", 1)}, 40415},
		{"option of insert", D{e("insert", "c"), e("documents", A{D{}}), e("upsert", true)}, 40415},
		{"option of a statement", D{e("delete", "c"), e("deletes", A{D{e("q", D{}), e("limit", 0), e("frob", 1)}})}, 0},
		{"option of an update", D{e("update", "c"), e("updates", A{append(one, e("frob", 1))})}, 0},
		{"collation", D{e("find", "c"), e("collation", D{e("locale", "fr")})}, 115},
		{"tailable", D{e("find", "c"), e("tailable", true)}, 115},
		{"hint of nothing", D{e("find", "c"), e("hint", "x_1")}, 2},
		{"stage", D{e("aggregate", "c"), e("pipeline", A{D{e("$graphLookup", D{})}}), e("cursor", D{})}, 40324},
		{"accumulator", D{e("aggregate", "c"), e("pipeline", A{D{e("$group", D{e("_id", 1), e("a", D{e("$top", 1)})})}}), e("cursor", D{})}, 15952},
		{"capped", D{e("create", "d"), e("capped", true), e("size", 10)}, 115},
		{"validator", D{e("create", "d"), e("validator", D{e("a", 1)})}, 115},
		{"text index", D{e("createIndexes", "c"), e("indexes", A{D{e("key", D{e("a", "text")}), e("name", "t")}})}, 67},
		{"index option", D{e("createIndexes", "c"), e("indexes", A{D{e("key", D{e("a", 1)}), e("name", "t"), e("frob", 1)}})}, 72},
		{"read concern", D{e("find", "c"), e("readConcern", D{e("level", "eventual")})}, 9},
		{"snapshot outside", D{e("find", "c"), e("readConcern", D{e("level", "snapshot")})}, 72},
		{"negative skip", D{e("find", "c"), e("skip", -1)}, 51024},
		{"cursor of nobody", D{e("getMore", int64(7)), e("collection", "c")}, 43},
		{"empty batch", D{e("insert", "c"), e("documents", A{})}, 16},
		{"collection name", D{e("find", "a$b")}, 73},
		{"maxTimeMS", D{e("find", "c"), e("maxTimeMS", -1)}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := db.RunCommand(t.Context(), tt.cmd).Raw()
			if tt.code == 0 {
				if err == nil && r.Lookup("writeErrors").Type == 0 {
					t.Fatalf("accepted: %v", r)
				}
				return
			}
			if !hasCode(err, tt.code) {
				t.Fatalf("want code %d, got %v %v", tt.code, r, err)
			}
		})
	}
	r, err := db.RunCommand(t.Context(), D{e("insert", "c"), e("documents", A{D{e("_id", 9)}}), e("writeConcern", D{e("w", 3)})}).Raw()
	if ce := r.Lookup("writeConcernError", "code"); err == nil && ce.Type == 0 {
		t.Errorf("w: 3 cannot be had, but got %v", r)
	}
	if n, _ := db.Collection("c").CountDocuments(t.Context(), D{}); n != 2 {
		t.Errorf("%d documents, want 2: one with an unsatisfiable write concern is still written", n)
	}
}

func TestLimits(t *testing.T) {
	s := open(t, func(c *Config) { c.MaxSortBytes = 64 << 10; c.MaxCursors = 2; c.MaxConnections = 30 })
	c := dial(t, s).Database("hub").Collection("c")
	ctx := t.Context()
	var docs []any
	for i := range 500 {
		docs = append(docs, D{e("_id", i), e("n", -i), e("pad", strings.Repeat("x", 1000))})
	}
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	if err := all(c.Find(ctx, D{}, options.Find().SetSort(D{e("n", 1)}))); !hasCode(err, 292) {
		t.Errorf("sort beyond the limit: %v", err)
	}
	if err := all(c.Find(ctx, D{}, options.Find().SetSort(D{e("n", 1)}).SetLimit(20))); err != nil {
		t.Errorf("the first 20 fit: %v", err)
	}
	if err := all(c.Aggregate(ctx, A{D{e("$group", D{e("_id", nil), e("all", D{e("$push", "$pad")})})}})); !hasCode(err, 292) {
		t.Errorf("group beyond the limit: %v", err)
	}
	for range 2 {
		if _, err := c.Find(ctx, D{}, options.Find().SetBatchSize(1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Find(ctx, D{}, options.Find().SetBatchSize(1)); !hasCode(err, 226) {
		t.Errorf("third cursor: %v", err)
	}
	if _, err := c.InsertOne(ctx, D{e("pad", strings.Repeat("x", 17<<20))}); err == nil {
		t.Error("a document of 17 MiB was accepted")
	}
	var refused bool
	for range 40 {
		w := rawDial(t, s)
		_ = w.nc.SetReadDeadline(time.Now().Add(5 * time.Second))
		_, _ = w.nc.Write(opMsg(raw(t, D{e("hello", 1), e("$db", "admin")})))
		if _, err := w.nc.Read(make([]byte, 1)); err != nil {
			refused = true
			break
		}
	}
	if !refused {
		t.Error("41 connections with a limit of 30")
	}
}

func all(cur *mongo.Cursor, err error) error {
	if err != nil {
		return err
	}
	var out []bson.Raw
	return cur.All(context.Background(), &out)
}

func TestMaxTimeEndsScansAndWaits(t *testing.T) {
	s := open(t)
	client := dial(t, s)
	c := client.Database("hub").Collection("c")
	if _, err := txnCommand(t, client, 1, 1, true, "hub", D{e("insert", "c"), e("documents", A{D{e("_id", 1)}})}); err != nil {
		t.Fatal(err)
	}
	err := client.Database("hub").RunCommand(t.Context(), D{e("insert", "c"), e("documents", A{D{e("_id", 2)}}), e("maxTimeMS", 20)}).Err()
	if !hasCode(err, 50) {
		t.Errorf("a write that waits: want MaxTimeMSExpired, got %v", err)
	}
	if _, err := txnCommand(t, client, 1, 1, false, "admin", D{e("abortTransaction", 1)}); err != nil {
		t.Fatal(err)
	}
	if n, err := c.CountDocuments(t.Context(), D{}); err != nil || n != 0 {
		t.Errorf("%d documents, %v", n, err)
	}
}

func TestCursors(t *testing.T) {
	now := time.Now()
	s := open(t, func(c *Config) { c.Now = func() time.Time { return now }; c.SweepEvery = time.Hour })
	c := dial(t, s).Database("hub").Collection("c")
	ctx := t.Context()
	var docs []any
	for i := range 1000 {
		docs = append(docs, D{e("_id", i), e("n", i%10)})
	}
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	t.Run("goes on while others write", func(t *testing.T) {
		cur, err := c.Find(ctx, D{}, options.Find().SetBatchSize(10))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int64]bool{}
		for cur.Next(ctx) {
			id := cur.Current.Lookup("_id").AsInt64()
			if seen[id] {
				t.Fatalf("%d was given twice", id)
			}
			seen[id] = true
			if id%100 == 50 { // what lies ahead is not given, what lies behind does not matter
				if _, err := c.DeleteMany(ctx, D{e("_id", D{e("$in", A{id, id + 20})})}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cur.Err(); err != nil || len(seen) != 990 {
			t.Fatalf("%d seen, %v", len(seen), err)
		}
		if n := s.cursors.count(); n != 0 {
			t.Errorf("%d cursors left open", n)
		}
	})
	t.Run("killed by close", func(t *testing.T) {
		cur, err := c.Find(ctx, D{}, options.Find().SetBatchSize(1))
		if err != nil {
			t.Fatal(err)
		}
		if n := s.cursors.count(); n != 1 {
			t.Fatalf("%d cursors open", n)
		}
		if err := cur.Close(ctx); err != nil || s.cursors.count() != 0 {
			t.Fatalf("%v, %d left", err, s.cursors.count())
		}
	})
	t.Run("times out", func(t *testing.T) {
		idle, err := c.Find(ctx, D{}, options.Find().SetBatchSize(1))
		if err != nil {
			t.Fatal(err)
		}
		forever, err := c.Find(ctx, D{}, options.Find().SetBatchSize(1).SetNoCursorTimeout(true))
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(11 * time.Minute)
		s.sweep()
		idle.Next(ctx)
		if idle.Next(ctx); !hasCode(idle.Err(), 43) {
			t.Errorf("want CursorNotFound, got %v", idle.Err())
		}
		forever.Next(ctx)
		if !forever.Next(ctx) {
			t.Errorf("cursor without timeout: %v", forever.Err())
		}
		_ = forever.Close(ctx)
	})
	t.Run("ends when the collection is dropped", func(t *testing.T) {
		cur, err := c.Find(ctx, D{}, options.Find().SetBatchSize(1))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Drop(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := c.InsertOne(ctx, D{e("_id", "other")}); err != nil {
			t.Fatal(err)
		}
		for cur.Next(ctx) {
			if cur.Current.Lookup("_id").Type == bson.TypeString {
				t.Fatal("the cursor reads another collection of the same name")
			}
		}
		if !hasCode(cur.Err(), 175) {
			t.Errorf("want QueryPlanKilled, got %v", cur.Err())
		}
	})
}

func TestAggregation(t *testing.T) {
	s := open(t)
	db := dial(t, s).Database("hub")
	ctx := t.Context()
	if _, err := db.Collection("c").InsertMany(ctx, []any{
		D{e("_id", 1), e("k", "a"), e("n", 5), e("l", A{1, 2})}, D{e("_id", 2), e("k", "b"), e("n", 7), e("l", A{})}, D{e("_id", 3), e("k", "a"), e("n", 2.5)},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Collection("names").InsertOne(ctx, D{e("_id", "a"), e("name", "Anna")}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		pipe A
		want string
	}{
		{A{D{e("$match", D{e("n", D{e("$gt", 3)})})}, D{e("$count", "n")}}, `[{"n":2}]`},
		{
			A{D{e("$group", D{e("_id", "$k"), e("s", D{e("$sum", "$n")}), e("c", D{e("$sum", 1)}), e("hi", D{e("$max", "$n")}), e("av", D{e("$avg", "$n")})})}, D{e("$sort", D{e("_id", 1)})}},
			`[{"_id":"a","s":7.5,"c":2,"hi":5,"av":3.75} {"_id":"b","s":7,"c":1,"hi":7,"av":7.0}]`,
		},
		{A{D{e("$unwind", "$l")}, D{e("$project", D{e("l", 1)})}}, `[{"_id":1,"l":1} {"_id":1,"l":2}]`},
		{A{D{e("$unwind", D{e("path", "$l"), e("preserveNullAndEmptyArrays", true)})}, D{e("$count", "n")}}, `[{"n":4}]`},
		{
			A{D{e("$match", D{e("_id", 1)})}, D{e("$lookup", D{e("from", "names"), e("localField", "k"), e("foreignField", "_id"), e("as", "who")})}, D{e("$project", D{e("who", 1)})}},
			`[{"_id":1,"who":[{"_id":"a","name":"Anna"}]}]`,
		},
		{
			A{D{e("$facet", D{e("all", A{D{e("$count", "n")}}), e("top", A{D{e("$sort", D{e("n", -1)})}, D{e("$limit", 1)}, D{e("$project", D{e("_id", 1)})}})})}},
			`[{"all":[{"n":3}],"top":[{"_id":2}]}]`,
		},
		{A{D{e("$sortByCount", "$k")}}, `[{"_id":"a","count":2} {"_id":"b","count":1}]`},
		{A{D{e("$match", D{e("_id", 1)})}, D{e("$set", D{e("t", D{e("$concat", A{"$k", "-", D{e("$toString", "$n")}})})})}, D{e("$project", D{e("t", 1), e("_id", 0)})}}, `[{"t":"a-5"}]`},
		{A{D{e("$match", D{e("_id", 1)})}, D{e("$replaceRoot", D{e("newRoot", D{e("x", D{e("$cond", A{D{e("$gte", A{"$n", 5})}, "many", "few"})})})})}}, `[{"x":"many"}]`},
		{A{D{e("$sort", D{e("n", 1)})}, D{e("$skip", 1)}, D{e("$limit", 1)}, D{e("$unset", A{"l", "k"})}}, `[{"_id":1,"n":5}]`},
	}
	for _, tt := range tests {
		cur, err := db.Collection("c").Aggregate(ctx, tt.pipe)
		if err != nil {
			t.Errorf("%v: %v", tt.pipe, err)
			continue
		}
		var out []bson.Raw
		if err := cur.All(ctx, &out); err != nil {
			t.Error(err)
			continue
		}
		var parts []string
		for _, d := range out {
			j, _ := bson.MarshalExtJSON(d, false, false)
			parts = append(parts, string(j))
		}
		if got := fmt.Sprint(parts); got != tt.want {
			t.Errorf("%v\ngot  %s\nwant %s", tt.pipe, got, tt.want)
		}
	}
}

// FuzzReadMessage feeds bytes to the wire reader: it may refuse, but neither
// panic nor take more memory than it was sent.
func FuzzReadMessage(f *testing.F) {
	hello, _ := bson.Marshal(D{e("hello", 1), e("$db", "admin")})
	f.Add(opMsg(hello))
	f.Add(opMsg(hello)[:20])
	list := append([]byte{1, 0, 0, 0, 0}, "documents\x00"...)
	list = append(list, hello...)
	binary.LittleEndian.PutUint32(list[1:], uint32(len(list)-1))
	msg := append(opMsg(hello), list...)
	binary.LittleEndian.PutUint32(msg, uint32(len(msg)))
	f.Add(msg)
	query := append(make([]byte, 16), 0, 0, 0, 0)
	query = append(append(query, "admin.$cmd\x00\x00\x00\x00\x00\xff\xff\xff\xff"...), hello...)
	binary.LittleEndian.PutUint32(query, uint32(len(query)))
	binary.LittleEndian.PutUint32(query[12:], 2004)
	f.Add(query)
	f.Fuzz(func(t *testing.T, b []byte) {
		var buf []byte
		m, err := readMessage(bytes.NewReader(b), &buf)
		if cap(buf) > 2*len(b)+2*keepBytes {
			t.Fatalf("%d bytes held for %d sent", cap(buf), len(b))
		}
		if err != nil {
			return
		}
		if bson.Raw(m.body).Validate() != nil {
			t.Fatal("a body passed that the driver cannot read")
		}
		_ = m.appendReply(nil, m.body)
	})
}

func TestMalformedMessagesEndOnlyTheirConnection(t *testing.T) {
	s := open(t)
	for _, b := range [][]byte{{0}, bytes.Repeat([]byte{0xff}, 64), opMsg([]byte("not bson at all")), opMsg(nil)} {
		w := rawDial(t, s)
		_, _ = w.nc.Write(b)
		if tc, ok := w.nc.(*net.TCPConn); ok {
			_ = tc.CloseWrite()
		}
		_ = w.nc.SetReadDeadline(time.Now().Add(5 * time.Second))
		if n, err := w.nc.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("%q was answered", b)
		}
	}
	if err := dial(t, s).Ping(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}
