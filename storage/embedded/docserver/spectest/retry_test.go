package spectest

import (
	"path/filepath"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// A retryable write whose answer was lost is sent again after the server was killed
// and restarted: the answer is the first one and the write is not applied again.
func TestRetryAfterKillIsAnsweredNotApplied(t *testing.T) {
	if external() != "" {
		t.Skip("the server is not ours to kill")
	}
	path := filepath.Join(t.TempDir(), "docs.db")
	p := startProcess(t, path)
	session := func(n byte) bson.D {
		id := make([]byte, 16)
		id[0] = n
		return bson.D{{Key: "id", Value: primitive.Binary{Subtype: 4, Data: id}}}
	}
	doc := func(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }
	inc := bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}}
	commands := []bson.D{
		{{Key: "insert", Value: "docs"}, {Key: "documents", Value: bson.A{doc("new")}}},
		{{Key: "update", Value: "docs"}, {Key: "updates", Value: bson.A{
			bson.D{{Key: "q", Value: doc("updated")}, {Key: "u", Value: inc}},
		}}},
		{{Key: "findAndModify", Value: "docs"}, {Key: "query", Value: doc("modified")}, {Key: "update", Value: inc}, {Key: "new", Value: true}},
		{{Key: "delete", Value: "docs"}, {Key: "deletes", Value: bson.A{
			bson.D{{Key: "q", Value: bson.D{{Key: "kind", Value: "twin"}}}, {Key: "limit", Value: 1}},
		}}},
	}
	for i := range commands {
		commands[i] = append(commands[i],
			bson.E{Key: "$db", Value: "retry"},
			bson.E{Key: "lsid", Value: session(byte(i))},
			bson.E{Key: "txnNumber", Value: int64(1)})
	}
	twin := func(id string) bson.D { return append(doc(id), bson.E{Key: "kind", Value: "twin"}) }
	rawCommand(t, p.uri, bson.D{
		{Key: "insert", Value: "docs"},
		{Key: "documents", Value: bson.A{
			append(doc("updated"), bson.E{Key: "n", Value: 0}),
			append(doc("modified"), bson.E{Key: "n", Value: 0}),
			twin("twin1"), twin("twin2"),
		}},
		{Key: "$db", Value: "retry"},
	})
	var first []bson.Raw
	for _, c := range commands {
		first = append(first, rawCommand(t, p.uri, c))
	}
	p.kill()
	p = startProcess(t, path)
	for i, c := range commands {
		again := rawCommand(t, p.uri, c)
		for _, key := range []string{"ok", "n", "nModified", "value", "writeErrors"} {
			if want, got := first[i].Lookup(key), again.Lookup(key); !want.Equal(got) {
				t.Errorf("%s: first answer %v, second %v", c[0].Key, first[i], again)
				break
			}
		}
	}
	coll := connect(t, p.uri).Database("retry").Collection("docs")
	for _, id := range []string{"updated", "modified"} {
		var got struct {
			N int `bson:"n"`
		}
		if err := coll.FindOne(t.Context(), doc(id)).Decode(&got); err != nil || got.N != 1 {
			t.Errorf("%s was incremented %d times: %v", id, got.N, err)
		}
	}
	for kind, want := range map[string]int64{"new": 1, "twin": 1} {
		filter := bson.D{{Key: "$or", Value: bson.A{doc(kind), bson.D{{Key: "kind", Value: kind}}}}}
		if n, err := coll.CountDocuments(t.Context(), filter); err != nil || n != want {
			t.Errorf("%d documents %s, want %d: %v", n, kind, want, err)
		}
	}
}
