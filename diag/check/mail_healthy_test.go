package check_test

import (
	"os"
	"path/filepath"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
)

// healthyMails are ordinary correct mails, by the names of their files.
func healthyMails(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "healthy", "*.eml"))
	if err != nil || len(files) < 20 {
		t.Fatal(len(files), err)
	}
	out := map[string][]byte{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = data
	}
	return out
}

// TestHealthyMails: in an ordinary mail nothing is wrong.
func TestHealthyMails(t *testing.T) {
	t.Parallel()
	for name, data := range healthyMails(t) {
		for _, c := range check.Message(check.MessageOptions{Headers: check.HeadersOptions{Data: data},
			Content: check.ContentOptions{Data: data}}) {
			res := runOnMail(t, c)
			for _, f := range res.Findings {
				if f.Rule.Severity > diag.Info {
					t.Errorf("%s: %s %v", name, f.Rule.ID, f.Data)
				}
			}
			if res.Err != nil {
				t.Errorf("%s: %v", name, res.Err)
			}
			if got := toldRules(res); got != "" {
				t.Logf("%s: %s", name, got)
			}
		}
	}
}
