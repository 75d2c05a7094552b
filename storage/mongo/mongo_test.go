package mongo_test

import (
	"context"
	"testing"
	"time"

	"tongban/hub"
	"tongban/storage/mongo"
	"tongban/storage/object/resume"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// open connects to a database of the test's own, which goes when the test ends.
func open(t testing.TB) *mongo.DB {
	t.Helper()
	uri, name := storetest.Mongo(t)
	return openAt(t, uri, name)
}

func openAt(t testing.TB, uri, name string) *mongo.DB {
	t.Helper()
	db, err := mongo.Open(t.Context(), mongo.Config{URI: uri, Database: name, AppName: "tongban test", Timeout: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := mongo.DropDatabase(ctx, db); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
		if err := db.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := db.EnsureIndexes(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestEventStore(t *testing.T) {
	storetest.TestEventStore(t, func(t testing.TB) hub.EventStore { return open(t).Events() })
}

func TestCaseIndex(t *testing.T) {
	storetest.TestCaseIndex(t, func(t testing.TB) hub.CaseIndex { return open(t).Cases() })
}

func TestOutbox(t *testing.T) {
	storetest.TestOutbox(t, func(t testing.TB) hub.Outbox { return open(t).Outbox() })
}

func TestUploads(t *testing.T) {
	storetest.TestUploads(t, func(t testing.TB) hub.Uploads { return open(t).Uploads() })
}

func TestOpenUploads(t *testing.T) {
	storetest.TestOpenUploads(t, func(t testing.TB) resume.Records { return open(t).OpenUploads() })
}

func TestAccessLog(t *testing.T) {
	storetest.TestAccessLog(t, func(t testing.TB) hub.AccessLog { return open(t).Access() })
}

func TestDirectory(t *testing.T) {
	storetest.TestDirectory(t, func(t testing.TB) hub.Directory { return open(t).Directory() })
}

func TestDrafts(t *testing.T) {
	storetest.TestDrafts(t, func(t testing.TB) hub.Drafts { return open(t).Drafts() })
}

func TestLeases(t *testing.T) {
	storetest.TestLeases(t, func(t testing.TB) hub.Leases { return open(t).Leases() })
}

func TestLogins(t *testing.T) {
	storetest.TestLogins(t, func(t testing.TB) hub.Logins { return open(t).Logins() })
}

func TestFactors(t *testing.T) {
	storetest.TestFactors(t, func(t testing.TB) hub.Factors { return open(t).Factors() })
}

func TestKeyStore(t *testing.T) {
	storetest.TestKeyStore(t, func(t testing.TB) hub.KeyStore { return open(t).Keys() })
}

func TestCounters(t *testing.T) {
	storetest.TestCounters(t, func(t testing.TB) hub.Counters { return open(t).Counters() })
}

func TestPreparations(t *testing.T) {
	storetest.TestPreparations(t, func(t testing.TB) hub.Preparations { return open(t).Preparations() })
}

func TestSessions(t *testing.T) {
	storetest.TestSessions(t, func(t testing.TB) hub.SessionStore { return open(t).Sessions() })
}

func TestSlots(t *testing.T) {
	storetest.TestSlots(t, func(t testing.TB) hub.SlotStore { return open(t).Slots() })
}

func TestInvitations(t *testing.T) {
	storetest.TestInvitations(t, func(t testing.TB) hub.InvitationStore { return open(t).Invitations() })
}
