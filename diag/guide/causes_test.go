package guide_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// TestEveryCauseIsInTheList reads the sources: each cause that is written stands in Causes().
func TestEveryCauseIsInTheList(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("cause*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("no causes: %v", err)
	}
	written, listed := map[string]string{}, map[string]bool{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if len(n.Values) == 1 && isCause(n.Values[0]) {
					written[n.Names[0].Name] = name
				}
			case *ast.FuncDecl:
				if n.Name.Name == "Causes" {
					listNames(n.Body, listed)
					return false
				}
			}
			return true
		})
	}
	for cause, file := range written {
		if !listed[cause] {
			t.Errorf("%s: the cause %s has no line in Causes()", file, cause)
		}
	}
	if len(written) < 20 {
		t.Errorf("only %d causes are found: are they written in another way?", len(written))
	}
}

// isCause reports whether an expression is &Cause{…}.
func isCause(e ast.Expr) bool {
	u, is := e.(*ast.UnaryExpr)
	if !is || u.Op != token.AND {
		return false
	}
	lit, is := u.X.(*ast.CompositeLit)
	if !is {
		return false
	}
	name, is := lit.Type.(*ast.Ident)
	return is && name.Name == "Cause"
}

// listNames adds the names in a piece of code to a set.
func listNames(n ast.Node, set map[string]bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, is := n.(*ast.Ident); is {
			set[id.Name] = true
		}
		return true
	})
}
