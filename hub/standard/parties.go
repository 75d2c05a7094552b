package standard

import "tongban/hub"

// PartiesSchema is the list of parties of a standard as JSON Schema 2020-12:
// who may take part, how many of each, and how each kind of number is formed.
// What depends on a condition, and that nobody is a party twice, is for the hub
// to say.
func PartiesSchema(s *hub.Standard) ([]byte, error) {
	roles := []string{}
	ui := []schema{}
	counts := []schema{}
	for _, r := range s.Parties {
		roles = append(roles, r.Role)
		ui = append(ui, schema{"role": r.Role, "zh": r.ZH, "en": r.EN, "min": r.Min, "max": r.Max, "if": r.If})
		least := r.Min
		if r.If != "" {
			least = 0
		}
		counts = append(counts, schema{
			"contains":    schema{"type": "object", "properties": schema{"role": schema{"const": r.Role}}, "required": []string{"role"}},
			"minContains": least, "maxContains": r.Max,
		})
	}
	text := func(limit int) schema {
		return schema{"type": "string", "minLength": 1, "maxLength": limit, "format": "plain"}
	}
	numbers := []schema{}
	kinds := []string{"citizen_id", "credit_code", "passport"}
	for _, k := range kinds {
		numbers = append(numbers, schema{
			"if":   schema{"type": "object", "properties": schema{"id_kind": schema{"const": k}}, "required": []string{"id_kind"}},
			"then": schema{"properties": schema{"id_number": schema{"format": k}}},
		})
	}
	party := schema{
		"type": "object", "additionalProperties": false, "required": []string{"role", "name", "id_kind", "id_number"}, "allOf": numbers,
		"properties": schema{
			"role": schema{"type": "string", "enum": roles}, "id_kind": schema{"type": "string", "enum": kinds}, "id_number": schema{"type": "string"},
			"name": text(100), "represents": text(100), "phone": schema{"type": "string", "format": "phone"},
		},
	}
	root := schema{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array", "items": party, "maxItems": 200, "x-ui": ui,
	}
	if len(counts) > 0 {
		root["allOf"] = counts
	}
	return hub.Marshal(root)
}
