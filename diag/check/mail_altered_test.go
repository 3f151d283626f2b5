package check_test

import (
	"encoding/json"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
)

// alteredFacts are the facts of the first signature about changes.
func alteredFacts(t *testing.T, r *diag.Report) []check.MailChange {
	t.Helper()
	var list []struct {
		Changed []check.MailChange `json:"changed"`
	}
	if err := json.Unmarshal([]byte(factOf(t, r, "dkim", "signatures")), &list); err != nil || len(list) == 0 {
		t.Fatal(err, len(list))
	}
	return list[0].Changed
}

// TestMailAltered: the mails of the lab that were changed on their way say what was changed, with the original and without.
func TestMailAltered(t *testing.T) {
	t.Parallel()
	dns := labDNS(t)
	for name, want := range map[string]string{
		"list-footer": "footer-added body:9 true",
		"external":    "subject-prefix-added Subject true",
		"requoted":    "content-transfer-encoding-changed Content-Transfer-Encoding true; encoding-changed body true",
		"healthy":     "",
	} {
		for _, original := range []string{"", sample(t, "healthy")} {
			o := check.MailOptions{}
			if original != "" {
				o.Original = []byte(original)
			}
			r := judgeMail(t, dns, sample(t, name), o)
			var got []string
			for _, c := range alteredFacts(t, r) {
				one := c.Kind + " " + c.Where + " false"
				if c.Certain {
					one = c.Kind + " " + c.Where + " true"
				}
				got = append(got, one)
			}
			if s := strings.Join(got, "; "); s != want {
				t.Errorf("%s (original: %v): %q, want %q", name, original != "", s, want)
			}
			if found(r, "dkim-altered") != (want != "") || found(r, "dkim-altered-perhaps") || found(r, "dkim-unaltered") {
				t.Errorf("%s: the findings say something else", name)
			}
		}
	}
}

// TestAdviceOfSubject: a mark for mails from outside is the work of a gateway, the name of a list that of a list.
func TestAdviceOfSubject(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{"[EXTERNAL] ": "a gateway did it", "[news 12] ": "a mailing list"} {
		eml := strings.Replace(sample(t, "healthy"), "Subject: ", "Subject: "+prefix, 1)
		r := judgeMail(t, labDNS(t), eml, check.MailOptions{})
		advice := ""
		for _, res := range r.Results {
			for _, f := range res.Findings {
				for _, d := range f.Data {
					if f.Rule == check.DKIMAltered && d.Key == "todo" {
						advice = d.String()
					}
				}
			}
		}
		if !strings.HasPrefix(advice, want) {
			t.Errorf("%q: %q", prefix, advice)
		}
	}
}

// TestMailUnaltered: where the original is the same, the key is at fault, and the report says so. A search without the original
// says that another key signed.
func TestMailUnaltered(t *testing.T) {
	t.Parallel()
	eml := sample(t, "healthy")
	broken := strings.Replace(eml, "b=", "b=AAAA", 1)
	if i := strings.Index(eml, " b="); i >= 0 {
		broken = eml[:i+7] + "AAAA" + eml[i+11:]
	}
	r := judgeMail(t, labDNS(t), broken, check.MailOptions{Original: []byte(eml)})
	if !found(r, "dkim-unaltered") || found(r, "dkim-altered") || len(alteredFacts(t, r)) > 0 {
		t.Error("the mail was not changed")
	}
	r = judgeMail(t, labDNS(t), broken, check.MailOptions{})
	if list := alteredFacts(t, r); len(list) != 1 || list[0].Kind != "other-key" || !list[0].Certain {
		t.Errorf("%+v", list)
	}
}
