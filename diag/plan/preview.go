package plan

import (
	"bufio"
	"bytes"
	"strings"

	"todoku/codes"
	"todoku/diag/resolve"
)

// A preview of DNSControl has a line for each record that changes:
//
//	******************** Domain: example.jp
//	#1: + CREATE example.jp TXT "v=spf1 mx -all" ttl=300
//	#2: ± MODIFY example.jp MX (10 old.example.jp. ttl=300) -> (10 mx.example.jp. ttl=300)
//	#3: - DELETE www.example.jp CNAME example.jp. ttl=300

// verbs are the words of such lines. CHANGE is that of version 3.
var verbs = [...]string{"CREATE", "MODIFY", "CHANGE", "DELETE"}

// isPreview reports whether a text is such a preview.
func isPreview(data []byte) bool {
	for line := range bytes.Lines(data[:min(len(data), 1<<20)]) {
		text := uncoloured(string(bytes.TrimSpace(line)))
		if _, _, ok := verbOf(text); ok || strings.HasPrefix(text, "****") && strings.Contains(text, "Domain: ") {
			return true
		}
	}
	return false
}

// uncoloured takes the colours of a terminal off a line: ESC [ … m.
func uncoloured(s string) string {
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return s
		}
		end := strings.IndexByte(s[i:], 'm')
		if end < 0 {
			return s[:i]
		}
		s = s[:i] + s[i+end+1:]
	}
}

// verbOf finds the verb of a line, and what stands behind it.
func verbOf(line string) (verb, rest string, ok bool) {
	if number, behind, is := strings.Cut(line, ": "); is && strings.HasPrefix(number, "#") {
		line = behind
	}
	for _, sign := range []string{"+ ", "± ", "- "} {
		line = strings.TrimPrefix(line, sign)
	}
	word, rest, _ := strings.Cut(line, " ")
	for _, v := range verbs {
		if word == v {
			return v, rest, true
		}
	}
	return "", "", false
}

func (p *Plan) readPreview(data []byte) error {
	in := bufio.NewScanner(bytes.NewReader(data))
	in.Buffer(nil, 1<<20)
	n, zone := 1, ""
	for ; in.Scan(); n++ {
		line := uncoloured(strings.TrimSpace(in.Text()))
		if stars, domain, ok := strings.Cut(line, "Domain: "); ok && strings.Trim(stars, "* ") == "" {
			zone, _ = nameIn(strings.TrimSpace(domain), "", false)
			continue
		}
		if verb, rest, ok := verbOf(line); ok {
			p.inZone(zone)
			if err := p.readLine(n, verb, rest); err != nil {
				return err
			}
		}
	}
	if in.Err() != nil {
		return codes.At(p.File, codes.Wrong(codes.Say(codes.Text{EN: "line {n} is too long", JA: "{n}行目が長すぎます"}, codes.Num("n", n)), codes.Message{}))
	}
	return nil
}

// readLine reads what stands behind a verb.
func (p *Plan) readLine(n int, verb, rest string) error {
	first, rest, _ := strings.Cut(rest, " ")
	second, value, _ := strings.Cut(rest, " ")
	t, known := typeNamed(second)
	if other, is := typeNamed(first); is && !known { // earlier versions: TYPE NAME
		t, known, first = other, true, second
	}
	name, ok := nameIn(first, "", false)
	c := Change{Name: name, Type: t, Line: n}
	switch {
	case !known: // a type that mail does not use
		return nil
	case !ok:
		p.pass(n, first+" "+second, wrongName)
		return nil
	case strings.HasPrefix(name, "*"):
		p.pass(n, first+" "+second, isWildcard)
		return nil
	case verb == "CREATE":
		c.After, ok = p.value(t, value, n)
	case verb == "DELETE":
		c.Before, ok = p.value(t, value, n)
	default:
		before, after, both := strings.Cut(withoutAttributes(value), ") -> (")
		if !both { // only the TTL
			return nil
		}
		var right bool
		c.Before, ok = p.value(t, strings.TrimPrefix(before, "("), n)
		c.After, right = p.value(t, strings.TrimSuffix(after, ")"), n)
		ok = ok && right
	}
	if !ok {
		p.pass(n, first+" "+second, wrongValue)
		c.Before, c.After, c.Unknown = nil, nil, wrongValue
	}
	return p.add(c)
}

// value reads the value of a record, without its TTL and what else stands behind it.
func (p *Plan) value(t resolve.Type, s string, n int) ([]resolve.Record, bool) {
	if s = strings.TrimSpace(s); t != resolve.TypeTXT || strings.HasPrefix(s, `"`) {
		s = withoutAttributes(s)
	} else if i := strings.LastIndex(s, " ttl="); i >= 0 && strings.Trim(s[i+5:], "0123456789") == "" {
		s = s[:i]
	}
	r, ok := resolve.ParseValue(t, strings.TrimSpace(s))
	return []resolve.Record{r.At(n)}, ok
}

// withoutAttributes cuts off what stands behind a value: ttl=300, and what a provider adds, such as id=a8b2 (Cloudflare).
func withoutAttributes(s string) string {
	for {
		i := strings.LastIndexByte(s, ' ')
		name, text, is := strings.Cut(s[i+1:], "=")
		if i < 0 || !is || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" || strings.ContainsAny(text, `")`) {
			return s
		}
		s = strings.TrimRight(s[:i], " ")
	}
}
