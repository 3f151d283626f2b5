package check_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// keyARC is the public key of all servers in testdata/arc*.eml; the private half is gone.
const keyARC = "v=DKIM1; k=ed25519; p=AeaV3fAgKbZiMTjsgajOBHdD7SO62SOt18zmJvc6jY4="

// arcMail is a mail of testdata, in which texts were replaced.
func arcMail(t testing.TB, name string, replace ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(replace...).Replace(string(text))
	if len(replace) > 0 && changed == string(text) {
		t.Fatalf("%q is not in %s", replace, name)
	}
	return changed
}

// checkARC checks a mail where three servers have a key.
func checkARC(t testing.TB, eml string, fail ...string) (diag.Result, *check.ARCFacts) {
	t.Helper()
	var zone strings.Builder
	for _, hop := range []string{"hop1", "hop2", "hop3"} {
		zone.WriteString("ed._domainkey." + hop + " " + txt(keyARC))
	}
	w := newDMARCWorld(t, zone.String())
	for _, hop := range fail {
		w.fail["TXT ed._domainkey."+hop+".test"] = resolve.KindTimeout
	}
	target := diag.Target{Kind: "message", Name: "mail.eml", ASCII: "a.test"}
	env := diag.Env{DNS: w, Now: time.Now}
	o := check.ARCOptions{Mail: mail.Cut([]byte(eml))}
	res := diag.Run(context.Background(), env, target, []*diag.Check{check.ARC(o)}).Results[0]
	return res, res.Facts.(*check.ARCFacts)
}

// told are the lines and findings of a result in a language.
func toldARC(res diag.Result, l codes.Lang) string {
	var b strings.Builder
	fill := func(t codes.Text, d codes.Data) { b.WriteString(codes.Say(t, d...).In(l) + "\n") }
	for _, line := range res.Facts.Lines() {
		fill(line.Says, line.Data)
	}
	for _, f := range res.Findings {
		b.WriteString(f.Rule.ID + " " + f.Subject + ": ")
		for _, t := range []codes.Text{f.Rule.Says, f.Rule.Why, f.Rule.Fix} {
			fill(t, f.Data)
		}
	}
	return b.String()
}

func TestARCCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, mail, result, reason string
		fail                       []string
		status                     diag.Status
		rules, says                []string
	}{
		{name: "a list that added a footer", mail: arcMail(t, "arc.eml"), result: "pass", status: diag.Info,
			rules: []string{"arc-changed hop2.test"},
			says: []string{"chain of 3: holds", "1  mx1.test  spf=pass (a.test), dkim=pass (a.test)",
				"sealed by hop1.test (selector ed) 2023-11-14T22:13:20Z ✓", "the mail was changed afterwards: its body",
				"the mail was changed between hop1.test and hop2.test: its body"}},
		{name: "no chain", mail: "From: a@a.test\n\nHello\n", result: "none", status: diag.Info, says: []string{"no ARC header field"}},
		{name: "a footer behind the last seal", mail: arcMail(t, "arc.eml") + "more\n", result: "fail", reason: "ams_body_hash_mismatch",
			status: diag.Warn, rules: []string{"arc-broken hop3.test"},
			says: []string{"set 3 of 3 (hop3.test): the body of the mail was changed after this server had signed it"}},
		{name: "a result that was changed", mail: arcMail(t, "arc.eml", "i=1; mx1.test;\n spf=pass", "i=1; mx1.test;\n spf=fail"),
			result: "fail", reason: "as_signature_mismatch", status: diag.Warn, rules: []string{"arc-broken hop1.test"},
			says: []string{"does not hold, set 1: an ARC field"}},
		{name: "a field that is missing", mail: arcMail(t, "arc.eml", "ARC-Message-Signature: i=2", "X-Was: i=2"),
			result: "fail", reason: "missing_header", status: diag.Warn, rules: []string{"arc-broken hop2.test"},
			says: []string{"ARC-Message-Signature is missing"}},
		{name: "a chain that came broken", mail: arcMail(t, "arc-failed.eml"), result: "fail", reason: "bad_cv", status: diag.Warn,
			rules: []string{"arc-failed-before hop2.test"}, says: []string{"when it came to hop2.test, which says so in set 2 (cv=fail)",
				"does not hold, set 2: the chain was broken already"}},
		{name: "silence", mail: arcMail(t, "arc.eml"), fail: []string{"hop2"}, result: "temperror", status: diag.Unknown,
			says: []string{"chain of 3: not known", "sealed by hop2.test (selector ed) 2023-11-14T22:13:20Z ?"}},
		{name: "silence of a broken chain", mail: arcMail(t, "arc.eml") + "more\n", fail: []string{"hop1"}, result: "fail",
			reason: "ams_body_hash_mismatch", status: diag.Warn, rules: []string{"arc-broken hop3.test"}},
	} {
		res, f := checkARC(t, c.mail, c.fail...)
		var rules []string
		for _, found := range res.Findings {
			rules = append(rules, found.Rule.ID+" "+found.Subject)
			checkPlaceholders(t, found)
		}
		if f.Result != c.result || f.Reason != c.reason || res.Status() != c.status || !slices.Equal(rules, c.rules) {
			t.Errorf("%s: %s %q, %s, %q", c.name, f.Result, f.Reason, res.Status(), rules)
		}
		if f.Looked() == (c.result == "none") || (res.Err != nil) != (c.result == "temperror") {
			t.Errorf("%s: looked %v, error %v", c.name, f.Looked(), res.Err)
		}
		for _, s := range c.says {
			if told := toldARC(res, codes.English); !strings.Contains(told, s) {
				t.Errorf("%s: %q is not in\n%s", c.name, s, told)
			}
		}
	}
}

