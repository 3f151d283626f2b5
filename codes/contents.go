package codes

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Files is the catalogue that the program brings along, as Load reads it: the
// folder catalogue as JSON, which is read in a quarter of the time that the YAML
// takes, and its expressions parsed.
//
//go:generate go test -run TestContents -update
//go:embed catalogue.json rules.json wordings.txt
var Files embed.FS

// The files of the catalogue. The two of JSON are read at the same time.
const (
	catalogueFile = "catalogue.json"
	rulesFile     = "rules.json" // Providers and General
	wordingsFile  = "wordings.txt"
)

// contents is what the files of the catalogue hold.
type contents struct {
	SMTP struct {
		Basic    []*Basic
		Enhanced []*Status
	}
	Delivery struct {
		Patterns []*Pattern
		Codes    []*Delivery
	}
	Reasons    []*Reason
	Remedies   []*Remedy
	Terms      []*Term
	Sources    []*Source
	Blocklists []*Blocklist
	Providers  []*group `json:",omitempty"`
	General    []*group `json:",omitempty"`
}

// group is a file of rules.
type group struct {
	Provider
	File string
}

// readContents reads JSON where it is there, else the folder of YAML.
func readContents(files fs.FS) (*contents, error) {
	if _, err := fs.Stat(files, catalogueFile); err != nil {
		return readFolder(files)
	}
	b := &contents{}
	var rules error
	var wg sync.WaitGroup
	wg.Go(func() { rules = readJSON(files, rulesFile, b) })
	err := readJSON(files, catalogueFile, b)
	wg.Wait()
	return b, errors.Join(err, rules)
}

func readJSON(files fs.FS, name string, into any) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

func readFolder(files fs.FS) (b *contents, err error) {
	b = &contents{}
	for name, into := range map[string]any{
		"smtp": &b.SMTP, "delivery": &b.Delivery, "reasons": &b.Reasons, "remedies": &b.Remedies,
		"glossary": &b.Terms, "sources": &b.Sources, "blocklists": &b.Blocklists,
	} {
		err = errors.Join(err, readYAML(files, "catalogue/"+name+".yaml", into))
	}
	return b, errors.Join(err, readGroups(files, "providers", &b.Providers), readGroups(files, "general", &b.General))
}

// readGroups reads a folder of rules, in the order of the names.
func readGroups(files fs.FS, folder string, into *[]*group) error {
	names, err := fs.Glob(files, "catalogue/"+folder+"/*.yaml")
	for _, name := range names {
		g := &group{File: name}
		err = errors.Join(err, readYAML(files, name, &g.Provider))
		*into = append(*into, g)
	}
	return err
}

func readYAML(files fs.FS, name string, into any) error {
	data, err := fs.ReadFile(files, name)
	if err == nil {
		err = decode(data, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// decode is strict: a key that the form does not have is an error with its line.
func decode(data []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// readText reads a file into one string; "" where it cannot be read.
func readText(files fs.FS, name string) string {
	f, err := files.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	var b strings.Builder
	if info, err := f.Stat(); err == nil {
		b.Grow(int(info.Size()))
	}
	if _, err := io.Copy(&b, f); err != nil {
		return ""
	}
	return b.String()
}

// readWordings takes over the lines of a file of wordings. An expression stands by itself, its alternatives follow with a
// tab before each, and an alternative's groups of words with two; tabs are between the words.
func readWordings(text string, into map[string]wording) {
	all := make(wording, 0, strings.Count(text, "\n\t")-strings.Count(text, "\n\t\t"))
	first, expression := 0, ""
	for at := 0; at < len(text); {
		line, _, _ := strings.Cut(text[at:], "\n")
		end := min(at+len(line)+1, len(text))
		if strings.HasPrefix(line, "\t\t") && len(all) > first {
			last := &all[len(all)-1]
			last.words = text[at-len(last.words) : end]
		} else if source, ok := strings.CutPrefix(line, "\t"); ok {
			all = append(all, branch{source: source})
		} else {
			into[expression] = all[first:]
			first, expression = len(all), line
		}
		at = end
	}
	into[expression] = all[first:]
}
