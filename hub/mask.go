package hub

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaskName shows the family name, and the last character of longer names:
// 张*, 张*明, 中国*****行.
func MaskName(name string) string {
	r := []rune(strings.TrimSpace(name))
	switch n := len(r); {
	case n == 0:
		return ""
	case n == 1:
		return "*"
	case n == 2:
		return string(r[:1]) + "*"
	case n <= 4:
		return string(r[:1]) + strings.Repeat("*", n-2) + string(r[n-1:])
	default:
		return string(r[:2]) + strings.Repeat("*", n-3) + string(r[n-1:])
	}
}

// MaskNumber keeps the first four and last four characters of an identity
// number, and less of short ones.
func MaskNumber(s string) string { return maskMiddle(s, 4, 4) }

// MaskPhone keeps three and four: 138****5678.
func MaskPhone(s string) string { return maskMiddle(s, 3, 4) }

func maskMiddle(s string, head, tail int) string {
	if n := utf8.RuneCountInString(s); n <= head+tail {
		return strings.Repeat("*", n)
	}
	r := []rune(s)
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}

// Masked is a copy of the case with every personal field masked. Text answers
// of the form are shown as their length; numbers, dates and yes/no stay, as
// they name nobody.
func (c *Case) Masked() *Case {
	m := *c
	m.Parties = make([]Party, len(c.Parties))
	for i, p := range c.Parties {
		p.Name, p.IDNumber, p.Phone = MaskName(p.Name), MaskNumber(p.IDNumber), MaskPhone(p.Phone)
		p.Represents = MaskName(p.Represents)
		m.Parties[i] = p
	}
	m.Form = c.Form.masked()
	m.Materials = make([]Material, len(c.Materials))
	for i, f := range c.Materials {
		f.Name = maskFileName(f.Name)
		m.Materials[i] = f
	}
	m.Questioned = slices.Clone(c.Questioned)
	for i := range m.Questioned {
		m.Questioned[i].Name, m.Questioned[i].Answers = MaskName(m.Questioned[i].Name), nil
	}
	m.Sessions = c.maskSessions(c.Sessions)
	m.Results = slices.Clone(c.Results)
	for i := range m.Results {
		given := slices.Clone(m.Results[i].Given)
		for j := range given {
			given[j].Receiver = MaskName(given[j].Receiver)
		}
		m.Results[i].Given = given
	}
	if c.Tax != nil {
		t := *c.Tax
		t.Document = maskMiddle(t.Document, 2, 4)
		m.Tax = &t
	}
	m.eachRemark(c.maskText)
	for i := range m.Supplements { // eachRemark has copied them
		m.Supplements[i].Before, m.Supplements[i].After = m.Supplements[i].Before.masked(), m.Supplements[i].After.masked()
	}
	return &m
}

// masked shows texts as their length, also within lists.
func (f Form) masked() Form {
	if f == nil {
		return nil
	}
	out := make(Form, len(f))
	for k, v := range f {
		out[k] = maskValue(v)
	}
	return out
}

func maskValue(v any) any {
	switch x := v.(type) {
	case string:
		return maskMiddle(x, 1, 1)
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = maskValue(x[i])
		}
		return out
	case map[string]any:
		return map[string]any(Form(x).masked())
	}
	return v
}

// maskText masks the parties where a text names them.
func (c *Case) maskText(s string) string {
	for _, p := range c.Parties {
		for clear, masked := range map[string]string{p.Name: MaskName(p.Name), p.IDNumber: MaskNumber(p.IDNumber), p.Phone: MaskPhone(p.Phone)} {
			if clear != "" {
				s = strings.ReplaceAll(s, clear, masked)
			}
		}
	}
	return s
}

// maskFileName keeps the extension: "张三身份证.pdf" → "张****.pdf".
func maskFileName(s string) string {
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		dot = len(s)
	}
	ext := s[dot:]
	if len(ext) > 6 || strings.Trim(strings.ToLower(ext), ".abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		dot, ext = len(s), "" // not an extension
	}
	r := []rune(s[:dot])
	if len(r) == 0 {
		return strings.Repeat("*", len(ext))
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-1) + ext
}

// hideRemarks empties what officers wrote about the case. The notes of a
// supplement stay: they are written for the applicant.
func (c *Case) hideRemarks() {
	notes := c.Supplements
	c.eachRemark(func(string) string { return "" })
	c.Supplements = notes
}

// eachRemark replaces every free text of the case by what f makes of it. What
// other copies of the case share is copied first.
func (c *Case) eachRemark(f func(string) string) {
	if c.Route != nil {
		r := *c.Route
		r.Private.Text = f(r.Private.Text)
		c.Route = &r
	}
	c.Declines = slices.Clone(c.Declines)
	for i := range c.Declines {
		c.Declines[i].Text = f(c.Declines[i].Text)
	}
	c.Supplements = slices.Clone(c.Supplements)
	for i := range c.Supplements {
		s := &c.Supplements[i]
		s.Reason, s.Notes, s.Remarks = f(s.Reason), mapTexts(s.Notes, f), mapTexts(s.Remarks, f)
	}
	for _, r := range []**Review{&c.First, &c.Second} {
		if *r != nil {
			x := **r
			x.Text = f(x.Text)
			*r = &x
		}
	}
	if c.Outcome != nil {
		o := *c.Outcome
		o.Text = f(o.Text)
		c.Outcome = &o
	}
	if c.Refusal != nil {
		r := *c.Refusal
		r.Text = f(r.Text)
		c.Refusal = &r
	}
	c.eachRemarkOfSteps(f)
}

// eachRemarkOfSteps does so for the steps around the decision.
func (c *Case) eachRemarkOfSteps(f func(string) string) {
	c.Despite = f(c.Despite)
	c.Questioned = slices.Clone(c.Questioned)
	for i := range c.Questioned {
		c.Questioned[i].Text = f(c.Questioned[i].Text)
	}
	if c.Tax != nil {
		t := *c.Tax
		t.Text = f(t.Text)
		c.Tax = &t
	}
	if c.Notice != nil {
		n := *c.Notice
		n.Text = f(n.Text)
		c.Notice = &n
	}
	if c.Visit != nil {
		v := *c.Visit
		v.Text = f(v.Text)
		c.Visit = &v
	}
	c.Suspensions = slices.Clone(c.Suspensions)
	for i := range c.Suspensions {
		c.Suspensions[i].Text = f(c.Suspensions[i].Text)
	}
	c.Results = slices.Clone(c.Results)
	for i := range c.Results {
		r := &c.Results[i]
		if r.Revoked != nil {
			x := *r.Revoked
			x.Text = f(x.Text)
			r.Revoked = &x
		}
		r.Given = slices.Clone(r.Given)
		for j := range r.Given {
			r.Given[j].Text = f(r.Given[j].Text)
		}
	}
	c.Ratings = slices.Clone(c.Ratings)
	for i := range c.Ratings {
		r := &c.Ratings[i]
		r.Text = f(r.Text)
		if r.Answered != nil {
			x := *r.Answered
			x.Text = f(x.Text)
			r.Answered = &x
		}
	}
}

func mapTexts(m map[string]string, f func(string) string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = f(v)
	}
	return out
}
