package mongospec

import (
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

func value(t *testing.T, text string) any {
	t.Helper()
	var d bson.D
	if err := bson.UnmarshalExtJSON([]byte(`{"v": `+text+`}`), false, &d); err != nil {
		t.Fatal(err)
	}
	return d[0].Value
}

func TestMatchFollowsTheUnifiedFormat(t *testing.T) {
	tests := []struct {
		name, want, got string
		root, matches   bool
	}{
		{"other number type", `1`, `{"$numberLong": "1"}`, false, true},
		{"other number", `1`, `2`, false, false},
		{"number is not text", `1`, `"1"`, false, false},
		{"keys in other order", `{"a": 1, "b": 2}`, `{"b": 2, "a": 1}`, false, true},
		{"more keys at the root", `{"a": 1}`, `{"a": 1, "b": 2}`, true, true},
		{"more keys below the root", `{"x": {"a": 1}}`, `{"x": {"a": 1, "b": 2}}`, true, false},
		{"missing key", `{"a": 1, "b": 2}`, `{"a": 1}`, true, false},
		{"longer array", `[1]`, `[1, 2]`, true, false},
		{"more keys in a root array", `[{"a": 1}]`, `[{"a": 1, "b": 2}]`, true, true},
		{"null is not absent", `{"a": null}`, `{}`, true, false},
		{"exists", `{"a": {"$$exists": true}}`, `{"a": 1}`, false, true},
		{"does not exist", `{"a": {"$$exists": true}}`, `{}`, false, false},
		{"must not exist", `{"a": {"$$exists": false}}`, `{"a": 1}`, true, false},
		{"unset", `{"a": {"$$unsetOrMatches": 1}}`, `{}`, false, true},
		{"set and matches", `{"a": {"$$unsetOrMatches": 1}}`, `{"a": 1}`, false, true},
		{"set to another", `{"a": {"$$unsetOrMatches": 1}}`, `{"a": 2}`, false, false},
		{"type", `{"a": {"$$type": ["int", "long"]}}`, `{"a": 1}`, false, true},
		{"other type", `{"a": {"$$type": "string"}}`, `{"a": 1}`, false, false},
		{"at most", `{"a": {"$$lte": 5}}`, `{"a": 6}`, false, false},
		{"unknown operator", `{"a": {"$$other": 1}}`, `{"a": 1}`, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := matcher{}.match(value(t, tt.want), value(t, tt.got), tt.root, "v")
			if (err == nil) != tt.matches {
				t.Errorf("want match %v, got %v", tt.matches, err)
			}
		})
	}
}

func TestRequirementsCompareVersionsByNumber(t *testing.T) {
	server := ServerInfo{Version: "7.0.12", Topology: "replicaset"}
	tests := []struct {
		name    string
		r       Requirement
		applies bool
	}{
		{"no requirement", Requirement{}, true},
		{"older minimum", Requirement{MinVersion: "4.4.14"}, true},
		{"same major, two digits", Requirement{MinVersion: "7.0.9"}, true},
		{"newer minimum", Requirement{MinVersion: "8.0"}, false},
		{"maximum", Requirement{MaxVersion: "6.99"}, false},
		{"topology", Requirement{Topologies: []string{"single", "replicaset"}}, true},
		{"other topology", Requirement{Topology: []string{"sharded"}}, false},
		{"serverless", Requirement{Serverless: "require"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Case{Requires: [][]Requirement{{tt.r}}}
			if why := c.Unmet(server); (why == "") != tt.applies {
				t.Errorf("want it to apply: %v, got %q", tt.applies, why)
			}
		})
	}
}

func TestUnreadArgumentFailsTheTest(t *testing.T) {
	doc, _ := value(t, `{"filter": {}, "novelty": 1}`).(bson.D)
	a := newArgs(doc)
	a.document("filter")
	if err := a.done(); err == nil {
		t.Error("an unknown argument was ignored")
	}
}
