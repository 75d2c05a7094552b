package standard

import (
	"encoding/json"
	"fmt"

	"tongban/hub"
)

// Bounds of values, whatever a standard says.
const (
	maxFen     = 100_000_000_000_000 // a million million yuan
	maxInteger = 1_000_000_000_000
	maxArea    = 100_000_000_000 // 0.01 m²: a thousand km²
	maxChars   = 4_000
	maxRows    = 500
)

// Text without control and direction characters, and not only of spaces. The
// same pattern means the same to Go and to a browser with the flag u.
const plainPattern = `^[^\p{Cc}\p{Cf}]*[^\p{Cc}\p{Cf}\p{Z}][^\p{Cc}\p{Cf}]*$`

// The formats that a JSON Schema validator must be taught. web/forms/formats.mjs
// is the browser's teacher; shared vectors hold both to the same verdicts.
const (
	formatDate        = "date"
	formatUnit        = "unit-number"
	formatCertificate = "title-certificate"
	formatCitizen     = "citizen-id"
	formatCredit      = "credit-code"
)

type object = map[string]any

// Schema is the application form as JSON Schema 2020-12, with x-ui hints for
// who draws it: order, widget, unit, personal, names and help in both languages.
// The server validates with the same schema that it gives away.
func Schema(s *hub.Standard) json.RawMessage {
	props, required := object{}, []string{}
	for i := range s.Fields {
		f := &s.Fields[i]
		p := property(column(f))
		if f.Kind == hub.FieldList {
			p = list(f)
		}
		p["x-ui"] = hints(f, i+1)
		props[f.Key] = p
		if f.Required && f.If == "" {
			required = append(required, f.Key)
		}
	}
	b, err := hub.Marshal(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": schemaID(s), "type": "object",
		"title": s.NameZH, "properties": props, "required": required, "additionalProperties": false,
	})
	if err != nil {
		panic(fmt.Sprintf("schema of plain values: %v", err))
	}
	return b
}

func schemaID(s *hub.Standard) string {
	agency := string(s.Agency)
	if agency == "" {
		agency = "base"
	}
	return fmt.Sprintf("urn:tongban:standard:%s:%s:%d", s.Item, agency, s.Version)
}

// column is what a field and a column of a list have in common.
func column(f *hub.Field) *hub.Column {
	return &hub.Column{
		Key: f.Key, Kind: f.Kind, Required: f.Required, Personal: f.Personal, Min: f.Min, Max: f.Max,
		Options: f.Options, ZH: f.ZH, EN: f.EN,
	}
}

func list(f *hub.Field) object {
	props, required := object{}, []string{}
	for i := range f.Columns {
		c := &f.Columns[i]
		p := property(c)
		p["x-ui"] = columnHints(c, i+1)
		props[c.Key] = p
		if c.Required {
			required = append(required, c.Key)
		}
	}
	p := object{"type": "array", "maxItems": most(f.Max, maxRows), "items": object{
		"type": "object", "properties": props, "required": required, "additionalProperties": false,
	}}
	if f.Min > 0 {
		p["minItems"] = f.Min
	}
	return p
}

func most(given, kind int64) int64 {
	if given == 0 {
		return kind
	}
	return min(given, kind)
}

func property(c *hub.Column) object {
	number := func(bound int64) object {
		return object{"type": "integer", "minimum": c.Min, "maximum": most(c.Max, bound)}
	}
	format := func(name string) object { return object{"type": "string", "maxLength": 100, "format": name} }
	switch c.Kind {
	case hub.FieldBool:
		return object{"type": "boolean"}
	case hub.FieldFen:
		return number(maxFen)
	case hub.FieldInteger:
		return number(maxInteger)
	case hub.FieldArea:
		return number(maxArea)
	case hub.FieldDate:
		return format(formatDate)
	case hub.FieldUnit:
		return format(formatUnit)
	case hub.FieldCertificate:
		return format(formatCertificate)
	case hub.FieldCitizen:
		return format(formatCitizen)
	case hub.FieldCredit:
		return format(formatCredit)
	case hub.FieldChoice:
		keys := make([]string, len(c.Options))
		for i, o := range c.Options {
			keys[i] = o.Key
		}
		return object{"type": "string", "enum": keys}
	}
	limit := int64(200)
	if c.Max > 0 {
		limit = min(c.Max, maxChars)
	}
	return object{"type": "string", "minLength": max(1, c.Min), "maxLength": limit, "pattern": plainPattern}
}

// widgets are what a kind is usually drawn as, and the unit of its value.
func widget(kind string, limit int64) (name, unit string) {
	switch kind {
	case hub.FieldFen:
		return "money", "fen"
	case hub.FieldArea:
		return "area", "0.01 m²"
	case hub.FieldBool:
		return "switch", ""
	case hub.FieldChoice:
		return "select", ""
	case hub.FieldInteger:
		return "number", ""
	case hub.FieldList:
		return "table", ""
	case hub.FieldText:
		if limit > 200 {
			return "textarea", ""
		}
	}
	return kind, ""
}

func hints(f *hub.Field, order int) object {
	h := columnHints(column(f), order)
	if f.If != "" {
		h["if"] = f.If
	}
	h["needed"] = f.Required
	if f.HelpZH != "" || f.HelpEN != "" {
		h["help_zh"], h["help_en"] = f.HelpZH, f.HelpEN
	}
	return h
}

func columnHints(c *hub.Column, order int) object {
	name, unit := widget(c.Kind, c.Max)
	h := object{"order": order, "widget": name, "personal": c.Personal, "zh": c.ZH, "en": c.EN}
	if unit != "" {
		h["unit"] = unit
	}
	if len(c.Options) > 0 {
		options := make([]object, len(c.Options))
		for i, o := range c.Options {
			options[i] = object{"value": o.Key, "zh": o.ZH, "en": o.EN}
		}
		h["options"] = options
	}
	return h
}
