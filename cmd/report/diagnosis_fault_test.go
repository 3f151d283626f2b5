package report

import (
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
)

// TestHeadline: a diagnosis says first whose the cause is, in every format for people and in both languages, and says so of
// nothing that is not confirmed.
func TestHeadline(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	of := func(text, cause string, s guide.Status) *guide.Diagnosis {
		return &guide.Diagnosis{Case: guide.Read(c, text),
			Outcomes: []guide.Outcome{{Cause: guide.FindCause(cause), Suspected: true, Status: s}}}
	}
	for _, test := range []struct {
		name   string
		d      *guide.Diagnosis
		fault  guide.Fault
		en, ja string // how the text begins
	}{
		{"address", of("550 5.1.1 no such user", "address-wrong", guide.Confirmed), guide.FaultAddress,
			"The cause is the address.", "要因は宛先アドレスにあります。"},
		{"domain", of("550 5.1.2 bad host", "recipient-domain", guide.Confirmed), guide.FaultAddress,
			"The cause is the address.", "要因は宛先アドレスにあります。"},
		{"ours", of("550 5.7.23 SPF", "spf-none", guide.Confirmed), guide.FaultOurs, "The cause is ours", "要因は送信側"},
		{"size", of("552 5.3.4 too large", "too-large", guide.Confirmed), guide.FaultOurs, "The cause is ours", "要因は送信側"},
		{"theirs", of("451 4.3.0 trouble", "recipient-server-trouble", guide.Confirmed), guide.FaultTheirs,
			"The cause is theirs", "要因は受信側"},
		{"full", of("552 5.2.2 mailbox full", "mailbox-full", guide.Confirmed), guide.FaultTheirs, "The cause is theirs", "要因は受信側"},
		{"choice", of("550 the recipient refuses", "recipient-refuses", guide.Confirmed), guide.FaultRecipient,
			"The cause is the recipient's choice", "要因は受信者本人の設定"},
		{"open", of("550 5.7.23 SPF", "spf-none", guide.Open), guide.FaultUnknown, "Whose the cause is, is not known", "要因がどちら側"},
		{"excluded", of("550 5.7.23 SPF", "spf-none", guide.Excluded), guide.FaultUnknown, "Whose the cause is, is not known",
			"要因がどちら側"},
		{"delivered", of("40000", "spf-none", guide.Excluded), guide.FaultUnknown, "The receiving server took the mail",
			"宛先メールサーバーが"},
		{"no error", of("hello", "address-wrong", guide.Open), guide.FaultUnknown, "The text names no error", "入力から"},
	} {
		if got := test.d.Fault(); got != test.fault || asDiagnosis(test.d, Options{Catalogue: c, Lang: codes.English}).Fault != test.fault {
			t.Errorf("%s: fault %s, want %s", test.name, got, test.fault)
		}
		for lang, want := range map[codes.Lang]string{codes.English: test.en, codes.Japanese: test.ja} {
			for format, out := range bothFormats(t, Options{Width: 5000, Lang: lang}, c, test.d) {
				if !strings.HasPrefix(strings.TrimLeft(out, "*"), want) {
					t.Errorf("%s, %s, %s: begins with %.90q, want %q", test.name, lang, format, out, want)
				}
			}
		}
	}
}

// An answer to a symptom has one empty line before what follows it.
func TestSymptomLayout(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	remedy, _ := c.Remedy("contact_support")
	for text, steps := range map[string][]guide.Step{
		"mail does not arrive": nil, "送信ボタンを押すとエラー画面": {{Remedy: remedy}}} {
		d := &guide.Diagnosis{Case: guide.Read(c, text), Steps: steps}
		if !d.Case.SymptomAlone() {
			t.Fatalf("%s is no symptom", text)
		}
		if out := bothFormats(t, Options{Width: 80, Lang: codes.English}, c, d)[page.TextFormat]; strings.Contains(out, "\n\n\n") {
			t.Errorf("%s:\n%s", text, out)
		}
	}
}
