package altered

import (
	"bytes"
	"strings"
)

// kindOfBlock names what was inserted, by its place and by what it is.
func kindOfBlock(body []byte, root *part, at span) Kind {
	block := at.of(body)
	lower := bytes.ToLower(block[:min(len(block), 8<<10)])
	p := root.at(at.from)
	switch {
	case len(bytes.TrimSpace(block)) == 0:
		return EmptyLineAdded
	case bytes.Contains(lower, []byte("\ncontent-type:")) && bytes.Contains(block, []byte("--")):
		return FooterPartAdded
	case len(p.parts) > 0 && strings.HasPrefix(p.kind, "multipart/"):
		return kindAround(p, at, lower)
	case p.isHTML() || p.id == "" && bytes.HasPrefix(bytes.TrimSpace(lower), []byte("<")):
		return kindOfHTML(body, p.body, at)
	case len(bytes.TrimSpace(body[p.body.from:max(p.body.from, at.from)])) == 0:
		return BannerAdded
	case len(bytes.TrimSpace(body[min(at.to, p.body.to):p.body.to])) == 0:
		return FooterAdded
	case endsText(body[p.body.from:p.body.to], at.to-p.body.from):
		return FooterAdded
	}
	return TextInserted
}

// kindAround names what was put around the parts of a multipart, where no reader of mail shows it.
func kindAround(p *part, at span, lower []byte) Kind {
	switch {
	case bytes.Contains(lower, []byte("mime")):
		return PreambleChanged
	case at.from > p.parts[len(p.parts)-1].body.to:
		return FooterAdded
	case at.to <= p.parts[0].head.from:
		return BannerAdded
	}
	return PreambleChanged
}

// endsText reports whether nothing but the signature of a person follows.
func endsText(text []byte, at int) bool {
	rest := bytes.TrimSpace(text[min(max(at, 0), len(text)):])
	return bytes.HasPrefix(rest, []byte("-- \r\n")) || bytes.HasPrefix(rest, []byte("--\r\n"))
}

// kindOfHTML names what was inserted into a text in HTML.
func kindOfHTML(body []byte, text, at span) Kind {
	block := bytes.ToLower(at.of(body))
	before := bytes.ToLower(body[text.from:max(at.from, text.from)])
	behind := bytes.ToLower(body[min(at.to, text.to):text.to])
	words := wordsOfHTML(block)
	switch {
	case len(words) == 0 && bytes.Contains(block, []byte("<img")):
		return PixelAdded
	case len(wordsOfHTML(behind)) == 0:
		return HTMLFooterAdded
	case len(wordsOfHTML(afterBody(before))) == 0:
		return HTMLBannerAdded
	}
	return TextInserted
}

// afterBody is what stands behind <body …> and all before it that is no text for people.
func afterBody(html []byte) []byte {
	if i := bytes.LastIndex(html, []byte("<body")); i >= 0 {
		return html[i:]
	}
	if i := bytes.LastIndex(html, []byte("</head>")); i >= 0 {
		return html[i:]
	}
	return html
}

// wordsOfHTML is a text without its tags and blanks; what is cut in the middle of a tag counts as one.
func wordsOfHTML(html []byte) []byte {
	var out []byte
	tag := false
	for _, c := range html {
		switch {
		case c == '<':
			tag = true
		case c == '>':
			tag = false
		case !tag && c > ' ':
			out = append(out, c)
		}
	}
	return bytes.ReplaceAll(out, []byte("&nbsp;"), nil)
}
