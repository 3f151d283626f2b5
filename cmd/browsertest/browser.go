// Package browsertest opens pages in a real browser (Chromium). Only tests import it, so that nothing of it is in the
// program.
//
//	b := browsertest.Start(t)
//	tab := b.Open(t, browsertest.View{Width: 360, Dark: true})
//	tab.Go(url)
//	tab.Do(chromedp.KeyEvent(kb.Tab))
//	tab.Sound() // no error on the console, no horizontal scroll
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// bound is how long one test may use a browser. It only ends what hangs.
const bound = 5 * time.Minute

// Browser is a running Chromium.
type Browser struct{ ctx context.Context }

// Start runs a browser for a test. Where none is installed the test is skipped, or fails if TODOKU_BROWSER_REQUIRED is set.
// TODOKU_BROWSER names another program than the usual ones.
func Start(t testing.TB) *Browser {
	t.Helper()
	program := find()
	if program == "" {
		if os.Getenv("TODOKU_BROWSER_REQUIRED") != "" {
			t.Fatal("no browser: install chromium, or name one in TODOKU_BROWSER")
		}
		t.Skip("no browser: install chromium, or name one in TODOKU_BROWSER")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program), chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute),
		// Nothing but this machine can be reached.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"))
	if os.Geteuid() == 0 { // Chromium has no sandbox for root
		options = append(options, chromedp.NoSandbox)
	}
	all, cancelAll := context.WithTimeout(context.Background(), bound)
	allocated, cancelAllocated := chromedp.NewExecAllocator(all, options...)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Log("the browser does not close:", err)
		}
		cancel()
		cancelAllocated()
		cancelAll()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("%s does not start: %v", program, err)
	}
	return &Browser{ctx}
}

// find is the path of a browser, or "".
func find() string {
	names := []string{"chromium", "chromium-browser", "google-chrome", "chrome"}
	if name := os.Getenv("TODOKU_BROWSER"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// View is how a reader looks at a page.
type View struct {
	Width     int // of the window in pixels; 0: 1280
	Height    int // 0: 900
	Dark      bool
	NoScripts bool
	Printed   bool // on paper
}

// Tab is a page in a browser. Its context is one of chromedp. It is not safe for concurrent use.
type Tab struct {
	context.Context
	t testing.TB
	*console
}

// console is what a tab wrote to its console.
type console struct {
	seen     chan struct{} // our mark was read from the console
	mu       sync.Mutex
	problems []string
}

// Open opens an empty tab that ends with the test.
func (b *Browser) Open(t testing.TB, v View) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	tab := &Tab{Context: ctx, t: t, console: &console{seen: make(chan struct{}, 1)}}
	tab.Show(v)
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			switch m.Type {
			case "debug":
				if m.Text == mark {
					tab.seen <- struct{}{}
				}
			case "error", "warning", chromedp.ConsoleException:
				tab.mu.Lock()
				tab.problems = append(tab.problems, string(m.Type)+": "+m.Text)
				tab.mu.Unlock()
			}
		}
	}()
	return tab
}

// In is the tab for a subtest, which then fails by itself, for what is written to the console from now on.
func (p *Tab) In(t testing.TB) *Tab {
	t.Helper()
	p.Problems()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = nil
	return &Tab{Context: p.Context, t: t, console: p.console}
}

// Show changes how the page is looked at.
func (p *Tab) Show(v View) {
	p.t.Helper()
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	if v.Width == 0 {
		v.Width = 1280
	}
	if v.Height == 0 {
		v.Height = 900
	}
	p.Do(chromedp.EmulateViewport(int64(v.Width), int64(v.Height)))
	medium := ""
	if v.Printed {
		medium = "print"
	}
	media := emulation.SetEmulatedMediaParams{Media: medium,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(p, emulation.SetEmulatedMedia, media); err != nil {
		p.t.Fatal(err)
	}
	off := emulation.SetScriptExecutionDisabledParams{Value: v.NoScripts}
	if _, err := chromedp.Call(p, emulation.SetScriptExecutionDisabled, off); err != nil {
		p.t.Fatal(err)
	}
}

// Do runs actions of chromedp; the test ends where one fails.
func (p *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// Go opens an address and waits until it is loaded.
func (p *Tab) Go(url string) {
	p.t.Helper()
	p.Do(chromedp.Navigate(url))
}

// Ask runs an expression of JavaScript in the page and returns its value.
func Ask[T any](p *Tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// mark is written to the console and read back: what came before it was read.
const mark = "todoku: read up to here"

// Problems are the errors and warnings on the console so far.
func (p *Tab) Problems() []string {
	p.t.Helper()
	if _, err := chromedp.Run(p, chromedp.Evaluate[chromedp.Void]("console.debug("+strconv.Quote(mark)+")")); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.seen:
	case <-p.Done():
		p.t.Fatal("the console is silent")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.problems...)
}

// Sound reports what no page of ours has: an error on the console, or more width than the window.
func (p *Tab) Sound() {
	p.t.Helper()
	for _, s := range p.Problems() {
		p.t.Errorf("the console says %s", s)
	}
	if over := Ask[int](p, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
		p.t.Errorf("the page is %d px wider than its window", over)
	}
}
