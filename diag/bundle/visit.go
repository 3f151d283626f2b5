package bundle

import (
	"net/netip"

	"todoku/codes"
	"todoku/diag/probe"
	"todoku/sender/smtp"
)

// visitJSON is a line of smtp.ndjson.
type visitJSON struct {
	Host     string          `json:"host"`
	Address  netip.AddrPort  `json:"address"`
	Plain    bool            `json:"plain,omitempty"`    // no TLS was wanted
	Greeting bool            `json:"greeting,omitempty"` // no more than the greeting was wanted
	To       []octets        `json:"to,omitempty"`
	Local    netip.Addr      `json:"local,omitzero"`
	Banner   octets          `json:"banner,omitempty"`
	EHLO     []octets        `json:"ehlo"` // null: it did not agree to talk
	Stage    codes.Stage     `json:"stage"`
	Reply    *replyJSON      `json:"reply,omitempty"`
	Rcpts    []rcptJSON      `json:"rcpts,omitempty"`
	Size     int64           `json:"size,omitempty"`
	STARTTLS bool            `json:"starttls,omitempty"`
	TLS      *tlsJSON        `json:"tls,omitempty"`
	TLSReply *replyJSON      `json:"tls_reply,omitempty"`
	TLSErr   *errorJSON      `json:"tls_error,omitempty"`
	Err      *errorJSON      `json:"error,omitempty"`
	TookMS   float64         `json:"took_ms"`
	Steps    smtp.Transcript `json:"steps,omitempty"`
}

type rcptJSON struct {
	To    octets     `json:"to"`
	Reply *replyJSON `json:"reply"`
}

type replyJSON struct {
	Code     int      `json:"code"`
	Enhanced string   `json:"enhanced,omitempty"`
	Lines    []octets `json:"lines"`
}

func keepReply(r codes.Reply) *replyJSON {
	if r.Code == 0 && r.Lines == nil {
		return nil
	}
	return &replyJSON{r.Code, r.Enhanced.String(), octetsOf(r.Lines)}
}

func (j *replyJSON) reply() codes.Reply {
	if j == nil {
		return codes.Reply{}
	}
	enhanced, _ := codes.ParseEnhanced(j.Enhanced)
	return codes.Reply{Code: j.Code, Enhanced: enhanced, Lines: lines(j.Lines)}
}

func keepVisit(q probe.Question, v probe.Visit) visitJSON {
	j := visitJSON{Host: q.Host, Address: q.Address, Plain: q.Depth.Plain, Greeting: q.Depth.Greeting, To: octetsOf(q.To),
		Local: v.Local, Banner: octets(v.Banner), EHLO: octetsOf(v.EHLO), Stage: v.Stage, Reply: keepReply(v.Reply), Size: v.Size,
		STARTTLS: v.STARTTLS, TLS: keepTLS(v.TLS), TLSReply: keepReply(v.TLSReply), TLSErr: keepError(v.TLSErr), Err: keepError(v.Err),
		TookMS: milliseconds(v.Took), Steps: v.Steps}
	for _, r := range v.Rcpts {
		j.Rcpts = append(j.Rcpts, rcptJSON{octets(r.To), keepReply(r.Reply)})
	}
	return j
}

func (j visitJSON) visit() (q probe.Question, v probe.Visit, err error) {
	q = probe.Question{Host: j.Host, Address: j.Address, Depth: probe.Depth{Plain: j.Plain, Greeting: j.Greeting}, To: lines(j.To)}
	v = probe.Visit{Local: j.Local, Banner: string(j.Banner), EHLO: lines(j.EHLO), Stage: j.Stage, Reply: j.Reply.reply(), Size: j.Size,
		STARTTLS: j.STARTTLS, TLSReply: j.TLSReply.reply(), TLSErr: j.TLSErr.error(), Err: j.Err.error(), Took: duration(j.TookMS),
		Steps: j.Steps}
	for _, r := range j.Rcpts {
		v.Rcpts = append(v.Rcpts, probe.Answer{To: string(r.To), Reply: r.Reply.reply()})
	}
	v.TLS, err = j.TLS.state()
	return q, v, err
}
