package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"todoku/sender/history"
)

func newHostile(t *testing.T, r *rand.Rand) *hostile {
	t.Helper()
	return &hostile{t: t, r: r, dir: t.TempDir(), server: hostileServer(t)}
}

// renew makes a new history.
func (h *hostile) renew() {
	h.t.Helper()
	ctx, name := h.t.Context(), filepath.Join(h.dir, fmt.Sprintf("history%d.db", h.given))
	s, err := history.Open(ctx, name)
	if err != nil {
		h.t.Fatal(err)
	}
	h.kept = h.line()
	for i := range 6 {
		id := fmt.Sprintf("id%d%s", i, h.word())
		row := history.Sending{ID: id, Kind: h.word(), Sender: "news@a.test", Name: h.line(), Recipient: h.word() + "@b.test",
			Cc: []string{h.line()}, ErrorsTo: h.word(), Subject: h.line(), MessageID: h.line(), EnvelopeID: h.line()}
		if i == 5 {
			row.ID, row.Recipient, row.Subject = "06last", "user@b.test", h.kept
		}
		out := history.Outcome{Result: history.Failed, Code: "42553", Reason: h.word(), Reply: "550 " + h.text(),
			MX: h.word(), Via: h.word(), Address: h.word(), Transcript: []byte(`[{"steps":[{"sent":"x\u001b[35m\u202e"}]}]`)}
		if err := s.Begin(ctx, row); err != nil {
			h.t.Fatal(err)
		}
		if err := s.Finish(ctx, row.ID, out); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		h.t.Fatal(err)
	}
	h.history = name
}

// zone is a file with records that hold hostile text, octet by octet.
func (h *hostile) zone() string {
	var b strings.Builder
	octets := func(s string) string {
		var e strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&e, `\%03d`, s[i])
		}
		return e.String()
	}
	short := func() string { w := h.word(); return octets(w[:min(len(w), 40)]) }
	for _, d := range []string{"a.test.", "b.test."} {
		fmt.Fprintf(&b, "%s TXT \"v=spf1 include:%s.test exp=e.%s ip4:%s -all\"\n", d, short(), d, short())
		fmt.Fprintf(&b, "e.%s TXT \"%s\"\n%s TXT \"%s\"\n%s MX 10 %s.mx.test.\n", d, short(), d, short(), d, short())
		fmt.Fprintf(&b, "_mta-sts.%s TXT \"v=STSv1; id=%s; %s=x\"\n", d, short(), short())
		fmt.Fprintf(&b, "_smtp._tls.%s TXT \"v=TLSRPTv1; rua=%s,https://%s; %s\"\n", d, short(), short(), short())
		fmt.Fprintf(&b, "_dmarc.%s TXT \"v=DMARC1; p=%s; rua=mailto:%s\"\ns1._domainkey.%s TXT \"v=DKIM1; k=%s; n=%s; p=%s\"\n", d, short(),
			short(), d, short(), short(), short())
	}
	fmt.Fprintf(&b, "7.2.0.192.in-addr.arpa. PTR %s.test.\n", short())
	return h.file("zone", b.String())
}

// bounce is a notice of which every field is hostile.
func (h *hostile) bounce() string {
	return fmt.Sprintf("From: %s <mailer@b.test>\nTo: %s\nSubject: %s\nMIME-Version: 1.0\nContent-Type: "+
		"multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n%s\n550 5.1.1 %s\n"+
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; %s\n\nOriginal-Recipient: "+
		"rfc822;%s\nFinal-Recipient: rfc822;%s@b.test\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; %s\nDiagnostic-Code: smtp; 550 5.1.1 %s\n"+
		"--b\nContent-Type: message/rfc822\n\n%s\n--b--\n", h.line(), h.line(), h.line(), h.text(), h.line(), h.line(),
		h.line(), h.word(), h.line(), h.line(), h.mail())
}

// mail is a mail with a hostile header.
func (h *hostile) mail() string {
	return fmt.Sprintf("From: news@a.test\nTo: %s <user@b.test>\nSubject: %s\nMessage-ID: <%s@a.test>\nDKIM-Signature: "+
		"v=1; d=%s; s=%s; h=from; bh=x; b=x\nReceived: from %s by %s; Mon, 23 Nov 2026 09:00:00 +0900\n\n%s\n",
		h.line(), h.line(), h.word(), h.word(), h.word(), h.word(), h.word(), h.text())
}

// folder is a directory of notices.
func (h *hostile) folder() string {
	dir := filepath.Join(h.dir, fmt.Sprintf("mails%d", h.given))
	if err := os.Mkdir(dir, 0o700); err != nil {
		h.t.Fatal(err)
	}
	for i := range 4 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d\x1b[35m\u202e.eml", i)), []byte(h.bounce()), 0o600); err != nil {
			h.t.Fatal(err)
		}
	}
	return dir
}

// rules is a file of own rules whose words are hostile.
func (h *hostile) rules() string {
	quoted := func() string {
		return `"` + "x\\e[35m\\u202e\\u200b\\x9b\\x07`" + strings.Repeat("w", h.r.IntN(5)) + `"`
	}
	h.given += 3
	return h.file("rules.yaml",
		fmt.Sprintf("- id: own-1\n  match: hostile words\n  example: 550 5.7.1 hostile words\n  reason: spam\n  en: %s\n  ja: %s\n  from: %s\n",
			quoted(), quoted(), quoted()))
}

// hostileServer takes mail and answers with hostile words; every second mail is refused.
func hostileServer(t *testing.T) string {
	t.Helper()
	l := listen(t)
	var n atomic.Uint64
	accept(t, l, func(c net.Conn) {
		i := n.Add(1)
		answer(c, rand.New(rand.NewPCG(i, 7)), i%2 == 1)
	})
	return l.Addr().String()
}

func answer(conn net.Conn, r *rand.Rand, refuse bool) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	say := func(code string) {
		word := oneLine.Replace(pieces[r.IntN(len(pieces))] + pieces[r.IntN(len(pieces))])
		fmt.Fprintf(conn, "%s-%s%s\r\n%s %s\r\n", code[:3], code[3:], word, code, word)
	}
	say("220")
	in := bufio.NewScanner(conn)
	for data := false; in.Scan(); {
		line := strings.ToUpper(in.Text())
		switch {
		case data && line != ".":
		case data:
			data = false
			say("250")
		case strings.HasPrefix(line, "RCPT") && refuse:
			say("550 5.1.1 ")
		case line == "DATA":
			data = true
			say("354")
		case line == "QUIT":
			say("221")
			return
		default:
			say("250")
		}
	}
}
