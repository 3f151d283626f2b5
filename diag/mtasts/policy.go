package mtasts

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Mode is what senders do with a host that does not hold against the policy (RFC 8461 §5).
type Mode string

// The modes.
const (
	Enforce Mode = "enforce" // they do not deliver to it
	Testing Mode = "testing" // they deliver, and report
	None    Mode = "none"    // there is no policy any more
)

// Bounds of a policy.
const (
	MaxSize   = 64 << 10 // bytes; RFC 8461 §3.3 suggests it to senders
	MaxMaxAge = 31557600 // seconds, about a year (RFC 8461 §3.2)
)

// Policy is what a policy says (RFC 8461 §3.2): valid values only, the rest as if it were not there.
type Policy struct {
	Version    bool // STSv1
	Mode       Mode // "" when absent or not valid
	MaxAge     time.Duration
	Lasts      bool // max_age is there, and valid
	MX         []Pattern
	Extensions []string // other lines, as published
}

// Pattern is one mx line: a host, or all hosts one label below a domain.
type Pattern struct {
	Text     string // lower case: "*.example.com"
	Wildcard bool
	domain   string // without "*."
}

// Covers reports whether a mail host is one of those that the pattern means: * stands for the whole first label and for
// nothing else (RFC 8461 §4.1).
func (p Pattern) Covers(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !p.Wildcard {
		return host == p.domain
	}
	label, rest, ok := strings.Cut(host, ".")
	return ok && label != "" && rest == p.domain
}

// Covers gives the first pattern that means a mail host.
func (p *Policy) Covers(host string) (Pattern, bool) {
	if i := slices.IndexFunc(p.MX, func(m Pattern) bool { return m.Covers(host) }); i >= 0 {
		return p.MX[i], true
	}
	return Pattern{}, false
}

// String writes the policy as it should be published, with the line ends of RFC 8461 §3.2.
func (p Policy) String() string { return strings.Join(p.Lines(), "\r\n") + "\r\n" }

// Lines are the lines of the policy, as they should be published.
func (p Policy) Lines() []string {
	out := append([]string{"version: STSv1", "mode: " + string(p.Mode)}, p.MXLines()...)
	out = append(out, "max_age: "+strconv.Itoa(int(p.MaxAge/time.Second)))
	return append(out, p.Extensions...)
}

// MXLines are the lines of the hosts.
func (p Policy) MXLines() []string {
	var out []string
	for _, m := range p.MX {
		out = append(out, "mx: "+m.Text)
	}
	return out
}

// ParsePattern reads the value of an mx line: a domain of letters, digits and hyphens, perhaps with "*." before it
// (RFC 8461 §3.2, RFC 5321 §4.1.2).
func ParsePattern(s string) (Pattern, bool) {
	p := Pattern{Text: strings.ToLower(s)}
	p.domain, p.Wildcard = strings.CutPrefix(p.Text, "*.")
	if p.domain == "" || len(p.domain) > 253 {
		return p, false
	}
	for label := range strings.SplitSeq(p.domain, ".") {
		ok := label != "" && len(label) <= 63 && label[0] != '-' && label[len(label)-1] != '-'
		if !ok || strings.ContainsFunc(label, func(r rune) bool { return !isAlnum(r) && r != '-' }) {
			return p, false
		}
	}
	return p, true
}

// ParsePolicy reads a policy and tells all its faults, in their order. It reads what can be read.
func ParsePolicy(body string) (*Policy, []Fault) {
	p := policyParser{policy: &Policy{}, seen: map[string]bool{}}
	at := 0
	if rest, ok := strings.CutPrefix(body, "\ufeff"); ok {
		p.fault(ByteMark, 0, "", "U+FEFF", "version: STSv1")
		at = len(body) - len(rest)
	}
	for at < len(body) {
		p.line++
		end := strings.IndexByte(body[at:], '\n')
		next := len(body)
		if end < 0 {
			end = len(body)
		} else {
			end += at
			next = end + 1
		}
		p.take(strings.TrimSuffix(body[at:end], "\r"), at)
		at = next
	}
	p.finish(body)
	return p.policy, p.faults
}

