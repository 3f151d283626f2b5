package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The architecture is checked on the files themselves: what stands in a
// document and in no test is not true for long.

const root = "../.." // this package stands two levels below the top

// floors from the ground up: a package imports its own floor and those below.
var floors = []string{"codes", "sender", "diag", "cmd"}

// reserved says which directories may import a module (and what is below it);
// "test" stands for test files anywhere.
var reserved = map[string][]string{
	"github.com/miekg/dns":                   {"diag/resolve", "diag/lab"},
	"github.com/spf13":                       {"cmd"},
	"github.com/fatih/color":                 {"cmd/report/page"},
	"github.com/mattn/go-runewidth":          {"cmd/report/page", "test"},
	"golang.org/x/term":                      {"cmd"},
	"go.yaml.in/yaml":                        {"codes", "diag/dkim", "diag/campaign", "diag/plan", "cmd", "test"},
	"github.com/modelcontextprotocol/go-sdk": {"cmd/mcp", "test"},
	"github.com/emersion/go-smtp":            {"diag/lab", "test"},
	"github.com/emersion/go-imap":            {"sender/mailbox", "diag/lab", "test"},
	"github.com/google/jsonschema-go":        {"test"},
	"github.com/chromedp":                    {"cmd/browsertest", "test"},
	"github.com/owenrumney/go-sarif":         {"test"},
	"github.com/xeipuuv/gojsonschema":        {"test"},
	"todoku/cmd/browsertest":                 {"test"},
	"todoku/sender/aggregate/aggregatetest":  {"test"},
	"todoku/diag/watch/testserver":           {"test"},
	"modernc.org/sqlite":                     {"sender/sqlite", "test"},
	"github.com/jackc/pgx":                   {"diag/watch/store", "test"},
	"github.com/riverqueue":                  {"diag/watch/river"},
	"github.com/hashicorp/hcl":               {"test"},
	"github.com/zclconf/go-cty":              {"test"},
	"github.com/rogpeppe/go-internal":        {"test"},
	"github.com/google/go-cmp":               {"test"},
	"blitiri.com.ar/go/spf":                  {"test"},
	"github.com/emersion/go-msgauth/dkim":    {"sender/mail", "test"},
	"todoku/diag/lab":                        {"cmd", "diag/world", "test"},
	"golang.org/x/net/dns/dnsmessage":        {"diag/resolve", "diag/lab"},
	"github.com/emersion/go-msgauth/authres": {"test"},
}

// protocols know records and algorithms; they know nothing of checks.
var protocols = []string{"resolve", "spf", "dkim", "dmarc", "arc", "mtasts", "tlsrpt", "dane", "bimi", "dnsbl", "mx", "provider"}

var topLevel = []string{"action.yml", "cmd", "diag", "sender", "codes", "go.mod", "go.sum", "README.md", "README.ja.md", "LICENSE",
	"CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs", "examples", "tools", "todoku", "todoku.exe"}

var nameless = regexp.MustCompile(`(^|/)(utils?|common|helpers?|models?|misc|internal|pkg|shared)(/|\.go$|_test\.go$)`)

// source is one Go file of the module.
type source struct {
	path string // "diag/spf/parse.go"
	test bool
	*ast.File
	set *token.FileSet
}

func (s source) dir() string { return path.Dir(s.path) }

func (s source) at(n ast.Node) string {
	p := s.set.Position(n.Pos())
	return s.path + ":" + strconv.Itoa(p.Line)
}

func sources(t *testing.T) []source {
	t.Helper()
	out, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d Go files found: is %s the top of the module?", len(out), root)
	}
	return out
}

// parsed reads the module once for all tests, which change nothing in it.
var parsed = sync.OnceValues(func() (out []source, err error) {
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || rel == "tools") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		out = append(out, source{rel, strings.HasSuffix(rel, "_test.go"), f, set})
		return nil
	})
	return out, err
})

