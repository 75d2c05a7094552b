package standard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"tongban/hub"
	"tongban/hub/code"
)

// maxFen bounds a sum of money, as in the case service.
const maxFen = 100_000_000_000_000

// schema is a JSON Schema (2020-12) node in the order in which it is written.
type schema map[string]any

// Schema is the application form of a standard as JSON Schema 2020-12. The
// browser and the hub judge the same form by it, both after spaces around a
// text were dropped and blank answers left out; x-ui holds what a page needs to
// draw it.
func Schema(s *hub.Standard) ([]byte, error) {
	root := object(s.Fields)
	for _, f := range s.Fees { // what pieces are counted by
		if m := wholeField.FindStringSubmatch(f.Count); m != nil {
			root["properties"].(schema)[m[1]].(schema)["maximum"] = maxCount //nolint:forcetypeassert // made above
		}
	}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = s.NameZH
	root["x-ui"] = schema{"zh": s.NameZH, "en": s.NameEN}
	return hub.Marshal(root)
}

func object(fields []hub.Field) schema {
	props, required := schema{}, []string{}
	for i, f := range fields {
		props[f.Key] = property(f, i)
		if f.Required && f.If == "" {
			required = append(required, f.Key)
		}
	}
	return schema{"type": "object", "properties": props, "required": required, "additionalProperties": false}
}

func property(f hub.Field, order int) schema {
	ui := schema{"zh": f.ZH, "en": f.EN, "order": order, "kind": f.Kind}
	if f.Personal {
		ui["personal"] = true
	}
	if f.If != "" {
		ui["if"] = f.If
	}
	p := typeOf(f)
	if len(f.Options) > 0 {
		var names []schema
		for _, o := range f.Options {
			names = append(names, schema{"key": o.Key, "zh": o.ZH, "en": o.EN})
		}
		ui["options"] = names
	}
	p["x-ui"] = ui
	return p
}

func typeOf(f hub.Field) schema {
	limit := f.Max
	if limit == 0 {
		limit = 200
	}
	switch f.Kind {
	case "bool":
		return schema{"type": "boolean"}
	case "fen", "integer", "area":
		return schema{"type": "integer", "minimum": 0, "maximum": int64(maxFen)}
	case "date":
		return schema{"type": "string", "format": "date"}
	case "certificate", "unit":
		return schema{"type": "string", "format": f.Kind}
	case "choice":
		var keys []string
		for _, o := range f.Options {
			keys = append(keys, o.Key)
		}
		return schema{"type": "string", "enum": keys}
	case "list":
		p := schema{"type": "array", "items": object(each(f.Columns, hub.Column.Field)), "maxItems": limit}
		if f.Required {
			p["minItems"] = 1
		}
		return p
	}
	return schema{"type": "string", "minLength": 1, "maxLength": limit, "format": "plain"}
}

// formSchema is a compiled form.
type formSchema struct{ *jsonschema.Schema }

func compileForm(s *hub.Standard) (*formSchema, error) {
	b, err := Schema(s)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(jsonschema.SchemeURLLoader{}) // neither network nor files
	c.AssertFormat()
	for _, f := range formats {
		c.RegisterFormat(f)
	}
	if err := c.AddResource("form.json", doc); err != nil {
		return nil, err
	}
	compiled, err := c.Compile("form.json")
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	return &formSchema{compiled}, nil
}

// formats are the numbers of docs' domain, judged by hub/code, and text that
// shows what it is. web/forms has the same for the browser.
var formats = []*jsonschema.Format{
	format("certificate", func(s string) error { _, err := code.ParseCertificate(s); return err }),
	format("unit", func(s string) error { _, err := code.ParseUnit(s); return err }),
	format("citizen_id", func(s string) error { _, err := code.ParseCitizenID(s); return err }),
	format("credit_code", func(s string) error { _, err := code.ParseCreditCode(s); return err }),
	format("plain", func(s string) error {
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
			return &code.Error{Kind: "text", Part: code.PartWhole, Reason: code.ReasonCharacters}
		}
		return nil
	}),
}

func format(name string, check func(string) error) *jsonschema.Format {
	return &jsonschema.Format{Name: name, Validate: func(v any) error { return ifText(v, check) }}
}

func ifText(v any, check func(string) error) error {
	if s, ok := v.(string); ok {
		return check(s)
	}
	return nil
}

// check judges a form by its schema; every wrong part is told at once.
func (f *formSchema) check(form hub.Form) []hub.FieldError {
	b, err := json.Marshal(form)
	if form == nil {
		b, err = []byte("{}"), nil
	}
	if err != nil {
		return []hub.FieldError{{Pointer: "/form", Code: "type", Message: "the form cannot be read"}}
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return []hub.FieldError{{Pointer: "/form", Code: "type", Message: "the form cannot be read"}}
	}
	err = f.Validate(doc)
	var wrong *jsonschema.ValidationError
	if err == nil || !errors.As(err, &wrong) {
		return nil
	}
	var out []hub.FieldError
	leaves(wrong, &out)
	slices.SortFunc(out, func(a, b hub.FieldError) int { return strings.Compare(a.Pointer, b.Pointer) })
	return out
}

// leaves collects the innermost errors: the ones that name a field.
func leaves(e *jsonschema.ValidationError, out *[]hub.FieldError) {
	if len(e.Causes) > 0 {
		for _, c := range e.Causes {
			leaves(c, out)
		}
		return
	}
	at := strings.Join(append([]string{"/form"}, e.InstanceLocation...), "/")
	add := func(pointer, reason, text string) {
		*out = append(*out, hub.FieldError{Pointer: pointer, Code: reason, Message: text})
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, m := range k.Missing {
			add(at+"/"+m, "required", "is required")
		}
	case *kind.AdditionalProperties:
		for _, p := range k.Properties {
			add(at+"/"+p, "unknown_field", "the standard has no such field")
		}
	case *kind.Type:
		add(at, "type", "must be "+strings.Join(k.Want, " or "))
	case *kind.MinLength, *kind.MaxLength:
		add(at, "length", "has the wrong length")
	case *kind.MinItems, *kind.MaxItems:
		add(at, "count", "has the wrong number of rows")
	case *kind.Minimum, *kind.Maximum:
		add(at, "range", "is out of range")
	case *kind.Enum:
		add(at, "unknown", "is not one of those possible")
	case *kind.Format:
		add(at, formatReason(k), "is not well-formed")
	default:
		add(at, "invalid", "is not valid")
	}
}

// formatReason is the reason that hub/code gives, where a number is wrong.
func formatReason(k *kind.Format) string {
	if e, ok := errors.AsType[*code.Error](k.Err); ok {
		return string(e.Reason)
	}
	if k.Want == "date" {
		return "date"
	}
	return "form"
}
