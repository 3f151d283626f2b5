package report

import (
	"cmp"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/triage"
	"todoku/sender/event"
)

// TriageSchemaName is what triages call their schema.
const TriageSchemaName = "todoku/triage/1"

// The types below are the schema todoku/triage/1 (DESIGN.md §5).
type triageJSON struct {
	Schema     string        `json:"schema"`
	Tool       toolJSON      `json:"tool"`
	Inputs     []inputJSON   `json:"inputs"`
	Counts     eventsJSON    `json:"counts"`
	First      string        `json:"first"`
	Last       string        `json:"last"`
	By         triage.By     `json:"by"` // "cause" is reason × provider × delivery code
	Incomplete bool          `json:"incomplete"`
	Groups     []eventsGroup `json:"groups"`
	Plan       []shareJSON   `json:"plan"`
}

// shareJSON is what to do with a part of the mails that did not arrive.
type shareJSON struct {
	Do              triage.Todo `json:"do"`
	Recipients      int64       `json:"recipients"`
	RecipientsExact bool        `json:"recipients_exact"`
	Reasons         []string    `json:"reasons"`
	RetryAfter      int         `json:"retry_after"`
	Text            string      `json:"text"`
}

type inputJSON struct {
	File   string   `json:"file"`
	Format string   `json:"format"`
	Lines  int64    `json:"lines"`
	Events int64    `json:"events"`
	Unread int64    `json:"unread"`
	Error  string   `json:"error"`
	Notes  []string `json:"notes"`
}

type eventsJSON struct {
	Events    int64 `json:"events"`
	Delivered int64 `json:"delivered"`
	Delayed   int64 `json:"delayed"`
	Failed    int64 `json:"failed"`
	Expired   int64 `json:"expired"`
	Complaint int64 `json:"complaint"`
	AutoReply int64 `json:"auto_reply"`
	Other     int64 `json:"other"`
}

type eventsGroup struct {
	Key             string         `json:"key"` // of --by domain, sender, ip and hour
	Reason          string         `json:"reason"`
	ReasonClass     codes.Class    `json:"reason_class"`
	Provider        string         `json:"provider"`
	DeliveryCode    string         `json:"delivery_code"`
	Action          event.Action   `json:"action"`
	Count           int64          `json:"count"`
	Merged          int64          `json:"merged"`
	Recipients      int64          `json:"recipients"`
	RecipientsExact bool           `json:"recipients_exact"`
	Domains         int            `json:"domains"`
	Share           float64        `json:"share"` // of what went to the provider, 0 to 1
	First           string         `json:"first"`
	Last            string         `json:"last"`
	DeliveredLater  int64          `json:"delivered_later"` // of the delayed mails
	FailedLater     int64          `json:"failed_later"`
	Times           timesJSON      `json:"times"`
	Patterns        []patternJSON  `json:"patterns"`
	Changes         []pastJSON     `json:"changes"` // at the senders' domains, before it began
	Places          []placeJSON    `json:"places"`
	Example         EventRow       `json:"example"`
	Diagnosis       *diagnosisJSON `json:"diagnosis"`
}

// timesJSON is how many there were in each part of the time, from the first event to the last.
type timesJSON struct {
	Start   string  `json:"start"`
	Seconds int64   `json:"seconds"` // of each part
	Counts  []int64 `json:"counts"`
}

type patternJSON struct {
	ID   triage.PatternKind `json:"id"`
	At   string             `json:"at"`
	Text string             `json:"text"`
}

type placeJSON struct {
	File string `json:"file"`
	Line int64  `json:"line"`
}

func asTimes(l *triage.Timeline) timesJSON {
	start, counts := l.Counts()
	if len(counts) == 0 {
		return timesJSON{Counts: []int64{}}
	}
	return timesJSON{timeJSON(start), int64(l.Width() / time.Second), counts}
}

// maxTimes is into how many parts the time of a group is divided.
const maxTimes = 48

// asTriage is the JSON of a triage.
func asTriage(t *triage.Triage, o Options) triageJSON {
	out := triageJSON{Schema: TriageSchemaName, Tool: toolJSON{"todoku", o.Version}, Inputs: []inputJSON{}, Counts: eventsJSON(t.Counts),
		First: timeJSON(t.First), Last: timeJSON(t.Last), By: cmp.Or(t.By, "cause"), Incomplete: t.Cut, Groups: []eventsGroup{}}
	for _, in := range t.Inputs {
		j := inputJSON{File: in.File, Format: in.Format, Lines: in.Lines, Events: in.Events, Unread: in.Unread, Notes: []string{}}
		if in.Err != nil {
			j.Error = strings.Join(page.ErrorLines(in.Err, o.Lang), "\n")
		}
		for _, n := range in.Notes {
			j.Notes = append(j.Notes, n.In(o.Lang))
		}
		out.Inputs = append(out.Inputs, j)
	}
	for _, g := range t.Groups {
		out.Groups = append(out.Groups, asGroup(t, g, o))
	}
	out.Plan = []shareJSON{}
	for _, s := range t.Plan {
		_, says := planText(s)
		j := shareJSON{Do: s.Do, Reasons: []string{}, RetryAfter: int(s.RetryAfter / time.Second), Text: fill(says, planData(s, o.Lang), o.Lang)}
		j.Recipients, j.RecipientsExact = s.Recipients.Count()
		for _, r := range s.Reasons {
			j.Reasons = append(j.Reasons, r.ID)
		}
		out.Plan = append(out.Plan, j)
	}
	return out
}

func asGroup(t *triage.Triage, g *triage.Group, o Options) eventsGroup {
	out := eventsGroup{Key: asText(g.Key), Reason: g.Reason.ID, ReasonClass: g.Reason.Class, Provider: g.Provider, DeliveryCode: g.Code,
		Action: g.Action, Count: g.Count, Merged: g.Merged, Domains: g.Domains.Different(), Share: g.Share,
		First: timeJSON(g.First), Last: timeJSON(g.Last),
		DeliveredLater: g.Later.Delivered, FailedLater: g.Later.Failed, Places: []placeJSON{},
		Patterns: []patternJSON{}, Changes: []pastJSON{}, Example: RowOf(&g.Example)}
	out.Recipients, out.RecipientsExact = g.Recipients.Count()
	for _, p := range g.Places {
		out.Places = append(out.Places, placeJSON(p))
	}
	for _, p := range g.Patterns {
		out.Patterns = append(out.Patterns, patternJSON{p.Kind, timeJSON(p.At), patternText(t, g, p, o).In(o.Lang)})
	}
	for _, c := range g.Changes {
		out.Changes = append(out.Changes, asChange(c, o.Lang))
	}
	out.Times = asTimes(g.Times.Coarse(maxTimes))
	if g.Diagnosis != nil {
		d := asDiagnosis(g.Diagnosis, o)
		out.Diagnosis = &d
	}
	return out
}
