package check

import (
	"net/netip"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
)

// Envelope is what SPF needs of the session in which a mail came (RFC 7208 §2.4). What is not known is "" or invalid.
type Envelope struct {
	IP         netip.Addr // of the server that handed the mail over
	HELO       string
	MailFrom   string
	NullSender bool // MailFrom is known to be empty
	By         string
	Source     Source
	border     int // the place in Raw.Fields of the field Received that tells; fields from there on may be the sender's
}

// Source says who told the envelope.
type Source string

// The sources of an envelope.
const (
	Given   Source = "given"   // the reader, on the command line
	Trusted Source = "trusted" // a server that the reader trusts
	Assumed Source = "assumed" // the newest server in the trace, which is taken for the reader's own
	Untold  Source = ""        // nobody
)

// Known reports whether SPF can be evaluated.
func (e Envelope) Known() bool {
	return e.IP.IsValid() && (e.MailFrom != "" || e.NullSender && e.HELO != "")
}

// findEnvelope finds the hop at which the mail came in from outside, and what is known of it.
func (m *Mail) findEnvelope(o MailOptions) {
	e := &m.Envelope
	e.border = len(m.Raw.Fields)
	i, source := m.border(o.TrustHosts)
	if i >= 0 {
		hop := m.Trace[i]
		*e = Envelope{IP: hop.IP, HELO: hop.HELO, By: hop.By, Source: source, border: hop.field}
		m.readSender(hop)
	}
	if o.IP.IsValid() {
		if o.IP != e.IP { // another session than the trace tells of
			*e = Envelope{border: e.border}
		}
		e.IP, e.Source = o.IP.Unmap(), Given
	}
	if o.MailFrom != "" || o.NullSender {
		e.setSender(o.MailFrom)
		e.NullSender = e.NullSender || o.NullSender
	}
	if o.HELO != "" {
		e.HELO = o.HELO
	}
}

// border is the place in the trace of the hop that came from outside, and who says so; -1 where nobody does. From the top
// the fields are those of the receiver's own servers, until one names a client that is none of them. Where all clients are,
// the first of them sent the mail.
func (m *Mail) border(trust []string) (at int, source Source) {
	at, source = -1, Trusted
	own := siblings(trust)
	if len(own) == 0 {
		source = Assumed
	}
	for i, hop := range m.Trace {
		switch {
		case hop.By == "" || !hop.IP.IsValid() || local(hop.IP): // handed on inside of the receiver's network
			continue
		case inside(hop.By):
		case len(own) == 0: // the newest server with a name
			own = siblings([]string{dmarc.Registered(strings.ToLower(hop.By))})
		case !within(hop.By, own):
			return settled(at, source)
		}
		if at = i; !hop.within(own) {
			return at, source
		}
	}
	return settled(at, source)
}

// settled is what border gives where no client from outside was met.
func settled(at int, source Source) (int, Source) {
	if at < 0 {
		return -1, Untold
	}
	return at, source
}

// within reports whether the client of a hop is one of the receiver's own servers. What it calls itself counts only where
// the server does not look up names, as Exchange does not: anybody may say anything in HELO.
func (h Hop) within(own []string) bool {
	if h.Name == "" && (strings.Contains(h.With, "Microsoft") || within(h.By, microsoft)) {
		return within(h.HELO, own)
	}
	return within(h.Name, own)
}

// microsoft has the domains of the servers of Exchange Online and Outlook.com, which write no name into
// Authentication-Results.
var microsoft = []string{"outlook.com", "office365.com", "exchangelabs.com"}

// siblings adds to domains those whose servers hand mail on to each other as one system.
func siblings(own []string) []string {
	for _, group := range [...][]string{microsoft, {"icloud.com", "me.com", "mac.com", "apple.com"}, {"docomo.ne.jp", "spmode.ne.jp"}} {
		if slices.ContainsFunc(own, func(d string) bool { return within(d, group) }) {
			own = slices.Concat(own, group)
		}
	}
	return own
}