func imports(f source) []string {
	var out []string
	for _, i := range f.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

// within reports whether a path is dir or below it.
func within(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

func floorOf(dir string) int {
	return slices.IndexFunc(floors, func(f string) bool { return within(dir, f) })
}

func TestFloors(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if floorOf(f.dir()) < 0 {
			t.Errorf("%s: on no floor (%s)", f.path, strings.Join(floors, " "))
		}
		for _, imp := range imports(f) {
			stage := f.test && strings.HasSuffix(f.Name.Name, "_test") && within(imp, "todoku/diag/lab")
			if dep, ours := strings.CutPrefix(imp, "todoku/"); ours && !stage && floorOf(dep) > floorOf(f.dir()) {
				t.Errorf("%s: imports %s from a floor above", f.path, imp)
			}
			if imp == "todoku/cmd" && f.dir() != "cmd/todoku" && !(f.test &&
				slices.Contains([]string{"cmd/browsertest", "cmd/serve", "cmd/watch"}, f.dir())) {
				t.Errorf("%s: nobody imports cmd", f.path)
			}
			if rest, ok := strings.CutPrefix(f.dir(), "diag/"); ok && slices.Contains(protocols, rest) && imp == "todoku/diag" && !f.test {
				t.Errorf("%s: a protocol package knows nothing of checks", f.path)
			}
			if within(f.dir(), "codes") && !f.test && slices.Contains([]string{"os", "net", "net/http", "os/exec"}, imp) {
				t.Errorf("%s: codes does no I/O, but imports %s", f.path, imp)
			}
		}
	}
}

func TestReservedImports(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		for _, imp := range imports(f) {
			for module, dirs := range reserved {
				allowed := !within(imp, module) ||
					slices.ContainsFunc(dirs, func(d string) bool { return within(f.dir(), d) || d == "test" && f.test })
				if !allowed {
					t.Errorf("%s: imports %s, which belongs to %s", f.path, imp, strings.Join(dirs, ", "))
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(topLevel, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
	for _, f := range sources(t) {
		if nameless.MatchString(f.path) {
			t.Errorf("%s: a name that says nothing", f.path)
		}
		if lines := f.set.Position(f.FileEnd).Line; lines > 500 && !f.test {
			t.Errorf("%s: %d lines are more than one thing", f.path, lines)
		}
	}
}

// calls that no production file makes, and where they are allowed after all.
var calls = map[string][]string{
	"os.Exit":      {"cmd/todoku"},
	"os.Getenv":    {"cmd"},
	"os.LookupEnv": {"cmd"},
	"os.Environ":   {"cmd"},
	"os.Getwd":     nil,
	"os.Chdir":     nil,
	"fmt.Print":    nil,
	"fmt.Printf":   nil,
	"fmt.Println":  nil,
	"log.Fatal":    nil,
	"log.Fatalf":   nil,
	"log.Fatalln":  nil,
	"log.Panic":    nil,
	"log.Panicf":   nil,
	"log.Print":    nil,
	"log.Printf":   nil,
	"log.Println":  nil,
}

var cobraPrint = regexp.MustCompile(`^Print(Err)?(ln|f)?$`)

func TestCalls(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: init", f.at(fn))
			}
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "panic" {
					t.Errorf("%s: panic", f.at(n))
				}
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if !ok {
					return true
				}
				name := x.Name + "." + n.Sel.Name
				if dirs, forbidden := calls[name]; forbidden && !slices.ContainsFunc(dirs, func(d string) bool { return within(f.dir(), d) }) {
					t.Errorf("%s: %s", f.at(n), name)
				}
				if n.Sel.Name == "RegisterFlagCompletionFunc" && f.path != "cmd/app/command.go" {
					t.Errorf("%s: cobra keeps it for ever; use app.CompleteFlag", f.at(n))
				}
				if within(f.dir(), "cmd") && x.Name != "fmt" && cobraPrint.MatchString(n.Sel.Name) {
					t.Errorf("%s: %s: cobra's Print goes to the wrong stream; write to Stdout or Stderr of the app", f.at(n), name)
				}
			}
			return true
		})
	}
}

// wayOut says where what could write past the writers of cmd/report/page may stand: a place of output is no io.Writer,
// and who has none can write nothing.
var wayOut = map[string][]string{
	"os.Stdout": {"cmd/todoku"}, "os.Stderr": {"cmd/todoku"}, "io.Writer": {"cmd/app/app.go", "cmd/root.go", "cmd/report/page"},
	"json.NewEncoder": {"cmd/report/page"},
	"json.Marshal":    {"cmd/report/page", "cmd/diagnose/again.go"}, "json.MarshalIndent": {"cmd/report/page"},
	"csv.NewWriter": {"cmd/report/page"},
	"io.Copy":       {"cmd/report/page", "cmd/diagnose/sources.go"}, "bufio.NewWriter": {"cmd/report/page"}, "tabwriter.NewWriter": nil,
	"template.New": nil, "color.New": {"cmd/report/page"},
}

func TestEverythingGoesOutThroughTheWriters(t *testing.T) {
	t.Parallel()
	selectorsOfCmd(t, func(f source, s *ast.SelectorExpr, name string) {
		if places, watched := wayOut[name]; watched && !slices.ContainsFunc(places, func(p string) bool { return within(f.path, p) }) {
			t.Errorf("%s: %s: write through cmd/report/page", f.at(s), name)
		}
		if s.Sel.Name == "Writer" && !slices.Contains([]string{"cmd/app/app.go", "cmd/root.go", "cmd/about/completion.go"}, f.path) &&
			!within(f.dir(), "cmd/report/page") {
			t.Errorf("%s: Writer is for cobra", f.at(s))
		}
	})
}

// selectorsOfCmd visits every selector of the sources of cmd; name is "os.Open", or empty where no name stands before
// the dot.
func selectorsOfCmd(t *testing.T, visit func(f source, s *ast.SelectorExpr, name string)) {
	t.Helper()
	for _, f := range sources(t) {
		if f.test || !within(f.dir(), "cmd") || f.dir() == "cmd/browsertest" { // which is of tests alone
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				name := ""
				if x, isName := s.X.(*ast.Ident); isName {
					name = x.Name + "." + s.Sel.Name
				}
				visit(f, s, name)
			}
			return true
		})
	}
}

// unwrapped are the files that may make text of a command: what they write breaks no lines, or not this one. A command
// that is wrapped like a sentence cannot be pasted.
var unwrapped = []string{"cmd/guide/dialogue.go", "cmd/lab/list.go", "cmd/send/run.go", "cmd/report/typed.go", "cmd/report/explanation.go",
	"cmd/watch/tellers.go"}

func TestCommandsAreNotWrapped(t *testing.T) {
	t.Parallel()
	selectorsOfCmd(t, func(f source, s *ast.SelectorExpr, name string) {
		if name == "page.Command" && !slices.Contains(unwrapped, f.path) && !strings.HasSuffix(f.path, "_json.go") &&
			!strings.HasSuffix(f.path, "_markdown.go") && !strings.HasSuffix(f.path, "_html.go") {
			t.Errorf("%s: print a command with typed, or say it with a phrase", f.at(s))
		}
	})
}

// A string becomes Markdown by a function of page, which escapes it, and never by a conversion.
func TestOnlyPageMakesMarkdown(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if f.test || !within(f.dir(), "cmd") {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			call, isCall := n.(*ast.CallExpr)
			if !isCall {
				return true
			}
			if to, ok := call.Fun.(*ast.SelectorExpr); ok && to.Sel.Name == "MD" {
				t.Errorf("%s: a string becomes Markdown as it is; use Said, Code or Item", f.at(n))
			}
			return true
		})
	}
}

// openers are the only files of cmd that read and write files: what they give out
// has a bound and ends with its context.
var openers = map[string][]string{
	"os.Open": nil, "os.ReadFile": nil, "os.WriteFile": nil, "os.Create": nil, "io.ReadAll": nil, "os.Pipe": nil,
	"os.OpenFile": {"cmd/app/input.go", "cmd/app/output.go"}, "os.CreateTemp": {"cmd/app/output.go"},
	"os.ReadDir": nil, "os.DirFS": nil, "filepath.WalkDir": nil, "filepath.Glob": nil,
}

func TestFilesAreOpenedInOnePlace(t *testing.T) {
	t.Parallel()
	selectorsOfCmd(t, func(f source, s *ast.SelectorExpr, name string) {
		if places, watched := openers[name]; watched && !slices.Contains(places, f.path) {
			t.Errorf("%s: %s: read with Read or Open of the app, write with Write or Replace", f.at(s), name)
		}
	})
}

// immutable makers give values that nothing changes later.
var immutable = []string{"errors.New", "fmt.Errorf", "regexp.MustCompile", "netip.MustParseAddr", "netip.MustParsePrefix",
	"sync.OnceValue", "sync.OnceValues", "strings.NewReplacer", "time.Date"}

func TestNoPackageState(t *testing.T) {
	t.Parallel()
	byDir := map[string][]source{}
	for _, f := range sources(t) {
		if !f.test {
			byDir[f.dir()] = append(byDir[f.dir()], f)
		}
	}
	for _, files := range byDir {
		names, specs := map[string]bool{}, map[any]bool{}
		for _, f := range files {
			for _, spec := range packageVars(f) {
				specs[spec.ValueSpec] = true
				for _, name := range spec.Names {
					names[name.Name] = name.Name != "_"
				}
				if !spec.embedded && !plain(spec.ValueSpec) {
					t.Errorf("%s: %s is not plainly a constant", f.at(spec), spec.Names[0].Name)
				}
			}
		}
		for _, f := range files {
			for _, id := range changed(f) {
				// The parser resolves names within a file; those of other files stay open.
				if names[id.Name] && (id.Obj == nil || specs[id.Obj.Decl]) {
					t.Errorf("%s: changes the package variable %s", f.at(id), id.Name)
				}
			}
		}
	}
}

type packageVar struct {
	*ast.ValueSpec
	embedded bool
}

func packageVars(f source) []packageVar {
	var out []packageVar
	for _, d := range f.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, s := range gen.Specs {
			if spec, ok := s.(*ast.ValueSpec); ok {
				out = append(out, packageVar{spec, strings.Contains(text(gen.Doc)+text(spec.Doc), "//go:embed ")})
			}
		}
	}
	return out
}

// plain reports whether a variable is set once, to a value that stays.
func plain(spec *ast.ValueSpec) bool {
	return spec.Names[0].Name == "_" || len(spec.Values) > 0 && !slices.ContainsFunc(spec.Values,
		func(v ast.Expr) bool { return !constant(v) })
}

// changed lists the variables that a file assigns to.
func changed(f source) []*ast.Ident {
	var out []*ast.Ident
	ast.Inspect(f.File, func(n ast.Node) bool {
		var targets []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				targets = n.Lhs
			}
		case *ast.IncDecStmt:
			targets = []ast.Expr{n.X}
		}
		for _, target := range targets {
			if id := variable(target); id != nil {
				out = append(out, id)
			}
		}
		return true
	})
	return out
}

func text(g *ast.CommentGroup) string {
	if g == nil {
		return ""
	}
	var b strings.Builder
	for _, c := range g.List {
		b.WriteString(c.Text + "\n")
	}
	return b.String()
}

// constant reports whether an initial value is one that nothing changes.
func constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit, *ast.CompositeLit, *ast.Ident, *ast.SelectorExpr:
		return true
	case *ast.UnaryExpr:
		return e.Op != token.AND || constant(e.X)
	case *ast.BinaryExpr:
		return constant(e.X) && constant(e.Y)
	case *ast.CallExpr:
		sel, ok := e.Fun.(*ast.SelectorExpr)
		if !ok {
			_, conversion := e.Fun.(*ast.ArrayType)
			return conversion
		}
		x, _ := sel.X.(*ast.Ident)
		return x != nil && slices.Contains(immutable, x.Name+"."+sel.Sel.Name)
	}
	return false
}

// variable is the identifier that an assignment changes: x in x.f[i] = v.
func variable(e ast.Expr) *ast.Ident {
	for {
		switch t := e.(type) {
		case *ast.Ident:
			return t
		case *ast.SelectorExpr:
			e = t.X
		case *ast.IndexExpr:
			e = t.X
		case *ast.StarExpr:
			e = t.X
		case *ast.ParenExpr:
			e = t.X
		default:
			return nil
		}
	}
}
