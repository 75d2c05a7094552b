package expr

import (
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// lookupFunction finds the operators that evaluate all their arguments.
func lookupFunction(name string) (function, bool) {
	for _, find := range []func(string) (function, bool){comparison, arithmetic, arrays, textual, conversion, dates} {
		if fn, ok := find(name); ok {
			return fn, true
		}
	}
	return function{}, false
}

func comparison(name string) (function, bool) {
	test := func(ok func(c int) bool) (function, bool) {
		return function{2, 2, func(a []value.V) (value.V, error) {
			return value.Bool(ok(order(a[0], a[1]))), nil
		}}, true
	}
	switch name {
	case "$eq":
		return test(func(c int) bool { return c == 0 })
	case "$ne":
		return test(func(c int) bool { return c != 0 })
	case "$gt":
		return test(func(c int) bool { return c > 0 })
	case "$gte":
		return test(func(c int) bool { return c >= 0 })
	case "$lt":
		return test(func(c int) bool { return c < 0 })
	case "$lte":
		return test(func(c int) bool { return c <= 0 })
	case "$cmp":
		return function{2, 2, func(a []value.V) (value.V, error) {
			return value.Int32(int32(max(-1, min(1, order(a[0], a[1]))))), nil
		}}, true
	case "$not":
		return function{1, 1, func(a []value.V) (value.V, error) { return value.Bool(!value.Truthy(a[0])), nil }}, true
	}
	return function{}, false
}

// order is Compare with missing below null, as expressions have it.
func order(a, b value.V) int {
	if value.Missing(a) || value.Missing(b) {
		switch {
		case value.Missing(a) && value.Missing(b):
			return 0
		case value.Missing(a):
			return -1
		}
		return 1
	}
	return value.Compare(a, b)
}

func arrays(name string) (function, bool) {
	switch name {
	case "$size":
		return function{1, 1, func(a []value.V) (value.V, error) {
			if a[0].Type != bson.TypeArray {
				return value.V{}, fault.New(17124, "The argument to $size must be an array, but was of type: %s", value.TypeName(a[0].Type))
			}
			return value.Int32(int32(value.Count(a[0].Data))), nil
		}}, true
	case "$in":
		return function{2, 2, contains}, true
	case "$arrayElemAt":
		return function{2, 2, elementAt}, true
	case "$first", "$last":
		at := int64(0)
		if name == "$last" {
			at = -1
		}
		return function{1, 1, func(a []value.V) (value.V, error) {
			return elementAt([]value.V{a[0], value.Int64(at)})
		}}, true
	case "$isArray":
		return function{1, 1, func(a []value.V) (value.V, error) { return value.Bool(a[0].Type == bson.TypeArray), nil }}, true
	case "$concatArrays", "$setUnion":
		return function{0, -1, joinArrays(name == "$setUnion")}, true
	case "$slice":
		return function{2, 3, slice}, true
	case "$mergeObjects":
		return function{0, -1, mergeObjects}, true
	case "$objectToArray":
		return function{1, 1, objectToArray}, true
	}
	return function{}, false
}

func contains(a []value.V) (value.V, error) {
	if a[1].Type != bson.TypeArray {
		return value.V{}, fault.New(40081, "$in requires an array as a second argument, found: %s", value.TypeName(a[1].Type))
	}
	for _, e := range value.List(a[1].Data) {
		if order(a[0], e) == 0 {
			return value.Bool(true), nil
		}
	}
	return value.Bool(false), nil
}

func elementAt(a []value.V) (value.V, error) {
	if value.NullOrMissing(a[0]) || value.NullOrMissing(a[1]) {
		return value.Null(), nil
	}
	n, ok := value.Int(a[1])
	if a[0].Type != bson.TypeArray || !ok {
		return value.V{}, fault.New(28689, "$arrayElemAt needs an array and a whole number")
	}
	list := value.List(a[0].Data)
	if n < 0 {
		n += int64(len(list))
	}
	if n < 0 || n >= int64(len(list)) {
		return value.V{}, nil
	}
	return list[n], nil
}

func joinArrays(distinct bool) func([]value.V) (value.V, error) {
	return func(a []value.V) (value.V, error) {
		var out []value.V
		seen := map[string]bool{}
		for _, arr := range a {
			if value.NullOrMissing(arr) {
				return value.Null(), nil
			}
			if arr.Type != bson.TypeArray {
				return value.V{}, fault.New(28664, "$concatArrays and $setUnion only support arrays, not %s", value.TypeName(arr.Type))
			}
			for _, e := range value.List(arr.Data) {
				if distinct {
					key := string(value.AppendKey(nil, e))
					if seen[key] {
						continue
					}
					seen[key] = true
				}
				out = append(out, e)
			}
		}
		return value.ArrayOf(out), nil
	}
}

func slice(a []value.V) (value.V, error) {
	if value.NullOrMissing(a[0]) {
		return value.Null(), nil
	}
	n, ok := value.Int(a[len(a)-1])
	if a[0].Type != bson.TypeArray || !ok {
		return value.V{}, fault.New(28724, "$slice needs an array and whole numbers")
	}
	list := value.List(a[0].Data)
	size := int64(len(list))
	if len(a) == 2 {
		if n >= 0 {
			return value.ArrayOf(list[:min(n, size)]), nil
		}
		return value.ArrayOf(list[max(0, size+n):]), nil
	}
	at, ok := value.Int(a[1])
	if !ok || n <= 0 {
		return value.V{}, fault.New(28729, "$slice needs a whole position and a positive length")
	}
	if at < 0 {
		at = max(0, size+at)
	}
	at = min(at, size)
	return value.ArrayOf(list[at : at+min(n, size-at)]), nil
}

func mergeObjects(a []value.V) (value.V, error) {
	if len(a) == 1 && a[0].Type == bson.TypeArray {
		a = value.List(a[0].Data)
	}
	var keys []string
	fields := map[string]value.V{}
	for _, o := range a {
		if value.NullOrMissing(o) {
			continue
		}
		doc, ok := value.Doc(o)
		if !ok {
			return value.V{}, fault.New(40400, "$mergeObjects requires object inputs, but got %s", value.TypeName(o.Type))
		}
		it := value.Elements(doc)
		for {
			k, v, ok := it.Next()
			if !ok {
				break
			}
			if _, ok := fields[string(k)]; !ok {
				keys = append(keys, string(k))
			}
			fields[string(k)] = v
		}
	}
	b := value.NewBuilder()
	for _, k := range keys {
		b.Add(k, fields[k])
	}
	return value.Document(b.Bytes()), nil
}

func objectToArray(a []value.V) (value.V, error) {
	if value.NullOrMissing(a[0]) {
		return value.Null(), nil
	}
	doc, ok := value.Doc(a[0])
	if !ok {
		return value.V{}, fault.New(40390, "$objectToArray requires a document input, found: %s", value.TypeName(a[0].Type))
	}
	var out []value.V
	it := value.Elements(doc)
	for {
		k, v, ok := it.Next()
		if !ok {
			return value.ArrayOf(out), nil
		}
		out = append(out, value.Document(value.NewBuilder().Add("k", value.String(string(k))).Add("v", v).Bytes()))
	}
}

func textual(name string) (function, bool) {
	switch name {
	case "$concat":
		return function{0, -1, concat}, true
	case "$toLower", "$toUpper":
		change := strings.ToLower
		if name == "$toUpper" {
			change = strings.ToUpper
		}
		return function{1, 1, func(a []value.V) (value.V, error) {
			if value.NullOrMissing(a[0]) {
				return value.String(""), nil
			}
			s, err := toText(a[0])
			return value.String(change(s)), err
		}}, true
	case "$strLenCP", "$strLenBytes":
		return function{1, 1, func(a []value.V) (value.V, error) {
			s, ok := value.Text(a[0])
			if !ok {
				return value.V{}, fault.New(34471, "%s requires a string argument, found: %s", name, value.TypeName(a[0].Type))
			}
			if name == "$strLenCP" {
				return value.Int32(int32(utf8.RuneCountInString(s))), nil
			}
			return value.Int32(int32(len(s))), nil
		}}, true
	case "$substrCP":
		return function{3, 3, substring}, true
	case "$split":
		return function{2, 2, split}, true
	}
	return function{}, false
}

func concat(a []value.V) (value.V, error) {
	var b strings.Builder
	for _, v := range a {
		if value.NullOrMissing(v) {
			return value.Null(), nil
		}
		s, ok := value.Text(v)
		if !ok {
			return value.V{}, fault.New(16702, "$concat only supports strings, not %s", value.TypeName(v.Type))
		}
		b.WriteString(s)
	}
	return value.String(b.String()), nil
}

func substring(a []value.V) (value.V, error) {
	if value.NullOrMissing(a[0]) {
		return value.String(""), nil
	}
	s, err := toText(a[0])
	from, ok1 := value.Int(a[1])
	n, ok2 := value.Int(a[2])
	if err != nil || !ok1 || !ok2 || from < 0 || n < 0 {
		return value.V{}, fault.New(34450, "$substrCP needs a string and two whole numbers not below 0")
	}
	runes := []rune(s)
	from = min(from, int64(len(runes)))
	return value.String(string(runes[from : from+min(n, int64(len(runes))-from)])), nil
}

func split(a []value.V) (value.V, error) {
	if value.NullOrMissing(a[0]) || value.NullOrMissing(a[1]) {
		return value.Null(), nil
	}
	s, ok1 := value.Text(a[0])
	sep, ok2 := value.Text(a[1])
	if !ok1 || !ok2 || sep == "" {
		return value.V{}, fault.New(40085, "$split needs a string and a nonempty separator")
	}
	var out []value.V
	for part := range strings.SplitSeq(s, sep) {
		out = append(out, value.String(part))
	}
	return value.ArrayOf(out), nil
}
