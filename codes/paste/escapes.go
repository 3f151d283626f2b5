package paste

import (
	"mime"
	"net/url"
	"strings"
)

// escapes are characters as HTML, JSON, Python and log files show them.
var escapes = strings.NewReplacer(
	`\\r\\n`, "\n", `\\n5`, "\n5", `\\n4`, "\n4", `\\n2`, "\n2", // escaped twice
	`\r\n`, "\n", `\n5`, "\n5", `\n4`, "\n4", `\n2`, "\n2", "\r\n", "\n", "\r", "\n", `\/`, "/",
	`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\u003C`, "<", `\u003E`, ">",
	"&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&", "&nbsp;", " ",
	"&#60;", "<", "&#62;", ">", "&#34;", `"`, "&#39;", "'", "&#039;", "'", "&#x27;", "'", "&#58;", ":", "&#64;", "@",
)

// tags end a line in HTML, or mean nothing here.
var tags = strings.NewReplacer(
	"<br>", "\n", "<br/>", "\n", "<br />", "\n", "</p>", "\n", "</div>", "\n", "</td>", "\n", "</tr>", "\n", "</li>", "\n", "</pre>", "\n",
	"<p>", "", "<div>", "", "<td>", "", "<tr>", "", "<li>", "", "<pre>", "", "<b>", "", "</b>", "", "<i>", "", "</i>",
	"", "<strong>", "", "</strong>", "",
	"<code>", "", "</code>", "", "<span>", "", "</span>", "", "<tt>", "", "</tt>", "",
)

// quotedMarks is what quoted-printable makes of the marks around addresses (RFC 2045 §6.7).
var quotedMarks = strings.NewReplacer("=3C", "<", "=3E", ">", "=3D", "=", "=20\n", " \n")

// withoutSoftBreaks takes out the line ends that quoted-printable adds. A line that ends in "=" may be base64 (RFC 4648 §4).
func withoutSoftBreaks(s string) string {
	var b strings.Builder
	broken := false
	for line := range strings.Lines(s) {
		text, ok := strings.CutSuffix(line, "=\n")
		if !ok || strings.HasSuffix(text, "=") || len(text)%4 == 3 && !strings.ContainsAny(text, " <:@.") {
			b.WriteString(line)
			continue
		}
		broken = true
		b.WriteString(text)
	}
	if !broken {
		return s
	}
	return quotedMarks.Replace(b.String())
}

// withoutPercent reads what a URL or a form holds: "550%205.1.1%20User%20unknown". A text with spaces of its own stays as it is:
// what stands in its URLs is not its words.
func withoutPercent(s string) string {
	if n := strings.Count(s, "%20"); n < 2 || n < strings.Count(s, " ") {
		return s
	}
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// blocks are tags that only a page has.
var blocks = [...]string{"<br", "</p>", "</div>", "</td>", "</li>", "</pre>"}

// unescaped gives the characters that stand behind escapes.
func unescaped(s string) string {
	if containsAny(s, blocks[:]) { // a reply may hold a <b> of its own
		s = tags.Replace(s) // before &lt;, which is a mark of the text itself
	}
	s = withoutPercent(s)
	if strings.Contains(s, "=?") { // a word of a header (RFC 2047)
		if text, err := new(mime.WordDecoder).DecodeHeader(s); err == nil {
			s = text
		}
	}
	if strings.ContainsAny(s, "&\\\r") {
		s = escapes.Replace(s)
	}
	if strings.Contains(s, "=\n") {
		s = withoutSoftBreaks(s)
	}
	return s
}

// withoutCSV takes the marks of CSV off a line: "a","b c","d".
func withoutCSV(line string) string {
	if !strings.HasPrefix(line, `"`) || strings.Count(line, `","`) < 2 {
		return line
	}
	return strings.ReplaceAll(strings.Trim(line, "\"\n"), `","`, " ") + "\n"
}

// withoutJSON cuts what follows a reply in the JSON of a mail service.
func withoutJSON(lines []string) {
	for i, line := range lines {
		for _, end := range [...]string{`"}`, `",`} {
			line, _, _ = strings.Cut(line, end)
		}
		lines[i] = line
	}
}
