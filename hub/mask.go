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
	m.Form = Form{}
	for k, v := range c.Form {
		if s, ok := v.(string); ok {
			v = maskMiddle(s, 1, 1)
		}
		m.Form[k] = v
	}
	m.Materials = make([]Material, len(c.Materials))
	for i, f := range c.Materials {
		f.Name = maskFileName(f.Name)
		m.Materials[i] = f
	}
	return &m
}

// maskFileName keeps the extension: "张三身份证.pdf" → "张****.pdf".
func maskFileName(s string) string {
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		dot = len(s)
	}
	r := []rune(s[:dot])
	if len(r) == 0 {
		return s
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-1) + s[dot:]
}

// hideRemarks empties what officers wrote about the case. The notes of a
// supplement stay: they are written for the applicant.
func (c *Case) hideRemarks() {
	if c.Route != nil {
		r := *c.Route
		r.Private = Remark{}
		c.Route = &r
	}
	c.Declines = slices.Clone(c.Declines)
	for i := range c.Declines {
		c.Declines[i].Text = ""
	}
	for _, r := range []**Review{&c.First, &c.Second} {
		if *r != nil {
			x := **r
			x.Text = ""
			*r = &x
		}
	}
	if c.Outcome != nil {
		o := *c.Outcome
		o.Text = ""
		c.Outcome = &o
	}
}
