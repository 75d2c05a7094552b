package expr

import (
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

func dates(name string) (function, bool) {
	parts := map[string]func(time.Time) int{
		"$year":        func(t time.Time) int { return t.Year() },
		"$month":       func(t time.Time) int { return int(t.Month()) },
		"$dayOfMonth":  func(t time.Time) int { return t.Day() },
		"$dayOfWeek":   func(t time.Time) int { return int(t.Weekday()) + 1 },
		"$dayOfYear":   func(t time.Time) int { return t.YearDay() },
		"$hour":        func(t time.Time) int { return t.Hour() },
		"$minute":      func(t time.Time) int { return t.Minute() },
		"$second":      func(t time.Time) int { return t.Second() },
		"$millisecond": func(t time.Time) int { return t.Nanosecond() / 1e6 },
	}
	if part, ok := parts[name]; ok {
		return function{1, 1, nullable(func(a []value.V) (value.V, error) {
			t, err := dateOf(a[0])
			if err != nil {
				return value.V{}, err
			}
			return value.Int32(int32(part(t))), nil
		})}, true
	}
	if name == "$toDate" {
		return function{1, 1, nullable(func(a []value.V) (value.V, error) {
			if ms, ok := value.Int(a[0]); ok {
				return value.Date(ms), nil
			}
			t, err := dateOf(a[0])
			return value.Date(t.UnixMilli()), err
		})}, true
	}
	return function{}, false
}

func dateOf(v value.V) (time.Time, error) {
	switch v.Type {
	case bson.TypeDateTime:
		ms, _, _ := bsoncore.ReadDateTime(v.Data)
		return time.UnixMilli(ms).UTC(), nil
	case bson.TypeTimestamp:
		t, _, _, _ := bsoncore.ReadTimestamp(v.Data)
		return time.Unix(int64(t), 0).UTC(), nil
	case bson.TypeString:
		s, _ := value.Text(v)
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault.New(16006, "can't convert from %s to Date", value.TypeName(v.Type))
}

// dateText is $dateToString.
type dateText struct {
	date, onNull Node
	format       string
	zone         *time.Location
}

func (c *compiler) dateToString(arg value.V) (Node, error) {
	doc, ok := value.Doc(arg)
	if !ok {
		return nil, fault.New(18629, "$dateToString only supports an object as its argument")
	}
	f, err := named(doc, "$dateToString", []string{"date"}, []string{"format", "timezone", "onNull"})
	if err != nil {
		return nil, err
	}
	n := &dateText{format: "%Y-%m-%dT%H:%M:%S.%LZ", zone: time.UTC, onNull: literal(value.Null())}
	if n.date, err = c.compile(f[0]); err != nil {
		return nil, err
	}
	if s, ok := value.Text(f[1]); ok {
		n.format = s
	} else if !value.Missing(f[1]) {
		return nil, fault.New(18533, "$dateToString requires that 'format' be a string")
	}
	if err := checkFormat(n.format); err != nil {
		return nil, err
	}
	if n.zone, err = zoneOf(f[2]); err != nil {
		return nil, err
	}
	if !value.Missing(f[3]) {
		n.onNull, err = c.compile(f[3])
	}
	return n, err
}

// zoneOf reads an IANA name or an offset such as +08:00.
func zoneOf(v value.V) (*time.Location, error) {
	if value.Missing(v) {
		return time.UTC, nil
	}
	s, ok := value.Text(v)
	if !ok {
		return nil, fault.New(40517, "timezone must evaluate to a string")
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, s); err == nil {
			_, offset := t.Zone()
			return time.FixedZone(s, offset), nil
		}
	}
	zone, err := time.LoadLocation(s)
	if err != nil {
		return nil, fault.New(40485, "unrecognized time zone identifier: %q", s)
	}
	return zone, nil
}

func (n *dateText) Eval(env *Env) (value.V, error) {
	v, err := n.date.Eval(env)
	if err != nil {
		return value.V{}, err
	}
	if value.NullOrMissing(v) {
		return n.onNull.Eval(env)
	}
	if _, err := dateOf(v); err != nil {
		return value.V{}, err
	}
	return value.String(formatDate(v, n.format, n.zone)), nil
}

func checkFormat(format string) error {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		if i == len(format) || !strings.ContainsRune("YmdHMSLjuzZ%", rune(format[i])) {
			return fault.New(18536, "invalid conversion character in the date format string")
		}
	}
	return nil
}

func formatDate(v value.V, format string, zone *time.Location) string {
	t, _ := dateOf(v)
	if zone != nil {
		t = t.In(zone)
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch format[i] {
		case 'Y':
			fmt.Fprintf(&b, "%04d", t.Year())
		case 'm':
			fmt.Fprintf(&b, "%02d", t.Month())
		case 'd':
			fmt.Fprintf(&b, "%02d", t.Day())
		case 'H':
			fmt.Fprintf(&b, "%02d", t.Hour())
		case 'M':
			fmt.Fprintf(&b, "%02d", t.Minute())
		case 'S':
			fmt.Fprintf(&b, "%02d", t.Second())
		case 'L':
			fmt.Fprintf(&b, "%03d", t.Nanosecond()/1e6)
		case 'j':
			fmt.Fprintf(&b, "%03d", t.YearDay())
		case 'u':
			fmt.Fprintf(&b, "%d", (int(t.Weekday())+6)%7+1)
		case 'z':
			b.WriteString(t.Format("-0700"))
		case 'Z':
			_, offset := t.Zone()
			fmt.Fprintf(&b, "%d", offset/60)
		default:
			b.WriteByte('%')
		}
	}
	return b.String()
}
