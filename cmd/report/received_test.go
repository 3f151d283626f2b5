package report

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/provider"
	"todoku/diag/resolve"
	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// received is what the reports of two weeks tell: own mail, a service half set up, one that is not known, a forger, TLS. say
// is what stands in all texts that come from outside.
func received(t *testing.T, say string) *sources.Result {
	t.Helper()
	tally := sources.New(sources.Options{})
	for day := range 15 {
		begin := noon.AddDate(0, 0, day-15).Truncate(24 * time.Hour)
		d := &aggregate.DMARC{Org: "google.com" + say, ID: fmt.Sprint(day, say), Begin: begin, End: begin.Add(24*time.Hour - time.Second),
			Policy: aggregate.Policy{Domain: "kaisha.test", P: "none", SP: say}}
		add := func(ip, envelope, spf, signer, selector, dkim string, n int64) {
			d.Rows = append(d.Rows, aggregate.Row{Source: netip.MustParseAddr(ip), Count: n, Disposition: "none", HeaderFrom: "kaisha.test",
				SPFResults: []aggregate.SPFResult{{Domain: envelope + say, Result: spf}}, DKIM: dkim, SPF: spf,
				DKIMResults: []aggregate.DKIMResult{{Domain: signer, Selector: selector + say, Result: dkim}}})
		}
		add("192.0.2.1", "kaisha.test", "pass", "kaisha.test", "s1", "pass", 100)
		add("192.0.2.2", "kaisha.test", "fail", "kaisha.test", "s2", "fail", 10)
		add("203.0.113.70", "mandrillapp.com", "pass", "mandrillapp.com", "m", "fail", 7)
		add("203.0.113.120", "sendgrid.net", "pass", "sendgrid.net", "s1", "fail", 5)
		add(fmt.Sprintf("198.18.0.%d", day+1), "kaisha.test", "fail", "kaisha.test", "junk", "fail", 9)
		tally.Add(&aggregate.Report{DMARC: d})
	}
	tally.Add(&aggregate.Report{TLS: &aggregate.TLS{Org: "google.com" + say, ID: "t" + say, Begin: noon.AddDate(0, 0, -1), End: noon,
		Policies: []aggregate.TLSPolicy{{Type: "sts", Domain: "kaisha.test", Successful: 90, Failed: 10, Failures: []aggregate.TLSFailure{
			{ResultType: "certificate-expired", ReceivingHost: "mx.kaisha.test" + say, Count: 10, Code: say}}}}}})
	z, err := resolve.ParseZone(strings.NewReader("kaisha.test. TXT \"v=spf1 ip4:192.0.2.1 include:spf.mandrillapp.com -all\"\n"+
		"spf.mandrillapp.com. TXT \"v=spf1 ip4:203.0.113.64/27 ?all\"\n_dmarc.kaisha.test. TXT \"v=DMARC1; p=none\"\n"), "z")
	if err != nil {
		t.Fatal(err)
	}
	dns, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	defer dns.Close()
	known, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := tally.Judge(t.Context(), sources.World{DNS: dns.Run(), Providers: known}, &sources.Change{P: "reject", Pct: 100}, noon)
	if err != nil {
		t.Fatal(err)
	}
	r.Inputs = []sources.Input{{File: "reports/" + say, Reports: 16, Others: 2, Notes: []sources.Note{{Place: "a.zip/" + say,
		Fault: aggregate.Fault{Kind: aggregate.Trailing, Count: 1}}}}}
	return r
}

// TestReceivedSaysTheSame: the text, Markdown and the page have the same sentences and commands, in both languages; and lines
// are no wider than the terminal.
func TestReceivedSaysTheSame(t *testing.T) {
	t.Parallel()
	r := received(t, "")
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		o := Options{Lang: lang, Now: noon}
		var text, markdown bytes.Buffer
		if err := receivedText(page.To(&text), o, r); err != nil {
			t.Fatal(err)
		}
		if err := receivedMarkdown(page.To(&markdown), o, r); err != nil {
			t.Fatal(err)
		}
		view := receivedHTML(r, o)
		plain := strings.Join(strings.Fields(text.String()), "")
		commands := 0
		for _, part := range view.Parts {
			for _, row := range part.Rows {
				if said := strings.Join(strings.Fields(row.Text), ""); !strings.Contains(plain, said) {
					t.Errorf("%s: the text lacks %q", lang, row.Text)
				}
				if row.Command.Text != "" {
					commands++
					if !strings.Contains(markdown.String(), row.Command.Text) {
						t.Errorf("%s: Markdown lacks %q", lang, row.Command.Text)
					}
				}
			}
		}
		if commands < 3 {
			t.Errorf("%s: only %d commands", lang, commands)
		}
		for line := range strings.Lines(text.String()) {
			if n := page.Columns(strings.TrimRight(line, "\n")); n > 80 {
				t.Errorf("%s: %d columns: %s", lang, n, line)
			}
		}
	}
}

