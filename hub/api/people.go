package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
	"tongban/hub/signin"
)

func (s *Server) peopleRoutes() {
	op := func(method, path, id, summary, more string, status int) huma.Operation {
		return huma.Operation{
			Method: method, Path: base + "/people" + path, OperationID: id, Tags: []string{tagAdmin}, Summary: summary, Description: more, DefaultStatus: status,
		}
	}
	register(s, op(http.MethodGet, "", "list-people", "人员 Everybody who signs in here", "", http.StatusOK), s.listPeople)
	register(s, op(http.MethodPost, "", "add-person", "新增人员 Add a person", "The password is made here and shown this once.", http.StatusCreated), s.addPerson)
	register(s, op(http.MethodPost, "/{person}", "change-person", "修改人员 Change name, agency and roles", "Nobody changes himself. When roles or agency change, the person's sessions end.", http.StatusOK), s.changePerson)
	register(s, op(http.MethodPost, "/{person}/disable", "disable-person", "停用 Refuse sign-in from now on", "The person's sessions end.", http.StatusOK), s.disablePerson)
	register(s, op(http.MethodPost, "/{person}/enable", "enable-person", "启用 Allow sign-in again", "Also ends a lock after failures.", http.StatusOK), s.enablePerson)
	register(s, op(http.MethodPost, "/{person}/password", "reset-password", "重置密码 Make a new password and show it, this once", "The person's sessions end.", http.StatusOK), s.resetPassword)
	register(s, op(http.MethodPost, "/{person}/factor/reset", "reset-factor", "重置动态码 Forget a lost second factor", "The person's sessions end.", http.StatusOK), s.resetFactor)
}

// staffView is somebody who signs in, without anything secret.
type staffView struct {
	ID       hub.PersonID `json:"id"`
	Login    string       `json:"login"`
	NameZH   string       `json:"name_zh"`
	NameEN   string       `json:"name_en"`
	Agency   hub.AgencyID `json:"agency"`
	Roles    []hub.Role   `json:"roles" nullable:"false"`
	Disabled bool         `json:"disabled"`
	Locked   *time.Time   `json:"locked_to,omitempty" doc:"no sign-in before, after failures"`
	Own      bool         `json:"own_cases_known" doc:"his own number is known, so that he is kept from his own cases"`
	Factor   bool         `json:"factor" doc:"has a second factor"`
	Me       bool         `json:"me"`
}

func (s *Server) staffView(ctx context.Context, p hub.Person) (staffView, error) {
	v := staffView{
		ID: p.ID, Login: p.Login, NameZH: p.NameZH, NameEN: p.NameEN, Agency: p.Agency, Roles: p.Roles, Disabled: p.Disabled,
		Own: p.Ref != "", Me: p.ID == actor(ctx).Person,
	}
	if v.Roles == nil {
		v.Roles = []hub.Role{}
	}
	if p.LockedTo.After(s.cfg.Now()) {
		v.Locked = &p.LockedTo
	}
	var err error
	v.Factor, err = s.cfg.SignIn.HasFactor(ctx, p.ID)
	return v, err
}

// manages allows what security administrators do.
func (s *Server) manages(ctx context.Context) error {
	return s.cfg.Policy.Authorize(actor(ctx), hub.PeopleManage, nil)
}

type peopleInput struct {
	Agency hub.AgencyID `query:"agency" maxLength:"60" doc:"only of this agency"`
}

type peopleOutput struct {
	Body struct {
		People []staffView `json:"people" nullable:"false" doc:"in order of login"`
	}
}

func (s *Server) listPeople(ctx context.Context, in *peopleInput) (*peopleOutput, error) {
	if err := s.manages(ctx); err != nil {
		return nil, err
	}
	all, err := s.cfg.Directory.People(ctx, in.Agency)
	if err != nil {
		return nil, err
	}
	out := &peopleOutput{}
	out.Body.People = []staffView{}
	for _, p := range all {
		v, err := s.staffView(ctx, p)
		if err != nil {
			return nil, err
		}
		out.Body.People = append(out.Body.People, v)
	}
	return out, nil
}

// PersonWish is what may be said of a person. It is exported because huma only
// looks into embedded types that are.
type PersonWish struct {
	NameZH string       `json:"name_zh" minLength:"1" maxLength:"60"`
	NameEN string       `json:"name_en,omitempty" maxLength:"100"`
	Agency hub.AgencyID `json:"agency" minLength:"1" maxLength:"60"`
	Roles  []hub.Role   `json:"roles" minItems:"1" maxItems:"14" nullable:"false"`
	Number string       `json:"citizen_id,omitempty" maxLength:"40" doc:"so that nobody handles his own case; only its keyed hash is kept"`
}

