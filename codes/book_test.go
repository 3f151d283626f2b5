package codes

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write catalogue.json anew")

// folder is a tree of files without the one file.
type folder struct{ fs.FS }

func (f folder) Open(name string) (fs.File, error) {
	if name == bookFile {
		return nil, fs.ErrNotExist
	}
	return f.FS.Open(name)
}

// TestBook: the one file says what the folder says, and is read as that is.
func TestBook(t *testing.T) {
	t.Parallel()
	b, err := readBook(folder{os.DirFS(".")})
	if err != nil {
		t.Fatal(err)
	}
	want := oneFile(t, b)
	if *update {
		if err := os.WriteFile(bookFile, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(bookFile)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s is not what the folder says (%v): go generate ./codes writes it anew", bookFile, err)
	}
	again, err := readBook(os.DirFS("."))
	if err != nil || !bytes.Equal(oneFile(t, again), want) {
		t.Errorf("%s is read as something else: %v", bookFile, err)
	}
}

// oneFile is a book with its expressions parsed, as JSON without what is empty.
func oneFile(t *testing.T, b *book) []byte {
	t.Helper()
	b.Wordings = map[string]wording{}
	enter := func(source string) {
		if source == "" {
			return
		}
		var err error
		if b.Wordings[source], err = parseWording(source); err != nil {
			t.Fatalf("%s: %v", source, err)
		}
	}
	for _, l := range b.Blocklists {
		enter(l.Match)
	}
	for _, groups := range [][]*group{b.Providers, b.General} {
		for _, g := range groups {
			enter(g.Marks)
			for _, r := range g.Rules {
				enter(r.Match)
			}
		}
	}
	data, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	var line, out bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := errors.Join(e.Encode(bare(v)), json.Indent(&out, line.Bytes(), "", "")); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
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
