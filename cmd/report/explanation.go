package report

import (
	"slices"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/explain"
)

// ExplanationSchemaName is what explanations call their schema.
const ExplanationSchemaName = "todoku/explanation/1"

// The types below are the schema todoku/explanation/1 (DESIGN.md §5).
type explanationJSON struct {
	Schema   string        `json:"schema"`
	Input    string        `json:"input"`
	Failures int           `json:"failures"` // mails that did not arrive, where the input tells of several; else 0
	Readings []readingJSON `json:"readings"`
}

type readingJSON struct {
	Kind         explain.Kind    `json:"kind"`
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
	ChecksArgv   [][]string      `json:"checks_argv"`
	Reasons      []string        `json:"reasons"`
	Codes        []string        `json:"codes"`
	Names        []string        `json:"names"`
	Refs         []string        `json:"refs"`
	See          []string        `json:"see"`
	SeeArgv      [][]string      `json:"see_argv"` // of those of See that are commands; empty of the others
	Blocklist    *blocklistJSON  `json:"blocklist"`
	Recipients   []string        `json:"recipients"` // of several failures of this kind
	Contacts     []contactJSON   `json:"contacts"`
	Receiver     *providerJSON   `json:"receiver"`
}

type remedyJSON struct {
	ID      string   `json:"id"`
	Owner   string   `json:"owner"`
	To      string   `json:"contact"`
	Urgency string   `json:"urgency"`
	When    string   `json:"when"`
	Check   string   `json:"check"`
	Argv    []string `json:"argv"` // of Check
}

type blocklistJSON struct {
	Name   string `json:"name"`
	Lookup string `json:"lookup"`
	Closed bool   `json:"closed"`
}

func asExplanation(e explain.Explanation, o Options) explanationJSON {
	l := o.Lang
	out := explanationJSON{Schema: ExplanationSchemaName, Input: asText(e.Input), Failures: several(e.Failures)}
	out.Readings = make([]readingJSON, len(e.Readings))
	for i, r := range e.Readings {
		out.Readings[i] = asReading(r, l)
	}
	return out
}

// several is a number of mails, 0 for a single one.
func several(n int) int {
	if n < 2 {
		return 0
	}
	return n
}

func asReading(r explain.Reading, l codes.Lang) readingJSON {
	out := readingJSON{Kind: r.Kind, ID: r.ID, Title: titleOf(r, l), DeliveryCode: r.Delivery.ID, Reason: r.Reason.ID,
		ReasonClass: r.Reason.Class, Provider: r.Provider.ID, Rule: r.Wording,
		Permanent: triJSON(r.Permanent), Action: r.Action, RetryAfter: int(r.RetryAfter / time.Second),
		Certainty: r.Certainty, Message: r.Meaning.In(l), When: r.When.In(l),
		Pattern: r.Pattern.ID, Disables: r.Delivery.Disables, Causes: []string{}, Steps: []string{}, Remedies: []remedyJSON{},
		Checks: []string{}, ChecksArgv: [][]string{}, Reasons: []string{}, Codes: []string{},
		Names: notNil(r.Names), Refs: textsIn(r.Refs, l), See: notNil(r.See), SeeArgv: make([][]string, 0, len(r.See)),
		Recipients: notNil(r.Recipients), Contacts: asContacts(r.Contacts, l), Receiver: asProvider(r, l)}
	if r.Rule != nil {
		out.Rule, out.Severity, out.Codes = r.Rule.ID, r.Rule.Severity.String(), notNil(r.Rule.Codes)
		out.Message, out.Causes, out.Steps = Blanks(r.Rule.Says, l), []string{Blanks(r.Rule.Why, l)}, []string{Blanks(r.Rule.Fix, l)}
		out.Remedies = []remedyJSON{{Owner: string(r.Rule.Owner), Argv: []string{}}}
	}
	for range r.See {
		out.SeeArgv = append(out.SeeArgv, []string{})
	}
	for _, c := range r.Try {
		out.See, out.SeeArgv = append(out.See, page.Command(c)), append(out.SeeArgv, c.Argv())
	}
	check := func(c codes.Command) (line string, argv []string) {
		line, argv = page.Command(c), c.Argv()
		if line != "" && !slices.Contains(out.Checks, line) {
			out.Checks, out.ChecksArgv = append(out.Checks, line), append(out.ChecksArgv, argv)
		}
		return line, argv
	}
	for _, c := range r.Causes {
		out.Causes = append(out.Causes, c.Text.In(l))
		check(r.Filled(c.Check))
	}
	for _, s := range r.Steps {
		out.Steps = append(out.Steps, s.Text.In(l))
		line, argv := check(r.StepCommand(s))
		out.Remedies = append(out.Remedies, remedyJSON{s.ID, string(s.Owner), string(s.To), string(s.Urgency), s.When.In(l), line, argv})
	}
	for _, reason := range r.Reasons {
		out.Reasons = append(out.Reasons, reason.ID)
	}
	if r.Blocklist != nil {
		out.Blocklist = &blocklistJSON{r.Blocklist.Name, r.Blocklist.Page, !r.Blocklist.Closed.IsZero()}
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

// textsIn are texts in a language.
func textsIn(list []codes.Text, l codes.Lang) []string {
	out := []string{}
	for _, t := range list {
		out = append(out, t.In(l))
	}
	return out
}