// inside is a name that no server has outside of its own network.
func inside(host string) bool {
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && local(ip) || err != nil && !strings.Contains(strings.TrimSuffix(host, "."), ".") ||
		within(host, []string{"localhost", "localdomain", "local", "lan", "internal"})
}

// local is an address that nobody on the Internet sends from. Gmail writes its private ones as addresses of 6to4 (RFC 3056
// §2): 2002:a05:: is 10.5.0.0.
func local(ip netip.Addr) bool {
	if b := ip.As16(); ip.Is6() && b[0] == 0x20 && b[1] == 0x02 {
		ip = netip.AddrFrom4([4]byte(b[2:6]))
	}
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
}

// readSender finds the envelope sender that the server of a hop noted: in Return-Path, else in its field Received.
func (m *Mail) readSender(hop Hop) {
	e := &m.Envelope
	for _, f := range m.Raw.Fields[:hop.field] {
		if strings.EqualFold(f.Name, "Return-Path") {
			e.setSender(f.Value())
			return
		}
	}
	if e.setSender(hop.MailFrom); e.MailFrom != "" || e.NullSender {
		return
	}
	microsoftTold := strings.HasPrefix(m.Trace[0].With, "Microsoft SMTP Server")
	if !microsoftTold && !within(hop.By, microsoft) {
		return
	}
	// Exchange takes the field of others away, and writes its own below the fields of the sender.
	e.setSender(m.Raw.Get("Return-Path"))
	for _, f := range m.Raw.Fields[:hop.field] {
		_, from, ok := strings.Cut(f.Value(), " smtp.mailfrom=")
		if !ok || !strings.EqualFold(f.Name, "Authentication-Results") {
			continue
		}
		end := strings.IndexFunc(from+";", func(r rune) bool { return r <= ' ' || r == ';' })
		if from = from[:end]; from != "" && !strings.HasSuffix(strings.ToLower(e.MailFrom), "@"+strings.ToLower(from)) {
			e.setSender("@" + from[strings.LastIndexByte(from, '@')+1:])
		}
		return
	}
}

// setSender takes an envelope sender as it stands between angle brackets.
func (e *Envelope) setSender(text string) {
	text = strings.TrimSpace(text)
	e.NullSender = text == "<>"
	e.MailFrom = strings.Trim(text, "<> \t")
}

// line tells the envelope, and who says so.
func (e Envelope) line() diag.Line {
	from := e.MailFrom
	if e.NullSender {
		from = "<>"
	}
	if e.IP.IsValid() && !e.Known() {
		line := diag.Say(codes.Text{
			EN: "came from {ip}; the envelope sender is not known: give --mail-from (that of bounces is empty, and needs --helo)",
			JA: "送信元は {ip} ですが、エンベロープ送信者が分かりません。--mail-from で指定してください(バウンスメールの場合は空にし、--helo も指定します)"}, codes.Str("ip", e.IP.String()))
		line.Absent = true
		return line
	}
	if !e.Known() {
		return diag.None(codes.Text{
			EN: "the sending server is not known: give --ip, --mail-from and --helo, or name your own servers with --trust-host",
			JA: "送信元サーバーが分かりません。--ip、--mail-from、--helo を指定するか、受信側サーバーを --trust-host で指定してください"})
	}
	data := []codes.Datum{codes.Str("ip", e.IP.String()), codes.Str("from", from), codes.Str("by", e.By)}
	switch e.Source {
	case Trusted:
		return diag.Say(codes.Text{EN: "came from {ip}, envelope sender {from} (says {by}, trusted)",
			JA: "送信元 {ip}、エンベロープ送信者 {from}(信頼するサーバー {by} の記録)"}, data...)
	case Assumed:
		return diag.Say(codes.Text{EN: "came from {ip}, envelope sender {from} (says {by}, taken for the receiver's server)",
			JA: "送信元 {ip}、エンベロープ送信者 {from}({by} を受信側サーバーとみなしました)"}, data...)
	}
	return diag.Say(codes.Text{EN: "sent from {ip}, envelope sender {from}", JA: "送信元 {ip}、エンベロープ送信者 {from}"}, data[:2]...)
}
