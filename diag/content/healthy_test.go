package content_test

import (
	"os"
	"path/filepath"
	"testing"
)

// healthy are ordinary mails, by the names of their files: nothing in them is a placeholder, however much it looks like one.
func healthy(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "healthy", "*.eml"))
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	out := map[string]string{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = string(data)
	}
	return out
}

func TestHealthy(t *testing.T) {
	t.Parallel()
	for name, mail := range healthy(t) {
		if got := look(mail); len(got.Placeholders) > 0 {
			t.Errorf("%s: %s", name, kinds(got))
		}
	}
}
