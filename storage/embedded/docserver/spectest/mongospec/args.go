package mongospec

import (
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
)

// errUnsupported marks what this runner cannot do. It never counts as the error
// that a test expects.
var errUnsupported = errors.New("not supported by the runner")

// errAssertion marks an assertion of the test itself that does not hold.
var errAssertion = errors.New("assertion failed")

// args reads an operation's arguments and remembers which were read, so that an
// argument nobody understands fails the test instead of being ignored.
type args struct {
	doc  bson.D
	read map[string]bool
	err  error
}

func newArgs(doc bson.D) *args { return &args{doc: doc, read: map[string]bool{}} }

// value returns the argument, nil when it is not given.
func (a *args) value(key string) any {
	a.read[key] = true
	return lookup(a.doc, key)
}

func (a *args) document(key string) bson.D {
	doc, ok := a.value(key).(bson.D)
	if !ok {
		return bson.D{}
	}
	return doc
}

func (a *args) text(key string) string {
	s, _ := a.value(key).(string)
	return s
}

// done returns the first problem: a value of the wrong type or an unread argument.
func (a *args) done() error {
	if a.err != nil {
		return a.err
	}
	var unread []string
	for _, e := range a.doc {
		if !a.read[e.Key] {
			unread = append(unread, e.Key)
		}
	}
	if len(unread) > 0 {
		return fmt.Errorf("%w: arguments %s", errUnsupported, strings.Join(unread, ", "))
	}
	return nil
}

// set passes the argument, if it is given, to a setter of the driver's options.
func set[T, R any](a *args, key string, setter func(T) R) {
	a.read[key] = true
	v, ok := find(a.doc, key)
	if !ok {
		return
	}
	if t, ok := v.(T); ok {
		setter(t)
		return
	}
	var into struct {
		V T `bson:"v"`
	}
	if err := recode(bson.D{{Key: "v", Value: v}}, &into); err != nil {
		a.err = fmt.Errorf("%w: argument %s: %w", errUnsupported, key, err)
		return
	}
	setter(into.V)
}
