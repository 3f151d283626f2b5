package codes

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Files is the catalogue that the program brings along, as Load reads it: the
// folder catalogue as JSON, with its expressions parsed, which is read in a
// quarter of the time that the YAML takes.
//
//go:generate go test -run TestContents -update
//go:embed catalogue.json wordings.json
var Files embed.FS

// The catalogue as JSON.
const (
	catalogueFile = "catalogue.json"
	wordingsFile  = "wordings.json"
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
	Providers  []*group
	General    []*group

	wordings map[string]wording // by expression; YAML has none
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
	var wordings error
	var wg sync.WaitGroup
	wg.Go(func() { wordings = readJSON(files, wordingsFile, &b.wordings) })
	err := readJSON(files, catalogueFile, b)
	wg.Wait()
	return b, errors.Join(err, wordings)
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
