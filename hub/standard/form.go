package standard

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"tongban/hub"
	"tongban/hub/code"
)

// nowhere refuses every reference of a schema: no network, no files.
type nowhere struct{}

func (nowhere) Load(url string) (any, error) {
	return nil, fmt.Errorf("a form refers to nothing else, but this one to %s", url)
}

// compileSchema compiles the form's own schema.
func compileSchema(s *hub.Standard) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(Schema(s))))
	if err != nil {
		return nil, fmt.Errorf("schema of the form: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(nowhere{})
	c.AssertFormat()
	for name, parse := range map[string]func(string) error{
		formatDate:        func(v string) error { _, err := time.Parse(time.DateOnly, v); return err },
		formatUnit:        func(v string) error { _, err := code.ParseUnit(v); return err },
		formatCertificate: func(v string) error { _, err := code.ParseCertificate(v); return err },
		formatCitizen:     func(v string) error { _, err := code.ParseCitizenID(v); return err },
		formatCredit:      func(v string) error { _, err := code.ParseCreditCode(v); return err },
	} {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(v any) error {
			if text, ok := v.(string); ok {
				return parse(text)
			}
			return nil
		}})
	}
	if err := c.AddResource(schemaID(s), doc); err != nil {
		return nil, fmt.Errorf("schema of the form: %w", err)
	}
	out, err := c.Compile(schemaID(s))
	if err != nil {
		return nil, fmt.Errorf("schema of the form: %w", err)
	}
	return out, nil
}

// given drops what is no answer: null, an empty text, an empty list.
func given(in hub.Form) map[string]any {
	out := make(map[string]any, len(in))
	for k, v := range in {
		switch x := v.(type) {
		case nil:
			continue
		case string:
			if strings.TrimSpace(x) == "" {
				continue
			}
		case []any:
			if len(x) == 0 {
				continue
			}
		}
		out[k] = v
	}
	return out
}

// checkForm validates the form and returns its good values in canonical form.
func (c *compiled) checkForm(in hub.Form) (hub.Form, []hub.FieldError) {
	raw := given(in)
	var wrong []hub.FieldError
	if err := c.schema.Validate(raw); err != nil {
		ve, ok := errors.AsType[*jsonschema.ValidationError](err)
		if !ok {
			return hub.Form{}, []hub.FieldError{{Pointer: "/form", Code: "type", Message: "the form cannot be read"}}
		}
		collect(ve, &wrong)
		slices.SortFunc(wrong, func(a, b hub.FieldError) int { return strings.Compare(a.Pointer, b.Pointer) })
		for _, w := range wrong {
			key, _, _ := strings.Cut(strings.TrimPrefix(w.Pointer, "/form/"), "/")
			delete(raw, unescape.Replace(key))
		}
	}
	out := hub.Form{}
	for i := range c.std.Fields {
		f := &c.std.Fields[i]
		if v, ok := raw[f.Key]; ok {
			out[f.Key] = canonical(f, v)
		}
	}
	return out, wrong
}

var (
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
)

// collect turns the leaves of a validation into field errors with our codes.
func collect(e *jsonschema.ValidationError, out *[]hub.FieldError) {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			collect(cause, out)
		}
		return
	}
	where := []string{"/form"}
	for _, part := range e.InstanceLocation {
		where = append(where, escape.Replace(part))
	}
	at := strings.Join(where, "/")
	add := func(pointer, reason, message string) {
		*out = append(*out, hub.FieldError{Pointer: pointer, Code: reason, Message: message})
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, key := range k.Missing {
			add(at+"/"+escape.Replace(key), "required", "is required")
		}
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			add(at+"/"+escape.Replace(key), "unknown_field", "the standard has no such field")
		}
	case *kind.Type:
		add(at, "type", "must be "+strings.Join(k.Want, " or "))
	case *kind.MinLength:
		add(at, "length", fmt.Sprintf("at least %d characters", k.Want))
	case *kind.MaxLength:
		add(at, "length", fmt.Sprintf("at most %d characters", k.Want))
	case *kind.MinItems:
		add(at, "count", fmt.Sprintf("at least %d rows", k.Want))
	case *kind.MaxItems:
		add(at, "count", fmt.Sprintf("at most %d rows", k.Want))
	case *kind.Minimum:
		add(at, "range", "at least "+k.Want.RatString())
	case *kind.Maximum:
		add(at, "range", "at most "+k.Want.RatString())
	case *kind.Enum:
		add(at, "unknown", "is not one of the choices")
	case *kind.Pattern:
		add(at, "characters", "no control or direction characters, and not only spaces")
	case *kind.Format:
		reason, message := "date", "a day as YYYY-MM-DD"
		if ce, ok := errors.AsType[*code.Error](k.Err); ok {
			reason, message = string(ce.Reason), ce.Error()
		}
		add(at, reason, message)
	default:
		add(at, "invalid", "is not as the standard asks")
	}
}

// canonical is the form in which a valid value is kept.
func canonical(f *hub.Field, v any) any {
	if f.Kind != hub.FieldList {
		return canonicalValue(f.Kind, v)
	}
	rows, _ := v.([]any)
	out := make([]any, len(rows))
	for i, r := range rows {
		row, _ := r.(map[string]any)
		one := make(map[string]any, len(row))
		for k := range f.Columns {
			c := &f.Columns[k]
			if v, ok := row[c.Key]; ok {
				one[c.Key] = canonicalValue(c.Kind, v)
			}
		}
		out[i] = one
	}
	return out
}

// canonicalValue never fails: the value has passed the schema.
func canonicalValue(kind string, v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	var (
		out fmt.Stringer
		err error
	)
	switch kind {
	case hub.FieldUnit:
		out, err = code.ParseUnit(s)
	case hub.FieldCertificate:
		out, err = code.ParseCertificate(s)
	case hub.FieldCitizen:
		out, err = code.ParseCitizenID(s)
	case hub.FieldCredit:
		out, err = code.ParseCreditCode(s)
	default:
		return strings.TrimSpace(s)
	}
	if err != nil {
		return s
	}
	return out.String()
}
