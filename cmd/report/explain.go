package report

import (
	"encoding/json"
	"io"
	"strings"

	"todoku/diag"
)

// explanation is the schema todoku/explanation/1.
type explanation struct {
	Schema   string    `json:"schema"`
	Input    string    `json:"input"`
	Readings []reading `json:"readings"`
}

// reading is one meaning of the input, the best first.
type reading struct {
	Kind         string   `json:"kind"` // "rule"
	DeliveryCode string   `json:"delivery_code"`
	Reason       string   `json:"reason"`
	ReasonClass  string   `json:"reason_class"`
	Provider     string   `json:"provider"`
	Rule         string   `json:"rule"`
	Severity     string   `json:"severity"`
	Permanent    string   `json:"permanent"`
	Action       string   `json:"action"`
	RetryAfter   string   `json:"retry_after"`
	Certainty    string   `json:"certainty"`
	Message      string   `json:"message"`
	Causes       []string `json:"causes"`
	Steps        []string `json:"steps"`
	Refs         []string `json:"refs"`
	Codes        []string `json:"codes"`
}

// Explain prints what is known of a rule; a nil rule is no reading at all.
func Explain(format string, w io.Writer, o Options, input string, r *diag.Rule) error {
	if format != "text" {
		e := explanation{Schema: "todoku/explanation/1", Input: input, Readings: []reading{}}
		if r != nil {
			e.Readings = append(e.Readings, ruleReading(r, o))
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		if format == "json" {
			enc.SetIndent("", "  ")
		}
		return enc.Encode(e)
	}
	if r == nil {
		return nil
	}
	t := makeText(w, o)
	t.o.Width = max(o.Width, 40)
	if o.Width == 0 {
		t.o.Width = 80
	}
	t.explain(r)
	_, err := w.Write(t.buf.Bytes())
	return err
}

func ruleReading(r *diag.Rule, o Options) reading {
	return reading{Kind: "rule", Rule: r.ID, Severity: r.Severity.String(), Permanent: "unknown", Action: "fix_dns", Certainty: "documented", Message: blanks(r.Says.In(o.Lang)),
		Causes: []string{blanks(r.Why.In(o.Lang))}, Steps: []string{blanks(r.Fix.In(o.Lang))}, Refs: []string{r.Ref}, Codes: full(r.Codes)}
}

// blanks shows the places that data fills: {lookups} becomes ‹lookups›.
func blanks(s string) string { return strings.NewReplacer("{", "‹", "}", "›").Replace(s) }

func (t *text) explain(r *diag.Rule) {
	t.line(t.paint.mark(r.Severity) + " " + t.paint.bold.Sprint(r.ID))
	t.line("")
	const column = 12
	row := func(w word, s string) {
		if s != "" {
			t.para(t.say(w), max(column, t.ruler.StringWidth(t.say(wCodes))+2), s)
		}
	}
	row(wSeen, blanks(r.Says.In(t.o.Lang)))
	row(wWhy, blanks(r.Why.In(t.o.Lang)))
	row(wFix, blanks(r.Fix.In(t.o.Lang)))
	row(wWho, strings.ReplaceAll(ownerText(r.Owner).In(t.o.Lang), "{zone}", "‹domain›"))
	row(wSeverity, r.Severity.String())
	row(wRef, r.Ref)
	row(wCodes, strings.Join(r.Codes, " "))
}
