package provider

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/resolve"
)

// pages is what the folder providers says of providers as receivers: a line each, with the names that lead to it before
// its JSON, so that a run reads the one that it needs.
//
//go:embed pages.txt
var pages string

// Page is what is known of a provider as a receiver of mail.
type Page struct {
	ID      string `json:"-"`
	Name    codes.Text
	Called  []string `json:"-"`          // what people call it, beside its id and name
	Domains []string `json:"-"`          // of its addresses
	Others  bool     `json:",omitempty"` // its servers also take mail for the domains of companies
	Hosts   []string // of its mail servers
	Sources []Source
	Facts   []Fact // in the order of their topics
}

// Source is where facts stand.
type Source struct {
	Title     codes.Text
	URL       string
	Certainty codes.Certainty
	Checked   string // the day on which it was last compared with the facts, or the month: 2026-11-27, 2026-07
}

// Fact is one statement about a provider.
type Fact struct {
	ID      string `json:",omitempty"` // of a demand or a limit where Needs stands more than once; see Key
	Topic   Topic
	Layer   Layer `json:",omitempty"`
	Text    codes.Text
	Needs   string        `json:",omitempty"`             // what a demand, a limit or a setting is about: "dmarc"
	Level   Level         `json:",omitempty"`             // of a demand
	Volume  int           `json:",omitempty"`             // mails a day from which it holds; 0: always
	Max     float64       `json:",omitempty"`             // of a limit, in Unit
	Unit    string        `json:",omitempty"`             // "mb", "recipients"
	Since   string        `json:",omitempty"`             // the day, month or year from which it holds
	Domains []string      `json:",omitempty"`             // of addresses for which it holds; none: all of the page
	Address string        `json:",omitempty"`             // of a contact or a tool: a web or mail address
	IPv6    bool          `json:",omitempty" yaml:"ipv6"` // it holds for mail from IPv6 addresses only
	Breach  Breach        `json:",omitempty"`             // what becomes of a mail that does not meet a demand
	Reply   ExpectedReply `json:",omitzero"`              // what the provider then says, where that is known; see Expected
	Source  int           // in the page's Sources
}

// Topic is what a fact is about.
type Topic string

// The topics, in the order of a page.
const (
	Demand      Topic = "demand"       // what a sender has to do
	Refusal     Topic = "refusal"      // how mail is refused
	RefusedMail Topic = "refused_mail" // what becomes of mail that is not wanted
	Setting     Topic = "setting"      // what the recipient can set
	Limit       Topic = "limit"        // how much, how large, how fast
	Change      Topic = "change"       // what became different, or will
	Tool        Topic = "tool"         // what the provider offers senders
	Contact     Topic = "contact"      // to whom a sender can write; with LayerMailbox only the recipient can
)

// Topics lists them in the order of a page.
func Topics() []Topic {
	return []Topic{Demand, Refusal, RefusedMail, Setting, Limit, Change, Tool, Contact}
}

// Layer is where a fact shows: what has to be looked at.
type Layer string

// The layers.
const (
	LayerDNS        Layer = "dns"        // records of the sender
	LayerConnection Layer = "connection" // the sending address, its name, TLS, how many connections
	LayerSession    Layer = "session"    // the replies of SMTP
	LayerMessage    Layer = "message"    // header, size, form
	LayerMailbox    Layer = "mailbox"    // settings and folders of the person
	LayerTraffic    Layer = "traffic"    // how much is sent to whom, and who complains
	LayerAccount    Layer = "account"    // who sends through this provider
)

// Level says how strongly something is demanded.
type Level string

// The levels.
const (
	Required    Level = "required"
	Recommended Level = "recommended"
)

// Heading is what leads to a page.
type Heading struct {
	ID      string
	Called  []string
	Domains []string
	page    string
}

// Headings lists the pages, in the order of their ids.
func Headings() iter.Seq[Heading] {
	return func(yield func(Heading) bool) {
		for line := range strings.Lines(pages) {
			part := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
			if len(part) < 4 {
				continue
			}
			if !yield(Heading{part[0], strings.Split(part[1], "|"), strings.Fields(part[2]), part[3]}) {
				return
			}
		}
	}
}

// Page reads the page.
func (h Heading) Page() (Page, error) {
	p := Page{ID: h.ID, Called: h.Called, Domains: h.Domains}
	if err := json.Unmarshal([]byte(h.page), &p); err != nil {
		return Page{}, fmt.Errorf("page of %s: %w", h.ID, err)
	}
	return p, nil
}

// PageOf gives the page of a provider by its id.
func PageOf(id string) (Page, bool) {
	for h := range Headings() {
		if h.ID == id {
			p, err := h.Page()
			return p, err == nil
		}
	}
	return Page{}, false
}

// PageOfDomain gives the page of the provider whose addresses have a domain, or one above it.
func PageOfDomain(domain string) (Page, bool) {
	domain = strings.TrimSuffix(domain, ".")
	if domain == "" {
		return Page{}, false
	}
	var best Heading
	longest := 0
	for h := range Headings() {
		for _, d := range h.Domains {
			if len(d) > longest && resolve.Within(domain, d) {
				best, longest = h, len(d)
			}
		}
	}
	if longest == 0 {
		return Page{}, false
	}
	p, err := best.Page()
	return p, err == nil
}

// About lists the facts of a topic that hold for addresses of a domain; with "", those of every domain.
func (p Page) About(domain string, topic Topic) []Fact {
	var out []Fact
	for _, f := range p.Facts {
		if f.Topic == topic && (domain == "" || len(f.Domains) == 0 || isOf(f.Domains, domain)) {
			out = append(out, f)
		}
	}
	return out
}

// Desks lists the contacts at which a sender is heard about mailboxes of a domain.
func (p Page) Desks(domain string) []Fact {
	return slices.DeleteFunc(p.About(domain, Contact), func(f Fact) bool { return f.Layer == LayerMailbox })
}

// isOf reports whether a domain is one of a list, or below one.
func isOf(list []string, domain string) bool {
	return slices.ContainsFunc(list, func(d string) bool { return resolve.Within(domain, d) })
}

// Keeps reports whether mailboxes of a domain are the provider's own, for everybody; with "", whether all of its are.
func (p Page) Keeps(domain string) bool {
	if domain == "" {
		return !p.Others
	}
	return isOf(p.Domains, domain)
}