// TestARCUnread: where not all header fields were read, that is said, and the chain is not judged: the fields beyond may be
// those of the chain, or those that it signs.
func TestARCUnread(t *testing.T) {
	t.Parallel()
	many, eml := strings.Repeat("X: y\n", mail.MaxRawFields+5), arcMail(t, "arc.eml")
	at := strings.Index(eml, "\nFrom:") + 1
	for name, eml := range map[string]string{"before the chain": many + eml, "before From": eml[:at] + many + eml[at:]} {
		res, facts := checkARC(t, eml)
		if b := (*diag.Bounded)(nil); !errors.As(res.Err, &b) || b.Limit != mail.MaxRawFields || res.Status() != diag.Unknown {
			t.Errorf("%s: %v, %s", name, res.Err, res.Status())
		}
		if facts.Result != "neutral" || len(res.Findings) > 0 || strings.Contains(toldARC(res, codes.English), "no ARC header field") {
			t.Errorf("%s: %+v\n%s", name, facts, toldARC(res, codes.English))
		}
	}
}

// TestARCFactsJSON: the names that scripts rely on.
func TestARCFactsJSON(t *testing.T) {
	t.Parallel()
	_, f := checkARC(t, arcMail(t, "arc.eml"), "hop1")
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	const set = `{"instance":1,"domain":"hop1.test","selector":"ed","time":"2023-11-14T22:13:20Z","cv":"none","server":"mx1.test",` +
		`"aar":"mx1.test; spf=pass smtp.mailfrom=aki@a.test; dkim=pass header.d=a.test","results":[{"method":"spf","result":"pass",` +
		`"domain":"a.test"},{"method":"dkim","result":"pass","domain":"a.test"}],"ams":{"domain":"hop1.test","selector":"ed",` +
		`"algorithm":"ed25519-sha256","key_bits":0,"canonicalization":"relaxed/relaxed",` +
		`"signed_headers":["From","To","Subject","Date","Message-ID"],"holds":false,"reasons":["ams_body_hash_mismatch"]},` +
		`"seal":{"domain":"hop1.test","selector":"ed","algorithm":"ed25519-sha256","key_bits":0,"canonicalization":"",` +
		`"signed_headers":[],"holds":null,"reasons":[]}}`
	const start = `{"result":"temperror","failed_instance":0,"reason":"","oldest_pass":2,"sets":[`
	if !strings.HasPrefix(string(data), start+set) {
		t.Errorf("%s", data)
	}
	_, f = checkARC(t, "From: a@a.test\n\n")
	const none = `{"result":"none","failed_instance":0,"reason":"","oldest_pass":-1,"sets":[]}`
	if data, err = json.Marshal(f); err != nil || string(data) != none {
		t.Errorf("%s %v", data, err)
	}
}
