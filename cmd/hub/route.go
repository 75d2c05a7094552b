package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"tongban/cmd/hub/app"
	"tongban/routing"
)

// facts collects repeated -fact flags.
type facts []string

func (f *facts) String() string     { return strings.Join(*f, " ") }
func (f *facts) Set(s string) error { *f = append(*f, s); return nil }

// route explains on the terminal who is responsible. It needs no store.
func route(_ context.Context, p *program, args []string) error {
	fs := flag.NewFlagSet("hub route", flag.ContinueOnError)
	fs.SetOutput(p.errs)
	var q routing.Question
	var given facts
	fs.StringVar(&q.Item, "item", "", "`code` of the item, as transfer.resale")
	fs.StringVar(&q.Unit, "unit", "", "`number` of the real-property unit, 28 characters")
	fs.StringVar(&q.Place, "place", "", "division `code`, instead of a unit")
	fs.StringVar(&q.Date, "date", "", "the `day` to decide for, YYYY-MM-DD; today by default")
	fs.StringVar(&q.Coded, "coded", "", "the `day` the unit was numbered, when its county code was reused")
	fs.StringVar(&q.Choice, "choice", "", "`code` of the successor, when the place was split")
	fs.Var(&given, "fact", "a fact of the case, `key=value`; may be repeated")
	config := fs.String("routing", "", "`file` of agencies, duties and rules; without it the built-in example")
	divisions := fs.String("divisions", "", "`file` of division facts newer than the built-in ledger")
	lang := fs.String("lang", "zh", "language of the explanation: zh or en")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 || *lang != "zh" && *lang != "en" {
		fs.Usage()
		return errUsage
	}
	q.Facts = given
	table, _, err := app.Routes(*config, *divisions)
	if err != nil {
		return err
	}
	query, err := q.Query(time.Now().In(time.FixedZone("UTC+8", 8*3600)))
	if err != nil {
		return describe(err)
	}
	d := table.Decide(query)
	l := routing.Chinese
	if *lang == "en" {
		l = routing.English
	}
	if err := d.Explain(p.out, l); err != nil {
		return err
	}
	if d.Refusal != "" {
		return fmt.Errorf("no agency: %s", d.Refusal)
	}
	return nil
}
