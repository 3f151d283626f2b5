package report

import (
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
)

// SendingSchemaName is what sendings call their schema.
const SendingSchemaName = "todoku/sending/1"

// sendingJSON is the schema todoku/sending/1 (DESIGN.md §4).
type sendingJSON struct {
	Schema       string                `json:"schema"`
	ID           string                `json:"id"`
	List         string                `json:"list"` // "" for a mail that stands alone
	Result       history.Result        `json:"result"`
	DeliveryCode string                `json:"delivery_code"`
	Reason       string                `json:"reason"`
	ReasonClass  codes.Class           `json:"reason_class"`
	Provider     string                `json:"provider"`
	Permanent    *bool                 `json:"permanent"` // null: it may be either
	Action       codes.Action          `json:"action"`
	Message      string                `json:"message"`
	Steps        []stepJSON            `json:"steps"`
	RetryAfter   int64                 `json:"retry_after_s"`
	Stage        codes.Stage           `json:"stage"`
	Reply        string                `json:"reply"`
	Error        string                `json:"error"` // what went wrong where no reply decided
	Own          bool                  `json:"own"`   // our own DNS or network failed
	From         string                `json:"from"`
	To           string                `json:"to"`
	Subject      string                `json:"subject"`
	Size         int64                 `json:"size"`
	Host         string                `json:"host"`
	Address      string                `json:"address"`
	Via          string                `json:"via"`
	MessageID    string                `json:"message_id"`
	EnvelopeID   string                `json:"envelope_id"`
	ErrorsTo     string                `json:"errors_to"`
	QuitAfter    codes.Stage           `json:"quit_after"`
	DryRun       bool                  `json:"dry_run"`
	Attempts     int                   `json:"attempts"`
	Started      string                `json:"started"`
	Elapsed      int64                 `json:"elapsed_ms"`
	Route        []hostJSON            `json:"route"`
	Expected     []expectedJSON        `json:"expected"`
	Transcript   []sender.Conversation `json:"transcript"`
}

// stepJSON is something to do.
type stepJSON struct {
	ID    string      `json:"id"`
	Text  string      `json:"text"`
	Owner codes.Owner `json:"owner"`
	To    codes.Owner `json:"contact"`
	Check string      `json:"check"`
	Argv  []string    `json:"argv"` // of Check
}

type hostJSON struct {
	Host       string   `json:"host"`
	Preference int      `json:"preference"`
	Addresses  []string `json:"addresses"`
}

func asSending(s Sending, o Options) sendingJSON {
	l := o.Lang
	v := s.Verdict
	out := sendingJSON{
		Schema: SendingSchemaName, ID: s.ID, List: s.List, Result: s.Result, DeliveryCode: v.Delivery.ID, Reason: v.Reason.ID,
		ReasonClass: v.Reason.Class, Provider: v.Provider, Permanent: triJSON(v.Permanent),
		Action: v.Action, Message: meaning(v).In(l), Steps: []stepJSON{}, RetryAfter: int64(s.RetryAfter.Seconds()),
		Stage: s.Stage, Reply: replyText(s.Reply), Own: s.Ours,
		From: s.From.String(), To: s.To.String(), Subject: s.Subject, Size: s.Size, Host: s.Host, MessageID: s.MessageID,
		EnvelopeID: s.ENVID, ErrorsTo: s.Outcome.From.String(),
		QuitAfter: s.Quit, DryRun: s.DryRun, Attempts: s.Attempts, Started: s.Started.UTC().Format(time.RFC3339),
		Elapsed: s.Elapsed.Milliseconds(),
		Route:   []hostJSON{}, Expected: asExpected(s.Expected, o), Transcript: transcriptJSON(s.Sessions),
	}
	if s.Err != nil {
		out.Error = s.Err.Error()
	}
	if s.Address.IsValid() {
		out.Address = s.Address.String()
	}
	if s.Relay != nil {
		out.Via = s.Relay.String()
	}
	if s.Result == history.Failed {
		for _, r := range v.Remedies {
			check := stepCommand(r, s.known())
			out.Steps = append(out.Steps, stepJSON{r.ID, r.Text.In(l), r.Owner, r.To, page.Command(check), check.Argv()})
		}
	}
	for _, h := range s.Route.Hosts {
		host := hostJSON{h.Name, h.Preference, []string{}}
		for _, a := range h.Addresses {
			host.Addresses = append(host.Addresses, a.String())
		}
		out.Route = append(out.Route, host)
	}
	return out
}

// meaning is what the verdict says in a sentence.
func meaning(v codes.Verdict) codes.Text {
	switch {
	case !v.Meaning.IsZero():
		return v.Meaning
	case v.Reason.ID != "" && v.Reason.ID != "unspecified":
		return v.Reason.Meaning
	case !v.Delivery.Meaning.IsZero():
		return v.Delivery.Meaning
	}
	return v.Reason.Meaning
}
