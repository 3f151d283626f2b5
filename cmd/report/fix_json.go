package report

import (
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/fix"
)

// FixSchemaName is what plans of records call their schema.
const FixSchemaName = "todoku/fix/1"

// recordsJSON is the schema todoku/fix/1.
type recordsJSON struct {
	Schema   string          `json:"schema"`
	Tool     toolJSON        `json:"tool"`
	Target   diag.Target     `json:"target"`
	Status   diag.Status     `json:"status"`
	As       FixForm         `json:"as"`
	Document string          `json:"document"`
	Changes  []fixChangeJSON `json:"changes"`
	Left     []fixLeftJSON   `json:"left_out"`
	Other    []fixRuleJSON   `json:"without_records"`
	After    *fixAfterJSON   `json:"after"`
	Unknown  []fixErrorJSON  `json:"unknown"`
	Bounded  bool            `json:"bounded"` // not every way was tried
}

type fixChangeJSON struct {
	Zone   string        `json:"zone"`
	Name   string        `json:"name"`
	Type   string        `json:"type"`
	TTL    uint32        `json:"ttl"`
	Was    []string      `json:"was"`
	Values []string      `json:"values"`
	Lines  []string      `json:"lines"` // of a zone file
	Rules  []fixRuleJSON `json:"rules"`
	Advice bool          `json:"optional"` // nothing is wrong without it
}

type fixLeftJSON struct {
	Name   string        `json:"name"`
	Type   string        `json:"type"`
	Reason fix.Reason    `json:"reason"`
	Alias  string        `json:"alias"`
	Rules  []fixRuleJSON `json:"rules"`
	Error  *errorJSON    `json:"error"`
}

type fixRuleJSON struct {
	Rule     string        `json:"rule"`
	Severity diag.Severity `json:"severity"`
	Subject  string        `json:"subject"`
	Message  string        `json:"message"`
	Fix      string        `json:"fix"`
	Owner    diag.Owner    `json:"owner"`
}

type fixAfterJSON struct {
	Status diag.Status   `json:"status"`
	Still  []fixRuleJSON `json:"still"`
	Newly  []fixRuleJSON `json:"new"`
	Unsure []string      `json:"unknown"` // the checks that cannot look only with the changes in place
}

type fixErrorJSON struct {
	Check string     `json:"check"`
	Error *errorJSON `json:"error"`
}

func asRecords(f Fix, o Options) recordsJSON {
	out := recordsJSON{Schema: FixSchemaName, Tool: toolJSON{"todoku", o.Version}, Target: f.Before.Target, Status: f.Status(), As: f.As,
		Document: f.document(o.Lang), Changes: []fixChangeJSON{}, Left: []fixLeftJSON{}, Other: fixRules(f.Other(), o.Lang),
		Unknown: []fixErrorJSON{}, Bounded: f.Bounded != nil}
	for _, c := range f.Changes {
		j := fixChangeJSON{Zone: c.Zone, Name: c.Name, Type: c.Type, TTL: c.TTL, Was: notNil(c.Was), Values: c.Values,
			Rules: fixRules(c.Findings, o.Lang), Advice: c.Advice()}
		for _, v := range c.Values {
			j.Lines = append(j.Lines, zoneLine(c, v))
		}
		out.Changes = append(out.Changes, j)
	}
	for _, l := range f.Left {
		out.Left = append(out.Left, fixLeftJSON{l.Name, l.Type, l.Reason, l.Alias, fixRules(l.Findings, o.Lang), asError(l.Err, o.Lang)})
	}
	if f.After != nil && len(f.Changes) > 0 {
		out.After = &fixAfterJSON{f.After.Status(), fixRules(f.Still(), o.Lang), fixRules(f.Newly(), o.Lang), []string{}}
		for _, r := range f.Unsure() {
			out.After.Unsure = append(out.After.Unsure, r.Check.Name)
		}
	}
	for _, r := range f.Before.Results {
		if r.Err != nil {
			out.Unknown = append(out.Unknown, fixErrorJSON{r.Check.Name, asError(r.Err, o.Lang)})
		}
	}
	return out
}

// Status is that of the checks, and unknown where a set could not be read.
func (f Fix) Status() diag.Status {
	s := f.Before.Status()
	if slices.ContainsFunc(f.Left, func(l fix.Left) bool { return l.Reason == fix.Unread }) {
		s = max(s, diag.Unknown)
	}
	return s
}

// fixRules are findings in short.
func fixRules(list []diag.Finding, l codes.Lang) []fixRuleJSON {
	out := make([]fixRuleJSON, len(list))
	for i, f := range list {
		advice := f.Advice()
		out[i] = fixRuleJSON{f.Rule.ID, f.Rule.Severity, f.Subject, fill(f.Rule.Says, f.Data, l), fill(advice.Fix, f.Data, l), advice.Owner}
	}
	return out
}
