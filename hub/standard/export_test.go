package standard

import (
	"context"
	"time"

	"tongban/hub"
)

// Judge is Assess of a form that is known to be good: everything but the check
// of its form against the schema.
func (e *Engine) Judge(ctx context.Context, std *hub.Standard, form hub.Form, parties []hub.Party, day time.Time) (hub.Assessment, error) {
	c, err := e.get(std)
	if err != nil {
		return hub.Assessment{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	return c.judge(ctx, hub.Assessment{Form: form}, parties, dayOf(day))
}

// Verdict is whether the form passes the schema that is given away.
func Verdict(s *hub.Standard, form map[string]any) (bool, error) {
	schema, err := compileSchema(s)
	if err != nil {
		return false, err
	}
	return schema.Validate(form) == nil, nil
}
