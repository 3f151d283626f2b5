package check

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/sender/smtp"
)

// SMTPFacts is what the servers said that take a domain's mail.
type SMTPFacts struct {
	Hosts   []SMTPHost `json:"hosts"`
	Reached bool       `json:"reached"`         // one of them at least
	Vantage string     `json:"vantage"`         // what is wrong with our own view, or ""
	Asked   bool       `json:"recipient_asked"` // one of the servers at least
	wanted  bool       // it was to be asked, or there is none
}

// SMTPHost is a visit to one address of one host.
type SMTPHost struct {
	Host      string     `json:"host"`
	Address   string     `json:"address"`
	Banner    string     `json:"banner"`
	EHLO      []string   `json:"ehlo"`
	STARTTLS  bool       `json:"starttls"`
	TLS       *SMTPTLS   `json:"tls"` // null without
	Verified  bool       `json:"verified"`
	Stage     string     `json:"stage"` // how far it got
	Reply     string     `json:"reply"` // the last one
	Error     string     `json:"error"` // why there was no reply, or ""
	Rcpt      []SMTPRcpt `json:"rcpt"`
	ElapsedMS int64      `json:"elapsed_ms"`

	Steps smtp.Transcript `json:"-"` // what was said, for a picture
}

// SMTPTLS is the encryption with a host.
type SMTPTLS struct {
	Version  string   `json:"version"`
	Cipher   string   `json:"cipher"`
	Names    []string `json:"certificate_names"`
	Expires  string   `json:"expires"`
	Verified bool     `json:"verified"`
	Problem  string   `json:"problem"`

	KeyType    string          `json:"key_type"` // "rsa", "ecdsa", "ed25519", or ""
	KeyBits    int             `json:"key_bits"`
	Signature  string          `json:"signature"` // the algorithm by which the certificate is signed: "SHA256-RSA"
	Issuer     string          `json:"issuer"`
	NotBefore  string          `json:"not_before"`
	Chain      []SMTPChainLink `json:"chain"`      // as the server showed it, its own first
	RequireTLS bool            `json:"requiretls"` // REQUIRETLS is offered (RFC 8689)
}

// SMTPRcpt is what a host says to a recipient.
type SMTPRcpt struct {
	To     string `json:"to"`
	Reply  string `json:"reply"`
	Reason string `json:"reason"` // of codes
}

// Looked reports whether there was a server to ask.
func (f *SMTPFacts) Looked() bool { return len(f.Hosts) > 0 }

// Lines shows each visit: how far it got, the encryption, the recipients.
func (f *SMTPFacts) Lines() []diag.Line {
	var out []diag.Line
	for _, h := range f.Hosts {
		out = append(out, h.lines()...)
	}
	if len(f.Hosts) == 0 {
		out = append(out, diag.None(codes.Text{EN: "no server to ask", JA: "問い合わせ先のサーバーがありません"}))
	}
	if len(f.Hosts) > 0 && !f.Asked && !f.wanted {
		out = append(out, diag.Say(codes.Text{EN: "the recipient was not asked about; --rcpt asks", JA: "宛先そのものについては問い合わせていません(--rcpt で問い合わせます)"}))
	}
	if f.Vantage != "" {
		out = append(out, diag.Say(codes.Text{EN: "no mail server can be reached from here; port 25 may be blocked in our own network",
			JA: "ここからはどのメールサーバーにも接続できません。実行環境の25番ポートが遮断されている可能性があります"}))
	}
	return out
}

func (h SMTPHost) lines() []diag.Line {
	out := []diag.Line{diag.Say(codes.Text{EN: "{host} [{address}]  {ms} ms", JA: "{host} [{address}]  {ms}ミリ秒"},
		codes.Str("host", h.Host), codes.Str("address", h.Address), codes.Num("ms", int(h.ElapsedMS)))}
	switch {
	case h.Stage == string(codes.StageConnect) && h.Reply != "":
		out = append(out, diag.Show("{reply}", codes.Str("reply", h.Reply)).By(2))
	case h.Banner != "":
		out = append(out, diag.Show("220 {banner}", codes.Str("banner", h.Banner)).By(2))
	}
	switch {
	case h.TLS != nil:
		out = append(out, h.TLS.line().By(2))
	case len(h.EHLO) > 0:
		out = append(out, diag.Say(codes.Text{EN: "no TLS", JA: "TLSなし"}).By(2))
	}
	for _, r := range h.Rcpt {
		out = append(out, diag.Show("{to} → {reply}", codes.Str("to", r.To), codes.Str("reply", r.Reply)).By(2))
	}
	return out
}

// line shows the encryption; the certificate's first three names are enough to know it.
func (s *SMTPTLS) line() diag.Line {
	l := diag.Say(codes.Text{EN: "{version} · {names} · valid to {expires} · ", JA: "{version} · {names} · 有効期限 {expires} · "},
		codes.Str("version", s.Version), codes.Str("names", strings.Join(s.Names[:min(len(s.Names), 3)], " ")),
		codes.Str("expires", s.Expires[:min(len(s.Expires), len("2006-01-02"))]))
	if s.Verified {
		return l.And(codes.Text{EN: "certificate in order", JA: "証明書は有効"})
	}
	return l.And(codes.Text{EN: "certificate not trusted", JA: "証明書を検証できません"})
}
