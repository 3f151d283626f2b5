package browsertest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"todoku/cmd/browsertest"
)

// TestTabTellsWhatIsWrong: a page that writes an error to its console is told from one that does not, and scripts can be off.
func TestTabTellsWhatIsWrong(t *testing.T) {
	b := browsertest.Start(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page := `<!doctype html><link rel="icon" href="data:,"><title>off</title><script>document.title = "on"`
		if r.URL.Path == "/bad" {
			page += `; console.error("broken")`
		}
		_, _ = w.Write([]byte(page + "</script>"))
	}))
	defer server.Close()
	tab := b.Open(t, browsertest.View{Width: 360, Dark: true})
	tab.Go(server.URL)
	tab.Sound()
	if title := browsertest.Ask[string](tab, "document.title"); title != "on" {
		t.Error(title)
	}
	if !browsertest.Ask[bool](tab, `matchMedia("(prefers-color-scheme: dark)").matches && innerWidth === 360`) {
		t.Error("the page is not shown as asked for")
	}
	tab.Go(server.URL + "/bad")
	if p := strings.Join(tab.Problems(), "\n"); !strings.Contains(p, "broken") {
		t.Errorf("problems: %q", p)
	}
	plain := b.Open(t, browsertest.View{NoScripts: true})
	plain.Go(server.URL)
	if title := browsertest.Ask[string](plain, "document.title"); title != "off" {
		t.Error(title)
	}
}
