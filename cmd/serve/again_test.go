package serve_test

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"todoku/cmd"
)

// TestAWrongQuestionIsAskedAgain: its form is shown with what was typed, not a page that leads nowhere.
func TestAWrongQuestionIsAskedAgain(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/")
	wrong := func(texts ...string) {
		t.Helper()
		if b.code != http.StatusUnprocessableEntity {
			t.Errorf("status %d", b.code)
		}
		b.shows(append(texts, `role="alert"`, `class="main"`)...)
	}
	b.send("/look", "q", "no-such-word", "receiving", "1")
	wrong("nothing matches", ">no-such-word</textarea>", `name="receiving" value="1" checked`)
	b.send("/look", "q", "192.0.2.7")
	wrong("the domain that sends from it", `name="ip" value="192.0.2.7"`, "></textarea>")
	b.get("/letter")
	b.send("/letter", "kind", "reply", "code", "42553", "subject", "Hello")
	wrong("recipient&#39;s address", `value="42553"`, `value="Hello"`, `value="reply" checked`)
}

// TestWhatWasAskedCanBeChanged by who asked it, and by nobody else.
func TestWhatWasAskedCanBeChanged(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/")
	b.send("/look", "q", "550 5.7.26 blocked\n<b>", "from", "news@no-spf.test", "selector", "s1")
	link := "/?of=" + strings.TrimPrefix(b.at, "/r/")
	b.shows(`href="` + link + `"`)
	result := b.at
	b.get(link)
	b.shows("550 5.7.26 blocked\n&lt;b&gt;</textarea>", `value="news@no-spf.test"`, `value="s1"`, "<details open>")
	other := open(t, base, result)
	if strings.Contains(other.page, link) {
		t.Error("the link to change it is shown to another")
	}
	if other.get(link); strings.Contains(other.page, "news@no-spf.test") {
		t.Error("another sees what was typed")
	}
}

// TestSeveralFailuresArePastedAtOnce: they are counted, as triage does. A letter is about one.
func TestSeveralFailuresArePastedAtOnce(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/")
	b.send("/look", "q", log(3))
	b.shows("3 failed", "<table>", "todoku.json")
	if strings.Contains(b.page, "/letter?of=") {
		t.Error("a letter about several failures is offered, which cannot be written")
	}
}

// TestAPageHasOneTitle even where it shows a document that has its own.
func TestAPageHasOneTitle(t *testing.T) {
	t.Parallel()
	b := open(t, historyServer(t), "/history")
	if titles := regexp.MustCompile(`<h1`).FindAllString(b.page, -1); len(titles) != 1 {
		t.Errorf("%d titles:\n%s", len(titles), mainOf(b.page))
	}
	b.shows("user@takes.test")
}

// historyServer runs a server with a history of one mail.
func historyServer(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "history.db")
	var said strings.Builder
	cmd.Run(context.Background(), []string{"--lab", "send", "--history", file, "--to", "user@takes.test", "--from", "news@healthy.test",
		"--subject", "hello", "--body", "hello"}, strings.NewReader(""), io.Discard, &said, func(string) string { return "" })
	base, _ := start(t, "--lab", "--history", file)
	return base
}
