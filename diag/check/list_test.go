package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"todoku/diag/check"
)

// TestEveryCheckIsInTheList reads the sources: what makes a check stands in the list, and every rule belongs to a check.
func TestEveryCheckIsInTheList(t *testing.T) {
	t.Parallel()
	made, listed, rules := map[string]string{}, listedChecks(t), 0
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := f.Name(); !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if fn, is := d.(*ast.FuncDecl); is && makesCheck(fn) {
				made[fn.Name.Name] = f.Name()
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, is := n.(*ast.CompositeLit); is && isDiag(lit.Type, "Rule") {
				rules++
			}
			return true
		})
	}
	for name, file := range made {
		if !listed[name] {
			t.Errorf("%s: the check that %s makes has no line in list.go", file, name)
		}
	}
	all := check.Rules()
	if len(all) != rules {
		t.Errorf("%d rules are written, %d belong to a check: each stands in Rules of its check", rules, len(all))
	}
	for i, r := range all {
		if slices.Contains(all[:i], r) {
			t.Errorf("%s belongs to two checks", r.ID)
		}
	}
}

// listedChecks are the names of the functions that list.go calls.
func listedChecks(t *testing.T) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "list.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, is := n.(*ast.CallExpr); is {
			if fn, is := call.Fun.(*ast.Ident); is {
				out[fn.Name] = true
			}
		}
		return true
	})
	return out
}

// makesCheck reports whether a function gives one check.
func makesCheck(fn *ast.FuncDecl) bool {
	if fn.Recv != nil || fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
		return false
	}
	pointer, is := fn.Type.Results.List[0].Type.(*ast.StarExpr)
	return is && isDiag(pointer.X, "Check")
}

func isDiag(e ast.Expr, name string) bool {
	s, is := e.(*ast.SelectorExpr)
	if !is || s.Sel.Name != name {
		return false
	}
	x, is := s.X.(*ast.Ident)
	return is && x.Name == "diag"
}
