package main

import (
	"errors"
	"strings"

	"tongban/hub"
)

// describe spells out every wrong field of an error, one a line.
func describe(err error) error {
	e, ok := errors.AsType[*hub.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		b.WriteString("\n  " + f.Pointer + ": " + f.Code + " (" + f.Message + ")")
	}
	return errors.New(b.String())
}
