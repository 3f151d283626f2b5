package lab

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// mailboxPorts are those of IMAP and POP3; true stands for TLS from the first octet.
var mailboxPorts = map[uint16]bool{143: false, 993: true, 110: false, 995: true}

// serveMailbox shows the mailboxes to one client.
func (h *host) serveMailbox(c net.Conn, port uint16) {
	secure, err := h.tls()
	if err != nil {
		return
	}
	if mailboxPorts[port] {
		c, secure = tls.Server(c, secure), nil
	}
	if port == 143 || port == 993 {
		h.servers.boxes.serveIMAP(c, secure)
		return
	}
	h.servers.boxes.servePOP3(c, secure)
}

// arrived puts a mail that a receiver took into the mailboxes of its recipients, or sends it back.
func (s *session) arrived(m Message) {
	boxes := &s.host.servers.boxes
	for _, to := range m.To {
		if reply := s.host.BouncesLater; reply != "" {
			if m.From != "" && !hasParameter(to.Args, "NOTIFY=NEVER") {
				boxes.deliver(m.From, inbox, bounce(m, to, reply), true)
			}
			continue
		}
		folder, judged := inbox, "spf=pass smtp.mailfrom="+domainPart(m.From)+"; dkim=none; dmarc=pass header.from="+domainPart(m.From)
		if s.host.Junk {
			folder, judged = junk, "spf=fail smtp.mailfrom="+domainPart(m.From)+"; dkim=none; dmarc=fail header.from="+domainPart(m.From)
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "Return-Path: <%s>\r\nAuthentication-Results: %s; %s\r\nReceived: from %s by %s with ESMTP\r\n\tfor <%s>; %s\r\n",
			m.From, s.host.Name, judged, m.Hello, s.host.Name, to.Address, m.At.Format(time.RFC1123Z))
		b.Write(m.Data)
		boxes.deliver(to.Address, folder, b.Bytes(), false)
	}
}

func domainPart(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

func hasParameter(args []string, wanted string) bool {
	for _, a := range args {
		if strings.EqualFold(a, wanted) {
			return true
		}
	}
	return false
}

// parameter is the value of an ESMTP parameter in plain text (xtext, RFC 3461 §4), "" where there is none.
func parameter(args []string, name string) string {
	for _, a := range args {
		word, value, _ := strings.Cut(a, "=")
		if strings.EqualFold(word, name) {
			return plainText(value)
		}
	}
	return ""
}

// plainText decodes xtext; what is no such text stays.
func plainText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '+' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil && n > ' ' && n < 0x7f {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// bounce is the notice that a receiver sends back (RFC 3464), with the header of the mail.
func bounce(m Message, to Recipient, reply string) []byte {
	reply = strings.ReplaceAll(reply, "{to}", to.Address)
	_, status, _ := strings.Cut(reply, " ")
	status, _, _ = strings.Cut(status, " ")
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("Return-Path: <>")
	line("Date: %s", m.At.Format(time.RFC1123Z))
	line("From: Mail Delivery System <MAILER-DAEMON@%s>", m.Host)
	line("To: <%s>", m.From)
	line("Subject: Undelivered Mail Returned to Sender")
	line("Auto-Submitted: auto-replied")
	line("MIME-Version: 1.0")
	line("Content-Type: multipart/report; report-type=delivery-status; boundary=lab\r\n\r\n--lab\r\nContent-Type: text/plain\r\n")
	line("The mail to <%s> was taken and could not be delivered:\r\n\r\n  %s\r\n", to.Address, reply)
	line("--lab\r\nContent-Type: message/delivery-status\r\n")
	line("Reporting-MTA: dns; %s", m.Host)
	if id := parameter(m.MailArgs, "ENVID"); id != "" {
		line("Original-Envelope-Id: %s", id)
	}
	line("Arrival-Date: %s\r\n", m.At.Format(time.RFC1123Z))
	if original := parameter(to.Args, "ORCPT"); original != "" {
		line("Original-Recipient: %s", original)
	}
	line("Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: %s\r\nRemote-MTA: dns; store.%s", to.Address, status,
		domainPart(to.Address))
	line("Diagnostic-Code: smtp; %s\r\n\r\n--lab\r\nContent-Type: text/rfc822-headers\r\n", reply)
	header, _, _ := bytes.Cut(m.Data, []byte("\r\n\r\n"))
	b.Write(header)
	line("\r\n--lab--")
	return b.Bytes()
}
