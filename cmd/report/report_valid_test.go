package report

import (
	"encoding/xml"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	sarifmodule "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/xeipuuv/gojsonschema"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// reportsOfAll are reports in which there is everything: findings of all severities, places, what could not be looked up, what had
// nothing to look at, hostile values.
func reportsOfAll(t *testing.T) (out []*diag.Report) {
	t.Helper()
	for _, name := range []string{"kaisha.test", "例え.test", "evil.test", "nothing.test"} {
		out = append(out, look(t, zone(t), name), look(t, &failing{zone(t)}, name))
	}
	return append(out, &diag.Report{Target: diag.Target{Name: "a.test", ASCII: "a.test"}, Results: []diag.Result{
		{Check: &diag.Check{Name: "ns", Title: codes.Same("DNS")}, Facts: nothing{}}}})
}

// schemaOfSARIF is the schema of SARIF 2.1.0 by OASIS. A library for SARIF has it as a constant that it keeps to itself: it
// validates its own types, and not a text.
func schemaOfSARIF(t *testing.T) *gojsonschema.Schema {
	t.Helper()
	inside, _ := runtime.FuncForPC(reflect.ValueOf(sarifmodule.NewReport).Pointer()).FileLine(0)
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(filepath.Dir(inside), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err = strconv.Unquote(lit.Value)
		}
		return true
	})
	if err != nil || !strings.Contains(text, "(SARIF) Version 2.1.0") {
		t.Fatalf("no schema in %s: %v", inside, err)
	}
	s, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// faultsOfSARIF are those of a log by the schema.
func faultsOfSARIF(t *testing.T, s *gojsonschema.Schema, out string) []gojsonschema.ResultError {
	t.Helper()
	result, err := s.Validate(gojsonschema.NewStringLoader(out))
	if err != nil {
		t.Fatal(err)
	}
	return result.Errors()
}

// TestSARIFKeepsToItsSchema: logs of no, one and several reports, in both languages.
func TestSARIFKeepsToItsSchema(t *testing.T) {
	t.Parallel()
	all, schema := reportsOfAll(t), schemaOfSARIF(t)
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for _, reports := range [][]*diag.Report{nil, all[:1], all} {
			out := printed(t, page.SARIF, Options{Lang: lang, Many: len(reports) != 1}, reports...)
			for _, fault := range faultsOfSARIF(t, schema, out) {
				t.Errorf("%s, %d reports: %v", lang, len(reports), fault)
			}
		}
	}
	good := printed(t, page.SARIF, Options{}, all[0])
	for _, broken := range []string{strings.Replace(good, `"level":"`, `"level":"very `, 1), strings.Replace(good, `"ruleId"`, `"rule"`, 1),
		strings.Replace(good, `"message":`, `"messages":`, 1)} {
		if broken == good || len(faultsOfSARIF(t, schema, broken)) == 0 {
			t.Error("the test takes a broken log for a good one")
		}
	}
}

// An element of a JUnit report as Jenkins reads it (junit-10.xsd of its xUnit plugin): the attributes that it must and may
// have, and its children in their order.
type elementJUnit struct{ must, may, children string }

func junitSchema() map[string]elementJUnit {
	return map[string]elementJUnit{
		"testsuites": {"", "name time tests failures disabled errors", "testsuite"},
		"testsuite": {"name tests", "failures errors time disabled skipped timestamp hostname id package group",
			"properties testcase system-out system-err"},
		"testcase":   {"name", "assertions time classname status class file line", "skipped error failure system-out system-err"},
		"failure":    {"", "type message", ""},
		"error":      {"", "type message", ""},
		"skipped":    {"", "type message", ""},
		"system-out": {}, "system-err": {},
	}
}

// faultOfJUnit is where a report breaks the schema; "" where it does not.
func faultOfJUnit(out string) string {
	elements, in := junitSchema(), xml.NewDecoder(strings.NewReader(out))
	type level struct {
		name string
		at   int // place of the last child among those there may be
	}
	open := []level{{}}
	for {
		next, err := in.Token()
		if err == io.EOF {
			return ""
		}
		if err != nil {
			return err.Error()
		}
		switch next := next.(type) {
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.StartElement:
			name, above := next.Name.Local, &open[len(open)-1]
			children := []string{"testsuites"}
			if above.name != "" {
				children = strings.Fields(elements[above.name].children)
			}
			at := slices.Index(children, name)
			if at < above.at {
				return "<" + name + "> in <" + above.name + ">"
			}
			above.at = at
			e := elements[name]
			must := strings.Fields(e.must)
			for _, a := range next.Attr {
				if i := slices.Index(must, a.Name.Local); i >= 0 {
					must = slices.Delete(must, i, i+1)
				} else if !slices.Contains(strings.Fields(e.may), a.Name.Local) {
					return a.Name.Local + " of <" + name + ">"
				}
			}
			if len(must) > 0 {
				return "<" + name + "> without " + must[0]
			}
			open = append(open, level{name: name})
		}
	}
}

// TestJUnitKeepsToItsSchema: reports of no, one and several targets, in both languages.
func TestJUnitKeepsToItsSchema(t *testing.T) {
	t.Parallel()
	all := reportsOfAll(t)
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for _, reports := range [][]*diag.Report{nil, all[:1], all} {
			if fault := faultOfJUnit(printed(t, page.JUnit, Options{Lang: lang, Many: len(reports) != 1}, reports...)); fault != "" {
				t.Errorf("%s, %d reports: %s", lang, len(reports), fault)
			}
		}
	}
	good := printed(t, page.JUnit, Options{}, all[0])
	for _, broken := range []string{strings.Replace(good, "<failure ", `<failure line="3" `, 1),
		strings.Replace(good, "<testcase name=", "<testcase id=", 1),
		strings.Replace(good, "<failure", "<system-out></system-out><failure", 1), good[:len(good)-3]} {
		if broken == good || faultOfJUnit(broken) == "" {
			t.Error("the test takes a broken report for a good one")
		}
	}
}
