package report

import (
	"slices"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// ExplanationSchemaName is what explanations call their schema.
const ExplanationSchemaName = "todoku/explanation/1"

// Explanation is what is known of an input: its readings, the best first.
type Explanation struct {
	Input    string
	Readings []Reading
}

// Kind says as what an input is read.
type Kind string

// The kinds of readings.
const (
	KindDelivery  Kind = "delivery_code"
	KindReplyCode Kind = "reply_code"
	KindEnhanced  Kind = "enhanced_code"
	KindReply     Kind = "reply" // words of a server, pasted from anywhere
	KindRule      Kind = "rule"  // of a check
	KindReason    Kind = "reason"
	KindClass     Kind = "reason_class"
	KindPattern   Kind = "pattern" // of the guide
	KindWording   Kind = "wording" // a rule of the catalogue
	KindProvider  Kind = "provider"
	KindBlocklist Kind = "blocklist"
	KindRemedy    Kind = "remedy"
	KindTerm      Kind = "term" // of the glossary
)

// Reading is one meaning of the input. What a kind does not have is empty.
type Reading struct {
	Kind       Kind
	ID         string // "42553", "5.7.26", "spf"
	Title      codes.Text
	Meaning    codes.Text
	When       codes.Text // how to tell this reading from the one before it
	Certainty  codes.Certainty
	Delivery   codes.Delivery
	Pattern    codes.Pattern
	Causes     []codes.Cause
	Steps      []codes.Remedy // in the order to follow
	Reason     codes.Reason
	Reasons    []codes.Reason // that come into question
	Provider   codes.Provider
	Wording    string // id of the catalogue's rule that decided
	Permanent  codes.Tri
	Action     codes.Action
	RetryAfter time.Duration
	Blocklist  *codes.Blocklist
	Pasted     codes.Pasted
	Names      []string // other names, or the hosts of a provider
	Refs       []string // where it is written
	See        []string // what to read next, as explain takes it, or commands
	Rule       *diag.Rule
}

// Explain prints an explanation.
func Explain(f page.Format, w *page.Out, o Options, e Explanation) error {
	switch f {
	case page.TextFormat:
		return explainText(w, o.wide(), e)
	case page.Markup:
		return explainMarkdown(w, o, e)
	}
	return putJSON(w, page.Explanation, f, asExplanation(e, o.Lang))
}

// The types below are the schema todoku/explanation/1 (DESIGN.md §5).
type explanationJSON struct {
	Schema   string        `json:"schema"`
	Input    string        `json:"input"`
	Readings []readingJSON `json:"readings"`
}

type readingJSON struct {
	Kind         Kind            `json:"kind"`
	ID           string          `json:"id"`
	Title        string          `json:"title"`
	DeliveryCode string          `json:"delivery_code"`
	Reason       string          `json:"reason"`
	ReasonClass  codes.Class     `json:"reason_class"`
	Provider     string          `json:"provider"`
	Rule         string          `json:"rule"`
	Severity     string          `json:"severity"`
	Permanent    *bool           `json:"permanent"`
	Action       codes.Action    `json:"action"`
	RetryAfter   int             `json:"retry_after"` // seconds; 0: the server asked for no pause
	Certainty    codes.Certainty `json:"certainty"`
	Message      string          `json:"message"`
	When         string          `json:"when"`
	Pattern      string          `json:"pattern"`
	Disables     codes.Disables  `json:"disables"`
	Causes       []string        `json:"causes"`
	Steps        []string        `json:"steps"`
	Remedies     []remedyJSON    `json:"remedies"` // of each step
	Checks       []string        `json:"checks"`   // commands that decide
	Reasons      []string        `json:"reasons"`
	Codes        []string        `json:"codes"`
	Names        []string        `json:"names"`
	Refs         []string        `json:"refs"`
	See          []string        `json:"see"`
	Blocklist    *blocklistJSON  `json:"blocklist"`
}

type remedyJSON struct {
	ID      string `json:"id"`
	Owner   string `json:"owner"`
	Urgency string `json:"urgency"`
	When    string `json:"when"`
	Check   string `json:"check"`
}

type blocklistJSON struct {
	Name   string `json:"name"`
	Lookup string `json:"lookup"`
	Closed bool   `json:"closed"`
}

func asExplanation(e Explanation, l codes.Lang) explanationJSON {
	out := explanationJSON{Schema: ExplanationSchemaName, Input: e.Input, Readings: make([]readingJSON, len(e.Readings))}
	for i, r := range e.Readings {
		out.Readings[i] = asReading(r, l)
	}
	return out
}

func asReading(r Reading, l codes.Lang) readingJSON {
	out := readingJSON{Kind: r.Kind, ID: r.ID, Title: r.Title.In(l), DeliveryCode: r.Delivery.ID, Reason: r.Reason.ID, ReasonClass: r.Reason.Class, Provider: r.Provider.ID, Rule: r.Wording,
		Permanent: triJSON(r.Permanent), Action: r.Action, RetryAfter: int(r.RetryAfter / time.Second), Certainty: r.Certainty, Message: r.Meaning.In(l), When: r.When.In(l),
		Pattern: r.Pattern.ID, Disables: r.Delivery.Disables, Causes: []string{}, Steps: []string{}, Remedies: []remedyJSON{}, Checks: []string{}, Reasons: []string{}, Codes: []string{},
		Names: full(r.Names), Refs: full(r.Refs), See: full(r.See)}
	if r.Rule != nil {
		out.Rule, out.Severity, out.Codes = r.Rule.ID, r.Rule.Severity.String(), full(r.Rule.Codes)
		out.Message, out.Causes, out.Steps = Blanks(r.Rule.Says.In(l)), []string{Blanks(r.Rule.Why.In(l))}, []string{Blanks(r.Rule.Fix.In(l))}
		out.Remedies = []remedyJSON{{Owner: string(r.Rule.Owner)}}
	}
	check := func(command string) string {
		command = r.filled(command)
		if command != "" && !slices.Contains(out.Checks, command) {
			out.Checks = append(out.Checks, command)
		}
		return command
	}
	for _, c := range r.Causes {
		out.Causes = append(out.Causes, c.Text.In(l))
		check(c.Check)
	}
	for _, s := range r.Steps {
		out.Steps = append(out.Steps, s.Text.In(l))
		out.Remedies = append(out.Remedies, remedyJSON{ID: s.ID, Owner: string(s.Owner), Urgency: string(s.Urgency), When: s.When.In(l), Check: check(s.Check)})
	}
	for _, reason := range r.Reasons {
		out.Reasons = append(out.Reasons, reason.ID)
	}
	if r.Blocklist != nil {
		out.Blocklist = &blocklistJSON{r.Blocklist.Name, r.Blocklist.Lookup, r.Blocklist.Closed}
	}
	return out
}

func triJSON(t codes.Tri) *bool {
	if t == codes.Unknown {
		return nil
	}
	yes := t == codes.Yes
	return &yes
}

// Blanks shows the places in a rule's text that data fills: {lookups} becomes ‹lookups›.
func Blanks(s string) string { return strings.NewReplacer("{", "‹", "}", "›").Replace(s) }

// filled puts what is known into a command of the catalogue; the places of what
// is not stay, in capitals.
func (r Reading) filled(command string) string {
	words := strings.Fields(command)
	for i, w := range words {
		value := ""
		switch w {
		case "CODE":
			value = r.Delivery.ID
		case "ADDR":
			value = r.Pasted.Recipient
		case "SENDER":
			value = r.Pasted.Sender
		case "DOMAIN":
			_, value, _ = strings.Cut(r.Pasted.Sender, "@")
		}
		if pasteable(value) {
			words[i] = value
		}
	}
	return strings.Join(words, " ")
}

// pasteable reports whether a word means itself to every shell, and is no flag.
func pasteable(s string) bool {
	return s != "" && len(s) < 256 && s[0] != '-' && !strings.ContainsFunc(s, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("@._+-", c))
	})
}

// next is the command that finds out which cause it is here.
func (r Reading) next() string {
	switch {
	case r.Delivery.Result == "ok" && r.Kind != KindReply:
		return "todoku explain D"
	case r.Kind == KindDelivery, r.Kind == KindReplyCode && r.Delivery.ID != "":
		return r.filled("todoku diagnose CODE --from SENDER --to ADDR --ip IP")
	case r.Kind == KindReply && r.Action != codes.ActionNone && r.When.IsZero():
		return r.filled("todoku diagnose REPLY --from SENDER --to ADDR --ip IP")
	}
	return ""
}