// TestReceivedOffersNoValueOfOthers: what stands in a report comes into no command and no line of a config file but as a value
// of its kind.
func TestReceivedOffersNoValueOfOthers(t *testing.T) {
	t.Parallel()
	r := received(t, "'; rm -rf / #\"]}")
	for _, n := range asReceived(r, Options{Now: noon}).Domains[0].Next {
		if strings.Contains(n.Line, "rm") {
			t.Errorf("a command has it: %s", n.Line)
		}
	}
	if line := settingsLine(r.Domains[0]); strings.Contains(line, "rm") {
		t.Errorf("the config file would have it: %s", line)
	}
	if line := settingsLine(received(t, "").Domains[0]); line != `domains: {"kaisha.test": {selectors: ["s1"]}}` {
		t.Errorf("the line for the config file: %s", line)
	}
}

// TestReceivedPeriod: a period that has no begin, or no end, prints no time that nobody reported; few are named as one.
func TestReceivedPeriod(t *testing.T) {
	t.Parallel()
	r := received(t, "")
	r.Domains[0].First, r.Domains[0].Days = time.Time{}, 1
	var text bytes.Buffer
	if err := receivedText(page.To(&text), Options{Lang: codes.English, Now: noon}, r); err != nil {
		t.Fatal(err)
	}
	said := strings.Join(strings.Fields(text.String()), " ")
	for _, want := range []string{"1 day with reports, to ", "; 1 reporter: ", "reported by 1 receiver"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing:\n%s", want, said)
		}
	}
	if strings.Contains(said, "0001") {
		t.Errorf("a time that nobody reported:\n%s", said)
	}
}

// TestReceivedTellsEachBound: what is beyond one is told with its number, in each language, and nothing is told where nothing is.
func TestReceivedTellsEachBound(t *testing.T) {
	t.Parallel()
	r := received(t, "")
	say := func(l codes.Lang) string {
		var text bytes.Buffer
		if err := receivedText(page.To(&text), Options{Lang: l, Now: noon}, r); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(text.String()), " ")
	}
	if s := say(codes.English) + say(codes.Japanese); strings.Contains(s, "beyond the bound") || strings.Contains(s, "上限を超え") {
		t.Errorf("no bound was reached:\n%s", s)
	}
	d := r.Domains[0]
	d.More, d.MoreKeys, r.TLS[0].More = 7001, 7002, 7003
	for i := range 11 {
		d.Selectors = append(d.Selectors, sources.Selector{Domain: d.Name, Name: fmt.Sprint("k", i), Pass: 1})
	}
	for l, more := range map[codes.Lang]string{codes.English: "k6, … todoku", codes.Japanese: "k6、… todoku"} {
		s := say(l)
		for _, want := range []string{"7,001", "7002", "7,003", more} {
			if !strings.Contains(s, want) {
				t.Errorf("%s: %q is missing:\n%s", l, want, s)
			}
		}
	}
}

// TestReceivedWithoutTimes: reports whose time cannot be read print none, in no language.
func TestReceivedWithoutTimes(t *testing.T) {
	t.Parallel()
	r := received(t, "")
	d := r.Domains[0]
	said := func(l codes.Lang) string {
		var text bytes.Buffer
		if err := receivedText(page.To(&text), Options{Lang: l, Now: noon}, r); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(text.String()), " ")
	}
	if !strings.Contains(said(codes.English), "days, to 20") || !strings.Contains(said(codes.Japanese), "(最終 20") {
		t.Errorf("no day is told:\n%s", said(codes.English))
	}
	r.Last, d.Last = time.Time{}, time.Time{}
	for _, g := range d.Groups {
		g.First, g.Last = time.Time{}, time.Time{}
	}
	for i := range d.Selectors {
		d.Selectors[i].LastPass, d.Selectors[i].LastFail = time.Time{}, time.Time{}
	}
	for _, l := range []codes.Lang{codes.English, codes.Japanese} {
		if s := said(l); strings.Contains(s, "0001") || strings.Contains(s, "0000-") || strings.Contains(s, "()") {
			t.Errorf("a time that nobody reported:\n%s", s)
		}
	}
}

// TestReceivedSilenceIsNoMissingRecord: only where the tree walk came to its end it is told that there is no record.
func TestReceivedSilenceIsNoMissingRecord(t *testing.T) {
	t.Parallel()
	r := received(t, "")
	d := r.Domains[0]
	d.ByList, d.Err = true, &resolve.Error{Kind: resolve.KindTimeout, Name: "_dmarc.kaisha.test", Type: "TXT"}
	const claim = "no DMARC record was found"
	for _, none := range []bool{false, true} {
		d.NoRecord = none
		p := newReceived(nil, Options{Lang: codes.English, Now: noon}, r)
		told := false
		for _, l := range p.parts[0].Lines {
			told = told || strings.Contains(l.Text, claim)
		}
		if told != none {
			t.Errorf("walk without a record %v: told %v", none, told)
		}
	}
}

// TestReceivedTellsOfDomainsThatAreNotShown: of mail and of TLS.
func TestReceivedTellsOfDomainsThatAreNotShown(t *testing.T) {
	t.Parallel()
	r := received(t, "")
	for range 21 {
		r.Domains, r.TLS = append(r.Domains, r.Domains[0]), append(r.TLS, r.TLS[0])
	}
	told := 0
	for _, part := range newReceived(nil, Options{Lang: codes.English, Now: noon}, r).parts {
		if strings.Contains(part.Head, "and 2 more domains") {
			told++
		}
	}
	if told != 2 {
		t.Errorf("it is told %d times, want twice", told)
	}
}
