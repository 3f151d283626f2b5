package report

import (
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
