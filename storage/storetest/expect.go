package storetest

import (
	"reflect"
	"sync"
	"testing"

	"tongban/hub"
)

// ok stops the test when something that has to work did not.
func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// same compares what was stored with what is read, nil and empty apart.
func same[T any](t testing.TB, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

// atOnce runs f n times side by side and returns the results in order of n.
func atOnce[T any](n int, f func(i int) T) []T {
	out := make([]T, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			out[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	return out
}

// codes counts errors by their code; "" is no error.
func codes(errs []error) map[hub.Code]int {
	m := map[hub.Code]int{}
	for _, err := range errs {
		m[hub.ErrorCode(err)]++
	}
	return m
}
