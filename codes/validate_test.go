package codes_test

import (
	"strings"
	"testing"

	"todoku/codes"
)

// TestValidate: each fault has its place in the file.
func TestValidate(t *testing.T) {
	t.Parallel()
	known, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	read := func(example string) (codes.Reply, codes.Context) {
		return codes.Reply{Code: 550, Lines: []string{strings.TrimPrefix(example, "550 ")}}, codes.Context{}
	}
	const good = "{id: my-01, match: 'sorry dave', reason: policy, example: 550 sorry dave"
	for text, want := range map[string]string{
		"- " + good + "}":                                 "",
		"- " + good + "}\n- " + good + "}":                `my.yaml:2:4: the id "my-01" is given twice`,
		"- " + good + ", alone: [1]}":                     "my.yaml:1:84: a value has the wrong form: cannot unmarshal !!seq into bool",
		"- " + good + ",\n   id: my-02}":                  `my.yaml:2:4: a value has the wrong form: mapping key "id" already defined at line 1`,
		"- " + good + ",\n   on: '5500'}":                 "my.yaml:2:4: rule my-01: on: ",
		"- " + good + ",\n   other: {reasn: x}}":          `my.yaml:2:12: there is no key "reasn"`,
		"id: ours\nhosts: {a: b}\nrules: [" + good + "}]": "my.yaml:2:8: a value has the wrong form: cannot unmarshal !!map into []string",
		"id: ours\nmarks: '('\nrules: [" + good + "}]":    "my.yaml: marks: ",
		"- " + good + "}\n---\n":                          "",
		"- " + good + "}\n---\n- " + good + "}":           "my.yaml:3:1: a second document begins here",
		"a: [":                                            "my.yaml:1: this is not YAML: ",
		"":                                                "my.yaml: the file holds no rules",
		"id: ours":                                        "my.yaml:1:1: the provider has no rules",
		"- {id: my-01}":                                   "my.yaml:1:3: reason: ",
		"- words":                                         "my.yaml:1:3: this is not a rule",

		"id: ours\nshort: {en: Ours, ja: Ours}\nhosts: [mx.test]\nrules: [" + good + "}]": "",
	} {
		rules, faults := known.Validate(codes.RuleFile{Name: "my.yaml", Data: []byte(text)}, read)
		var all []string
		for _, f := range faults {
			all = append(all, f.Error())
			if f.Says.JA == "" || f.Remedy.JA == "" || (f.Line > 0) != strings.HasPrefix(f.Place, "my.yaml:") {
				t.Errorf("%q: %+v", text, f)
			}
		}
		if got := strings.Join(all, "\n"); want == "" && (got != "" || rules != 1) || !strings.Contains(got, want) {
			t.Errorf("%q: %d rules, %s", text, rules, got)
		}
	}
}
