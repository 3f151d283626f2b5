package main

import (
	"strings"
	"testing"
)

// TestWordsOfANewcomer types what somebody who knows other programs types first, and what the first pages show.
func TestWordsOfANewcomer(t *testing.T) {
	t.Parallel()
	one := written(t, "one.yaml", "- {id: my-01, on: 550, match: zork, reason: policy, en: No., example: 550 zork}\n")
	zone := written(t, "fo.zone", "$TTL 300\n_dmarc.a.example. TXT \"v=DMARC1; p=reject; fo=1; rua=mailto:r@a.example\"\n"+
		"_dmarc.b.example. TXT \"v=DMARC1; p=reject; fo=1; ruf=mailto:r@b.example; rua=mailto:r@b.example\"\n"+
		"_dmarc.c.example. TXT \"v=DMARC1; p=rejekt\"\nc.example. TXT \"v=spf1 -all\"\n")
	const returned = "tanaka@client.example\n" +
		"Remote Server returned '554 5.1.0 < #5.1.0 smtp;550 5.1.0 <news@kaisha.example> sender rejected. "
	for _, c := range []struct{ lang, args, stdin, want, not string }{
		{"en", "check spf spf.test --zone " + zone + " --offline", "", "1 question, ", "1 questions"},
		{"en", "explain --validate-rules " + one, "", "1 rule is fine, and its example reaches it", "rules are"},
		{"ja", "explain --validate-rules " + one, "", "1件のルールに問題はありません", ""},
		{"en", "explain 12345", "", "nothing matches", "did you mean"},
		{"en", "explain 42554x", "", "42554", ""},
		{"en", "explain 4255", "", "did you mean 42550", ""},
		{"en", "hepl", "", "did you mean todoku help?", ""},
		{"en", "check domain a.test --json", "", "write --format json", ""},
		{"ja", "check domain a.test --json", "", "--format json と指定してください", ""},
		{"en", "check domain a.test -q", "", "has no flag -q\n write -o /dev/null", ""},
		{"en", "check domain a.test --quiet", "", "has no flag --quiet\n write -o /dev/null", ""},
		{"en", "-V", "", "todoku version shows the version", ""},
		{"en", "check domain a.test --formt json", "", "did you mean --format?", ""},
		{"en", "explain -", returned + "AUP#In1310>'\n", "sender rejected. AUP#In1310", "AUP#In1310>"},
		{"en", "explain - ", "550 5.1.0 <news@kaisha.example>\n", "<news@kaisha.example>", ""},
		{"en", "check dmarc a.example --zone " + zone + " --offline", "", "fo=1 (fo counts only beside ruf)", ""},
		{"ja", "check dmarc a.example --zone " + zone + " --offline", "", "fo=1(fo は ruf と併せて指定した場合だけ", ""},
		{"en", "check dmarc b.example --zone " + zone + " --offline", "", "b.example", "fo counts"},
		{"en", "check dmarc c.example --zone " + zone + " --offline", "",
			"whoever runs DNS for c.example; live after 300 s", "DNS for _dmarc"},
		{"en", "--lab check dmarc --from a@no-spf.test --spf fail:no-spf.test", "",
			"who the mail administrator of the sending side\n dmarc-fail", "after the change: 300"},
		{"en", "--lab check dmarc --from a@no-spf.test --spf fail:no-spf.test", "", "next, after the change:", "live after"},
		{"en", "check recipient @/dev/null --lab", "", "the list is empty: it names nothing to check", "domain"},
		{"ja", "check domain - --lab", "", "リストが空です(検査の対象がありません)", ""},
		{"en", "explain manual", "", "The list of delivery codes and the troubleshooting guide", ""},
		{"ja", "explain マニュアルに記載", "", "トラブルシューティングの手引き", ""},
		{"en", "explain pattern", "", "in seven kinds, A to G", ""},
		{"ja", "explain パターン", "", "7種類に分けたもの", ""},
		{"en", "explain A", "", "Address wrong or refused by the receiver", "in seven kinds"},
		{"en", "lab serve x y", "", "too many arguments:", "one argument too many"},
		{"en", "explain 42550 --format xml", "", `unknown value "xml"`, "not possible"},
		{"en", "explain 5.7.26", "", "fix DNS", "mend"},
		{"en", "check recipient a@gmial.com --offline --zone " + zone, "", "looks like a typo of gmail.com", "slip"},
	} {
		out, errs, _ := at80(t, c.lang, c.stdin, strings.Fields(c.args)...)
		if got := flat(out + errs); !strings.Contains(got, flat(c.want)) || c.not != "" && strings.Contains(got, flat(c.not)) {
			t.Errorf("%s (%s): want %q, not %q, in\n%s%s", c.args, c.lang, c.want, c.not, out, errs)
		}
	}
}
