package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

// filled returns a T with a value of its own in every field, so that a store
// that forgets or swaps one is found out. Slices have two elements.
func filled[T any](t testing.TB) T {
	t.Helper()
	var v T
	n := 0
	fill(t, reflect.ValueOf(&v).Elem(), &n)
	return v
}

func fill(t testing.TB, v reflect.Value, n *int) {
	t.Helper()
	*n++
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(day.Add(time.Duration(*n) * 1001 * time.Millisecond)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("值-%d", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n) + 1<<20)
	case reflect.Uint8:
		v.SetUint(uint64(*n % 251))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case reflect.Float64:
		v.SetFloat(float64(*n) / 8)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key, n)
		fill(t, value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for _, f := range v.Fields() {
			fill(t, f, n)
		}
	default:
		t.Fatalf("a field of type %s: say here how it is filled", v.Type())
	}
}

// day is a point in time for tests, in whole milliseconds.
var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant
