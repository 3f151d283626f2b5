package main

import (
	"bufio"
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms is the house as docs/house.md draws it: which packages of its own floor a package imports. Packages of the
// floors below are free to all.
var rooms = map[string][]string{
	"cmd/todoku": {"cmd"},
	"cmd": {"cmd/app", "cmd/about", "cmd/bundles", "cmd/check", "cmd/collect", "cmd/config", "cmd/diagnose", "cmd/explain",
		"cmd/fix", "cmd/guide", "cmd/history", "cmd/lab", "cmd/letter", "cmd/mcp", "cmd/replay", "cmd/reports", "cmd/send",
		"cmd/sendings", "cmd/serve",
		"cmd/triage", "cmd/usage", "cmd/watch", "cmd/report", "cmd/report/page"},
	"cmd/app":            {"cmd/report/page", "cmd/settings", "cmd/usage"},
	"cmd/about":          group,
	"cmd/check":          group,
	"cmd/collect":        group,
	"cmd/config":         group,
	"cmd/diagnose":       group,
	"cmd/explain":        group,
	"cmd/fix":            group,
	"cmd/guide":          group,
	"cmd/history":        group,
	"cmd/lab":            group,
	"cmd/letter":         group,
	"cmd/mcp":            group,
	"cmd/replay":         group,
	"cmd/reports":        group,
	"cmd/send":           group,
	"cmd/triage":         group,
	"cmd/watch":          slices.Concat(group, []string{"cmd/serve/guard"}),
	"cmd/serve":          slices.Concat(group, []string{"cmd/serve/guard"}),
	"cmd/serve/guard":    {},
	"cmd/bundles":        {"cmd/app", "cmd/report/page", "cmd/settings", "cmd/usage"},
	"cmd/lists":          {},
	"cmd/browsertest":    {}, // only tests import it
	"cmd/scope":          {"cmd/app", "cmd/settings"},
	"cmd/settings":       {},
	"cmd/secrets":        {"cmd/app", "cmd/report/page"},
	"cmd/mailboxes":      {"cmd/app", "cmd/bundles", "cmd/secrets"},
	"cmd/sendings":       {"cmd/app", "cmd/report/page"},
	"cmd/stores":         {"cmd/app", "cmd/bundles"},
	"cmd/usage":          {"cmd/report/page"},
	"cmd/report":         {"cmd/report/page", "cmd/report/picture"},
	"cmd/report/picture": {"cmd/report/page"},
	"cmd/report/page":    {},

	"diag":        {"diag/resolve", "diag/probe", "diag/provider"},
	"diag/world":  {"diag", "diag/resolve", "diag/probe", "diag/provider", "diag/lab", "diag/bundle"},
	"diag/bundle": {"diag/resolve", "diag/probe"},
	"diag/check": slices.Concat(engine, protocol, []string{"diag/content", "diag/provider", "diag/probe", "diag/scan",
		"diag/traffic"}),
	"diag/guide": slices.Concat(engine, protocol, []string{"diag/check", "diag/provider", "diag/probe", "diag/world",
		"diag/guide/ticket", "diag/watch/past"}),
	"diag/guide/walk":       slices.Concat(engine, []string{"diag/check", "diag/guide", "diag/guide/ticket"}),
	"diag/guide/explain":    slices.Concat(engine, []string{"diag/check", "diag/dnsbl", "diag/guide", "diag/guide/ticket", "diag/provider"}),
	"diag/guide/ticket":     {},
	"diag/triage":           slices.Concat(engine, []string{"diag/guide", "diag/provider", "diag/world", "diag/watch/past"}),
	"diag/campaign":         slices.Concat(engine, protocol, []string{"diag/check", "diag/content", "diag/provider", "diag/world"}),
	"diag/traffic":          {"diag/resolve"},
	"diag/sources":          {"diag/resolve", "diag/spf", "diag/dmarc", "diag/mx", "diag/provider"},
	"diag/plan":             {"diag/resolve"},
	"diag/fix":              slices.Concat(engine, protocol),
	"diag/probe":            {"diag/resolve"},
	"diag/resolve":          {},
	"diag/provider":         {"diag/resolve"},
	"diag/lab":              {"diag/resolve"},
	"diag/spf":              {"diag/resolve"},
	"diag/dkim":             {"diag/resolve"},
	"diag/dmarc":            {"diag/resolve"},
	"diag/arc":              {"diag/dkim", "diag/resolve"},
	"diag/altered":          {"diag/dkim", "diag/resolve"},
	"diag/baseline":         {"diag"},
	"diag/watch":            slices.Concat(engine, []string{"diag/baseline", "diag/check"}),
	"diag/watch/alert":      {"diag", "diag/watch"},
	"diag/watch/metrics":    {"diag", "diag/check", "diag/watch", "diag/watch/store"},
	"diag/watch/past":       slices.Concat(engine, []string{"diag/watch"}),
	"diag/watch/river":      {"diag/watch"},
	"diag/watch/store":      {"diag/watch", "sender/sqlite"},
	"diag/watch/testserver": {}, // only tests import it
	"diag/dane":             {"diag/resolve"},
	"diag/bimi":             {"diag/resolve"},
	"diag/dnsbl":            {"diag/resolve"},
	"diag/mtasts":           {"diag/resolve"},
	"diag/tlsrpt":           {"diag/resolve"},
	"diag/mx":               {"diag/resolve"},
	"diag/ns":               {"diag/resolve"},
	"diag/typo":             {"diag/resolve"},
	"diag/content":          {"diag/typo"},
	"diag/scan":             {},

	"sender":                         {"sender/mail", "sender/smtp", "sender/history"},
	"sender/mail":                    {},
	"sender/smtp":                    {},
	"sender/batch":                   {"sender", "sender/mail", "sender/history"},
	"sender/history":                 {"sender/mail", "sender/sqlite"},
	"sender/sqlite":                  {},
	"sender/event":                   {"sender/mail"},
	"sender/aggregate":               {"sender/mail"},
	"sender/aggregate/aggregatetest": {"sender/aggregate"}, // only tests import it
	"sender/mailbox":                 {"sender/mail"},
	"sender/collect":                 {"sender/event", "sender/mailbox", "sender/history", "sender/mail"},

	"codes":       {},
	"codes/paste": {"codes"},
}

var (
	group = []string{"cmd/app", "cmd/bundles", "cmd/lists", "cmd/mailboxes", "cmd/scope", "cmd/secrets", "cmd/sendings", "cmd/settings",
		"cmd/stores", "cmd/usage",
		"cmd/report", "cmd/report/page"}
	engine   = []string{"diag", "diag/resolve"}
	protocol = []string{"diag/spf", "diag/dkim", "diag/dmarc", "diag/arc", "diag/altered", "diag/mtasts", "diag/tlsrpt", "diag/dane",
		"diag/bimi", "diag/dnsbl", "diag/mx", "diag/ns", "diag/typo"}
)

// TestRooms holds every import against the table. The table has no circle, so the house has none.
func TestRooms(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		seen[f.dir()] = true
		allowed, known := rooms[f.dir()]
		if !known {
			t.Errorf("%s: this room is not in the table", f.path)
			continue
		}
		for _, imp := range imports(f) {
			room, ours := strings.CutPrefix(imp, "todoku/")
			if !ours || floorOf(room) < floorOf(f.dir()) && floorOf(room) >= 0 {
				continue
			}
			if !slices.Contains(allowed, room) {
				t.Errorf("%s: imports %s, which the table does not allow", f.path, room)
			}
		}
	}
	for room := range rooms {
		if !seen[room] {
			t.Errorf("%s is in the table and not in the house", room)
		}
	}
	if room := circle(rooms); room != "" {
		t.Errorf("the table goes round in a circle through %s", room)
	}
}

