package report

import (
	"time"

	"todoku/codes"
	"todoku/sender/collect"
	"todoku/sender/history"
)

// CollectSchemaName is what collections call their schema.
const CollectSchemaName = "todoku/collect/1"

// The types below are the schema todoku/collect/1.
type collectJSON struct {
	Schema    string          `json:"schema"`
	Tool      toolJSON        `json:"tool"`
	Started   string          `json:"started"`
	Inputs    []collectInput  `json:"inputs"`
	Counts    collect.Counts  `json:"counts"`
	Changes   []changeJSON    `json:"changes"`
	Told      []changeJSON    `json:"told"`
	Unmatched []history.Event `json:"unmatched"`
	Cut       bool            `json:"cut"` // the lists are longer than this
	Errors    []string        `json:"errors"`
}

type collectInput struct {
	File   string   `json:"file"`
	Format string   `json:"format"`
	Items  int64    `json:"items"`
	Lines  int64    `json:"lines"`
	Events int64    `json:"events"`
	Unread int64    `json:"unread"`
	Notes  []string `json:"notes"`
}

// changeJSON is a sending before and after an event.
type changeJSON struct {
	SendingID string        `json:"sending_id"`
	Recipient string        `json:"recipient"`
	Subject   string        `json:"subject"`
	Started   string        `json:"started"`
	Before    resultOnly    `json:"before"`
	After     resultOnly    `json:"after"`
	Event     history.Event `json:"event"`
	Flag      flagJSON      `json:"flag"`
}

type resultOnly struct {
	Result       history.Result `json:"result"`
	DeliveryCode string         `json:"delivery_code"`
}

type flagJSON struct {
	Valid   bool `json:"valid"`
	Errors  int  `json:"errors"`
	Changed bool `json:"changed"` // by this event
}

func asCollect(r *collect.Round, o Options) collectJSON {
	out := collectJSON{Schema: CollectSchemaName, Tool: toolJSON{"todoku", o.Version}, Started: r.Started.UTC().Format(time.RFC3339),
		Counts: r.Counts, Inputs: []collectInput{}, Changes: changesJSON(r.Changes), Told: changesJSON(r.Told), Unmatched: notNil(r.Others),
		Cut: r.Cut, Errors: []string{}}
	for _, in := range r.Inputs {
		out.Inputs = append(out.Inputs, collectInput{File: in.Name, Format: in.Format, Items: in.Items, Lines: in.Lines, Events: in.Events,
			Unread: in.Unread, Notes: notesIn(in.Notes, o.Lang)})
	}
	for _, err := range r.Failed {
		out.Errors = append(out.Errors, errorText(err, o.Lang))
	}
	return out
}

func changesJSON(all []history.Recorded) []changeJSON {
	out := []changeJSON{}
	for _, x := range all {
		out = append(out, changeJSON{x.Before.ID, x.Before.Recipient, x.Before.Subject, x.Before.Started.UTC().Format(time.RFC3339),
			resultOnly{x.Before.Result, x.Before.Code}, resultOnly{x.After.Result, x.After.Code}, x.Event,
			flagJSON{x.Flag.Valid, x.Flag.Errors, x.Struck}})
	}
	return out
}

func notesIn(notes []codes.Text, l codes.Lang) []string {
	out := []string{}
	for _, n := range notes {
		out = append(out, n.In(l))
	}
	return out
}
