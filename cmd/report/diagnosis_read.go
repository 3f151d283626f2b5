package report

import (
	"encoding/json"
	"net/netip"
	"slices"

	"todoku/codes"
	"todoku/diag/guide"
)

// ReadDiagnosis takes what an inquiry can use out of a diagnosis in JSON, for a letter in a language. The error is a
// *codes.UserError.
func ReadDiagnosis(data []byte, l codes.Lang) (guide.Letter, error) {
	var d diagnosisRead
	if err := json.Unmarshal(data, &d); err != nil || d.Schema != DiagnosisSchemaName {
		return guide.Letter{}, &codes.UserError{Cause: err, Says: codes.Say(codes.Text{EN: "this is no diagnosis", JA: "診断結果ではありません"}),
			Remedy: codes.Say(codes.Text{EN: "give the output of {command} with --format json", JA: "{command} に --format json を付けた出力を指定してください"}, codes.Typed("command", codes.Todoku("diagnose")))}
	}
	if len(d.Reply) == len("550") { // a delivery code told no more
		d.Reply = ""
	}
	out := guide.Letter{From: d.From, To: d.To, Reply: d.Reply, Code: d.DeliveryCode}
	out.IP, _ = netip.ParseAddr(d.IP)
	for _, c := range d.Causes {
		if checked, ok := c.checked(l); ok {
			out.Checked = append(out.Checked, checked)
		}
	}
	return out, nil
}

// diagnosisRead is what is read of a diagnosis, as diagnosisJSON writes it.
type diagnosisRead struct {
	Schema       string      `json:"schema"`
	Reply        string      `json:"reply"`
	From         string      `json:"from"`
	To           string      `json:"to"`
	IP           string      `json:"ip"`
	DeliveryCode string      `json:"delivery_code"`
	Causes       []causeRead `json:"causes"`
}

// causeRead is a cause of a diagnosis, as causeJSON writes it.
type causeRead struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Status   guide.Status `json:"status"`
	Evidence []struct {
		Kind string `json:"kind"`
		Text string `json:"text"`
	} `json:"evidence"`
}

// checked is a cause that was decided by looking. What the diagnosis saw is in
// the language of the diagnosis: it is told where the letter has the same.
func (c causeRead) checked(l codes.Lang) (guide.Checked, bool) {
	cause := guide.FindCause(c.ID)
	if cause == nil || len(c.Evidence) == 0 || !slices.Contains([]string{"dns", "smtp", "message"}, c.Evidence[0].Kind) ||
		c.Status != guide.Excluded && c.Status != guide.Confirmed {
		return guide.Checked{}, false
	}
	out := guide.Checked{Cause: cause, Confirmed: c.Status == guide.Confirmed}
	if c.Title == cause.Title.In(l) {
		out.Seen = c.Evidence[0].Text
	}
	return out, true
}
