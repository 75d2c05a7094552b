package standard

import (
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"tongban/hub"
)

// An overlay is a document with base: {item, version}. It says what differs:
// plain values replace, entries of a list replace those with the same key part
// by part or are added, and remove: {slots: [key]} takes entries away. A list
// inside an entry, as the options of a field, is replaced whole.

// keyOf names what tells the entries of a list apart.
func keyOf(list string) string {
	switch list {
	case "parties":
		return "role"
	case "grounds":
		return "at"
	case "conditions", "fields", "slots", "rules", "fees", "questions", "outputs", "rejects":
		return "key"
	}
	return ""
}

func bad(format string, args ...any) error { return hub.E(hub.BadStandard, format, args...) }

// resolve lays an overlay over its base.
func resolve(raw map[string]any, find Bases) (map[string]any, *hub.Standard, error) {
	ref, ok := raw["base"].(map[string]any)
	item, isText := ref["item"].(string)
	version, isNumber := ref["version"].(int)
	if !ok || !isText || !isNumber || len(ref) != 2 {
		return nil, nil, bad("base needs item and version, and nothing else")
	}
	base, err := find(hub.ItemCode(item), version)
	if err != nil {
		return nil, nil, fmt.Errorf("the base of the variant: %w", err)
	}
	if agency, _ := raw["agency"].(string); agency == "" {
		return nil, nil, bad("a variant needs its agency")
	}
	full, err := generic(&base)
	if err != nil {
		return nil, nil, err
	}
	delete(full, "grounds") // grounds are of one variant
	full["over"] = map[string]any{"item": item, "version": version, "digest": string(base.Digest)}
	for _, k := range []string{"version", "from"} { // a variant counts for itself
		delete(full, k)
	}
	if err := take(full, raw["remove"]); err != nil {
		return nil, nil, err
	}
	for k, v := range raw {
		switch k {
		case "base", "remove":
			continue
		case "over":
			return nil, nil, bad("over is written by the hub")
		case "item":
			if v != item {
				return nil, nil, bad("the item is that of the base")
			}
		}
		if full[k], err = lay(k, full[k], v); err != nil {
			return nil, nil, err
		}
	}
	return full, &base, nil
}

// generic is a standard as the maps and lists of its document.
func generic(s *hub.Standard) (map[string]any, error) {
	b, err := yaml.Marshal(documentOf(s))
	if err != nil {
		return nil, fmt.Errorf("write the base: %w", err)
	}
	var out map[string]any
	if err := yaml.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("read the base: %w", err)
	}
	return out, nil
}

// take removes entries by key.
func take(full map[string]any, remove any) error {
	if remove == nil {
		return nil
	}
	lists, ok := remove.(map[string]any)
	if !ok {
		return bad("remove names lists, and in each the keys to take away")
	}
	for name, keys := range lists {
		id := keyOf(name)
		wanted, ok := keys.([]any)
		have, _ := full[name].([]any)
		if id == "" || !ok {
			return bad("remove: %q is no list of entries", name)
		}
		for _, k := range wanted {
			i := index(have, id, k)
			if i < 0 {
				return bad("remove: the base has no %v in %s", k, name)
			}
			have = slices.Delete(slices.Clone(have), i, i+1)
		}
		full[name] = have
	}
	return nil
}

func index(list []any, id string, key any) int {
	return slices.IndexFunc(list, func(e any) bool {
		m, ok := e.(map[string]any)
		text, isText := key.(string)
		return ok && isText && m[id] == text
	})
}

// lay puts one part of the overlay over the base's.
func lay(name string, under, top any) (any, error) {
	id := keyOf(name)
	if id == "" {
		below, okBelow := under.(map[string]any)
		above, okAbove := top.(map[string]any)
		if okBelow && okAbove { // name, plan
			return merge(below, above), nil
		}
		return top, nil
	}
	list, _ := under.([]any)
	entries, ok := top.([]any)
	if !ok {
		return nil, bad("%s is a list", name)
	}
	list = slices.Clone(list)
	seen := map[string]bool{}
	for _, e := range entries {
		m, ok := e.(map[string]any)
		key, isText := m[id].(string)
		if !ok || !isText {
			return nil, bad("every entry of %s needs its %s", name, id)
		}
		if seen[key] {
			return nil, bad("%s/%s is there twice", name, key)
		}
		seen[key] = true
		i := index(list, id, key)
		if i < 0 {
			list = append(list, m)
			continue
		}
		below, _ := list[i].(map[string]any)
		list[i] = merge(below, m)
	}
	return list, nil
}

func merge(under, top map[string]any) map[string]any {
	out := make(map[string]any, len(under)+len(top))
	maps.Copy(out, under)
	maps.Copy(out, top)
	return out
}
