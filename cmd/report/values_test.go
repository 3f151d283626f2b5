package report

import (
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/mtasts"
	"todoku/diag/tlsrpt"
)

// TestFaultsOfTransportRecordsHaveWords: people read what is wrong, not the name that machines see.
func TestFaultsOfTransportRecordsHaveWords(t *testing.T) {
	t.Parallel()
	kinds := map[string]string{}
	for _, txt := range []string{"v=tlsrptv1", "v=TLSRPTv1;", "v=TLSRPTv1;; rua=mailto:a@b.test", "v=TLSRPTv1; rua=a@b.test",
		"v=TLSRPTv1; RUA=mailto:a@b.test", "v=TLSRPTv1; rua", "v=TLSRPTv1; x=\x01; rua=mailto:a@b.test", "v=TLSRPTv1; -=1; rua="} {
		_, faults := tlsrpt.Parse(txt)
		for _, f := range faults {
			if f.Kind.Breaks() {
				kinds[string(f.Kind)] = txt
			}
		}
	}
	for _, txt := range []string{"v=sts", "v=STSv1;", "v=STSv1;; id=1", "v=STSv1; id", "v=STSv1; ID=1", "v=STSv1; id=a-b"} {
		_, faults := mtasts.ParseRecord(txt)
		for _, f := range faults {
			if f.Kind.Breaks() {
				kinds[string(f.Kind)] = txt
			}
		}
	}
	if len(kinds) < 7 {
		t.Errorf("only %v", kinds)
	}
	for kind, txt := range kinds {
		if words, ok := valueText(codes.Str("fault", kind)); !ok || words.EN == kind || words.JA == kind {
			t.Errorf("%q of %q: %+v", kind, txt, words)
		}
	}
}

// TestCertificateProblemsHaveWords: what crypto/x509 says is told in Japanese, and of two reasons the one that explains the other.
func TestCertificateProblemsHaveWords(t *testing.T) {
	t.Parallel()
	const unknown = "x509: certificate signed by unknown authority"
	for problem, want := range map[string]string{
		"x509: certificate relies on legacy Common Name field, use SANs instead": "コモンネーム(CN)にしかなく",
		"x509: certificate specifies an incompatible key usage":                  "拡張キー使用法",
		unknown: "信頼できる認証局のものではありません",
		unknown + " (x509: insecure algorithm A)": "署名アルゴリズムが古く",
		"x509: something new":                     "x509: something new",
	} {
		if got, ok := valueText(codes.Str("problem", problem)); !ok || got.EN != problem || !strings.Contains(got.JA, want) {
			t.Errorf("%s: %q, %v", problem, got, ok)
		}
	}
}