// circle is a room from which a way leads back to itself; "" where there is none.
func circle(rooms map[string][]string) string {
	const open, done = 1, 2
	state := map[string]int{}
	var visit func(string) bool
	visit = func(room string) bool {
		switch state[room] {
		case open:
			return true
		case done:
			return false
		}
		state[room] = open
		found := slices.ContainsFunc(rooms[room], visit)
		state[room] = done
		return found
	}
	for room := range rooms {
		if visit(room) {
			return room
		}
	}
	return ""
}

// TestSizes bounds what grows unseen: the files directly in cmd, the app, the methods of a type, the lines of a function.
func TestSizes(t *testing.T) {
	t.Parallel()
	lines, methods := map[string]int{}, map[string]int{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		lines[f.dir()] += f.set.Position(f.FileEnd).Line - 1
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := f.set.Position(fn.End()).Line - f.set.Position(fn.Pos()).Line + 1; n > 60 {
				t.Errorf("%s: %s has %d lines", f.at(fn), fn.Name.Name, n)
			}
			if fn.Recv != nil {
				methods[f.dir()+"."+receiver(fn.Recv.List[0].Type)]++
			}
		}
	}
	for dir, most := range map[string]int{"cmd": 600, "cmd/app": 2200} {
		if lines[dir] > most {
			t.Errorf("%s has %d lines, at most %d are meant", dir, lines[dir], most)
		}
	}
	for name, n := range methods {
		if n > 40 {
			t.Errorf("%s has %d methods", name, n)
		}
	}
}

// receiver is the name of a receiver's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// TestLinesAreShort: a line without a product text in a language is at most 140 columns wide. It counts octets, so that
// Japanese, whose characters are two columns wide, is never wider than it seems.
func TestLinesAreShort(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		file, err := os.Open(filepath.Join(root, filepath.FromSlash(f.path)))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		in := bufio.NewScanner(file)
		in.Buffer(nil, 1<<20)
		for n := 1; in.Scan(); n++ {
			line := in.Text()
			if w := len(line); w > 140 && !strings.Contains(line, "EN:") && !strings.Contains(line, "JA:") {
				t.Errorf("%s:%d: %d octets", f.path, n, w)
			}
		}
		if err := in.Err(); err != nil {
			t.Error(f.path, err)
		}
	}
}

// TestDocumentsDrawTheRooms: docs/house.md names every room.
func TestDocumentsDrawTheRooms(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "docs", "house.md"))
	if err != nil {
		t.Fatal(err)
	}
	for room := range rooms {
		if !strings.Contains(string(text), "`"+room+"`") && !strings.Contains(string(text), "`"+path.Base(room)+"`") {
			t.Errorf("docs/house.md does not name %s", room)
		}
	}
}

// TestNoTodokuBelowCmd: below cmd a command is data, so no text begins with the name of the program. The lab names its
// certificates by it.
func TestNoTodokuBelowCmd(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if f.test || within(f.dir(), "cmd") || f.dir() == "diag/lab" {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, "todoku ") {
				t.Errorf("%s: %.60q: make a command by codes.Todoku", f.at(n), s)
			}
			return true
		})
	}
}

// TestCobraStaysInCmd: only cmd, its app and its groups know flags.
func TestCobraStaysInCmd(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if !slices.Contains(append(groups(), "cmd", "cmd/app", "cmd/bundles", "cmd/mailboxes", "cmd/scope", "cmd/sendings", "cmd/serve",
			"cmd/stores", "cmd/usage", "cmd/watch", "cmd/todoku"), f.dir()) {
			for _, imp := range imports(f) {
				if within(imp, "github.com/spf13") {
					t.Errorf("%s: imports %s", f.path, imp)
				}
			}
		}
	}
}

// groups are the packages of groups of commands: those that cmd imports and that know the app.
func groups() []string {
	var out []string
	for room, allowed := range rooms {
		if slices.Equal(allowed, group) {
			out = append(out, room)
		}
	}
	return out
}
