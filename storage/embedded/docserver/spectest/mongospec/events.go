package mongospec

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
)

// recorder keeps the command events of one client. It is safe for concurrent use.
type recorder struct {
	kinds  []string // which events the test asked for
	mu     sync.Mutex
	events []bson.D // guarded by mu; in the form of the unified format
}

// handshake are the commands that tests never list.
func handshake(name string) bool {
	return slices.Contains([]string{
		"hello", "isMaster", "ismaster", "saslStart", "saslContinue", "authenticate",
		"getnonce", "configureFailPoint", "killAllSessions",
	}, name)
}

func (r *recorder) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			var cmd bson.D
			if err := bson.Unmarshal(e.Command, &cmd); err != nil {
				cmd = bson.D{{Key: "unreadable command", Value: err.Error()}}
			}
			r.add("commandStartedEvent", e.CommandName, bson.D{
				{Key: "command", Value: cmd},
				{Key: "commandName", Value: e.CommandName},
				{Key: "databaseName", Value: e.DatabaseName},
			})
		},
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
			var reply bson.D
			if err := bson.Unmarshal(e.Reply, &reply); err != nil {
				reply = bson.D{{Key: "unreadable reply", Value: err.Error()}}
			}
			r.add("commandSucceededEvent", e.CommandName, bson.D{
				{Key: "reply", Value: reply},
				{Key: "commandName", Value: e.CommandName},
			})
		},
		Failed: func(_ context.Context, e *event.CommandFailedEvent) {
			r.add("commandFailedEvent", e.CommandName, bson.D{{Key: "commandName", Value: e.CommandName}})
		},
	}
}

func (r *recorder) add(kind, command string, doc bson.D) {
	if !slices.Contains(r.kinds, kind) || handshake(command) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, bson.D{{Key: kind, Value: doc}})
}

// check compares the events seen with those expected, in order.
func (r *recorder) check(want ClientEvents, m matcher) error {
	if want.EventType != "" && want.EventType != "command" {
		return fmt.Errorf("%w: events of type %s", errUnsupported, want.EventType)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, w := range want.Events {
		if i >= len(r.events) {
			return fmt.Errorf("event %d of %s: want %v, got none", i, want.Client, w)
		}
		if len(w) != 1 || w[0].Key != r.events[i][0].Key {
			return fmt.Errorf("event %d of %s: want %v, got %v", i, want.Client, w, r.events[i])
		}
		// The command in an event is a root document, the event around it is not.
		expected, _ := w[0].Value.(bson.D)
		got, _ := r.events[i][0].Value.(bson.D)
		for _, e := range expected {
			v, ok := find(got, e.Key)
			if !ok {
				v = missing{}
			}
			if err := m.match(e.Value, v, true, fmt.Sprintf("event[%d].%s", i, e.Key)); err != nil {
				return err
			}
		}
	}
	if extra := len(r.events) - len(want.Events); extra > 0 && !want.IgnoreExtra {
		return fmt.Errorf("%d events more than expected, first %v", extra, r.events[len(want.Events)])
	}
	return nil
}
