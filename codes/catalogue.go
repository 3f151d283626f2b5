package codes

import (
	"cmp"
	"strconv"
	"strings"
)

// Owner is who can change something.
type Owner string

// The owners.
const (
	OwnerDNS       Owner = "dns"       // whoever runs DNS for the sender's domain
	OwnerESP       Owner = "esp"       // the service that sends for the domain
	OwnerMail      Owner = "mail"      // the mail administrator of the sending side
	OwnerNetwork   Owner = "network"   // whoever assigned the address: provider, hosting, cloud
	OwnerRecipient Owner = "recipient" // the recipient's mail administrator
	OwnerSender    Owner = "sender"    // whoever writes and sends the mail
	OwnerPerson    Owner = "person"    // the recipient in person
	OwnerList      Owner = "list"      // whoever runs the blocklist or the mailing list
)

// Urgency says when a remedy is due.
type Urgency string

// The urgencies.
const (
	UrgencyNow   Urgency = "now"   // before anything is sent again
	UrgencySoon  Urgency = "soon"  // within days: more mail is lost meanwhile
	UrgencyLater Urgency = "later" // when the steps before it did not help
)

// Remedy is one step that mends something.
type Remedy struct {
	ID      string
	Text    Text
	Owner   Owner // who takes the step
	To      Owner // who is addressed by it, "" for nobody
	Urgency Urgency
	When    Text      // the condition under which the step is taken, if any
	Check   Command   // shows whether the step is needed or done; may be empty
	Guide   []Command // what the guide runs instead of Check, the best first
}

// Cause is one documented reason behind a pattern, with the command that
// confirms or excludes it.
type Cause struct {
	Text  Text
	Check Command
	Guide []Command // what the guide runs in its place, the best first
	Steps []string  // remedy ids, where they are not all of the pattern's
}

// Pattern is a symptom of the guide with causes and steps in their order.
type Pattern struct {
	ID     string // "A" to "G"
	Manual string // the number that the manual gives it, "" for none
	Title  Text
	Causes []Cause
	Steps  []string // remedy ids, in the order to work through
}

// Label is how a pattern is called in short.
func (p Pattern) Label() Text { return Text{EN: "pattern " + p.ID, JA: "パターン" + p.ID} }

// ManualNumber is the manual's own number of a pattern, to stand behind its name; the zero text where it has none.
func (p Pattern) ManualNumber() Text {
	if p.Manual == "" {
		return Text{}
	}
	return Text{EN: " (the manual's pattern " + p.Manual + ")", JA: "(マニュアルのパターン" + p.Manual + ")"}
}

// Name is both together.
func (p Pattern) Name() Text {
	label, number := p.Label(), p.ManualNumber()
	return Text{EN: label.EN + number.EN, JA: label.JA + number.JA}
}

// Disables says what one error of a code does to the validity flag of an address.
type Disables string

// The three. Three errors in a row make an address invalid.
const (
	DisablesAtOnce Disables = "at_once"
	DisablesCounts Disables = "counts"
	DisablesNever  Disables = "never"
)

// Delivery is a delivery code of the platform: "42553".
type Delivery struct {
	ID        string
	Result    string // "ok" or "error"
	Title     Text
	Meaning   Text
	Pattern   string // "A" to "G", or ""
	Reasons   []string
	Steps     []string // remedy ids; those of the pattern where empty
	Disables  Disables
	Certainty Certainty
}

// Basic is a reply code of SMTP and its extensions (RFC 5321 §4.2.3, RFC 4954 §6).
type Basic struct {
	Code   int
	Title  Text
	Reason string // the reason that the bare code suggests
	Ref    string
}

// Status is a line of the IANA registry of enhanced status codes (RFC 5248).
type Status struct {
	Code   string // "X.7.26"
	Title  Text
	Basic  string // the registry's associated basic codes
	Reason string
	Ref    string
}

// Term is a word of the glossary.
type Term struct {
	ID      string
	Title   Text
	Aliases []string
	Keys    []string // other words that lead here, and are no names of it
	Meaning Text
	See     []string  // other words, and ids of rules
	Try     []Command // that look at it
}

// Blocklist is a blocklist that servers name in their replies. What is known of it is in diag/dnsbl, under the same id.
type Blocklist struct {
	ID    string
	Match string // RE2 over the reply

	match int // in the index
}

// Source is the document that a rule is taken from.
type Source struct {
	ID        string
	Title     string
	JA        string // the title in Japanese; "" where it reads the same
	URL       string
	Certainty Certainty
}

// Named is the title in both languages.
func (s Source) Named() Text { return Text{EN: s.Title, JA: cmp.Or(s.JA, s.Title)} }

// Provider is an organisation, product or program whose replies have wordings of their own.
type Provider struct {
	ID    string
	Name  Text
	Short Text     // the service whose servers Hosts are, where Name covers more; empty: Name
	Hosts []string // suffixes of its host names; diag/provider knows mail servers by them too
	Marks string   // RE2: words in a reply that tell it, where the host is unknown
	Rules []*Rule

	marks int // in the index, -1 without
}

