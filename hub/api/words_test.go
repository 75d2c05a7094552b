package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every reason that any of our packages gives for a field has words in both
// languages: otherwise a reader of Chinese is answered in English.
func TestEveryReasonOfAFieldHasWords(t *testing.T) {
	catalogues, err := loadCatalogues()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, dir := range []string{".", "..", "../standard", "../material", "../signin", "../../routing", "../../policies", "../../storage/object"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, reason := range fieldReasons(t, file) {
				n++
				short, _, _ := strings.Cut(reason, "_")
				for lang, c := range catalogues {
					if c.Fields[reason] == "" && c.Fields[short] == "" {
						t.Errorf("%s: reason %q has no words in %s", file, reason, lang)
					}
				}
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d reasons found: the search is broken", n)
	}
}

// fieldReasons are the codes of FieldErrors written in a file: {"/at", "code", …}.
func fieldReasons(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	add := func(e ast.Expr) {
		for {
			b, ok := e.(*ast.BinaryExpr) // "count_" + role
			if !ok {
				break
			}
			e = b.X
		}
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				found = append(found, strings.TrimSuffix(text, "_"))
			}
		}
	}
	literal := func(c *ast.CompositeLit) {
		if len(c.Elts) >= 2 {
			if _, keyed := c.Elts[0].(*ast.KeyValueExpr); !keyed {
				if len(c.Elts) == 3 {
					add(c.Elts[1])
				}
				return
			}
		}
		for _, e := range c.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Code" {
					add(kv.Value)
				}
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		c, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		switch x := c.Type.(type) {
		case *ast.ArrayType:
			if strings.HasSuffix(exprName(x.Elt), "FieldError") {
				for _, e := range c.Elts {
					if inner, ok := e.(*ast.CompositeLit); ok {
						literal(inner)
					}
				}
			}
		default:
			if strings.HasSuffix(exprName(c.Type), "FieldError") {
				literal(c)
			}
		}
		return true
	})
	return found
}

func exprName(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}
