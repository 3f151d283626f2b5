package smtp

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"todoku/codes"
)

// Step is one thing that was said, and the answer.
type Step struct {
	At    time.Duration // since the dial
	Took  time.Duration // until the answer was whole
	Stage codes.Stage
	Sent  string      // the command without its line end; "" where the server spoke first, "****" for secrets
	Reply codes.Reply // zero where none came
	TLS   *TLSState   // of a handshake that this step was
	Err   error
}

// Transcript is a session, step by step.
type Transcript []Step

// stepJSON is a Step as histories and reports keep it.
type stepJSON struct {
	AtMS   float64     `json:"at_ms"`
	TookMS float64     `json:"took_ms"`
	Stage  codes.Stage `json:"stage"`
	Sent   string      `json:"sent,omitempty"`
	Reply  *replyJSON  `json:"reply,omitempty"`
	TLS    *TLSState   `json:"tls,omitempty"`
	Heard  string      `json:"heard,omitempty"` // instead of a reply
	Error  string      `json:"error,omitempty"`
	Kind   Kind        `json:"error_kind,omitempty"`
	Cause  string      `json:"error_cause,omitempty"` // one of causes
}

type replyJSON struct {
	Code     int      `json:"code"`
	Enhanced string   `json:"enhanced,omitempty"`
	Lines    []string `json:"lines"`
}

// MarshalJSON writes times in milliseconds and the error as its text.
func (s Step) MarshalJSON() ([]byte, error) {
	j := stepJSON{AtMS: milliseconds(s.At), TookMS: milliseconds(s.Took), Stage: s.Stage, Sent: s.Sent, TLS: s.TLS}
	if s.Reply.Code != 0 {
		j.Reply = &replyJSON{s.Reply.Code, s.Reply.Enhanced.String(), append([]string{}, s.Reply.Lines...)}
	}
	if s.Err != nil {
		j.Error, j.Heard = s.Err.Error(), Heard(s.Err)
		var known *Error
		if errors.As(s.Err, &known) {
			j.Kind, j.Cause = known.Kind, causeOf(known.Err)
		}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Step) UnmarshalJSON(data []byte) error {
	var j stepJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*s = Step{At: duration(j.AtMS), Took: duration(j.TookMS), Stage: j.Stage, Sent: j.Sent, TLS: j.TLS}
	if j.Reply != nil {
		e, _ := codes.ParseEnhanced(j.Reply.Enhanced)
		s.Reply = codes.Reply{Code: j.Reply.Code, Enhanced: e, Lines: j.Reply.Lines}
	}
	switch {
	case j.Kind != "": // its text names the stage already
		s.Err = &Error{j.Stage, j.Kind, j.cause()}
	case j.Error != "":
		s.Err = errors.New(j.Error)
	}
	return nil
}

// cause is the error below the *Error of a step.
func (j stepJSON) cause() error {
	text := strings.TrimPrefix(j.Error, string(j.Stage)+": ")
	if j.Heard == "" {
		return restoredError(text, j.Cause)
	}
	return &HeardError{j.Heard, restoredError(strings.TrimSuffix(text, ": "+j.Heard), j.Cause)}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func duration(ms float64) time.Duration { return time.Duration(math.Round(ms*1000)) * time.Microsecond }
