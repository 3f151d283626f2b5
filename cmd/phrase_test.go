package cmd

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every sentence that is made with say takes its values in both languages.
func TestPhrasesTakeTheirValues(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range files {
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fn, ok := call.Fun.(*ast.Ident)
			if !ok || fn.Name != "say" {
				return true
			}
			text, ok := call.Args[0].(*ast.CompositeLit)
			if !ok {
				return true
			}
			values := make([]any, len(call.Args)-1)
			for i := range values {
				values[i] = "x"
			}
			for _, format := range literals(text) {
				seen++
				got := fmt.Sprintf(format, values...)
				if strings.Contains(got, "MISSING") || strings.Contains(got, "EXTRA") || strings.Contains(got, "BADINDEX") {
					t.Errorf("%s: %s", set.Position(call.Pos()), got)
				}
			}
			return true
		})
	}
	if seen < 50 {
		t.Errorf("only %d sentences found", seen)
	}
}

func literals(text *ast.CompositeLit) []string {
	var out []string
	for _, e := range text.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if lit, ok := kv.Value.(*ast.BasicLit); ok {
				s, _ := strconv.Unquote(lit.Value)
				out = append(out, s)
			}
		}
	}
	return out
}
