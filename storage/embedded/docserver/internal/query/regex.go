package query

import (
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// compileRegex compiles a regular expression value, or a string with separate
// options, and returns the literal that every match begins with. The syntax is
// RE2's: what only PCRE knows is refused, and matching time is linear.
func compileRegex(v value.V, options string) (*regexp.Regexp, string, error) {
	var pattern string
	switch v.Type {
	case bson.TypeRegex:
		own := ""
		pattern, own, _, _ = bsoncore.ReadRegex(v.Data)
		if own != "" && options != "" {
			return nil, "", fault.New(51075, "options set in both $regex and $options")
		}
		options += own
	case bson.TypeString:
		pattern, _ = value.Text(v)
	default:
		return nil, "", fault.Bad("$regex has to be a string")
	}
	var flags strings.Builder
	for _, o := range options {
		switch o {
		case 'i', 'm', 's':
			flags.WriteString(string(o))
		case 'u': // strings are UTF-8 anyway
		default:
			return nil, "", fault.New(51108, "invalid flag in regex options: %c", o)
		}
	}
	prefix := ""
	if flags.String() == "" || flags.String() == "s" {
		prefix = literalPrefix(pattern)
	}
	if flags.String() != "" {
		pattern = "(?" + flags.String() + ")" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, "", fault.New(51091, "Regular expression is invalid: %v", err)
	}
	return re, prefix, nil
}

// literalPrefix returns the literal text after a leading ^, or "".
func literalPrefix(pattern string) string {
	if !strings.HasPrefix(pattern, "^") || strings.Contains(pattern, "|") {
		return ""
	}
	rest := pattern[1:]
	end := strings.IndexAny(rest, `\.+*?()[]{}^$`)
	if end < 0 {
		return rest
	}
	if strings.ContainsRune("*?{", rune(rest[end])) { // the last rune may be absent
		runes := []rune(rest[:end])
		return string(runes[:max(0, len(runes)-1)])
	}
	return rest[:end]
}

// typeSet reads the argument of $type.
func typeSet(v value.V) (map[value.Type]bool, error) {
	args := []value.V{v}
	if arr, ok := value.Array(v); ok {
		args = value.List(arr)
	}
	if len(args) == 0 {
		return nil, fault.New(fault.FailedToParse, "$type must match at least one type")
	}
	out := map[value.Type]bool{}
	for _, a := range args {
		if name, ok := value.Text(a); ok {
			types := value.TypesNamed(name)
			if types == nil {
				return nil, fault.Bad("Unknown type name alias: %s", name)
			}
			for _, t := range types {
				out[t] = true
			}
			continue
		}
		n, ok := value.Int(a)
		if !ok {
			return nil, fault.New(fault.TypeMismatch, "type must be represented as a number or a string")
		}
		t := value.Type(byte(int8(n)))
		if n < -1 || n > 127 || value.TypeName(t) == "" {
			return nil, fault.Bad("Invalid numerical type code: %d", n)
		}
		out[t] = true
	}
	return out, nil
}
