package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every message says the same in both languages: each of its values has a place
// in both, and each place has a value.
func TestMessagesTakeTheirValues(t *testing.T) {
	t.Parallel()
	seen := 0
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			text, values := messageOf(call)
			if text == nil {
				return true
			}
			for _, template := range literals(text) {
				seen++
				if places := placesOf(template); !slices.Equal(places, values) {
					t.Errorf("%s: %q has places for %q, and values %q", set.Position(call.Pos()), template, places, values)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 300 {
		t.Errorf("%d messages found: %v", seen, err)
	}
}

// messageOf gives the text of a call of codes.Say or codes.WrongAt and the names
// of its values, sorted; nil for other calls.
func messageOf(call *ast.CallExpr) (text *ast.CompositeLit, values []string) {
	args := call.Args
	switch calledOfCodes(call) {
	case "Say":
	case "WrongAt":
		args = args[1:]
	default:
		return nil, nil
	}
	text, ok := args[0].(*ast.CompositeLit)
	if !ok {
		return nil, nil
	}
	for _, a := range args[1:] {
		if datum, ok := a.(*ast.CallExpr); ok && len(datum.Args) > 0 {
			if key, ok := datum.Args[0].(*ast.BasicLit); ok {
				name, _ := strconv.Unquote(key.Value)
				values = append(values, name)
			}
		}
	}
	slices.Sort(values)
	return text, slices.Compact(values)
}

func calledOfCodes(call *ast.CallExpr) string {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		return fn.Name
	case *ast.SelectorExpr:
		if pkg, ok := fn.X.(*ast.Ident); ok && pkg.Name == "codes" {
			return fn.Sel.Name
		}
	}
	return ""
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

// placesOf are the names of the places of a template, sorted.
func placesOf(template string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`\{([a-z]+)\}`).FindAllStringSubmatch(template, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}
