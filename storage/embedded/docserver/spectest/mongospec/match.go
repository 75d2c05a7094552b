package mongospec

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
)

// missing stands for a value that is not there.
type missing struct{}

// matcher compares what was seen with what a test expects, by the rules of the
// unified test format.
type matcher struct {
	lsid func(session string) (bson.Raw, bool)
}

// match compares one value. In a root document, and in the documents of a root array,
// the actual side may have more keys; in nested ones it may not. The order of keys is free, the type of numbers too.
func (m matcher) match(expected, actual any, root bool, path string) error {
	switch want := expected.(type) {
	case bson.D:
		if len(want) == 1 && strings.HasPrefix(want[0].Key, "$$") {
			return m.special(want[0].Key, want[0].Value, actual, root, path)
		}
		got, ok := actual.(bson.D)
		if !ok {
			return mismatch(path, expected, actual)
		}
		return m.matchDoc(want, got, root, path)
	case bson.A:
		got, ok := actual.(bson.A)
		if !ok || len(got) != len(want) {
			return mismatch(path, expected, actual)
		}
		for i := range want {
			if err := m.match(want[i], got[i], root, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return nil
	}
	if x, ok := number(expected); ok {
		if y, ok := number(actual); ok && x == y {
			return nil
		}
		return mismatch(path, expected, actual)
	}
	if !reflect.DeepEqual(expected, actual) {
		return mismatch(path, expected, actual)
	}
	return nil
}

func (m matcher) matchDoc(want, got bson.D, root bool, path string) error {
	for _, e := range want {
		v, ok := find(got, e.Key)
		if !ok {
			v = missing{}
		}
		if err := m.match(e.Value, v, false, path+"."+e.Key); err != nil {
			return err
		}
	}
	if root {
		return nil
	}
	for _, e := range got {
		if _, ok := find(want, e.Key); !ok {
			return fmt.Errorf("%s.%s: unexpected value %v", path, e.Key, e.Value)
		}
	}
	return nil
}

func (m matcher) special(op string, arg, actual any, root bool, path string) error {
	_, absent := actual.(missing)
	switch op {
	case "$$exists":
		if arg == absent {
			return fmt.Errorf("%s: want it there: %v, got %v", path, arg, actual)
		}
		return nil
	case "$$unsetOrMatches":
		if absent {
			return nil
		}
		return m.match(arg, actual, root, path)
	case "$$type":
		if absent || !slices.Contains(typeNames(arg), typeOf(actual)) {
			return fmt.Errorf("%s: want type %v, got %T", path, arg, actual)
		}
		return nil
	case "$$sessionLsid":
		return m.matchSession(arg, actual, path)
	case "$$lte":
		x, ok1 := number(arg)
		y, ok2 := number(actual)
		if !ok1 || !ok2 || y > x {
			return fmt.Errorf("%s: want at most %v, got %v", path, arg, actual)
		}
		return nil
	}
	return fmt.Errorf("%s: %w: matching operator %s", path, errUnsupported, op)
}

func (m matcher) matchSession(arg, actual any, path string) error {
	name, _ := arg.(string)
	want, ok := m.lsid(name)
	if !ok {
		return fmt.Errorf("%s: %w: no session %q", path, errUnsupported, name)
	}
	doc, _ := actual.(bson.D)
	got, err := bson.Marshal(doc)
	if err != nil {
		return fmt.Errorf("%s: encode the session id: %w", path, err)
	}
	if !bytes.Equal(want, got) {
		return fmt.Errorf("%s: want the id of %s, got %v", path, name, actual)
	}
	return nil
}

func mismatch(path string, want, got any) error {
	return fmt.Errorf("%s: want %v (%T), got %v (%T)", path, want, want, got, got)
}

func number(v any) (float64, bool) {
	switch x := v.(type) {
	case int:
		return float64(x), true
	case int32:
		return float64(x), true
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

func typeNames(arg any) []string {
	switch x := arg.(type) {
	case string:
		return []string{x}
	case bson.A:
		var names []string
		for _, v := range x {
			if s, ok := v.(string); ok {
				names = append(names, s)
			}
		}
		return names
	}
	return nil
}

// typeOf is MongoDB's alias of the value's type.
func typeOf(v any) string {
	t, _, err := bson.MarshalValue(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	switch t {
	case bson.TypeDouble:
		return "double"
	case bson.TypeString:
		return "string"
	case bson.TypeEmbeddedDocument:
		return "object"
	case bson.TypeArray:
		return "array"
	case bson.TypeBinary:
		return "binData"
	case bson.TypeObjectID:
		return "objectId"
	case bson.TypeBoolean:
		return "bool"
	case bson.TypeDateTime:
		return "date"
	case bson.TypeNull:
		return "null"
	case bson.TypeInt32:
		return "int"
	case bson.TypeInt64:
		return "long"
	case bson.TypeTimestamp:
		return "timestamp"
	case bson.TypeDecimal128:
		return "decimal"
	}
	return t.String()
}
