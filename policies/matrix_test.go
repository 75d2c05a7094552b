package policies

import (
	"bytes"
	"encoding/csv"
	"io"
	"log/slog"
	"os"
	"slices"
	"testing"

	"tongban/hub"
)

// The matrix is what a lawyer reads and signs; the rows are what the program does. Neither is made from the other.
func TestRowsAgreeWithTheMatrix(t *testing.T) {
	e := newEnforcer(t)
	head, rows := matrix(t)
	roles := head[3 : len(head)-2]
	if want := texts(hub.Roles()); !slices.Equal(roles, want) {
		t.Fatalf("matrix has the roles %q, want %q", roles, want)
	}
	var actions []string
	for _, row := range rows {
		actions = append(actions, row[0])
		for i, r := range roles {
			cell := row[3+i]
			if cell != "y" && cell != "n" {
				t.Errorf("%s, %s: cell %q is neither y nor n", row[0], r, cell)
			}
			if got, want := e.Permits(hub.Role(r), hub.Action(row[0])), cell == "y"; got != want {
				t.Errorf("%s, %s: the rows say %t, the matrix says %t", row[0], r, got, want)
			}
		}
	}
	if want := texts(hub.Actions()); !slices.Equal(actions, want) {
		t.Errorf("matrix has the actions %q, want %q", actions, want)
	}
}

func TestMatrixNamesAndJustifiesEveryAction(t *testing.T) {
	_, rows := matrix(t)
	for _, row := range rows {
		n := len(row)
		if row[1] == "" || row[2] == "" || row[n-2] == "" || row[n-1] == "" {
			t.Errorf("%s lacks a name or a ground in one of the languages: %q", row[0], row)
		}
	}
}

// What the design says must never break, whatever the rows become.
func TestRowsKeepTheDutiesApart(t *testing.T) {
	e := newEnforcer(t)
	for _, a := range []hub.Action{hub.CaseAccept, hub.CaseRefuse, hub.ReviewFirst, hub.ReviewSecond, hub.CaseDecide, hub.SupplementAsk} {
		for _, r := range []hub.Role{hub.Clerk, hub.Applicant, hub.AgentOfParty, hub.Institution, hub.SystemAdmin, hub.SecurityAdmin, hub.AuditAdmin, hub.Integrator} {
			if e.Permits(r, a) {
				t.Errorf("%s may do %s", r, a)
			}
		}
	}
	for _, r := range hub.Roles() {
		if e.Permits(r, hub.ReviewFirst) && e.Permits(r, hub.ReviewSecond) {
			t.Errorf("%s alone may do both reviews", r)
		}
		if e.Permits(r, hub.CaseList) != e.Permits(r, hub.CaseRead) {
			t.Errorf("%s may list or read, but not both: a list would show what a page hides", r)
		}
		if e.Permits(r, hub.CaseUnmask) && !e.Permits(r, hub.CaseRead) {
			t.Errorf("%s sees personal data of cases it may not read", r)
		}
	}
}

func newEnforcer(tb testing.TB) *Enforcer {
	tb.Helper()
	e, err := New(slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// matrix reads matrix.csv without its two heading rows, which it checks for shape. Spreadsheets want the byte order mark.
func matrix(t *testing.T) (head []string, rows [][]string) {
	t.Helper()
	text, err := os.ReadFile("matrix.csv")
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	for {
		row, err := r.Read() // refuses rows of another length
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(rows) < 3 || len(rows[0]) < 6 {
		t.Fatal("matrix.csv is cut short")
	}
	return rows[0], rows[2:]
}

func texts[S ~string](of []S) []string {
	var out []string
	for _, s := range of {
		out = append(out, string(s))
	}
	return out
}
