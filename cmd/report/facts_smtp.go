package report

import (
	"fmt"
	"strings"

	"todoku/codes"
	"todoku/diag/check"
)

// smtp shows each visit: how far it got, the encryption, the recipients.
func (t *text) smtp(f *check.SMTPFacts) []seen {
	var out []seen
	for _, h := range f.Hosts {
		line := h.Host + " [" + h.Address + "]  " + fmt.Sprintf(t.tr("%d ms", "%dミリ秒"), h.ElapsedMS)
		out = append(out, seen{text: shown(line)})
		switch {
		case h.Stage == string(codes.StageConnect) && h.Reply != "":
			out = append(out, seen{text: shown(h.Reply), indent: 2})
		case h.Banner != "":
			out = append(out, seen{text: "220 " + shown(h.Banner), indent: 2})
		}
		switch {
		case h.TLS != nil:
			mark := t.tr("certificate in order", "証明書は有効")
			if !h.TLS.Verified {
				mark = t.tr("certificate not trusted", "証明書を検証できません")
			}
			names := strings.Join(h.TLS.Names[:min(len(h.TLS.Names), 3)], " ")
			out = append(out, seen{text: shown(h.TLS.Version + " · " + names + " · " + t.tr("valid to ", "有効期限 ") + day(h.TLS.Expires) + " · " + mark), indent: 2})
		case len(h.EHLO) > 0:
			out = append(out, seen{text: t.tr("no TLS", "TLSなし"), indent: 2})
		}
		for _, r := range h.Rcpt {
			out = append(out, seen{text: shown(r.To + " → " + r.Reply), indent: 2})
		}
	}
	if len(f.Hosts) == 0 {
		out = append(out, seen{text: t.tr("no server to ask", "問い合わせ先のサーバーがありません")})
	}
	if f.Vantage != "" {
		out = append(out, seen{text: t.tr("no mail server can be reached from here; port 25 may be blocked in our own network", "ここからはどのメールサーバーにも接続できません。こちらの25番ポートが遮断されている可能性があります")})
	}
	return out
}

// day is the date of a time in RFC 3339.
func day(s string) string { return s[:min(len(s), len("2006-01-02"))] }
