package bundle

import (
	"errors"
	"net/netip"
	"time"

	"todoku/diag/resolve"
)

// exchangeJSON is a line of dns.ndjson. Rcode and Records are for people: what counts is the message.
type exchangeJSON struct {
	Question  string         `json:"question"`
	Type      string         `json:"type"`
	Code      resolve.Type   `json:"type_code"`
	Unchecked bool           `json:"unchecked,omitempty"`
	Direct    netip.AddrPort `json:"direct,omitzero"` // the name server that was asked itself
	Server    string         `json:"server"`
	Rcode     string         `json:"rcode,omitempty"`
	Records   []string       `json:"records,omitempty"`
	Trusted   bool           `json:"trusted,omitempty"` // its AD bit is believed
	Sent      int            `json:"sent"`
	RTTMS     float64        `json:"rtt_ms"`
	Error     *errorJSON     `json:"error,omitempty"`
	Message   []byte         `json:"message,omitempty"`
}

func keepExchange(x resolve.Exchange) exchangeJSON {
	j := exchangeJSON{Question: x.Name, Type: x.Type.String(), Code: x.Type, Unchecked: x.Unchecked, Direct: x.At, Server: x.Server,
		Trusted: x.Trusted, Sent: x.Sent, RTTMS: milliseconds(x.RTT), Error: keepError(x.Err), Message: x.Message}
	j.Rcode, j.Records = x.Shown()
	return j
}

var errNoAnswer = errors.New("a line has neither a message nor an error")

func (j exchangeJSON) exchange() (resolve.Exchange, error) {
	x := resolve.Exchange{Question: resolve.Question{Name: j.Question, Type: j.Code, Unchecked: j.Unchecked, At: j.Direct},
		Server: j.Server, Message: j.Message, Trusted: j.Trusted, Sent: j.Sent, RTT: duration(j.RTTMS), Err: j.Error.error()}
	if x.Err == nil && len(x.Message) == 0 {
		return x, errNoAnswer
	}
	return x, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// duration is one of milliseconds, within an hour.
func duration(ms float64) time.Duration {
	return time.Duration(min(max(ms, 0), 3.6e6) * float64(time.Millisecond))
}
