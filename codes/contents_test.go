package codes

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write catalogue.json, rules.json and wordings.txt anew")

// TestContents: the files say what the folder says, and are read as that is.
func TestContents(t *testing.T) {
	t.Parallel()
	b, err := readFolder(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	wordings := wordingsOf(t, b)
	want := inFiles(t, b, wordings)
	for name, text := range want {
		if *update {
			if err := os.WriteFile(name, text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, text) {
			t.Fatalf("%s is not what the folder says (%v): go generate ./codes writes it anew", name, err)
		}
	}
	again, err := readContents(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]wording{}
	readWordings(string(want[wordingsFile]), read)
	delete(read, "") // what is before the first expression: nothing
	if !reflect.DeepEqual(read, wordings) {
		t.Errorf("%s is read as something else", wordingsFile)
	}
	for name, text := range inFiles(t, again, read) {
		if !bytes.Equal(text, want[name]) {
			t.Errorf("%s is read as something else", name)
		}
	}
}

// wordingsOf are all expressions of a catalogue.
func wordingsOf(t *testing.T, b *contents) map[string]wording {
	t.Helper()
	var sources []string
	for _, l := range b.Blocklists {
		sources = append(sources, l.Match)
	}
	for _, g := range slices.Concat(b.Providers, b.General) {
		sources = append(sources, g.Marks)
		for _, r := range g.Rules {
			sources = append(sources, r.Match)
		}
	}
	all := map[string]wording{}
	for _, s := range sources {
		w, err := parseWording(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if s != "" {
			all[s] = w
		}
	}
	return all
}

// inFiles is a catalogue as its files have it.
func inFiles(t *testing.T, b *contents, wordings map[string]wording) map[string][]byte {
	t.Helper()
	rules := contents{Providers: b.Providers, General: b.General}
	rest := *b
	rest.Providers, rest.General = nil, nil
	return map[string][]byte{catalogueFile: inJSON(t, rest), rulesFile: inJSON(t, rules), wordingsFile: inLines(wordings)}
}

// inLines is what readWordings reads.
func inLines(wordings map[string]wording) []byte {
	var out bytes.Buffer
	for _, source := range slices.Sorted(maps.Keys(wordings)) {
		out.WriteString(source + "\n")
		for _, b := range wordings[source] {
			out.WriteString("\t" + b.source + "\n" + b.words)
		}
	}
	return out.Bytes()
}

// inJSON is contents as JSON, without what is empty.
func inJSON(t *testing.T, b contents) []byte {
	t.Helper()
	data, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	var line, lines bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := errors.Join(e.Encode(bare(v)), json.Indent(&lines, line.Bytes(), "", "")); err != nil {
		t.Fatal(err)
	}
	return lines.Bytes()
}

// bare leaves out members that say nothing; 0 does say something.
func bare(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = bare(v[i])
		}
	case map[string]any:
		for k, member := range v {
			v[k] = bare(member)
			if m, ok := v[k].(map[string]any); v[k] == nil || v[k] == "" || v[k] == false || ok && len(m) == 0 {
				delete(v, k)
			}
		}
	}
	return v
}
