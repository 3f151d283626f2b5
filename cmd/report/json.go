package report

import (
	"context"
	"errors"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// SchemaName is what reports call their schema.
const SchemaName = "todoku/report/1"

// The types below are the schema todoku/report/1 (DESIGN.md §5): what diag
// calls its things may change, these names may not.
type reportJSON struct {
	Schema  string       `json:"schema"`
	Tool    toolJSON     `json:"tool"`
	Target  diag.Target  `json:"target"`
	Started string       `json:"started"`
	Elapsed int64        `json:"elapsed_ms"`
	Status  diag.Status  `json:"status"`
	Counts  countsJSON   `json:"counts"`
	Results []resultJSON `json:"results"`
	Queries diag.Queries `json:"queries"`
	Since   *diag.Since  `json:"since,omitempty"`
	WhatIf  *whatIfJSON  `json:"what_if,omitempty"`
}

type toolJSON struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type countsJSON struct {
	Pass    int `json:"pass"`
	Info    int `json:"info"`
	Warn    int `json:"warn"`
	Unknown int `json:"unknown"`
	Fail    int `json:"fail"`
}

type resultJSON struct {
	Check    string        `json:"check"`
	Status   diag.Status   `json:"status"`
	Facts    any           `json:"facts"`
	Findings []findingJSON `json:"findings"`
	Error    *errorJSON    `json:"error"`
}

type findingJSON struct {
	Rule     string          `json:"rule"`
	Severity diag.Severity   `json:"severity"`
	Subject  string          `json:"subject"`
	Data     codes.Data      `json:"data"`
	Message  string          `json:"message"`
	Why      string          `json:"why"`
	Fix      string          `json:"fix"`
	Owner    diag.Owner      `json:"owner"`
	Ref      string          `json:"ref"`
	Codes    []string        `json:"codes"`
	Evidence []diag.Evidence `json:"evidence"`
	Records  []diag.Record   `json:"records"`
	Ignored  *exceptedJSON   `json:"ignored,omitempty"`         // it does not count
	Ended    *exceptedJSON   `json:"exception_ended,omitempty"` // it counts again
}

// exceptedJSON is what an exception says.
type exceptedJSON struct {
	Reason string `json:"reason"`
	Until  string `json:"until"`
}

type errorJSON struct {
	*resolve.Error
	Count int `json:"count"` // questions that stayed without an answer
}

func asReport(r *diag.Report, o Options) reportJSON {
	out := reportJSON{Schema: SchemaName, Tool: toolJSON{"todoku", o.Version}, Target: r.Target, Started: r.Started.UTC().Format(time.RFC3339),
		Elapsed: r.Elapsed.Milliseconds(), Status: r.Status(), Queries: r.Queries, Since: r.Since,
		WhatIf: asWhatIf(r.WhatIf, o), Results: make([]resultJSON, len(r.Results))}
	for i, res := range r.Results {
		out.Results[i] = resultJSON{Check: res.Check.Name, Status: res.Status(), Facts: res.Facts,
			Findings: make([]findingJSON, len(res.Findings)), Error: asError(res.Err, o.Lang)}
		if res.Facts == nil {
			out.Results[i].Facts = struct{}{}
		}
		for j, f := range res.Findings {
			out.Results[i].Findings[j] = asFinding(f, o.Lang)
		}
		out.Counts.add(res.Status())
	}
	return out
}

func (c *countsJSON) add(s diag.Status) {
	switch s {
	case diag.OK:
		c.Pass++
	case diag.Info:
		c.Info++
	case diag.Warn:
		c.Warn++
	case diag.Unknown:
		c.Unknown++
	case diag.Fail:
		c.Fail++
	}
}

func asFinding(f diag.Finding, l codes.Lang) findingJSON {
	r, advice := f.Rule, f.Advice()
	out := findingJSON{Rule: r.ID, Severity: r.Severity, Subject: f.Subject, Data: f.Data, Message: fill(r.Says, f.Data, l),
		Why: fill(advice.Why, f.Data, l), Fix: fill(advice.Fix, f.Data, l), Owner: advice.Owner, Ref: r.Ref, Codes: notNil(r.Codes),
		Evidence: notNil(f.Evidence), Records: notNil(f.Records)}
	if e := f.Excepted; e != nil {
		said := &exceptedJSON{e.Reason, e.Until}
		if f.Ignored() {
			out.Ignored = said
		} else {
			out.Ended = said
		}
	}
	return out
}

// notNil turns a nil slice into an empty one: JSON lists are [] and never null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// fill puts data into the placeholders of a text, in words where there are any.
func fill(t codes.Text, d codes.Data, l codes.Lang) string {
	return t.Fill(l, d, func(v codes.Datum) string {
		if words, ok := valueText(v); ok {
			return words.In(l)
		}
		if err := v.Err(); err != nil {
			return errorText(err, l)
		}
		return v.In(l)
	})
}

// kindInterrupted is our own doing: the run was ended before the answer came.
const kindInterrupted resolve.Kind = "interrupted"

// asError gives the first failed question of an error, and how many there are.
func asError(err error, l codes.Lang) *errorJSON {
	if err == nil {
		return nil
	}
	var fail *resolve.Error
	if !errors.As(err, &fail) {
		fail = &resolve.Error{Kind: "internal", Message: err.Error()}
		var bound *diag.Bounded
		var untold *diag.Untold
		switch {
		case errors.As(err, &untold):
			fail = &resolve.Error{Kind: diag.KindUntold, Name: untold.Domain, Type: untold.Type, Message: untold.Says().In(l)}
		case errors.As(err, &bound):
			fail = &resolve.Error{Kind: diag.KindBounded, Name: bound.Domain, Type: bound.Type, Message: bound.Says().In(l)}
		case errors.Is(err, context.DeadlineExceeded):
			fail = &resolve.Error{Kind: resolve.KindTimeout}
		case errors.Is(err, context.Canceled):
			fail = &resolve.Error{Kind: kindInterrupted}
		}
	}
	return &errorJSON{fail, countErrors(err)}
}

func countErrors(err error) int {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		n := 0
		for _, e := range many.Unwrap() {
			n += countErrors(e)
		}
		return n
	}
	return 1
}
