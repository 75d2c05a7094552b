package hub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Form holds the answers to a standard's fields by key. Values are string,
// bool, int64 (money in fen) or, for a list, []any of map[string]any with
// values of the first three.
type Form map[string]any

// Limits of a form, whatever a standard says.
const (
	maxRows    = 500
	maxColumns = 50
)

// UnmarshalJSON keeps whole numbers whole and takes nothing but the values a
// form can have.
func (f *Form) UnmarshalJSON(b []byte) error {
	var m map[string]any
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(&m); err != nil {
		return err
	}
	for k, v := range m {
		rows, list := v.([]any)
		if !list {
			one, err := plainValue(v)
			if err != nil {
				return fmt.Errorf("form field %q: %w", k, err)
			}
			m[k] = one
			continue
		}
		if len(rows) > maxRows {
			return fmt.Errorf("form field %q has more than %d rows", k, maxRows)
		}
		for _, r := range rows {
			if err := plainRow(r); err != nil {
				return fmt.Errorf("form field %q: %w", k, err)
			}
		}
	}
	*f = m
	return nil
}

// plainRow makes the values of one row plain, in place.
func plainRow(v any) error {
	row, ok := v.(map[string]any)
	if !ok || len(row) > maxColumns {
		return fmt.Errorf("a row of a list is an object of at most %d columns", maxColumns)
	}
	for k, v := range row {
		one, err := plainValue(v)
		if err != nil {
			return fmt.Errorf("column %q: %w", k, err)
		}
		row[k] = one
	}
	return nil
}

func plainValue(v any) (any, error) {
	switch x := v.(type) {
	case string, bool:
		return x, nil
	case json.Number:
		n, err := x.Int64()
		if err != nil {
			return nil, errors.New("a number must be whole and within 64 bits")
		}
		return n, nil
	}
	return nil, errors.New("must be text, a whole number, yes/no or, for a list, rows of these")
}
