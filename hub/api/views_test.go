package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
)

// fill sets every exported field below v to something of its own and returns the texts by path.
func fill(v reflect.Value, path string, leaves map[string]string) {
	mark := fmt.Sprintf("v%d", len(leaves)+1000)
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path, leaves)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			at := time.UnixMilli(int64(1_700_000_000_000 + 1000*len(leaves))).UTC()
			v.Set(reflect.ValueOf(at))
			leaves[path] = at.Format(time.RFC3339)
			return
		}
		for f := range v.Type().Fields() {
			if f.IsExported() {
				fill(v.FieldByIndex(f.Index), path+"."+f.Name, leaves)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path+"[]", leaves)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), path, leaves)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, path+"{}", leaves)
		v.SetMapIndex(reflect.ValueOf("key"+mark).Convert(v.Type().Key()), value)
	case reflect.Interface:
		v.Set(reflect.ValueOf(mark))
		leaves[path] = mark
	case reflect.String:
		v.SetString(mark)
		leaves[path] = mark
	case reflect.Uint8: // a signature; shown or not as a whole
		v.SetUint(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(len(leaves) + 7_000_000))
		leaves[path] = fmt.Sprint(len(leaves) + 7_000_000)
	case reflect.Float64:
		v.SetFloat(float64(len(leaves)) + 0.25)
		leaves[path] = fmt.Sprint(float64(len(leaves)) + 0.25)
	default:
		panic(path + " is of a kind this test does not know: " + v.Kind().String())
	}
}

// Rule: what a domain type has, its view shows, unless it is named here with its reason.
func TestViewsForgetNoField(t *testing.T) {
	fillAndShow := func(domain any, view func() any, hidden ...string) {
		t.Helper()
		leaves := map[string]string{}
		fill(reflect.ValueOf(domain).Elem(), "", leaves)
		text, err := json.Marshal(view())
		if err != nil {
			t.Fatal(err)
		}
		for path, value := range leaves {
			shown := strings.Contains(string(text), value)
			if kept := slices.Contains(hidden, path); shown == kept {
				t.Errorf("%T%s: shown %t, to be hidden %t: %s", domain, path, shown, kept, text)
			}
		}
		for _, path := range hidden {
			if leaves[path] == "" && !strings.Contains(path, "Raw") {
				t.Errorf("%T has no field %s", domain, path)
			}
		}
	}
	var c hub.Case
	fillAndShow(&c, func() any { return caseViewOf(&c, false, func(hub.RouteReason) string { return "" }) },
		".Questioned[].Party",                             // shown by its place among the parties
		".RunOuts[].Private.Text", ".Booked.Private.Text", // the hub and the register say nothing in words
		".PartyRefs[]", // keyed hashes are for searching, not for showing
		// Of a session: repeated by its parts, joined by who it is, or the machine's own count.
		".Sessions[].Plan.Session", ".Sessions[].Consents[].SessionConsented.Session", ".Sessions[].Signed[].SessionSigned.Session", ".Sessions[].Kept[].Session",
		".Sessions[].Consents[].SessionConsented.Private.Text", ".Sessions[].Signed[].SessionSigned.Private.Text", ".Sessions[].Kept[].Private.Text",
		".Sessions[].Names{}", ".Sessions[].Now.People[].Here", ".Sessions[].Now.People[].Role", ".Sessions[].Now.People[].Talk", ".Sessions[].Now.People[].Who",
		".Sessions[].Now.People[].Moves", ".Sessions[].Now.Talks", ".Sessions[].Planned", ".Sessions[].Plan.People[].Party",
		// Segments are counted; they themselves are in the bundle.
		".Sessions[].Tracks[].Segments[].N", ".Sessions[].Tracks[].Segments[].File.Digest", ".Sessions[].Tracks[].Segments[].File.Size", ".Sessions[].Tracks[].Segments[].File.Type",
	)
	var r hub.Row
	fillAndShow(&r, func() any { r.Queues = []hub.QueueKey{"a/v9"}; return rowViewOf(r, "a") },
		".SeenBy[]", ".PartyRefs[]", ".Queues[]", ".ClockOf[]", ".FollowUp[]", // other agencies' business
		".ReceivedBy", ".FirstReviewer", ".Head", // in the case itself
	)
	var s hub.Standard
	fillAndShow(&s, func() any { return standardViewOf(s, nil, nil) })
	var a hub.Access
	fillAndShow(&a, func() any { return accessViewOf(a) }, ".Case") // the address names it
	var res hub.Result
	fillAndShow(&res, func() any { return resultViewOf(res) })
}
