package wireproxy

import (
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

func parsed(t *testing.T, text string) bson.D {
	t.Helper()
	var d bson.D
	if err := bson.UnmarshalExtJSON([]byte(text), false, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func commandOf(t *testing.T, text string) command {
	t.Helper()
	raw, err := bson.Marshal(parsed(t, text))
	if err != nil {
		t.Fatal(err)
	}
	c, ok := newCommand(bsoncore.Document(raw), 0)
	if !ok {
		t.Fatalf("not a command: %s", text)
	}
	return c
}

const (
	retryableInsert = `{"insert": "c", "documents": [{"_id": 1}], "lsid": {"id": {"$uuid": "00000000-0000-4000-8000-000000000001"}}, "txnNumber": {"$numberLong": "1"}}`
	insertInTxn     = `{"insert": "c", "documents": [{"_id": 1}], "lsid": {"id": {"$uuid": "00000000-0000-4000-8000-000000000001"}}, "txnNumber": {"$numberLong": "1"}, "autocommit": false}`
	commit          = `{"commitTransaction": 1, "lsid": {"id": {"$uuid": "00000000-0000-4000-8000-000000000001"}}, "txnNumber": {"$numberLong": "1"}, "autocommit": false}`
)

func TestFailPointsTriggerAsOftenAsTheirModeSays(t *testing.T) {
	failInsert := func(mode string) string {
		return `{"configureFailPoint": "failCommand", "mode": ` + mode + `, "data": {"failCommands": ["insert"], "errorCode": 11600}}`
	}
	onWrite := func(mode string) string {
		return `{"configureFailPoint": "onPrimaryTransactionalWrite", "mode": ` + mode + `}`
	}
	tests := map[string]struct {
		rule, command string
		want          []kind
	}{
		"once":               {failInsert(`{"times": 1}`), retryableInsert, []kind{kindError, kindPass}},
		"always":             {failInsert(`"alwaysOn"`), retryableInsert, []kind{kindError, kindError, kindError}},
		"after a skip":       {onWrite(`{"skip": 1}`), retryableInsert, []kind{kindPass, kindCloseAfter, kindCloseAfter}},
		"another command":    {failInsert(`"alwaysOn"`), commit, []kind{kindPass}},
		"writes outside txn": {onWrite(`"alwaysOn"`), insertInTxn, []kind{kindPass}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := parseRule(parsed(t, tt.rule))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range tt.want {
				if got := r.apply(commandOf(t, tt.command), false).kind; got != want {
					t.Errorf("command %d: want %d, got %d", i, want, got)
				}
			}
		})
	}
}

func TestReplayDoesNotTriggerAWriteFailPoint(t *testing.T) {
	r, err := parseRule(parsed(t, `{"configureFailPoint": "onPrimaryTransactionalWrite", "mode": "alwaysOn"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.apply(commandOf(t, retryableInsert), true).kind; got != kindPass {
		t.Errorf("want the replay to pass, got %d", got)
	}
}

func TestServerLabelsFollowTheTransaction(t *testing.T) {
	tests := []struct {
		code    int32
		command string
		want    []string
	}{
		{11600, retryableInsert, []string{"RetryableWriteError"}},
		{11600, insertInTxn, []string{"TransientTransactionError"}},
		{11600, commit, []string{"RetryableWriteError"}},
		{codeWriteConflict, insertInTxn, []string{"TransientTransactionError"}},
		{codeNoSuchTransaction, commit, []string{"TransientTransactionError"}},
		{codeInterrupted, commit, nil},
		{11600, `{"insert": "c"}`, nil},
	}
	for _, tt := range tests {
		if got := serverLabels(tt.code, commandOf(t, tt.command)); !slices.Equal(got, tt.want) {
			t.Errorf("code %d of %s: want %v, got %v", tt.code, tt.command, tt.want, got)
		}
	}
}

func TestUnknownFailPointsAreRefused(t *testing.T) {
	for _, text := range []string{
		`{"configureFailPoint": "other", "mode": "alwaysOn"}`,
		`{"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": {"blockConnection": true}}`,
		`{"configureFailPoint": "failCommand", "mode": "alwaysOn", "more": 1}`,
	} {
		if _, err := parseRule(parsed(t, text)); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
}
