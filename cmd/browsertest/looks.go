package browsertest

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// Axe is the script of axe-core that TODOKU_AXE names; "" where it names none.
func Axe(t testing.TB) string {
	t.Helper()
	path := os.Getenv("TODOKU_AXE")
	if path == "" {
		return ""
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// LooksGood shows the page on a phone, a tablet and a screen, light and dark, all that is folded open: nothing is on the console
// or wider than the window, and axe, if it is given, finds nothing serious.
func (p *Tab) LooksGood(axe string) {
	p.t.Helper()
	p.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true)`))
	if axe != "" {
		p.Do(chromedp.Evaluate[chromedp.Void](axe))
	}
	for _, width := range []int{360, 768, 1280} {
		for _, dark := range []bool{false, true} {
			if axe == "" && dark != (width == 768) { // scripts and widths differ little by colour
				continue
			}
			p.Show(View{Width: width, Dark: dark})
			p.Sound()
			if axe != "" {
				p.accessible(width, dark)
			}
		}
	}
}

// accessible asks axe about the page as it is shown.
func (p *Tab) accessible(width int, dark bool) {
	p.t.Helper()
	found, err := chromedp.Run(p, chromedp.Evaluate[[]string](`axe.run().then(r => r.violations
		.filter(v => v.impact === "serious" || v.impact === "critical")
		.map(v => v.id + ": " + v.help + ": " + v.nodes[0].html.slice(0, 200)))`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, v := range found {
		p.t.Errorf("%d px, dark %t: %s", width, dark, v)
	}
}

// Picture writes what is seen of the page to a file (PNG), packed more tightly than a browser does.
func (p *Tab) Picture(file string) {
	p.t.Helper()
	var b bytes.Buffer
	seen, err := chromedp.Run(p, chromedp.CaptureScreenshot())
	if err == nil {
		var picture image.Image
		if picture, err = png.Decode(bytes.NewReader(seen)); err == nil {
			err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, picture)
		}
	}
	if err == nil {
		err = os.WriteFile(file, b.Bytes(), 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// mostOfPicture is how many octets a picture in docs may have.
const mostOfPicture = 100 << 10

// SmallPicture fails where a picture of the documents is missing or large.
func SmallPicture(t testing.TB, file string) {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > mostOfPicture {
		t.Errorf("%s has %d octets, at most %d are wanted", file, info.Size(), mostOfPicture)
	}
}
