package campaign_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/lab"
	"todoku/diag/provider"
	"todoku/diag/world"
)

// judged looks at a campaign of the lab.
func judged(t *testing.T, w *world.World, c lab.Campaign) *campaign.Assessment {
	t.Helper()
	file, err := campaign.Parse(c.Name+".yaml", []byte(c.File))
	if err != nil {
		t.Fatal(err)
	}
	env := w.Run()
	list := func(yield func(campaign.Line, error) bool) {
		for _, l := range file.Recipients.List {
			if !yield(l, nil) {
				return
			}
		}
	}
	census, err := campaign.Count(t.Context(), env, list, file.Recipients.Counts, campaign.CountOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := campaign.Judge(t.Context(), env, file, campaign.Options{Mail: []byte(c.Mail), Census: census, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// breaks says for each campaign of the lab what it fails: what providers ask for, whoever does.
func breaks() map[string]string {
	return map[string]string{
		"healthy":       "",
		"no-spf":        "spf spf_from",
		"spf-ip":        "spf spf_from spf_not_fail",
		"no-dkim":       "dkim",
		"dkim-short":    "dkim key_bits",
		"no-dmarc":      "dmarc dmarc_pass",
		"unaligned":     "alignment dkim_alignment dmarc_pass",
		"no-ptr":        "ptr ptr_named",
		"generic-ptr":   "ptr_named",
		"no-tls":        "tls",
		"bare-helo":     "helo",
		"no-mx":         "dns dns_mx",
		"no-one-click":  "one_click",
		"no-message-id": "format",
		"large":         "size",
		"long-line":     "line",
		"bad-list":      "",
	}
}

// TestEveryDefectAtItsProviders: a campaign with one defect fails exactly where a provider asks for it, with the reply that the
// provider is documented or inferred to give; the healthy one passes everywhere.
func TestEveryDefectAtItsProviders(t *testing.T) {
	t.Parallel()
	w, err := world.Open(t.Context(), world.Options{Lab: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	for _, c := range lab.Campaigns() {
		name := strings.TrimPrefix(c.Name, "campaign-")
		if name == "silent" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needs, known := breaks()[name]
			if !known {
				t.Fatal("say what it breaks")
			}
			a := judged(t, w, c)
			for _, r := range a.Requirements {
				compare(t, r, slices.Contains(strings.Fields(needs), r.Fact.Needs) && holds(c, r), name == "healthy")
			}
			if want := strings.Fields(needs); len(want) > 0 && (a.Status() != diag.Fail && name != "no-one-click" || len(a.Fixes) == 0) {
				t.Errorf("status %s, %d fixes", a.Status(), len(a.Fixes))
			}
		})
	}
}

// compare holds one requirement against what the campaign breaks.
func compare(t *testing.T, r *campaign.Requirement, broken, healthy bool) {
	t.Helper()
	where := r.Provider + " " + r.ID()
	switch {
	case broken != (r.Status == campaign.Fail):
		t.Errorf("%s: %s (%s)", where, r.Status, r.Why.EN)
	case r.Status == campaign.Unknown:
		t.Errorf("%s: unknown: %v", where, r.Err)
	case r.Status != campaign.Fail && (r.Reply.Is() || r.DeliveryCode != "" || r.Breach != ""):
		t.Errorf("%s: %s with a reply", where, r.Status)
	case r.Status == campaign.Fail:
		expect(t, where, r)
	case healthy && r.Status == campaign.Pass && r.Fact.Layer == provider.LayerDNS && len(r.Evidence) == 0:
		t.Errorf("%s: passes without evidence", where)
	}
}

// holds reports whether a demand about the size holds for the campaign: limits differ.
func holds(c lab.Campaign, r *campaign.Requirement) bool {
	return r.Fact.Needs != "size" || float64(len(c.Mail)) > r.Fact.Max*(1<<20)
}

// expect holds a broken requirement against the page of its provider.
func expect(t *testing.T, where string, r *campaign.Requirement) {
	t.Helper()
	want := r.Fact.Expected()
	switch {
	case r.Reply.Code != want.Code || r.Reply.Enhanced != want.Enhanced || r.Reply.Certainty != want.Certainty:
		t.Errorf("%s: reply %+v, want %+v", where, r.Reply, want)
	case strings.ContainsAny(r.Reply.Text, "{}"):
		t.Errorf("%s: a place is open in %q", where, r.Reply.Text)
	case r.Breach.Accepts() && r.DeliveryCode != "40000", want.Is() && r.DeliveryCode != want.DeliveryCode():
		t.Errorf("%s: delivery code %q", where, r.DeliveryCode)
	case r.Why.IsZero():
		t.Errorf("%s: nothing says why", where)
	case len(r.Findings) == 0 && r.Fix.IsZero():
		t.Errorf("%s: nothing says what to do", where)
	}
}

// TestPredictedReplies names some replies in full.
func TestPredictedReplies(t *testing.T) {
	t.Parallel()
	w, err := world.Open(t.Context(), world.Options{Lab: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	for _, want := range []struct{ campaign, provider, id, reply, code string }{
		{"no-spf", "gmail", "spf", "550 5.7.27", "42550"},
		{"no-spf", "outlook", "spf", "550 5.7.515", "42550"},
		{"no-spf", "docomo", "spf", "", "40000"},
		{"no-spf", "orange_laposte", "orange_spf", "550 ", "42550"},
		{"no-dkim", "gmail", "dkim", "550 5.7.30", "42550"},
		{"no-dmarc", "gmail", "dmarc", "550 5.7.40", "42550"},
		{"spf-ip", "gmx_webde", "spf_not_fail", "550 ", "42550"},
		{"no-ptr", "gmail", "ptr", "550 5.7.25", "42550"},
		{"no-ptr", "comcast", "ptr", "421 ", "42421"},
		{"no-ptr", "netease", "ptr", "553 ", "42553"},
		{"no-mx", "softbank", "dns", "553 ", "42553"},
		{"no-one-click", "gmail", "one_click", "", "40000"},
		{"long-line", "docomo", "line", "500 ", "42500"},
	} {
		c, _ := lab.FindCampaign(want.campaign)
		found := false
		for _, r := range judged(t, w, c).Requirements {
			if r.Provider != want.provider || r.ID() != want.id {
				continue
			}
			found = true
			reply := ""
			if r.Reply.Is() {
				reply = strings.Join([]string{itoa(r.Reply.Code), r.Reply.Enhanced}, " ")
			}
			if r.Status != campaign.Fail || reply != want.reply || r.DeliveryCode != want.code {
				t.Errorf("%s: %s %s: %s, %q, %q", want.campaign, want.provider, want.id, r.Status, reply, r.DeliveryCode)
			}
		}
		if !found {
			t.Errorf("%s: no requirement %s %s", want.campaign, want.provider, want.id)
		}
	}
}

// TestSilentTwin: where DNS says nothing of the sender, nothing of DNS passes and nothing fails.
func TestSilentTwin(t *testing.T) {
	t.Parallel()
	w, err := world.Open(t.Context(), world.Options{Lab: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	c, _ := lab.FindCampaign("silent")
	a := judged(t, w, c)
	for _, r := range a.Requirements {
		dns := r.Fact.Layer == provider.LayerDNS || r.Fact.Needs == "alignment" || r.Fact.Needs == "dkim_alignment"
		switch {
		case r.Status == campaign.Fail:
			t.Errorf("%s %s: fail: %s", r.Provider, r.ID(), r.Why.EN)
		case dns && r.Status == campaign.Pass:
			t.Errorf("%s %s: pass: %s", r.Provider, r.ID(), r.Why.EN)
		case r.Status == campaign.Unknown && r.Err == nil:
			t.Errorf("%s %s: unknown without a cause: %s", r.Provider, r.ID(), r.Why.EN)
		}
	}
	if a.Status() != diag.Unknown {
		t.Errorf("status %s", a.Status())
	}
}

// TestNobodyAnswers: without DNS nothing of DNS passes or fails, and the providers are those whose own domains are named.
func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	w, err := world.Open(t.Context(), world.Options{Servers: []string{"127.0.0.1:1"}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	c, _ := lab.FindCampaign("healthy")
	a := judged(t, w, c)
	if a.Status() != diag.Unknown || a.Census.Suspected(campaign.FaultUnknown) != a.Census.Total || len(a.Providers) < 10 {
		t.Errorf("status %s, %d of %d unknown, %d providers", a.Status(), a.Census.Suspected(campaign.FaultUnknown), a.Census.Total,
			len(a.Providers))
	}
	for _, r := range a.Requirements {
		offDNS := r.Fact.Decider() == "headers" || r.Fact.Decider() == "smtp"
		if r.Status == campaign.Fail || r.Status == campaign.Pass && !offDNS {
			t.Errorf("%s %s: %s", r.Provider, r.ID(), r.Status)
		}
	}
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}
