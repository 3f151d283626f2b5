package report

import (
	"encoding/json"
	"net/netip"
	"slices"

	"todoku/codes"
	"todoku/diag/guide"
)

// ReadDiagnosis takes what a letter can use out of a diagnosis in JSON. The error is a *codes.UserError.
func ReadDiagnosis(data []byte) (guide.Letter, error) {
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
	var excluded []*guide.Cause
	for _, c := range d.Causes {
		cause := guide.FindCause(c.ID)
		switch {
		case cause == nil:
		case c.Status == guide.Confirmed:
			out.Confirmed = append(out.Confirmed, cause)
		case c.Status == guide.Excluded && c.looked():
			excluded = append(excluded, cause)
		}
	}
	out.Checked = guide.InOrder(excluded, out.Confirmed)
	for _, s := range d.Steps {
		out.Steps = append(out.Steps, s.ID)
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
	Steps        []struct {
		ID string `json:"id"`
	} `json:"steps"`
}

// causeRead is a cause of a diagnosis, as causeJSON writes it.
type causeRead struct {
	ID       string       `json:"id"`
	Status   guide.Status `json:"status"`
	Evidence []struct {
		Kind string `json:"kind"`
	} `json:"evidence"`
}

// looked reports whether the cause was decided by looking.
func (c causeRead) looked() bool {
	return len(c.Evidence) > 0 && slices.Contains([]string{"dns", "smtp", "message"}, c.Evidence[0].Kind)
}