// apply checks a wish, tells all that is wrong at once, and puts it into p.
func (w PersonWish) apply(ctx context.Context, s *Server, p *hub.Person) error {
	var wrong []hub.FieldError
	add := func(pointer, code string) {
		wrong = append(wrong, hub.FieldError{Pointer: pointer, Code: code})
	}
	if strings.TrimSpace(w.NameZH) == "" {
		add("/name_zh", "required")
	}
	if slices.ContainsFunc(w.Roles, func(r hub.Role) bool { return !slices.Contains(hub.Roles(), r) }) {
		add("/roles", "unknown")
	} else if hub.CheckRoles(w.Roles) != nil {
		add("/roles", "admin_roles")
	}
	if _, err := s.cfg.Directory.Agency(ctx, w.Agency); hub.ErrorCode(err) == hub.NotFound {
		add("/agency", "unknown")
	} else if err != nil {
		return err
	}
	if w.Number != "" {
		number, err := canonicalID("citizen_id", w.Number)
		for _, f := range hub.FieldsOf(err) {
			add("/citizen_id", f.Code)
		}
		p.Ref = s.cfg.Service.Keys.PartyRef("citizen_id", number)
	}
	roles := slices.Clone(w.Roles)
	slices.SortFunc(roles, func(a, b hub.Role) int { return slices.Index(hub.Roles(), a) - slices.Index(hub.Roles(), b) })
	p.NameZH, p.NameEN, p.Agency, p.Roles = strings.TrimSpace(w.NameZH), strings.TrimSpace(w.NameEN), w.Agency, slices.Compact(roles)
	return hub.InvalidFields(wrong)
}

type addPersonInput struct {
	Body struct {
		PersonWish
		Login string `json:"login" pattern:"^[a-z0-9][a-z0-9._-]{1,59}$" doc:"small letters, digits, . _ -"`
	}
}

// newPersonOutput shows a password, this once.
type newPersonOutput struct {
	Body struct {
		Person   staffView `json:"person"`
		Password string    `json:"password" doc:"shown this once"`
	}
}

func (s *Server) addPerson(ctx context.Context, in *addPersonInput) (*newPersonOutput, error) {
	if err := s.manages(ctx); err != nil {
		return nil, err
	}
	taken := hub.InvalidFields([]hub.FieldError{{Pointer: "/login", Code: "login_taken"}})
	if _, err := s.cfg.Directory.PersonByLogin(ctx, in.Body.Login); err == nil {
		return nil, taken
	} else if hub.ErrorCode(err) != hub.NotFound {
		return nil, err
	}
	p := hub.Person{ID: hub.PersonID("p_" + strings.ToLower(rand.Text()[:20])), Login: in.Body.Login}
	if err := in.Body.apply(ctx, s, &p); err != nil {
		return nil, err
	}
	out := &newPersonOutput{}
	out.Body.Password = signin.NewPassword()
	p.Secret = s.cfg.SignIn.Hash(out.Body.Password)
	if err := s.record(ctx, "", "person.add", string(p.ID)); err != nil {
		return nil, err
	}
	err := s.cfg.Directory.SavePerson(ctx, p)
	if hub.ErrorCode(err) == hub.Conflict { // somebody was first just now
		return nil, taken
	}
	if err != nil {
		return nil, err
	}
	out.Body.Person, err = s.staffView(ctx, p)
	return out, err
}

// PersonPath names a person. It is exported because huma only looks into
// embedded types that are.
type PersonPath struct {
	Person hub.PersonID `path:"person" maxLength:"64"`
}

type personOutput struct{ Body staffView }

// alter changes a person for an administrator, who is somebody else, and
// records it before.
func (s *Server) alter(ctx context.Context, id hub.PersonID, what string, ends bool, change func(p *hub.Person) error) (*personOutput, error) {
	if err := s.manages(ctx); err != nil {
		return nil, err
	}
	p, err := s.cfg.Directory.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	if p.ID == actor(ctx).Person {
		return nil, hub.E(hub.SamePerson, "another administrator must change your own account")
	}
	if err := change(&p); err != nil {
		return nil, err
	}
	if err := s.record(ctx, "", what, string(p.ID)); err != nil {
		return nil, err
	}
	if err := s.cfg.Directory.SavePerson(ctx, p); err != nil {
		return nil, err
	}
	if ends {
		if err := s.cfg.SignIn.EndAll(ctx, p.ID, ""); err != nil {
			return nil, err
		}
	}
	v, err := s.staffView(ctx, p)
	return &personOutput{v}, err
}

type changePersonInput struct {
	PersonPath
	Body PersonWish
}

func (s *Server) changePerson(ctx context.Context, in *changePersonInput) (*personOutput, error) {
	return s.alter(ctx, in.Person, "person.change", true, func(p *hub.Person) error { return in.Body.apply(ctx, s, p) })
}

func (s *Server) disablePerson(ctx context.Context, in *PersonPath) (*personOutput, error) {
	return s.alter(ctx, in.Person, "person.disable", true, func(p *hub.Person) error { p.Disabled = true; return nil })
}

func (s *Server) enablePerson(ctx context.Context, in *PersonPath) (*personOutput, error) {
	return s.alter(ctx, in.Person, "person.enable", false, func(p *hub.Person) error {
		p.Disabled, p.Failures, p.LockedTo = false, 0, time.Time{}
		return nil
	})
}

func (s *Server) resetPassword(ctx context.Context, in *PersonPath) (*newPersonOutput, error) {
	out := &newPersonOutput{}
	v, err := s.alter(ctx, in.Person, "person.password", true, func(p *hub.Person) error {
		out.Body.Password = signin.NewPassword()
		p.Secret, p.Failures, p.LockedTo = s.cfg.SignIn.Hash(out.Body.Password), 0, time.Time{}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Body.Person = v.Body
	return out, nil
}

func (s *Server) resetFactor(ctx context.Context, in *PersonPath) (*personOutput, error) {
	v, err := s.alter(ctx, in.Person, "person.factor", true, func(*hub.Person) error { return nil })
	if err != nil {
		return nil, err
	}
	if err := s.cfg.SignIn.ResetFactor(ctx, v.Body.ID); err != nil {
		return nil, err
	}
	v.Body.Factor = false
	return v, nil
}
