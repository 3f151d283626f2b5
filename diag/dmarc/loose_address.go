package dmarc

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// How people write addresses for reports.
var (
	scheme   = sync.OnceValue(compile(`(?i)^(?:(?:e-?)?mail ?to|mial?to|malito|maito|malto|mailt|mailtp|mailot|email|mail|smtp) *[:=;.]+ */*`))
	noColon  = sync.OnceValue(compile(`(?i)^mailto[ /]*`))
	restarts = sync.OnceValue(compile(`(?i)(.)(mailto *:)`))
	aroundAt = sync.OnceValue(compile(` *@[ @]*`))
	colon    = sync.OnceValue(compile(`(?i)(mail ?to) *([:=;.]) *`))
	size     = sync.OnceValue(compile(`(?i)!([0-9]+) +([kmgt]?i?b?)(?:yte)?s?( *[,;]| *$)`))
	suffix   = sync.OnceValue(compile(`![0-9][0-9A-Za-z]*$`))
)

func compile(expr string) func() *regexp.Regexp {
	return func() *regexp.Regexp { return regexp.MustCompile(expr) }
}

// takeAddresses adds the addresses of a value that are not there yet.
func (m *meant) takeAddresses(list []URI, value string) []URI {
	// One form before the list is cut: blanks stand at its separators only, and each mailto: begins an address.
	value = aroundAt().ReplaceAllString(value, "@")
	value = colon().ReplaceAllString(value, "mailto:")
	value = size().ReplaceAllString(value, "!$1$2$3")
	value = restarts().ReplaceAllStringFunc(value, func(s string) string {
		if strings.ContainsAny(s[:1], ":/") {
			return s
		}
		return s[:1] + " " + s[1:]
	})
	for _, item := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
		u, ok := readAddress(item)
		switch {
		case ok:
			list = withAll(list, []URI{u})
		case strings.Trim(item, `'.:-/`) != "" && !strings.EqualFold(strings.Trim(item, `'.:-/`), "mailto"):
			m.lost = true
		}
	}
	return list
}

// readAddress reads one address, or a URI of another kind that is in order.
func readAddress(item string) (URI, bool) {
	item = strings.Trim(item, `'.:`)
	item = suffix().ReplaceAllString(item, "")
	if u, ok := strictURI(item); ok && (u.Domain != "" || strings.Contains(item, "://")) {
		return u, true
	}
	for {
		rest := scheme().ReplaceAllString(item, "")
		if rest == item {
			break
		}
		item = rest
	}
	if !strings.Contains(item, ":") {
		item = noColon().ReplaceAllString(item, "")
	}
	item, query, asks := strings.Cut(strings.Trim(item, `'./`), "?")
	local, domain, ok := strings.Cut(item, "@")
	if !ok || strings.Contains(domain, "@") || strings.Contains(local, ":") {
		return URI{}, false
	}
	if plain, err := url.PathUnescape(local); err == nil {
		local = plain
	}
	text := "mailto:" + escapeLocal(strings.Trim(local, "'")) + "@" + strings.Trim(domain, "'.")
	if asks {
		text += "?" + query
	}
	return strictURI(text)
}

// strictURI reads a URI that has no fault at all.
func strictURI(text string) (URI, bool) {
	var p parser
	u, ok := p.uri("", text, 0)
	return u, ok && !slices.ContainsFunc(p.faults, func(f Fault) bool { return f.Kind.Breaks() })
}

// escapeLocal writes the part before the @ as a URI needs it (RFC 6068 §2); one that is no dot-atom is quoted.
func escapeLocal(local string) string {
	if !isDotAtom(local) {
		local = `"` + local + `"`
	}
	var b strings.Builder
	for i := range len(local) {
		if c := local[i]; c < 0x80 && c != '%' && !strings.ContainsRune(mustEscape, rune(c)) {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[c>>4])+string("0123456789abcdef"[c&15])))
		}
	}
	return b.String()
}