// Rule maps a wording to a reason. All of its tests must hold: On (reply codes
// such as 550 or 5xx, enhanced codes such as 5.7.1, X.7.1 or 5.7.*, separated
// by spaces; tests that the reply has no value for do not count), Match (RE2,
// without regard to case, over the text on one line) and Stage, which must then
// be known.
type Rule struct {
	ID        string
	Provider  string  `yaml:"-"`
	On        string  // codes; "none": a text without a reply code; "" is any
	Match     string  // "" is any; then On must be met by a value that is there
	Stage     []Stage // nil is any
	Alone     bool    // only this provider uses the wording: the rule counts although the host is unknown
	Reason    string
	Permanent *Tri   // nil: as the reason says
	Action    Action // "" as the reason says
	Remedies  []string
	EN, JA    string // what this reply means; "" as the reason says
	From      string // ids of sources, separated by spaces
	Certainty Certainty
	Other     *Other
	Example   string // a reply that reaches this rule and none before it

	on    condition
	match int // in the index, -1 without
}

// Other is another meaning that a rule's wording may have.
type Other struct {
	Reason string
	EN, JA string // how to tell
}

// Catalogue is everything known about replies and codes. It does not change
// after Load and serves several goroutines.
type Catalogue struct {
	reasons    table[Reason]
	remedies   table[Remedy]
	patterns   table[Pattern]
	deliveries table[Delivery]
	basics     table[Basic]
	statuses   table[Status]
	terms      table[Term]
	blocklists table[Blocklist]
	sources    table[Source]
	providers  table[Provider]
	rules      []*Rule // all of them, in the order in which they are tried
	own        []*Rule // the user's
	alone      []*Rule // the providers' that need no known host
	general    []*Rule // those of programs, and of everybody
	byHost     hosts
	index      func() *index // made at the first reply
}

// table keeps entries in the order of their file and finds them by key.
type table[T any] struct {
	list []*T
	at   map[string]*T
}

func (t *table[T]) get(key string) (T, bool) {
	if v := t.at[key]; v != nil {
		return *v, true
	}
	var zero T
	return zero, false
}

// Reason gives a reason by its id.
func (c *Catalogue) Reason(id string) (Reason, bool) { return c.reasons.get(id) }

// Remedy gives a remedy by its id.
func (c *Catalogue) Remedy(id string) (Remedy, bool) { return c.remedies.get(id) }

// Pattern gives a pattern of the guide, "A" to "G".
func (c *Catalogue) Pattern(id string) (Pattern, bool) { return c.patterns.get(id) }

// PatternNamed gives a pattern by what people call it: "A", "pattern a.", 「パターンA」, and by the manual's own number where
// that word stands before it: 「パターン1」.
func (c *Catalogue) PatternNamed(said string) (Pattern, bool) {
	said = strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(said)), ".")
	for _, word := range [...]string{"PATTERN", "パターン"} {
		name, ok := strings.CutPrefix(said, word)
		if name = strings.TrimSpace(name); !ok || name == "" {
			continue
		}
		for _, p := range c.Patterns() {
			if p.Manual == name {
				return *p, true
			}
		}
		said = name
	}
	return c.Pattern(said)
}

// Basic gives what an SMTP reply code means by itself.
func (c *Catalogue) Basic(code int) (Basic, bool) { return c.basics.get(strconv.Itoa(code)) }

// Status gives the registry's line of an enhanced code.
func (c *Catalogue) Status(e Enhanced) (Status, bool) { return c.statuses.get("X." + e.Status()) }

// Provider gives a provider by its id.
func (c *Catalogue) Provider(id string) (Provider, bool) { return c.providers.get(id) }

// Term gives a word of the glossary by its id.
func (c *Catalogue) Term(id string) (Term, bool) { return c.terms.get(id) }

// Source gives a source by its id.
func (c *Catalogue) Source(id string) (Source, bool) { return c.sources.get(id) }

// Rule gives a rule by its id.
func (c *Catalogue) Rule(id string) (Rule, bool) {
	for _, r := range c.rules {
		if r.ID == id {
			return *r, true
		}
	}
	return Rule{}, false
}

// Reasons lists all reasons. The slice is a copy; do not change what it points to.
func (c *Catalogue) Reasons() []*Reason { return append([]*Reason(nil), c.reasons.list...) }

// Deliveries lists all delivery codes. The slice is a copy; do not change what it points to.
func (c *Catalogue) Deliveries() []*Delivery { return append([]*Delivery(nil), c.deliveries.list...) }

// Patterns lists all patterns of the guide. The slice is a copy; do not change what it points to.
func (c *Catalogue) Patterns() []*Pattern { return append([]*Pattern(nil), c.patterns.list...) }

// Basics lists all SMTP reply codes. The slice is a copy; do not change what it points to.
func (c *Catalogue) Basics() []*Basic { return append([]*Basic(nil), c.basics.list...) }

// Statuses lists all enhanced codes of the registry. The slice is a copy; do not change what it points to.
func (c *Catalogue) Statuses() []*Status { return append([]*Status(nil), c.statuses.list...) }

// Terms lists all words of the glossary. The slice is a copy; do not change what it points to.
func (c *Catalogue) Terms() []*Term { return append([]*Term(nil), c.terms.list...) }

// Blocklists lists all blocklists. The slice is a copy; do not change what it points to.
func (c *Catalogue) Blocklists() []*Blocklist { return append([]*Blocklist(nil), c.blocklists.list...) }

// Remedies lists all remedies. The slice is a copy; do not change what it points to.
func (c *Catalogue) Remedies() []*Remedy { return append([]*Remedy(nil), c.remedies.list...) }

// Providers lists all providers, with the user's own. The slice is a copy; do not change what it points to.
func (c *Catalogue) Providers() []*Provider { return append([]*Provider(nil), c.providers.list...) }

// Rules lists all rules, in the order in which they are tried. The slice is a copy; do not change what it points to.
func (c *Catalogue) Rules() []*Rule { return append([]*Rule(nil), c.rules...) }
