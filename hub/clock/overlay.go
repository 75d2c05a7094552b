package clock

import (
	"slices"
	"strings"
	"time"
)

// plain is an office without anything of its own.
func plain() *overlay {
	v := &overlay{id: anyOffice}
	v.complete()
	return v
}

// complete fills in what the file left out.
func (v *overlay) complete() {
	if v.zone == "" {
		v.zone, v.loc = defaultZone, fixed[defaultZone]
	}
	slices.SortFunc(v.hours, func(a, b hours) int { return a.from - b.from })
	if len(v.hours) == 0 || v.hours[0].from > 0 {
		v.hours = slices.Insert(v.hours, 0, hours{0, defaultOpen, defaultClose})
	}
}

// fixed are the zones whose offset never changed in this century. They need no zone data of the machine, and make the
// default calendar the same everywhere.
var fixed = map[string]*time.Location{
	"UTC":         time.FixedZone("UTC", 0),
	defaultZone:   time.FixedZone(defaultZone, 8*60*60),
	"Asia/Urumqi": time.FixedZone("Asia/Urumqi", 6*60*60),
}

func (l *loader) officeLine(key string, values []string) *Error {
	v := l.office
	switch key {
	case "zone":
		return l.zone(values)
	case "hours":
		return l.hours(values)
	case "saturday":
		from, ok := 0, len(values) == 1
		if !ok {
			var r Reason
			if from, r = l.from(values); r != "" {
				return l.fail(key, r)
			}
		}
		if values[0] != "on" && values[0] != "off" {
			return l.fail(key, ReasonForm)
		}
		if slices.ContainsFunc(v.saturdays, func(s saturday) bool { return s.from == from }) {
			return l.fail(key, ReasonDuplicate)
		}
		v.saturdays = append(v.saturdays, saturday{from, values[0] == "on"})
		return nil
	case "off":
		return l.days(key, values, &v.off)
	case "work":
		return l.days(key, values, &v.work)
	}
	return l.fail("", ReasonUnknown)
}

// zone reads a name of the IANA database. "Local" is refused: it means another place on every machine.
func (l *loader) zone(values []string) *Error {
	name := values[0]
	switch {
	case l.office.zone != "":
		return l.fail("zone", ReasonDuplicate)
	case len(values) != 1 || name == "Local" || !plainWord(name, "/_+-"):
		return l.fail("zone", ReasonForm)
	}
	loc := fixed[name]
	if loc == nil {
		loc = l.zones[name]
	}
	if loc == nil {
		var err error
		if loc, err = time.LoadLocation(name); err != nil {
			e := l.fail("zone", ReasonZone)
			e.Err = err
			return e
		}
		l.zones[name] = loc
	}
	l.office.zone, l.office.loc = name, loc
	return nil
}

// hours reads "09:00-17:00" or "08:30-18:00 from 2026-05-01".
func (l *loader) hours(values []string) *Error {
	h := hours{}
	if len(values) > 1 {
		var r Reason
		if h.from, r = l.from(values); r != "" {
			return l.fail("hours", r)
		}
	}
	a, b, _ := strings.Cut(values[0], "-")
	var ok1, ok2 bool
	h.opens, ok1 = minutes(a)
	h.closes, ok2 = minutes(b)
	switch {
	case !ok1 || !ok2:
		return l.fail("hours", ReasonForm)
	case h.opens >= h.closes:
		return l.fail("hours", ReasonRange)
	case slices.ContainsFunc(l.office.hours, func(x hours) bool { return x.from == h.from }):
		return l.fail("hours", ReasonDuplicate)
	}
	l.office.hours = append(l.office.hours, h)
	return nil
}

// from reads the end of "VALUE from 2026-05-01".
func (l *loader) from(values []string) (int, Reason) {
	if len(values) != 3 || values[1] != "from" {
		return 0, ReasonForm
	}
	return readDate(values[2])
}
