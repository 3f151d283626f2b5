package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"todoku/cmd/report/page"
)

// TestEveryFunctionIsUsed finds a format whose file is there and whose line in the table is not: nothing calls it.
func TestEveryFunctionIsUsed(t *testing.T) {
	t.Parallel()
	written, named := map[string]string{}, map[string]int{}
	for name, file := range parsedFiles(t, func(name string) bool { return !strings.HasSuffix(name, "_test.go") }) {
		for _, d := range file.Decls {
			if fn, is := d.(*ast.FuncDecl); is && fn.Recv == nil && !fn.Name.IsExported() {
				written[fn.Name.Name] = name
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id, is := n.(*ast.Ident); is {
				named[id.Name]++
			}
			return true
		})
	}
	for fn, file := range written {
		if named[fn] == 1 {
			t.Errorf("%s: nothing calls %s; where it writes a format, its line in table.go is missing", file, fn)
		}
	}
}

// TestEveryFormatHasItsTest looks for a test that names the format, beside those that run all formats alike.
func TestEveryFormatHasItsTest(t *testing.T) {
	t.Parallel()
	words := map[page.Format][]string{}
	for _, e := range Table() {
		for _, f := range e.Formats {
			words[f] = []string{strconv.Quote(string(f))}
		}
	}
	for name, f := range constants(t) {
		words[f] = append(words[f], "page."+name)
	}
	var tests strings.Builder
	for _, name := range names(t, ".") {
		if strings.HasSuffix(name, "_test.go") && name != "table_test.go" {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(data)
		}
	}
	for f, all := range words {
		tested := false
		for _, w := range all {
			tested = tested || strings.Contains(tests.String(), w)
		}
		if !tested {
			t.Errorf("no test names the format %s: write one that reads what it prints, in the test file beside its file", f)
		}
	}
}

// constants are the formats that package page names.
func constants(t *testing.T) map[string]page.Format {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("page", "format.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]page.Format{}
	ast.Inspect(file, func(n ast.Node) bool {
		v, is := n.(*ast.ValueSpec)
		if !is || len(v.Values) != 1 {
			return true
		}
		if lit, is := v.Values[0].(*ast.BasicLit); is && lit.Kind == token.STRING {
			word, _ := strconv.Unquote(lit.Value)
			out[v.Names[0].Name] = page.Format(word)
		}
		return true
	})
	return out
}

// parsedFiles are the Go files of this folder whose name is wanted, parsed.
func parsedFiles(t *testing.T, wanted func(name string) bool) map[string]*ast.File {
	t.Helper()
	out := map[string]*ast.File{}
	for _, name := range names(t, ".") {
		if !wanted(name) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = file
	}
	return out
}

// names are the Go files of a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	out, err := fs.Glob(os.DirFS(dir), "*.go")
	if err != nil || len(out) == 0 {
		t.Fatalf("no Go files: %v", err)
	}
	return out
}
