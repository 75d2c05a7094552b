package standard

import (
	"errors"
	"fmt"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"tongban/hub"
)

// The names of the types that expressions see. A field that is not answered
// reads as the zero of its kind, and has() tells whether it was answered.
const (
	formType  = "Form"
	partyType = "Party"
	rolesType = "Roles"
)

// schemaTypes gives the checker the fields of one standard, so that a wrong
// name or type is found when the standard is saved.
type schemaTypes struct {
	*types.Registry
	structs map[string]map[string]*types.FieldType
}

func newTypes(s *hub.Standard) (*schemaTypes, error) {
	reg, err := types.NewRegistry()
	if err != nil {
		return nil, fmt.Errorf("types of expressions: %w", err)
	}
	t := &schemaTypes{Registry: reg, structs: map[string]map[string]*types.FieldType{}}
	form := map[string]*types.FieldType{}
	for _, f := range s.Fields {
		if f.Kind != hub.FieldList {
			form[f.Key] = fieldType(f.Key, f.Kind)
			continue
		}
		row := map[string]*types.FieldType{}
		for _, c := range f.Columns {
			row[c.Key] = fieldType(c.Key, c.Kind)
		}
		name := "Row_" + f.Key
		t.structs[name] = row
		form[f.Key] = access(f.Key, types.NewListType(types.NewObjectType(name)), []any{})
	}
	t.structs[formType] = form
	t.structs[partyType] = map[string]*types.FieldType{
		"role": access("role", types.StringType, ""), "name": access("name", types.StringType, ""),
		"id_kind": access("id_kind", types.StringType, ""), "represents": access("represents", types.StringType, ""),
		"age": access("age", types.IntType, int64(-1)), "minor": access("minor", types.BoolType, false),
	}
	roles := map[string]*types.FieldType{}
	for _, p := range s.Parties {
		roles[p.Role] = access(p.Role, types.IntType, int64(0))
	}
	t.structs[rolesType] = roles
	return t, nil
}

// epoch is what a date reads as that was not given.
var epoch = time.Unix(0, 0).UTC()

func fieldType(key, kind string) *types.FieldType {
	switch kind {
	case hub.FieldBool:
		return access(key, types.BoolType, false)
	case hub.FieldFen, hub.FieldInteger, hub.FieldArea:
		return access(key, types.IntType, int64(0))
	case hub.FieldDate:
		ft := access(key, types.TimestampType, epoch)
		ft.GetFrom = func(target any) (any, error) {
			if m, ok := target.(map[string]any); ok {
				if s, ok := m[key].(string); ok {
					return time.Parse(time.DateOnly, s)
				}
			}
			return epoch, nil
		}
		return ft
	}
	return access(key, types.StringType, "")
}

// access reads one key of a map with a default.
func access(key string, t *types.Type, zero any) *types.FieldType {
	return &types.FieldType{
		Type: t,
		IsSet: func(target any) bool {
			m, ok := target.(map[string]any)
			_, set := m[key]
			return ok && set
		},
		GetFrom: func(target any) (any, error) {
			if m, ok := target.(map[string]any); ok {
				if v, set := m[key]; set {
					return v, nil
				}
				return zero, nil
			}
			return nil, errors.New("not an object")
		},
	}
}

func (t *schemaTypes) FindStructType(name string) (*types.Type, bool) {
	if _, ok := t.structs[name]; ok {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return nil, false
}

func (t *schemaTypes) FindStructFieldNames(name string) ([]string, bool) {
	fields, ok := t.structs[name]
	var names []string
	for k := range fields {
		names = append(names, k)
	}
	return names, ok
}

func (t *schemaTypes) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	f, ok := t.structs[name][field]
	return f, ok
}

// NewValue refuses: expressions read, they do not make forms or parties.
func (t *schemaTypes) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("%s cannot be made", name)
}

// sum adds whole numbers, as the shares of heirs. Too large a sum is an error.
func sum(list ref.Val) ref.Val {
	l, ok := list.(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(list)
	}
	var total ref.Val = types.IntZero
	for it := l.Iterator(); it.HasNext() == types.True; {
		n, ok := it.Next().(types.Int)
		if !ok {
			return types.MaybeNoSuchOverloadErr(list)
		}
		if total = total.(types.Int).Add(n); types.IsUnknownOrError(total) {
			return total
		}
	}
	return total
}

// environment declares what the expressions of a standard may name.
func environment(s *hub.Standard) (*cel.Env, error) {
	t, err := newTypes(s)
	if err != nil {
		return nil, err
	}
	env, err := cel.NewEnv(
		cel.CustomTypeProvider(t), cel.CustomTypeAdapter(t),
		cel.ParserExpressionSizeLimit(maxSource), cel.ParserRecursionLimit(maxDepth),
		cel.Variable("form", cel.ObjectType(formType)),
		cel.Variable("parties", cel.ListType(cel.ObjectType(partyType))),
		cel.Variable("roles", cel.ObjectType(rolesType)),
		cel.Variable("day", cel.TimestampType),
		cel.Function("sum", cel.Overload("sum_list_int", []*cel.Type{cel.ListType(cel.IntType)}, cel.IntType, cel.UnaryBinding(sum))),
	)
	if err != nil {
		return nil, fmt.Errorf("environment of expressions: %w", err)
	}
	return env, nil
}
