package check_test

import (
	"slices"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
)

// offers lists the records that a result offers, each once.
func offers(res diag.Result) string {
	var out []string
	for _, f := range res.Findings {
		for _, r := range f.Records {
			if s := r.Name + " " + r.Value; !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return strings.Join(out, " | ")
}

// dmarcCase is a world, what is told of a domain in it, and the records that are offered.
type dmarcCase struct{ name, zone, domain, rules, offers string }

func tryDMARC(t *testing.T, cases []dmarcCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.domain == "" {
				c.domain = "kaisha.test"
			}
			res := checkDMARC(t, newDMARCWorld(t, "kaisha MX 10 mx\nother MX 10 mx\n"+c.zone), c.domain, nil)
			if got := dmarcRules(res); got != c.rules || res.Err != nil {
				t.Errorf("told %q, want %q; %v", got, c.rules, res.Err)
			}
			if got := offers(res); got != c.offers {
				t.Errorf("offered %s\n     want %s", got, c.offers)
			}
			for _, f := range res.Findings {
				checkPlaceholders(t, f)
				if len(f.Evidence) == 0 {
					t.Errorf("%s shows no evidence", f.Rule.ID)
				}
			}
		})
	}
}

// at is a TXT record at _dmarc.kaisha.test; bytes that are not ASCII stand in it as they are.
func at(text string) string { return "_dmarc.kaisha TXT \"" + text + "\"\n" }

const wholeDMARC = "_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"