type policyParser struct {
	policy *Policy
	faults []Fault
	seen   map[string]bool // keys that had a line, valid or not
	line   int
}

func (p *policyParser) fault(k Kind, at int, key, text, expected string) {
	p.faults = append(p.faults, Fault{Kind: k, Line: max(p.line, 1), Offset: at, Key: key, Text: text, Expected: expected})
}

// keys are those that RFC 8461 §3.2 defines.
var keys = [...]string{"version", "mode", "mx", "max_age"}

// take reads one line.
func (p *policyParser) take(line string, at int) {
	text := strings.TrimRight(line, blanks)
	key, value, ok := strings.Cut(text, ":")
	plain := strings.ToLower(strings.Trim(key, blanks))
	if i := strings.IndexFunc(text, notPrinted); i >= 0 {
		kind := BadCharacter
		if text[i] == '\r' {
			kind = BadLineEnd
		}
		p.fault(kind, at+i, "", text[i:i+1], "")
		p.seen[plain] = true
		return
	}
	switch {
	case text == "":
		p.fault(BlankLine, at, "", "", "")
	case !ok:
		p.fault(NoValue, at, "", text, "key: value")
	case slices.Contains(keys[:], plain) && key != plain:
		p.seen[plain] = true
		p.fault(BadKey, at, plain, text, plain+": …")
	case !isName(key):
		p.fault(BadKey, at, key, text, "key: value")
	default:
		p.value(key, strings.TrimLeft(value, blanks), text, at)
	}
}

// notPrinted is what a line of a policy cannot hold (sts-policy-vchar of RFC 8461 §3.2).
func notPrinted(r rune) bool { return r == utf8.RuneError || r < ' ' && r != '\t' || r == 0x7f }

// value takes the value of a key. All are case sensitive (RFC 8461 §3.2, RFC 7405).
func (p *policyParser) value(key, value, line string, at int) {
	if p.seen[key] && key != "mx" && slices.Contains(keys[:], key) {
		p.fault(Duplicate, at, key, line, "1 × "+key)
		return
	}
	p.seen[key] = true
	at += len(line) - len(value)
	switch key {
	case "version":
		if p.policy.Version = value == "STSv1"; !p.policy.Version {
			p.fault(BadValue, at, key, line, "version: STSv1")
		}
	case "mode":
		switch m := Mode(value); m {
		case Enforce, Testing, None:
			p.policy.Mode = m
		default:
			p.fault(BadValue, at, key, line, "mode: enforce | testing | none")
		}
	case "max_age":
		p.maxAge(value, line, at)
	case "mx":
		pattern, ok := ParsePattern(value)
		if !ok {
			p.fault(BadMX, at, key, line, "mx: mail.example.com | *.example.com")
			return
		}
		p.policy.MX = append(p.policy.MX, pattern)
	default:
		if value == "" {
			p.fault(BadValue, at, key, line, "key: value")
			return
		}
		p.policy.Extensions = append(p.policy.Extensions, line)
		p.fault(UnknownKey, at, key, line, "")
	}
}

// maxAge reads up to ten digits (RFC 8461 §3.2).
func (p *policyParser) maxAge(value, line string, at int) {
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil || len(value) > 10 || n > MaxMaxAge {
		p.fault(BadValue, at, "max_age", line, "max_age: 0 … 31557600")
		return
	}
	p.policy.MaxAge, p.policy.Lasts = time.Duration(n)*time.Second, true
}

// finish tells what is not there.
func (p *policyParser) finish(body string) {
	if !p.seen["version"] && !p.seen["mode"] && !p.seen["mx"] && !p.seen["max_age"] {
		first, _, _ := strings.Cut(body, "\n")
		p.line, p.faults = 1, nil
		p.policy.Extensions = nil
		p.fault(NoPolicy, 0, "", strings.TrimRight(first, "\r"), "version: STSv1")
		return
	}
	for _, key := range keys {
		if !p.seen[key] && (key != "mx" || p.policy.Mode != None) {
			p.fault(MissingKey, len(body), key, "", key+": …")
		}
	}
}
