package report

import (
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// The types below are the schema todoku/diagnosis/1 (DESIGN.md §5).
type diagnosisJSON struct {
	Schema       string          `json:"schema"`
	Input        string          `json:"input"`
	File         string          `json:"file,omitempty"` // of the input, where there are several
	Format       string          `json:"format"`
	Answer       string          `json:"answer"`
	Fault        guide.Fault     `json:"fault"` // whose the cause is
	Reply        string          `json:"reply"`
	DeliveryCode string          `json:"delivery_code"`
	Pattern      string          `json:"pattern"`
	Reason       string          `json:"reason"`
	ReasonClass  codes.Class     `json:"reason_class"`
	Provider     string          `json:"provider"`
	Rule         string          `json:"rule"`
	Certainty    codes.Certainty `json:"certainty"`
	Permanent    *bool           `json:"permanent"`
	Action       codes.Action    `json:"action"`
	RetryAfter   int             `json:"retry_after"`
	From         string          `json:"from"`
	MailFrom     string          `json:"mail_from"`
	To           string          `json:"to"`
	IP           string          `json:"ip"`
	Causes       []causeJSON     `json:"causes"`
	Steps        []diagnosisStep `json:"steps"`
	Needs        []needJSON      `json:"needs"`
	Letter       string          `json:"letter"` // the command that writes it; "" where none is due
	LetterArgv   []string        `json:"letter_argv"`
	Started      time.Time       `json:"started"`
	ElapsedMS    int64           `json:"elapsed_ms"`
	Queries      diag.Queries    `json:"queries"`
}

type causeJSON struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Status      guide.Status   `json:"status"`
	Suspected   bool           `json:"suspected"`
	FollowsFrom string         `json:"follows_from,omitempty"`
	Evidence    []evidenceJSON `json:"evidence"`
	Steps       []string       `json:"steps"`
	Needs       []string       `json:"needs"`
}

type evidenceJSON struct {
	Kind    string          `json:"kind"`
	Text    string          `json:"text"`
	Records []diag.Evidence `json:"records"`
	Change  *pastJSON       `json:"change,omitempty"` // of the kind "history": what changed before
}

type diagnosisStep struct {
	ID      string        `json:"id"`
	Cause   string        `json:"cause"`
	Text    string        `json:"text"`
	Owner   codes.Owner   `json:"owner"`
	To      codes.Owner   `json:"contact"`
	Urgency codes.Urgency `json:"urgency"`
	Check   string        `json:"check"`
	Argv    []string      `json:"argv"` // of Check
	Records []diag.Record `json:"records"`
}

type needJSON struct {
	Flag string `json:"flag"`
	Text string `json:"text"`
}

func (p *diagnoses) asJSON(d *guide.Diagnosis) diagnosisJSON {
	l, c, v := p.o.Lang, d.Case, d.Case.Verdict
	out := diagnosisJSON{Schema: DiagnosisSchemaName, Input: asText(c.Input), File: c.File, Format: c.Format,
		Answer: p.Answer(d), Fault: d.Fault(),
		Reply: c.Reply.String(), DeliveryCode: v.Delivery.ID, Pattern: c.Pattern(),
		Reason: v.Reason.ID, ReasonClass: v.Reason.Class, Provider: v.Provider, Rule: v.Rule, Certainty: v.Certainty,
		Permanent: triJSON(v.Permanent), Action: v.Action,
		RetryAfter: int(v.RetryAfter / time.Second), From: c.From, MailFrom: c.MailFrom, To: c.To, Causes: []causeJSON{},
		Steps: []diagnosisStep{}, Needs: []needJSON{}, LetterArgv: []string{},
		Started: d.Started.UTC(), ElapsedMS: d.Elapsed.Milliseconds(), Queries: d.Queries}
	if c.IP.IsValid() {
		out.IP = c.IP.String()
	}
	for _, o := range d.Outcomes {
		out.Causes = append(out.Causes, p.cause(o))
	}
	for _, s := range d.Steps {
		step := diagnosisStep{ID: s.Remedy.ID, Cause: causeID(s.Cause), Text: s.Remedy.Text.In(l), Owner: s.Remedy.Owner, To: s.Remedy.To,
			Urgency: s.Remedy.Urgency, Check: page.Command(s.Check), Argv: s.Check.Argv(), Records: []diag.Record{}}
		for _, f := range s.Fixes {
			step.Records = append(step.Records, f.Records...)
		}
		out.Steps = append(out.Steps, step)
	}
	for _, n := range d.Needs() {
		out.Needs = append(out.Needs, needJSON{needed(n.What), n.Says.In(l)})
	}
	if d.Letter {
		letter := letterCommand(c)
		out.Letter, out.LetterArgv = page.Command(letter), letter.Argv()
	}
	return out
}

// causeID is the id of a cause, "" for none.
func causeID(c *guide.Cause) string {
	if c == nil {
		return ""
	}
	return c.ID
}

func (p *diagnoses) cause(o guide.Outcome) causeJSON {
	l := p.o.Lang
	c := causeJSON{ID: o.Cause.ID, Title: o.Cause.Title.In(l), Status: o.Status, Suspected: o.Suspected,
		FollowsFrom: causeID(o.FollowsFrom), Evidence: []evidenceJSON{}, Steps: []string{}, Needs: []string{}}
	for _, proof := range o.Proofs {
		e := evidenceJSON{Kind: proof.Kind, Text: strings.TrimSpace(fill(proof.Says, proof.Data, l)), Records: notNil(proof.Seen)}
		if proof.Past != nil {
			change := asChange(*proof.Past, l)
			e.Change = &change
		}
		c.Evidence = append(c.Evidence, e)
	}
	for _, id := range o.Cause.Steps {
		if r, ok := p.o.Catalogue.Remedy(id); ok {
			c.Steps = append(c.Steps, r.Text.In(l))
		}
	}
	for _, n := range o.Needs {
		c.Needs = append(c.Needs, needed(n.What))
	}
	return c
}
