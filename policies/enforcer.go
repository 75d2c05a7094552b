package policies

import (
	_ "embed" // the model and the rows
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"

	"tongban/hub"
)

var (
	//go:embed model.conf
	modelText string
	//go:embed rows.csv
	rowsText string
)

var _ hub.Policy = (*Enforcer)(nil)

// Enforcer answers who may do what. It is immutable and safe for concurrent use.
type Enforcer struct {
	permitted map[permission]bool // only what is permitted is in it
}

type permission struct {
	role   hub.Role
	action hub.Action
}

// New loads the model and the rows that the binary carries and logs their
// digests. It fails when they name a role or action that does not exist, or
// when casbin permits a stranger anything.
func New(logger *slog.Logger) (*Enforcer, error) {
	e, err := load(modelText, rowsText)
	if err != nil {
		return nil, fmt.Errorf("load policies: %w", err)
	}
	logger.Info("policies loaded", "model", hub.SHA256([]byte(modelText)), "rows", hub.SHA256([]byte(rowsText)),
		"permissions", len(e.permitted))
	return e, nil
}

// decider is what a load needs of casbin.
type decider interface {
	Enforce(values ...any) (bool, error)
	GetPolicy() ([][]string, error)
}

func load(modelText, rowsText string) (*Enforcer, error) {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	// The adapter gives up on empty text, and no rows would permit nothing anyway.
	if rowsText == "" {
		return nil, errors.New("there are no rows")
	}
	c, err := casbin.NewSyncedEnforcer(m, stringadapter.NewAdapter(rowsText))
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	return tabulate(c)
}

// tabulate asks about every role and action, and about nobody and nothing.
func tabulate(c decider) (*Enforcer, error) {
	if err := checkRows(c); err != nil {
		return nil, err
	}
	const stranger, nothing = "\x00stranger", "\x00nothing"
	roles := append([]hub.Role{stranger, ""}, hub.Roles()...)
	actions := append([]hub.Action{nothing, ""}, hub.Actions()...)
	e := &Enforcer{permitted: map[permission]bool{}}
	for _, r := range roles {
		for _, a := range actions {
			yes, err := c.Enforce(string(r), string(a))
			if err != nil {
				return nil, fmt.Errorf("judge %q, %q: %w", r, a, err)
			}
			if !yes {
				continue
			}
			if r == stranger || r == "" || a == nothing || a == "" {
				return nil, fmt.Errorf("not fail-closed: %q may do %q", r, a)
			}
			e.permitted[permission{r, a}] = true
		}
	}
	return e, nil
}

// checkRows refuses rows that could only be mistakes.
func checkRows(c decider) error {
	rows, err := c.GetPolicy()
	if err != nil {
		return fmt.Errorf("list rows: %w", err)
	}
	for _, row := range rows {
		if len(row) != 2 {
			return fmt.Errorf("row %q is not a role and an action", row)
		}
		if !slices.Contains(hub.Roles(), hub.Role(row[0])) {
			return fmt.Errorf("row %q: unknown role", row)
		}
		if !slices.Contains(hub.Actions(), hub.Action(row[1])) {
			return fmt.Errorf("row %q: unknown action", row)
		}
	}
	return nil
}

// Permits reports whether the role alone allows the action.
func (e *Enforcer) Permits(r hub.Role, a hub.Action) bool {
	return e.permitted[permission{r, a}]
}

// Authorize reports nil when the actor may do the action to the case, or, with
// c nil, at all. Otherwise it is
//
//   - NotFound: the actor may not know that the case exists,
//   - Forbidden: no role of the actor allows the action,
//   - OwnCase: the actor is a party of the case,
//   - SamePerson: the actor did the step that this one checks,
//   - NotCustodian: the agency has been offered the case and has not taken it.
func (e *Enforcer) Authorize(actor hub.Actor, action hub.Action, c *hub.Case) error {
	if err := CheckRoles(actor.Roles); err != nil {
		return err
	}
	if actor.Session != "" {
		return e.attends(actor, action, c)
	}
	reach := e.reach(actor, action)
	if c == nil {
		if reach == nowhere {
			return forbidden(action)
		}
		return nil
	}
	err := sees(scope(actor, reach), c)
	switch {
	case err == nil:
		return duty(actor, action, c)
	case hub.ErrorCode(err) == hub.OwnCase || sees(e.Scope(actor), c) != nil:
		return err
	}
	return forbidden(action)
}

// Scope is what the actor may read, as a condition on lists: it holds for
// exactly the cases for which Authorize permits hub.CaseRead.
func (e *Enforcer) Scope(actor hub.Actor) hub.Scope {
	if CheckRoles(actor.Roles) != nil || actor.Session != "" {
		return hub.Scope{Nothing: true}
	}
	return scope(actor, e.reach(actor, hub.CaseRead))
}

func forbidden(action hub.Action) error {
	return hub.E(hub.Forbidden, "none of your roles allows %s", action)
}
