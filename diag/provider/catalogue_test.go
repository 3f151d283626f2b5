package provider

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"todoku/codes"
)

var update = flag.Bool("update", false, "write catalogue.txt anew")

// file is a file of the folder providers.
type file struct {
	id           string
	Name         codes.Text // "" where codes has it
	Kind         Kind
	Certainty    Certainty
	MX           []string // none where codes has its hosts
	SPF          []string
	CNAME        []string
	Selectors    []string
	OwnSelectors []string `yaml:"own_selectors"` // of the provider's own domain: tried where everything is
	NotInDNS     bool     `yaml:"not_in_dns"`    // nothing in DNS tells it, on purpose
	Receives     pageFile // what it does with mail for its own mailboxes
}

// folder reads the files of the folder providers, in the order of their ids.
func folder(t *testing.T) []file {
	t.Helper()
	names, err := filepath.Glob("providers/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no providers: %v", err)
	}
	var out []file
	for _, name := range names {
		f := file{id: strings.TrimSuffix(filepath.Base(name), ".yaml")}
		data, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		d := yaml.NewDecoder(data)
		d.KnownFields(true)
		if err := errors.Join(d.Decode(&f), data.Close()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, f)
	}
	return out
}

func wordings(t *testing.T) *codes.Catalogue {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCatalogueFile: catalogue.txt says what the folder and codes say.
func TestCatalogueFile(t *testing.T) {
	t.Parallel()
	known := wordings(t)
	var b strings.Builder
	b.WriteString("# Made by go generate ./diag/provider of the folder providers and of codes/catalogue/providers: edit those.\n")
	line := func(key string, values ...string) {
		if text := strings.Join(values, " "); text != "" {
			b.WriteString("  " + key + " " + text + "\n")
		}
	}
	for _, f := range folder(t) {
		if f.NotInDNS {
			continue
		}
		if p, ok := known.Provider(f.id); ok {
			f.Name, f.MX = p.Name, p.Hosts
			if !p.Short.IsZero() {
				f.Name = p.Short
			}
		}
		b.WriteString("\n" + f.id + "\n")
		line("en", f.Name.EN)
		line("ja", f.Name.JA)
		line("kind", string(f.Kind))
		line("certainty", string(f.Certainty))
		line("mx", f.MX...)
		line("spf", f.SPF...)
		line("cname", f.CNAME...)
		line("selectors", f.Selectors...)
		line("own_selectors", f.OwnSelectors...)
	}
	if *update {
		if err := os.WriteFile("catalogue.txt", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile("catalogue.txt"); err != nil || string(got) != b.String() {
		t.Fatalf("catalogue.txt is not what the folder says (%v): go generate ./diag/provider writes it anew", err)
	}
}

// TestFolder: a provider is said once. Where codes has wordings of it, there is a
// file here too that says how it is recognised, and its name and its mail hosts
// stand in codes.
func TestFolder(t *testing.T) {
	t.Parallel()
	known := wordings(t)
	recognised := map[string]bool{}
	for _, f := range folder(t) {
		recognised[f.id] = true
		if strings.ToLower(f.id) != f.id || strings.ContainsAny(f.id, " .-") {
			t.Errorf("%s: an id has small letters, digits and _", f.id)
		}
		p, worded := known.Provider(f.id)
		found := slices.Concat(f.MX, f.SPF, f.CNAME, f.Selectors, f.OwnSelectors, p.Hosts)
		if f.NotInDNS != (len(found) == 0) {
			t.Errorf("%s: give mx, spf, cname or selectors, else say not_in_dns: true", f.id)
		}
		if !f.NotInDNS && !slices.Contains([]Kind{Mailbox, Gateway, ESP, Hosting}, f.Kind) {
			t.Errorf("%s: kind %q: say mailbox, gateway, esp or hosting", f.id, f.Kind)
		}
		if !f.NotInDNS && !slices.Contains([]Certainty{Documented, Observed, General}, f.Certainty) {
			t.Errorf("%s: certainty %q: say A, B or K", f.id, f.Certainty)
		}
		switch {
		case worded && (len(f.MX) > 0 || !f.Name.IsZero()):
			t.Errorf("%s: its name and its mail hosts stand in codes/catalogue/providers/%s.yaml", f.id, f.id)
		case !worded && (f.Name.EN == "" || f.Name.JA == ""):
			t.Errorf("%s: give its name in English and Japanese", f.id)
		case worded && (p.Name.JA == "" || (p.Short.EN == "") != (p.Short.JA == "")):
			t.Errorf("%s: give its name in English and Japanese in codes", f.id)
		}
	}
	for _, p := range known.Providers() {
		if !recognised[p.ID] {
			t.Errorf("codes has wordings of %s: write diag/provider/providers/%s.yaml, how it is recognised, or not_in_dns: true", p.ID, p.ID)
		}
	}
}

// TestSameProviderAsCodes: who runs a mail host is the one whose wordings its
// replies are read with.
func TestSameProviderAsCodes(t *testing.T) {
	t.Parallel()
	c, known := load(t), wordings(t)
	for name, p := range c.mx.exact {
		v := known.Classify(codes.Reply{Code: 250}, codes.Context{Host: name})
		if _, worded := known.Provider(p.ID); worded && v.Provider != p.ID || !worded && v.Provider != "" {
			t.Errorf("%s: %q reads its replies, %q runs it", name, v.Provider, p.ID)
		}
	}
}
