package provider

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
)

// pageFile is what a file of the folder says of the provider as a receiver.
type pageFile struct {
	Called  []string
	Domains []string
	Others  bool
	Sources map[string]Source
	Facts   []factFile
}

type factFile struct {
	Fact       `yaml:",inline"`
	codes.Text `yaml:",inline"`
	From       string // key of a source
}

var needs = []string{"spf", "spf_from", "spf_not_fail", "dkim", "spf_or_dkim", "spf_and_dkim", "dmarc", "dmarc_pass", "dmarc_policy",
	"alignment", "dkim_alignment", "ptr", "ptr_named", "helo", "tls", "arc", "dns", "dns_mx", "one_click", "unsubscribe", "list_unsubscribe",
	"complaints", "format",
	"consent", "imprint", "size", "recipients", "connections", "messages", "line", "hops", "key_bits", "address", "list_hygiene", "login",
	"own_domain", "dmarc_reports"}

var units = []string{"", "mb", "recipients", "connections", "messages_per_connection", "messages_per_day", "recipients_per_day", "bytes",
	"percent", "hours", "bits", "hops"}

var day = regexp.MustCompile(`^20\d\d(-[01]\d(-[0-3]\d)?)?$`)

// page makes the page of a file, and says what is wrong with it.
func (f file) page(t *testing.T, hosts []string, name codes.Text) Page {
	t.Helper()
	p := Page{Name: name, Hosts: hosts, Others: f.Receives.Others}
	keys := slices.Sorted(func(yield func(string) bool) {
		for k := range f.Receives.Sources {
			if !yield(k) {
				return
			}
		}
	})
	for _, k := range keys {
		s := f.Receives.Sources[k]
		if s.Title.IsZero() || s.Title.JA == "" || !day.MatchString(s.Checked) || s.Certainty == "" {
			t.Errorf("%s: source %s: give title (en, ja), certainty and checked", f.id, k)
		}
		if s.URL != "" && !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://") {
			t.Errorf("%s: source %s: %q is no address", f.id, k, s.URL)
		}
		p.Sources = append(p.Sources, s)
	}
	used := map[string]bool{}
	for _, topic := range Topics() {
		for _, fact := range f.Receives.Facts {
			if fact.Topic == topic {
				used[fact.From] = true
				fact.Fact.Text, fact.Source = fact.Text, slices.Index(keys, fact.From)
				p.Facts = append(p.Facts, fact.Fact)
			}
		}
	}
	if len(p.Facts) != len(f.Receives.Facts) {
		t.Errorf("%s: a fact has no topic: %v", f.id, Topics())
	}
	for _, k := range keys {
		if !used[k] {
			t.Errorf("%s: source %s is not used", f.id, k)
		}
	}
	for _, fact := range p.Facts {
		f.fact(t, fact)
	}
	return p
}

// fact says what is wrong with a fact.
func (f file) fact(t *testing.T, fact Fact) {
	t.Helper()
	where := f.id + ": " + fact.Text.EN
	layers := []Layer{LayerDNS, LayerConnection, LayerSession, LayerMessage, LayerMailbox, LayerTraffic, LayerAccount}
	switch {
	case fact.Text.EN == "" || fact.Text.JA == "" || fact.Text.EN == fact.Text.JA:
		t.Errorf("%s: give en and ja", where)
	case fact.Source < 0:
		t.Errorf("%s: from: there is no such source", where)
	case !slices.Contains(layers, fact.Layer) && fact.Topic != Tool && fact.Topic != Contact:
		t.Errorf("%s: layer %q: say one of %v", where, fact.Layer, layers)
	case fact.Topic == Demand && (!slices.Contains(needs, fact.Needs) || fact.Level != Required && fact.Level != Recommended):
		t.Errorf("%s: a demand has needs (%q) and level (%q)", where, fact.Needs, fact.Level)
	case fact.Needs != "" && !slices.Contains(needs, fact.Needs), !slices.Contains(units, fact.Unit), (fact.Max > 0) != (fact.Unit != ""):
		t.Errorf("%s: needs %q, max %v, unit %q", where, fact.Needs, fact.Max, fact.Unit)
	case fact.Since != "" && !day.MatchString(fact.Since):
		t.Errorf("%s: since %q is no day", where, fact.Since)
	case (fact.Topic == Contact) && fact.Address == "":
		t.Errorf("%s: a contact has an address", where)
	}
	for _, d := range fact.Domains {
		if !slices.Contains(f.Receives.Domains, d) {
			t.Errorf("%s: %s is none of its domains", where, d)
		}
	}
}

// TestPagesFile: pages.txt says what the folder says.
func TestPagesFile(t *testing.T) {
	t.Parallel()
	known := wordings(t)
	var b bytes.Buffer
	b.WriteString("# Made by go generate ./diag/provider of the folder providers: edit that.\n")
	for _, f := range folder(t) {
		if len(f.Receives.Facts) == 0 {
			continue
		}
		name, hosts := f.Name, f.MX
		if p, ok := known.Provider(f.id); ok {
			name, hosts = p.Name, p.Hosts
		}
		p := f.page(t, hosts, name)
		b.WriteString(f.id + "\t" + strings.Join(f.Receives.Called, "|") + "\t" + strings.Join(f.Receives.Domains, " ") + "\t")
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile("pages.txt", b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile("pages.txt"); err != nil || !bytes.Equal(got, b.Bytes()) {
		t.Fatalf("pages.txt is not what the folder says (%v): go generate ./diag/provider writes it anew", err)
	}
}
