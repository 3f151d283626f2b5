package altered_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag/altered"
	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// TestSeveral: two and three changes of one mail are all told, with certainty.
func TestSeveral(t *testing.T) {
	t.Parallel()
	prefix := sub(`(?m)^Subject: `, "Subject: [tea] ")
	munge := sub(`(?m)^From: (.*) <(.*)>\r$`, "From: $1 via Tea <tea@lists.test>\r\nReply-To: $1 <$2>\r")
	banner := func(m string) string {
		h, b := cut(m)
		return h + "\r\n[EXTERNAL] careful\r\n\r\n" + b
	}
	quoted := func(m string) string {
		m, _ = toQP(m, "utf8", forms[0])
		return m
	}
	for name, c := range map[string]struct {
		shape  string
		change func(string) string
		want   []altered.Kind
	}{
		"as lists do": {"plain", func(m string) string { return munge(prefix(m)) + listFooter },
			[]altered.Kind{altered.SubjectPrefixed, altered.FromRewritten, altered.ReplyToAdded, altered.FooterAdded}},
		"both ends": {"utf8", func(m string) string { return banner(m) + listFooter }, []altered.Kind{altered.BannerAdded,
			altered.FooterAdded}},
		"encoded, footer": {"utf8", func(m string) string { return quoted(m) + listFooter }, []altered.Kind{altered.EncodingChanged,
			altered.FooterAdded}},
		"footer, encoded": {"utf8", func(m string) string { return quoted(m + listFooter) }, []altered.Kind{altered.EncodingChanged,
			altered.FooterAdded}},
		"behind all parts": {"attached", func(m string) string { return m + listFooter }, []altered.Kind{altered.FooterAdded}},
		"before all parts": {"attached", banner, []altered.Kind{altered.BannerAdded}},
		"both ends of HTML": {"html", func(m string) string {
			return oneOf(`</body>`, notice+"</body>")(oneOf(`(<body[^>]*>)`, "${1}<div>CAUTION: external</div>")(m))
		}, []altered.Kind{altered.HTMLBannerAdded, altered.HTMLFooterAdded}},
	} {
		for _, f := range forms[:depth(1, 3, 3)] {
			i := slices.IndexFunc(shapes(), func(s shape) bool { return s.name == c.shape })
			a, _ := find(t, c.change(f.sign(t, shapes()[i].text)))
			for _, k := range c.want {
				if !slices.ContainsFunc(a.Changes, func(x altered.Change) bool { return x.Kind == k && x.Certain }) {
					t.Errorf("%s: %s is missing: %s", name, k, short(a))
				}
			}
			for _, x := range a.Changes {
				if !slices.Contains(c.want, x.Kind) && x.Kind != altered.EncodingField {
					t.Errorf("%s: %s is too much: %s", name, x.Kind, short(a))
				}
			}
		}
	}
}

// TestSuspectsKeepOrder: fields that stand twice are told in the same order in each run.
func TestSuspectsKeepOrder(t *testing.T) {
	t.Parallel()
	twice := strings.Repeat("From: a@shop.test\r\nSubject: tea\r\nDate: Fri, 27 Nov 2026 10:00:00 +0900\r\nTo: b@shop.test\r\n"+
		"Cc: c@shop.test\r\nMessage-ID: <1@shop.test>\r\n", 2)
	raw := mail.Cut([]byte("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=shop.test; s=e;\r\n" +
		" h=From:From:Subject:Subject:Date:Date:To:To:Cc:Cc:Message-ID:Message-ID;\r\n" +
		" bh=" + strings.Repeat("eHh4", 10) + "eHg=" + "; b=" + strings.Repeat("eHh4", 21) + "eA==\r\n" + twice + "\r\nHello\r\n"))
	z := zone{"e._domainkey.shop.test": record(keys().ed)}
	sig := dkim.Verify(context.Background(), z, raw, dkim.Options{}).Signatures[0]
	for range 8 { // the order of a map is seldom the same eight times
		var got []string
		for _, c := range altered.Find(context.Background(), raw, sig, altered.Limits{Headers: 20, Time: time.Minute}).Changes {
			if c.Kind == altered.FieldAdded {
				got = append(got, c.Field)
			}
		}
		if s := strings.Join(got, " "); s != "From Subject Date To Cc Message-ID" {
			t.Fatalf("%q", s)
		}
	}
}
