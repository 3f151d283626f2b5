package altered

import (
	"bytes"
	"encoding/base64"
	"iter"
	"net/url"
	"slices"
	"strings"
	"sync"
)

var (
	webLink   = sync.OnceValue(compile(`https?://[^\s"'<>\\\x00-\x1f]{4,}`))
	linkMarks = sync.OnceValue(compile(`(?i) (originalsrc|shash|data-auth|data-safelink|data-linkindex)="[^"]*"`))
)

const maxLinks = 500

// undoLinks puts the links back that a service packed into its own: those of one host, and of all.
func undoLinks(d doc, deep bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		root, _ := structure(d)
		hosts, first := packingHosts(d, root)
		if len(hosts) > 1 {
			hosts = append([]string{""}, hosts...)
		}
		for _, host := range hosts {
			for _, escape := range []bool{false, true} {
				unpack := func(t []byte, p *part) []byte { return unpackLinks(t, host, escape && p.isHTML(), p.isHTML()) }
				for c := range edited(d, root, unpack, deep) {
					c.changes = []Change{first}
					if !yield(c) {
						return
					}
				}
			}
		}
	}
}

// packingHosts lists the hosts of links that hold another link, and tells of the first such link.
func packingHosts(d doc, root *part) (hosts []string, first Change) {
	for _, p := range root.texts() {
		text, _ := p.decoded(d.body)
		for _, link := range webLink().FindAll(text, maxLinks) {
			u := string(link)
			if p.isHTML() {
				u = strings.ReplaceAll(u, "&amp;", "&")
			}
			inner, ok := innerLink(u)
			if !ok {
				continue
			}
			if len(hosts) == 0 {
				first = Change{Kind: LinksRewritten, Part: p.id, Now: excerpt(link), Was: excerpt([]byte(inner))}
			}
			if h := hostOf(u); !slices.Contains(hosts, h) && len(hosts) < 8 {
				hosts = append(hosts, h)
			}
		}
	}
	return hosts, first
}

func unpackLinks(text []byte, host string, escape, html bool) []byte {
	text = webLink().ReplaceAllFunc(text, func(link []byte) []byte {
		u := string(link)
		if html {
			u = strings.ReplaceAll(u, "&amp;", "&")
		}
		inner, ok := innerLink(u)
		if !ok || host != "" && hostOf(u) != host {
			return link
		}
		if escape {
			inner = strings.ReplaceAll(inner, "&", "&amp;")
		}
		return []byte(inner)
	})
	if html {
		text = linkMarks().ReplaceAll(text, nil)
	}
	return text
}

func hostOf(link string) string {
	_, rest, _ := strings.Cut(link, "://")
	if i := strings.IndexAny(rest, "/?#:"); i >= 0 {
		rest = rest[:i]
	}
	return strings.ToLower(rest)
}

// innerLink is the link that another one holds.
func innerLink(link string) (string, bool) {
	if inner, ok := proofpoint3(link); ok {
		return inner, true
	}
	path, query, _ := strings.Cut(link, "?")
	if strings.Contains(path, "/v2/url") { // Proofpoint: "-" stands for "%", "_" for "/"
		if u, _, _ := strings.Cut(strings.TrimPrefix(query, "u="), "&"); u != query && len(u) > 4 {
			inner, err := url.PathUnescape(strings.NewReplacer("-", "%", "_", "/").Replace(u))
			return inner, err == nil && isLink(inner)
		}
	}
	for pair := range strings.SplitSeq(query, "&") {
		_, v, _ := strings.Cut(pair, "=")
		if inner, ok := linkIn(v); ok {
			return inner, true
		}
	}
	for from := len("https://"); from < len(link); {
		i := strings.Index(strings.ToLower(link[from:]), "/http")
		if i < 0 {
			break
		}
		if inner, ok := linkIn(link[from+i+1:]); ok {
			return inner, true
		}
		from += i + 5
	}
	return "", false
}

// linkIn reads the value of a parameter as a link, written with percents or in base64.
func linkIn(v string) (string, bool) {
	if inner, err := url.PathUnescape(v); err == nil && isLink(inner) {
		return inner, true
	}
	if len(v) > 16 && len(v) < 4000 {
		plain := strings.TrimRight(strings.NewReplacer("%3D", "", "%3d", "", "-", "+", "_", "/").Replace(v), "=")
		if b, err := base64.RawStdEncoding.DecodeString(plain); err == nil && isLink(string(b)) {
			return string(b), true
		}
	}
	return "", false
}

func isLink(s string) bool {
	return (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")) && len(s) > 10 && !strings.ContainsAny(s, " \r\n\t\"<>")
}

// proofpoint3 reads "https://urldefense.com/v3/__LINK__;CHARACTERS!!…": each "*" of the link stands for the next character.
func proofpoint3(link string) (string, bool) {
	_, rest, ok := strings.Cut(link, "/v3/__")
	if !ok {
		return "", false
	}
	inner, rest, ok := strings.Cut(rest, "__;")
	if !ok {
		return "", false
	}
	coded, _, _ := strings.Cut(rest, "!")
	chars, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(coded, "="))
	if err != nil {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(inner); i++ {
		if inner[i] == '*' && len(chars) > 0 {
			n := runeLen(chars)
			b.Write(chars[:n])
			chars = chars[n:]
			continue
		}
		b.WriteByte(inner[i])
	}
	return b.String(), isLink(b.String())
}

// edited yields the body with each text changed by f, in the encoding that it has.
func edited(d doc, root *part, f func(text []byte, p *part) []byte, deep bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		var group []*part
		var texts [][]byte
		quoted := false
		for _, p := range root.texts() {
			text, ok := p.decoded(d.body)
			if !ok {
				continue
			}
			if was := f(text, p); !bytes.Equal(was, text) {
				group, texts = append(group, p), append(texts, was)
				quoted = quoted || p.encoding == "quoted-printable"
			}
		}
		if len(group) == 0 {
			return
		}
		manners := quotings
		if !quoted {
			manners = quotings[:1]
		} else if deep {
			manners = quotings[:6]
		}
		for _, q := range manners {
			c := candidate{doc: d}
			c.body = rewrite(d, group, texts, q)
			if !yield(c) {
				return
			}
		}
	}
}

// rewrite puts other texts in place of those of the parts, in the encodings that these have.
func rewrite(d doc, group []*part, texts [][]byte, q quoting) []byte {
	out := make([]byte, 0, len(d.body))
	at := 0
	for i, p := range group {
		out = append(out, d.body[at:p.body.from]...)
		switch p.encoding {
		case "base64":
			raw := p.body.of(d.body)
			out = append(out, toBase64(texts[i], base64Line(raw))...)
			out = append(out, raw[len(bytes.TrimRight(raw, "\r\n")):]...)
		case "quoted-printable":
			out = append(out, q.encode(texts[i])...)
		default:
			out = append(out, texts[i]...)
		}
		at = p.body.to
	}
	return append(out, d.body[at:]...)
}
