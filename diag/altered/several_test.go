package altered_test

import (
	"slices"
	"testing"

	"todoku/diag/altered"
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
		for _, f := range forms[:3] {
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
