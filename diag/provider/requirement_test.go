package provider

import (
	"slices"
	"strings"
	"testing"

	"todoku/codes"
)

// allPages reads all pages.
func allPages(t *testing.T) []Page {
	t.Helper()
	var out []Page
	for h := range Headings() {
		p, err := h.Page()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// TestRequirementsAreComplete: each demand has an id of its own, and says what becomes of a mail that does not meet it.
func TestRequirementsAreComplete(t *testing.T) {
	t.Parallel()
	for _, p := range allPages(t) {
		seen := map[string]bool{}
		for _, f := range p.Requirements() {
			where := p.ID + ": " + f.Key()
			if seen[f.Key()] {
				t.Errorf("%s: a second one; give it an id", where)
			}
			seen[f.Key()] = true
			switch r := f.Reply; {
			case !slices.Contains(Breaches(), f.Breach):
				t.Errorf("%s: breach %q: say one of %v", where, f.Breach, Breaches())
			case f.Breach == Refused && f.Expected().Code/100 != 5, f.Breach == Deferred && f.Expected().Code/100 != 4:
				t.Errorf("%s: %s with the reply %d", where, f.Breach, f.Expected().Code)
			case f.Breach != Refused && f.Breach != Deferred && r.Is():
				t.Errorf("%s: %s has no reply", where, f.Breach)
			case r.Is() && (r.Text == "" || !slices.Contains([]codes.Certainty{codes.Documented, codes.Observed, codes.Inferred}, r.Certainty)):
				t.Errorf("%s: a reply has text and certainty (%q): documented, observed or inferred", where, r.Certainty)
			}
		}
	}
}

// fitting are the reasons that a reply about a demand may have.
func fitting(needs string) []string {
	switch needs {
	case "spf", "spf_from", "spf_not_fail":
		return []string{"spf", "authentication"}
	case "dkim", "key_bits":
		return []string{"dkim", "authentication"}
	case "spf_or_dkim":
		return []string{"authentication", "spf", "dkim"}
	case "dmarc", "dmarc_pass", "dmarc_policy", "alignment", "dkim_alignment":
		return []string{"dmarc", "authentication"}
	case "ptr", "ptr_named":
		return []string{"reverse_dns"}
	case "helo":
		return []string{"helo"}
	case "dns", "dns_mx":
		return []string{"sender_refused"}
	case "tls":
		return []string{"tls_required"}
	case "size":
		return []string{"too_large"}
	case "line", "format", "address":
		return []string{"message_format"}
	case "complaints", "list_hygiene":
		return []string{"rate_limited", "ip_reputation"}
	}
	return nil
}

// stageOf is where a reply comes: a sender that is held back is told so when it connects.
func stageOf(f Fact) codes.Stage {
	if f.Layer == LayerTraffic {
		return codes.StageConnect
	}
	return codes.StageBody
}

// vague lists reasons that say nothing of the demand: a reply that is inferred, or that is read at one provider only, may have one.
var vague = []string{"policy", "spam", "recipient_refuses", "user_unknown"}

// TestExpectedRepliesAreUnderstood: what a provider is expected to answer is what codes reads as that provider's complaint about that
// demand.
func TestExpectedRepliesAreUnderstood(t *testing.T) {
	t.Parallel()
	known := wordings(t)
	n := 0
	for _, p := range allPages(t) {
		if len(p.Hosts) == 0 {
			continue
		}
		host := "mx." + strings.TrimPrefix(p.Hosts[0], "*.")
		for _, f := range p.Requirements() {
			r := f.Expected().Filled("example.jp", "example.jp", "192.0.2.7")
			if !r.Is() {
				continue
			}
			n++
			e, ok := codes.ParseEnhanced(r.Enhanced)
			if r.Enhanced != "" && !ok {
				t.Errorf("%s: %s: %q is no enhanced code", p.ID, f.Key(), r.Enhanced)
			}
			v := known.Classify(codes.Reply{Code: r.Code, Enhanced: e, Lines: []string{r.Text}}, codes.Context{Host: host, Stage: stageOf(f)})
			may := fitting(f.Needs)
			if r.Certainty == codes.Inferred || r.Certainty == codes.Observed {
				may = append(may, vague...)
			}
			if !slices.Contains(may, v.Reason.ID) {
				t.Errorf("%s: %s: “%d %s %s” means %s (rule %s), want one of %v", p.ID, f.Key(), r.Code, r.Enhanced, r.Text,
					v.Reason.ID, v.Rule, may)
			}
			if _, ok := known.Delivery(r.DeliveryCode()); !ok {
				t.Errorf("%s: %s: %q is no delivery code", p.ID, f.Key(), r.DeliveryCode())
			}
		}
	}
	if n < 80 {
		t.Errorf("%d replies are expected of all providers", n)
	}
}
