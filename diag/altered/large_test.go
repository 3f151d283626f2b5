package altered_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"todoku/diag/altered"
	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// TestLarge: what is usual is also found in large mails, within the usual limits but that of time.
func TestLarge(t *testing.T) {
	t.Parallel()
	head := top + "Message-ID: <l@shop.test>\r\nSubject: catalogue\r\nMIME-Version: 1.0\r\n"
	var rows strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&rows, "<tr><td>%d</td><td>tea of the %dth garden</td></tr>\r\n\r\n", i, i)
	}
	html := head + "Content-Type: text/html; charset=us-ascii\r\n\r\n<html><body>\r\n<table>\r\n" + rows.String() +
		"</table>\r\n</body></html>\r\n"
	pdf := b64(strings.Repeat("%PDF\x00\x01\x02", 600_000))
	files := head + "Content-Type: multipart/mixed; boundary=bb\r\n\r\n" + joinParts("bb",
		"Content-Type: text/plain\r\n\r\nSee the file.\r\n\r\nBye\r\n",
		"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"+pdf)
	for _, c := range []struct {
		text, from, to string
		kind           altered.Kind
	}{
		{html, "</body>", "<p>checked</p></body>", altered.HTMLFooterAdded},
		{html, "<body>", "<body><p>[EXTERNAL]</p>", altered.HTMLBannerAdded},
		{html, "</html>\r\n", "</html>\r\n<p>footer</p>\r\n", altered.HTMLFooterAdded},
		{files, "Bye\r\n", "Bye\r\n\r\n____\r\nlist\r\n", altered.FooterAdded},
		{files, "See the", "[EXTERNAL] careful\r\nSee the", altered.BannerAdded},
		{files, "--bb--", "--bb\r\nContent-Type: text/plain\r\n\r\nlist footer\r\n--bb--", altered.FooterPartAdded},
	} {
		raw := mail.Cut([]byte(strings.Replace(forms[0].sign(t, c.text), c.from, c.to, 1)))
		report := dkim.Verify(context.Background(), zone{"r._domainkey.shop.test": record(keys().rsa)}, raw, dkim.Options{})
		a := altered.Find(context.Background(), raw, report.Signatures[0], altered.Limits{Time: bounds.Time})
		if len(a.Changes) != 1 || a.Changes[0].Kind != c.kind || !a.Changes[0].Certain {
			t.Errorf("%s of %d octets: %s", c.kind, len(raw.Body), short(a))
		}
	}
}
