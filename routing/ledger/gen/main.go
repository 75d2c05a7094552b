// Command gen packs the facts of divisions.csv into the compact form that
// routing/ledger embeds. Run it with go generate after the facts have changed.
package main

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"tongban/hub/code"
	"tongban/routing/ledger"
)

// through is the last year the facts cover, source their origin.
const (
	through = 2024
	source  = "yescallop/areacodes (CC0-1.0), from the yearly lists of the Ministry of Civil Affairs"
)

func main() {
	in := flag.String("csv", "divisions.csv", "facts to read")
	out := flag.String("out", "divisions.bin", "compact form to write")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	f, err := os.Open(in)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	b, err := pack(f)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	return os.WriteFile(out, b, 0o600)
}

// pack reads rows of code,name,level,province,prefecture,from,until,successors
// with successors as code@year;code@year, and packs them.
func pack(r io.Reader) ([]byte, error) {
	rows := csv.NewReader(r)
	head, err := rows.Read()
	if err != nil {
		return nil, err
	}
	want := []string{"code", "name", "level", "province", "prefecture", "from", "until", "successors"}
	if !slices.Equal(head, want) {
		return nil, fmt.Errorf("columns are %q, want %q", head, want)
	}
	var records []ledger.Record
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		rec, err := record(row)
		if err != nil {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		records = append(records, rec)
	}
	l, err := ledger.New(source, ledger.YearStart(through+1)-1, records)
	if err != nil {
		return nil, err
	}
	return l.Encode()
}

func record(row []string) (ledger.Record, error) {
	c, err := code.ParseDivision(row[0])
	if err != nil {
		return ledger.Record{}, err
	}
	if got := c.Level().String(); got != row[2] {
		return ledger.Record{}, fmt.Errorf("%s is a %s by its code, a %s by its row", c, got, row[2])
	}
	rec := ledger.Record{Code: c, Name: row[1], Until: ledger.Never}
	if rec.From, err = year(row[5]); err != nil {
		return ledger.Record{}, err
	}
	if row[6] != "" {
		if rec.Until, err = year(row[6]); err != nil {
			return ledger.Record{}, err
		}
	}
	for s := range strings.SplitSeq(row[7], ";") {
		if s == "" {
			continue
		}
		to, on, _ := strings.Cut(s, "@")
		n := ledger.Successor{}
		if n.To, err = code.ParseDivision(to); err != nil {
			return ledger.Record{}, err
		}
		if n.On, err = year(on); err != nil {
			return ledger.Record{}, err
		}
		n.Last = ledger.YearStart(n.On.Time().Year()+1) - 1
		rec.Successors = append(rec.Successors, n)
	}
	return rec, nil
}

func year(s string) (ledger.Day, error) {
	y, err := strconv.Atoi(s)
	if err != nil || y < 1981 || y > through {
		return 0, fmt.Errorf("year %q", s)
	}
	return ledger.YearStart(y), nil
}