// TestDMARCKeepsWhatIsMeant: the record that is offered keeps the policy and every address, and all findings offer the same.
func TestDMARCKeepsWhatIsMeant(t *testing.T) {
	t.Parallel()
	const rua = "rua=mailto:d@kaisha.test"
	tryDMARC(t, []dmarcCase{
		{"healthy", at("v=DMARC1; p=reject; " + rua), "", "", ""},
		{"blanks only", at("v=DMARC1 p=reject " + rua), "", "syntax", wholeDMARC},
		{"comma", at("v=DMARC1; p=reject, " + rua), "", "syntax", wholeDMARC},
		{"full-width semicolon", at("v=DMARC1; p=reject；" + rua), "", "syntax", wholeDMARC},
		{"colon", at("v=DMARC1; p:reject; " + rua), "", "syntax", wholeDMARC},
		{"quotes", at("v=DMARC1; p='reject'; " + rua), "", "syntax", wholeDMARC},
		{"typographic quotes", at("v=DMARC1; p=“reject”; " + rua), "", "syntax", wholeDMARC},
		{"backslashes", at(`v=DMARC1\\; p=reject\\; ` + rua), "", "syntax", wholeDMARC},
		{"another ending", at("v=DMARC1; p=rejected; " + rua), "", "syntax", wholeDMARC},
		{"no-break space", at("v=DMARC1;\u00a0p=reject; " + rua), "", "syntax", wholeDMARC},
		{"a word nobody knows", at("v=DMARC1; p=strong; " + rua), "", "syntax", ""},
		{"no mailto", at("v=DMARC1; p=reject; rua=d@kaisha.test"), "", "syntax", wholeDMARC},
		{"blank behind mailto", at("v=DMARC1; p=reject; rua=mailto: d@kaisha.test"), "", "syntax", wholeDMARC},
		{"second without mailto", at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test,e@kaisha.test"), "", "syntax",
			wholeDMARC + ",mailto:e@kaisha.test"},
		{"semicolon between", at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test;mailto:e@kaisha.test"), "", "syntax",
			wholeDMARC + ",mailto:e@kaisha.test"},
		{"unit of two letters", at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test!10mb"), "", "syntax", wholeDMARC},
		{"size of old", at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test!10m"), "", "ignored-tag", wholeDMARC},
		{"equals sign", at("v=DMARC1; p=reject; rua=mailto:a=d@kaisha.test"), "", "syntax",
			"_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:a%3Dd@kaisha.test"},
		{"glued tags", at("v=DMARC1; p=reject; rua=mailto:d@kaisha.testruf=mailto:e@kaisha.test"), "", "syntax",
			wholeDMARC + "; ruf=mailto:e@kaisha.test"},
		{"mailto twice", at("v=DMARC1; p=reject; rua=mailto:mailto:d@kaisha.test"), "", "syntax", wholeDMARC},
		{"slashes", at("v=DMARC1; p=reject; rua=mailto://d@kaisha.test"), "", "syntax", wholeDMARC},
		{"two at", at("v=DMARC1; p=reject; rua=mailto:d@@kaisha.test"), "", "syntax", wholeDMARC},
		{"two addresses in one", at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test@other.test"), "", "syntax", ""},
		{"plus and dots", at("v=DMARC1; p=reject; rua=mailto:d.e+f@kaisha.test"), "", "", ""},
		{"policy in a long tag", at("v=DMARC1; policy=reject; " + rua), "", "policy-missing ignored-tag", wholeDMARC},
		{"long word of alignment", at("v=DMARC1; p=reject; " + rua + "; adkim=strict"), "", "syntax",
			"_dmarc.kaisha.test v=DMARC1; p=reject; adkim=s; rua=mailto:d@kaisha.test"},
		{"p twice", at("v=DMARC1; p=none; p=reject; " + rua), "", "syntax policy-none", wholeDMARC},
		{"neither reports nor protection", at("v=DMARC1; p=none"), "", "policy-none no-rua",
			"_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:dmarc-reports@kaisha.test"},
		{"removed and none", at("v=DMARC1; p=none; pct=50; " + rua), "", "removed-tag policy-none",
			"_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:d@kaisha.test"},
		{"default and none", at("v=DMARC1; p=none; pct=100; " + rua), "", "default-tag policy-none",
			"_dmarc.kaisha.test v=DMARC1; p=quarantine; rua=mailto:d@kaisha.test"},
		{"none, weaker below, testing", at("v=DMARC1; p=quarantine; sp=none; t=y; " + rua), "", "testing subdomain-weaker",
			"_dmarc.kaisha.test v=DMARC1; p=quarantine; rua=mailto:d@kaisha.test"},
	})
}

// TestDMARCNearMiss: a text that is meant as a record is shown and mended; one that is not is none.
func TestDMARCNearMiss(t *testing.T) {
	t.Parallel()
	const rest = "; p=reject; rua=mailto:d@kaisha.test"
	tryDMARC(t, []dmarcCase{
		{"no number", at("v=DMARC" + rest), "", "syntax", wholeDMARC},
		{"letter for the number", at("v=DMARCl" + rest), "", "syntax", wholeDMARC},
		{"blank in the version", at("v=DMARC 1" + rest), "", "syntax", wholeDMARC},
		{"no version", at("p=reject; rua=mailto:d@kaisha.test"), "", "syntax", wholeDMARC},
		{"lower case", at("v=dmarc1" + rest), "", "syntax", wholeDMARC},
		{"quotes", at(`\"v=DMARC1` + rest + `\"`), "", "syntax", wholeDMARC},
		{"byte order mark", at("\ufeffv=DMARC1" + rest), "", "syntax", wholeDMARC},
		{"full width",
			at("ｖ＝ＤＭＡＲＣ１；　ｐ＝ｒｅｊｅｃｔ"), "", "syntax", "_dmarc.kaisha.test v=DMARC1; p=reject"},
		{"misspelt scheme", at("v=DMARC1; p=reject; rua=malito:d@kaisha.test"), "", "uri-scheme", wholeDMARC},
		{"another scheme", at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test,https://kaisha.test/r"), "", "uri-scheme", ""},
		{"version of a key", at("v=DKIM1" + rest), "", "syntax", wholeDMARC},
		{"version of SPF", at("v=spf1" + rest), "", "syntax", wholeDMARC},
		{"two that are none", at("v=dmarc1; p=none") + at("v=DMARC"+rest), "", "syntax", wholeDMARC},
		{"a record of another kind", at("v=spf1 -all") + at("google-site-verification=p"), "", "none",
			"_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:dmarc-reports@kaisha.test"},
		{"cut into two", at("v=DMARC1; p=reject;") + at("rua=mailto:d@kaisha.test"), "", "ignored-tag no-rua", wholeDMARC},
		{"cut into two, nothing left", at("v=DMARC1; p=reject;") + at("rua=nobody"), "", "no-rua",
			"_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:dmarc-reports@kaisha.test"},
		{"only addresses", at("rua=mailto:d@kaisha.test"), "", "syntax", "_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:d@kaisha.test"},
		{"one beside the record", at("v=DMARC1"+rest) + at("v=dmarc1"+rest), "", "ignored-tag", ""},
		{"one beside a weaker record", at("v=DMARC1; p=none") + at("v=DMARC"+rest), "", "ignored-tag policy-none no-rua", wholeDMARC},
		{"beside a weaker record with addresses", at("v=DMARC1; p=none; ruf=mailto:e@kaisha.test; adkim=s") + at("v=dmarc1"+rest), "",
			"ignored-tag policy-none no-rua", "_dmarc.kaisha.test v=DMARC1; p=reject; adkim=s; rua=mailto:d@kaisha.test; ruf=mailto:e@kaisha.test"},
		{"a weaker one beside the record", at("v=DMARC1"+rest) + at("v=DMARC; p=none; ruf=mailto:e@kaisha.test"), "", "ignored-tag",
			wholeDMARC + "; ruf=mailto:e@kaisha.test"},
		{"one that cannot be read beside it", at("v=DMARC1; p=none; rua=mailto:d@kaisha.test") + at("v=DMARC; p=reject; rua=x@y@z"), "",
			"ignored-tag policy-none", ""},
		{"two records", at("v=DMARC1; p=none") + at("v=DMARC1"+rest), "", "multiple", wholeDMARC},
		{"two records, the stricter first", at("v=DMARC1"+rest) + at("v=DMARC1; p=none; ruf=mailto:e@kaisha.test"), "", "multiple",
			wholeDMARC + "; ruf=mailto:e@kaisha.test"},
	})
}

// TestDMARCElsewhere: a record at another name, and an alias that leads to none.
func TestDMARCElsewhere(t *testing.T) {
	t.Parallel()
	const record = " TXT \"v=DMARC1; p=reject; rua=mailto:d@kaisha.test\"\n"
	const none = "_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:dmarc-reports@kaisha.test"
	tryDMARC(t, []dmarcCase{
		{"domain twice", "_dmarc.kaisha.test.kaisha" + record, "", "misplaced", wholeDMARC},
		{"label twice", "_dmarc._dmarc.kaisha" + record, "", "misplaced", wholeDMARC},
		{"no underscore", "dmarc.kaisha" + record, "", "misplaced", wholeDMARC},
		{"the domain itself, nearly", "kaisha TXT \"v=dmarc1; p=reject; rua=mailto:d@kaisha.test\"\n", "", "misplaced", wholeDMARC},
		{"subdomain that does not exist, its zone twice", "_dmarc.www.kaisha.test.kaisha" + record, "www.kaisha.test", "no-domain misplaced",
			"_dmarc.www.kaisha.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"},
		{"subdomain, its zone twice", "www.kaisha A 192.0.2.1\n_dmarc.www.kaisha.test.kaisha" + record, "www.kaisha.test", "misplaced",
			"_dmarc.www.kaisha.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"},
		{"another text there", "dmarc.kaisha TXT hello\n_dmarc.kaisha.test.kaisha TXT \"v=spf1 -all\"\n", "", "none", none},
		{"there and in its place", "dmarc.kaisha" + record + "_dmarc.kaisha" + record, "", "", ""},

		{"alias to nothing", "_dmarc.kaisha CNAME kaisha.hosted.esp\n", "", "cname-broken", ""},
		{"alias to a name without", "_dmarc.kaisha CNAME www.esp\nwww.esp A 192.0.2.1\n", "", "cname-broken", ""},
		{"alias to another text", "_dmarc.kaisha CNAME www.esp\nwww.esp TXT \"v=spf1 -all\"\n", "", "cname-broken", ""},
		{"alias inside", "_dmarc.kaisha CNAME policy.kaisha\n", "", "cname-broken",
			"policy.kaisha.test v=DMARC1; p=none; rua=mailto:dmarc-reports@kaisha.test"},
		{"alias of a wildcard", "*.kaisha CNAME www.esp\nwww.esp A 192.0.2.1\n", "", "none", none},
		{"alias to a record", "_dmarc.kaisha CNAME kaisha.esp\nkaisha.esp" + record, "", "", ""},
	})
}

// TestDMARCOwner: nobody is told to change what others own, nor offered a strict policy for what they did not ask about.
func TestDMARCOwner(t *testing.T) {
	t.Parallel()
	tryDMARC(t, []dmarcCase{
		{"record only below", "news.kaisha MX 10 mx\n_dmarc.news.kaisha TXT \"v=DMARC1; p=reject; rua=mailto:x@news.kaisha.test\"\n",
			"news.kaisha.test",
			"psl-differs", "_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:dmarc-reports@kaisha.test"},
		{"record below and above", "news.kaisha MX 10 mx\n_dmarc.news.kaisha TXT \"v=DMARC1; p=reject; rua=mailto:x@news.kaisha.test\"\n" +
			at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test"), "news.kaisha.test", "", ""},
		{"below a host of others",
			"$ORIGIN github.io.\n@ MX 10 mx\n_dmarc TXT \"v=DMARC1; p=reject; sp=none; rua=mailto:x@github.io\"\nfoo A 192.0.2.1\n",
			"foo.github.io", "psl-differs", "_dmarc.foo.github.io v=DMARC1; p=none; rua=mailto:dmarc-reports@foo.github.io"},
		{"below a host of others, with a fault", "$ORIGIN pages.dev.\n_dmarc TXT \"v=DMARC1; p=rejct; pct=5\"\nfoo A 192.0.2.1\n",
			"foo.pages.dev", "psl-differs", "_dmarc.foo.pages.dev v=DMARC1; p=none; rua=mailto:dmarc-reports@foo.pages.dev"},
		{"the host itself", "$ORIGIN github.io.\n@ MX 10 mx\n_dmarc TXT \"v=DMARC1; p=reject; sp=none; rua=mailto:x@github.io\"\n",
			"github.io", "subdomain-weaker", "_dmarc.github.io v=DMARC1; p=reject; rua=mailto:x@github.io"},

		{"sp below the organisation", "_dmarc.s.kaisha TXT \"v=DMARC1; p=reject; sp=none; rua=mailto:d@kaisha.test\"\ns.kaisha A 192.0.2.1\n" +
			at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test"), "s.kaisha.test", "ignored-tag", ""},
		{"np below the organisation", "_dmarc.s.kaisha TXT \"v=DMARC1; p=reject; np=none; rua=mailto:d@kaisha.test\"\ns.kaisha A 192.0.2.1\n" +
			at("v=DMARC1; p=reject; rua=mailto:d@kaisha.test"), "s.kaisha.test", "ignored-tag", ""},
		{"no sp below the organisation", "_dmarc.s.kaisha TXT \"v=DMARC1; p=reject; rua=mailto:d@kaisha.test\"\ns.kaisha A 192.0.2.1\n" +
			at("v=DMARC1; p=reject; sp=none; rua=mailto:d@kaisha.test"), "s.kaisha.test", "", ""},
	})
	zone := "_dmarc.s.kaisha TXT \"v=DMARC1; p=reject; sp=none; np=none; rua=mailto:d@kaisha.test\"\n" +
		at("v=DMARC1; p=reject; np=quarantine; rua=mailto:d@kaisha.test")
	f := checkDMARC(t, newDMARCWorld(t, "kaisha MX 10 mx\n"+zone), "s.kaisha.test", nil).Facts.(*check.DMARCFacts)
	if f.Policy != "reject" || f.SubdomainPolicy != "reject" || f.NonexistentPolicy != "quarantine" {
		t.Errorf("%+v", f)
	}
}

// TestDMARCOfNoConsequence: what changes nothing for the mail is an information.
func TestDMARCOfNoConsequence(t *testing.T) {
	t.Parallel()
	const ruf = "; rua=mailto:d@kaisha.test; ruf=mailto:d@kaisha.test"
	const fo = wholeDMARC + "; ruf=mailto:d@kaisha.test"
	tryDMARC(t, []dmarcCase{
		{"fo of old", at("v=DMARC1; p=reject" + ruf + "; fo=0:1:d:s"), "", "ignored-tag", fo + "; fo=1:d:s"},
		{"fo of old, in another order", at("v=DMARC1; p=reject" + ruf + "; fo=s:1:0"), "", "ignored-tag", fo + "; fo=s:1"},
		{"fo with commas", at("v=DMARC1; p=reject" + ruf + "; fo=1,d"), "", "ignored-tag", fo + "; fo=1:d"},
		{"fo of today", at("v=DMARC1; p=reject" + ruf + "; fo=1:d:s"), "", "", ""},
		{"long words of defaults", at("v=DMARC1; p=reject; adkim=relaxed; aspf=RELAXED; t=no; rua=mailto:d@kaisha.test"), "",
			"ignored-tag", wholeDMARC},
		{"pct=100", at("v=DMARC1; p=reject; pct=100; rua=mailto:d@kaisha.test"), "", "default-tag", wholeDMARC},
		{"all defaults", at("v=DMARC1; p=reject; PCT=100; rf=AFRF; ri=86400; rua=mailto:d@kaisha.test"), "", "default-tag", wholeDMARC},
		{"pct=99", at("v=DMARC1; p=reject; pct=99; rua=mailto:d@kaisha.test"), "", "removed-tag", wholeDMARC},
		{"one of each", at("v=DMARC1; p=reject; pct=100; ri=60; rua=mailto:d@kaisha.test"), "", "removed-tag default-tag", wholeDMARC},
	})
}

// TestDMARCAgreement tells apart why a destination does not take the reports.
func TestDMARCAgreement(t *testing.T) {
	t.Parallel()
	const name = "kaisha.test._report._dmarc.far.test"
	for _, c := range []struct{ zone, status, offers string }{
		{"", "nxdomain", name + " v=DMARC1"},
		{name + ". A 192.0.2.1\n", "nodata", name + " v=DMARC1"},
		{name + ". TXT \"v=dmarc1\"\n", "other-txt", name + " v=DMARC1"},
		{name + ". TXT \"v=DMARC1; rua=mailto:y@other.test\"\n", "elsewhere", ""},
		{"*._report._dmarc.far TXT \"v=DMARC1; rua=mailto:y@other.test\"\n", "elsewhere", ""},
		{name + ". CNAME gone\n", "alias", ""},
		{name + ". TXT \"v=DMARC1; rua=mailto:y@far.test\"\n", "", ""},
		{name + ". CNAME there\nthere TXT v=DMARC1\n", "", ""},
	} {
		res := checkDMARC(t, newDMARCWorld(t, at("v=DMARC1; p=reject; rua=mailto:d@far.test")+"far MX 10 mx\n"+c.zone), "kaisha.test", nil)
		status := ""
		for _, f := range res.Findings {
			status, _ = f.Data.Get("status")
			checkPlaceholders(t, f)
		}
		if status != c.status || offers(res) != c.offers || res.Err != nil {
			t.Errorf("%s: %s %q, offered %q, %v", c.zone, status, dmarcRules(res), offers(res), res.Err)
		}
	}
}
