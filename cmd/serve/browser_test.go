package serve_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"todoku/cmd/browsertest"
)

// keyboard is somebody who has no mouse.
type keyboard struct {
	*browsertest.Tab
	t *testing.T
}

// to moves the focus on with the tab key until it is on an element.
func (k keyboard) to(selector string) {
	k.t.Helper()
	for range 100 {
		k.Do(chromedp.KeyEvent(kb.Tab))
		if browsertest.Ask[bool](k.Tab, `document.activeElement.matches("`+selector+`")`) {
			return
		}
	}
	k.t.Fatalf("the keyboard does not lead to %s", selector)
}

func (k keyboard) types(selector, text string) {
	k.t.Helper()
	k.to(selector)
	k.Do(chromedp.KeyEvent(text))
}

// press presses the button with the focus, and waits for the page with an element.
func (k keyboard) press(then string) {
	k.t.Helper()
	k.Do(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(then)))
}

// shows fails where the page lacks a text.
func (k keyboard) shows(text string) {
	k.t.Helper()
	if all := browsertest.Ask[string](k.Tab, "document.body.innerText"); !strings.Contains(all, text) {
		k.t.Errorf("the page does not show %q:\n%s", text, all)
	}
}

// TestInABrowser: one browser for all, since it starts slowly.
func TestInABrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	t.Run("the five jobs by keyboard", func(t *testing.T) { theFiveJobsByKeyboard(t, b) })
	t.Run("pages look good", func(t *testing.T) { pagesLookGood(t, b) })
	t.Run("an upload is followed", func(t *testing.T) { anUploadIsFollowed(t, b) })
}

// theFiveJobsByKeyboard with scripts and without, on a wide and on a narrow page.
func theFiveJobsByKeyboard(t *testing.T, b *browsertest.Browser) {
	base, _ := start(t, "--lab")
	for _, v := range []struct {
		name string
		view browsertest.View
	}{{"scripts", browsertest.View{Width: 1280}}, {"no scripts", browsertest.View{Width: 360, Dark: true, NoScripts: true}}} {
		t.Run(v.name, func(t *testing.T) {
			k := keyboard{b.Open(t, v.view), t}
			k.Go(base + "/?lang=en")
			k.Do(chromedp.KeyEvent(kb.Tab))
			if !browsertest.Ask[bool](k.Tab, `document.activeElement.matches(".skip")`) {
				t.Error("the first key does not lead to the content")
			}
			k.types("#q", "42553")
			k.to("button.main")
			k.press("#more")
			k.shows("Probably refused by the receiver")
			k.Sound()

			k.Go(base)
			k.types("#q", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.")
			k.to("summary")
			k.Do(chromedp.KeyEvent(kb.Enter))
			k.types("#from", "news@no-spf.test")
			k.types("#to", "user@takes.test")
			k.types("#ip", "192.0.2.7")
			k.to("button.main")
			k.press("#more")
			k.shows("no-spf.test has no SPF record")
			k.to("a[href^='/letter?of=']")
			k.press("#time")
			k.types("#time", "2026-11-23 09:00")
			k.to("button.main")
			k.press("#more")
			k.shows("Dear mail administrators of takes.test")
			k.Sound()

			k.Go(base)
			k.types("#q", "two-spf.test")
			k.to("button.main")
			k.press("#more")
			k.shows("2 SPF records")
			k.Sound()

			k.Go(base + "/triage")
			k.to("#file")
			k.Do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{write(t, "mail.log", log(300))}))
			k.to("button.main")
			k.press("#more")
			k.shows("300")
			k.shows("takes.test")
			k.Sound()

			k.Go(base + "/guide")
			k.to("button.main")
			k.press("#a0")
			k.to("#a0")
			k.to("button.main")
			k.press("ol.way")
			k.shows("Which delivery code is it?")
			k.Sound()
		})
	}
}
