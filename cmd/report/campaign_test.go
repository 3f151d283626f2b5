package report

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/lab"
	"todoku/diag/provider"
	worlds "todoku/diag/world"
)

// assessed looks at a campaign of the lab.
func assessed(t *testing.T, name string) *campaign.Assessment {
	t.Helper()
	c, ok := lab.FindCampaign(name)
	if !ok {
		t.Fatal(name)
	}
	w, err := worlds.Open(t.Context(), worlds.Options{Lab: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	file, err := campaign.Parse(name, []byte(c.File))
	if err != nil {
		t.Fatal(err)
	}
	list := func(yield func(campaign.Line, error) bool) {
		for _, l := range file.Recipients.List {
			if !yield(l, nil) {
				return
			}
		}
	}
	env := w.Run()
	census, err := campaign.Count(t.Context(), env, list, file.Recipients.Counts, campaign.CountOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := campaign.Judge(t.Context(), env, file, campaign.Options{Mail: []byte(c.Mail), Census: census, Now: env.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// campaignAs prints one.
func campaignAs(t *testing.T, f page.Format, o Options, a *campaign.Assessment) string {
	t.Helper()
	var b bytes.Buffer
	if err := writeAll(Campaigns, f, &b, o, []*campaign.Assessment{a}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestCampaignWithinTheScreen: no line is wider than the screen but a record or a command to paste, in both languages.
func TestCampaignWithinTheScreen(t *testing.T) {
	t.Parallel()
	r := page.NewRuler()
	for _, name := range []string{"no-spf", "bad-list", "silent", "no-one-click"} {
		a := assessed(t, name)
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			for _, width := range []int{50, 79, 80, 120} {
				out := campaignAs(t, "text", Options{Lang: lang, Width: width, Again: codes.Todoku("check", "campaign", "FILE")}, a)
				for line := range strings.Lines(out) {
					if got := r.StringWidth(strings.TrimRight(line, "\n")); got > width && !strings.Contains(line, " IN TXT ") {
						t.Errorf("%s, %s at %d: %d columns: %s", name, lang, width, got, line)
					}
				}
			}
		}
	}
}

// TestCampaignCSV: each requirement is a row ("csv").
func TestCampaignCSV(t *testing.T) {
	t.Parallel()
	a := assessed(t, "no-dkim")
	rows, err := csv.NewReader(strings.NewReader(campaignAs(t, "csv", Options{Lang: codes.English}, a))).ReadAll()
	if err != nil || len(rows) != len(a.Requirements)+1 {
		t.Fatalf("%d rows of %d requirements, %v", len(rows), len(a.Requirements), err)
	}
	reply := slices.Index(rows[0], "reply")
	if !slices.ContainsFunc(rows, func(row []string) bool {
		return row[0] == "gmail" && row[1] == "dkim" && strings.HasPrefix(row[reply], "550 5.7.30 ")
	}) {
		t.Errorf("no reply of Gmail in %v", rows)
	}
}

// TestCampaignTellsTheFirstFix: the change that wins the most recipients comes first, with its record.
func TestCampaignTellsTheFirstFix(t *testing.T) {
	t.Parallel()
	a := assessed(t, "no-dmarc")
	if len(a.Fixes) != 1 || a.Fixes[0].Finding == nil || a.Fixes[0].Finding.Rule.ID != "dmarc-none" || a.Fixes[0].Wins < 20_000 {
		t.Fatalf("%+v", a.Fixes)
	}
	out := campaignAs(t, "text", Options{Lang: codes.English}, a)
	if !strings.Contains(out, "_dmarc.no-dmarc.test. IN TXT ") || !strings.Contains(out, "550 5.7.40") {
		t.Errorf("%s", out)
	}
}

// TestCampaignOfHostileValues: what recipients, mails and servers hold reaches no terminal as it came.
func TestCampaignOfHostileValues(t *testing.T) {
	t.Parallel()
	evil := "\x1b[31m|`x`\u202e\n"
	a := &campaign.Assessment{Campaign: &campaign.Campaign{From: evil, Domain: "a.test"},
		Target: diag.Target{Kind: "domain", Name: "a.test", ASCII: "a.test"},
		Census: &campaign.Census{Total: 1, Suspects: []campaign.Suspect{{Fault: campaign.FaultTypo, Count: 1,
			Examples: []campaign.Example{{Address: evil, Line: 1, Meant: "b.test"}}}}},
		Requirements: []*campaign.Requirement{{Provider: "gmail", Fact: provider.Fact{Needs: "spf"}, Status: campaign.Fail,
			Breach: provider.Refused,
			Why:    codes.Say(codes.Text{EN: "{x}", JA: "{x}"}, codes.Str("x", evil)),
			Reply:  provider.ExpectedReply{Code: 550, Text: evil}}},
		Providers: []campaign.Standing{{ID: "gmail", Name: codes.Same("Gmail"), Recipients: 1, Status: diag.Fail}}}
	for _, f := range Campaigns.Formats() {
		out := campaignAs(t, f, Options{Lang: codes.English}, a)
		if bytes.ContainsAny([]byte(out), "\x1b\u202e") {
			t.Errorf("%s: %q", f, out)
		}
	}
}

// TestCampaignOfNobody: without recipients and providers there is a document all the same.
func TestCampaignOfNobody(t *testing.T) {
	t.Parallel()
	a := &campaign.Assessment{Campaign: &campaign.Campaign{From: "a@b.test", Domain: "b.test"},
		Target: diag.Target{Kind: "domain", Name: "b.test", ASCII: "b.test"}}
	if out := campaignAs(t, "text", Options{Lang: codes.English}, a); !strings.Contains(out, "no recipient whose provider is known") {
		t.Errorf("%s", out)
	}
	if out := campaignAs(t, "json", Options{Lang: codes.Japanese}, a); !strings.Contains(out, `"recipients": null`) {
		t.Errorf("%s", out)
	}
}
