package app

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
)

// word is a flag with one value that parse understands. kind is what help
// shows in its place.
type word[T any] struct {
	into  *T
	parse func(string) (T, error)
	kind  string
	text  string
}

// ValueOf makes a flag of one value; kind is what the help calls it: "FILE".
func ValueOf[T any](into *T, parse func(string) (T, error), kind string) *word[T] {
	return &word[T]{into: into, parse: parse, kind: kind}
}

// ListOf makes a flag of several values, separated by commas or by repeating the flag.
func ListOf[T any](into *[]T, parse func(string) (T, error), kind string) *words[T] {
	return &words[T]{into: into, parse: parse, kind: kind}
}

func (w *word[T]) String() string { return w.text }
func (w *word[T]) Type() string   { return w.kind }

func (w *word[T]) Set(s string) error {
	v, err := w.parse(s)
	if err == nil {
		*w.into, w.text = v, s
	}
	return err
}

// words is a flag that may be repeated or take several values with commas
// between: the environment has no other way.
type words[T any] struct {
	into  *[]T
	parse func(string) (T, error)
	kind  string
	texts []string
}

func (w *words[T]) String() string { return strings.Join(w.texts, ",") }
func (w *words[T]) Type() string   { return w.kind }

func (w *words[T]) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		v, err := w.parse(strings.TrimSpace(part))
		if err != nil {
			return err
		}
		*w.into, w.texts = append(*w.into, v), append(w.texts, part)
	}
	return nil
}

func ParseText(s string) (string, error) { return s, nil }

func ParseGiven(s string) (string, error) {
	if s == "" {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "the value is empty", JA: "値が空です"}), codes.Message{})
	}
	return s, nil
}

// OneOf makes a parser that takes only these words.
func OneOf(allowed ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		for _, a := range allowed {
			if s == a {
				return s, nil
			}
		}
		list := codes.Say(codes.Text{EN: "use one of: {allowed}", JA: "次のいずれかを指定してください: {allowed}"}, codes.List("allowed", allowed))
		return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is not possible here", JA: "{value} は指定できません"}, codes.Quoted("value", s)), list)
	}
}

func ParseAddr(s string) (netip.Addr, error) {
	ip, err := netip.ParseAddr(s)
	if err != nil || ip.Zone() != "" {
		return netip.Addr{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not an IP address", JA: "{value} はIPアドレスではありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give one address, such as 192.0.2.7 or 2001:db8::7", JA: "192.0.2.7 や 2001:db8::7 のように1つのアドレスを指定してください"}))
	}
	return ip.Unmap(), nil
}

func ParsePrefix(s string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(s); err == nil && ip.Zone() == "" {
		ip = ip.Unmap()
		return netip.PrefixFrom(ip, ip.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not an address or a network", JA: "{value} はIPアドレスでもネットワークでもありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give an address or a network, such as 192.0.2.7 or 192.0.2.0/24", JA: "192.0.2.7 や 192.0.2.0/24 のように指定してください"}))
	}
	return p.Masked(), nil
}

func ParseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a length of time", JA: "{value} は時間の長さではありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give a number with a unit, such as 500ms, 5s or 2m", JA: "500ms、5s、2m のように単位を付けて指定してください"}))
	}
	return d, nil
}

// ParseWorkers takes a number of targets under way at once.
func ParseWorkers(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 4096 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a number from 1 to 4096", JA: "{value} は1から4096までの数ではありません"}, codes.Quoted("value", s)), codes.Message{})
	}
	return n, nil
}

func parseThreshold(s string) (Threshold, error) {
	levels := map[string]Threshold{"fail": {Status: diag.Fail}, "unknown": {Status: diag.Unknown},
		"warn": {Status: diag.Warn}, "info": {Status: diag.Info}, "never": {Never: true}}
	if _, err := OneOf("fail", "unknown", "warn", "info", "never")(s); err != nil {
		return Threshold{}, err
	}
	return levels[s], nil
}

// ParseDomain gives the form of a domain that DNS knows.
func ParseDomain(s string) (string, error) {
	t, err := DomainTarget(s)
	return t.ASCII, err
}

// DomainTarget makes a target of what people paste for a domain, and says what
// to leave out where it is more than one.
func DomainTarget(s string) (diag.Target, error) {
	says := codes.Say(codes.Text{EN: "{value} is not a domain name", JA: "{value} はドメイン名ではありません"}, codes.QuotedStart("value", s, 80))
	fix := codes.Say(codes.Text{EN: "give a name such as example.jp", JA: "example.jp のような名前を指定してください"})
	switch {
	case strings.Contains(s, "://"):
		fix = codes.Say(codes.Text{EN: "give only the name of the host, without the scheme and the path", JA: "スキームやパスを除いて、ドメイン名だけを指定してください"})
	case strings.Contains(s, "@"):
		fix = codes.Say(codes.Text{EN: "give only the part after the @", JA: "@ より後ろだけを指定してください"})
	case isAddress(s):
		fix = codes.Say(codes.Text{EN: "this is an IP address: give the domain; the address that sends its mail goes to --ip", JA: "IPアドレスです。ドメイン名を指定してください。送信元のIPアドレスは --ip で指定します"})
	case s == "" || strings.ContainsFunc(s, notInNames):
	default:
		t, err := diag.DomainTarget(s)
		if err != nil {
			return diag.Target{}, &codes.UserError{Says: says, Remedy: fix, Cause: err}
		}
		switch { // of the mapped name: IDNA maps more than letters
		case endsInNumber(t.ASCII) && !isAddress(t.ASCII):
			fix = codes.Say(codes.Text{EN: "no domain name ends in a number; an IP address goes to --ip, with all four numbers", JA: "ドメイン名の末尾が数字だけになることはありません。IPアドレスは4つの数字すべてを書いて --ip で指定してください"})
		case !strings.ContainsFunc(t.ASCII, notInNames) && !isAddress(t.ASCII):
			return t, nil
		}
	}
	return diag.Target{}, codes.Wrong(says, fix)
}

// isAddress reports whether somebody gave an IP address for a name.
func isAddress(s string) bool {
	_, err := netip.ParseAddr(strings.Trim(strings.TrimSuffix(s, "."), "[]"))
	return err == nil
}

// endsInNumber reports whether the last label is all digits, as in 127.1 and 256.1.1.1: no top-level domain is
// (RFC 3696 §2).
func endsInNumber(name string) bool {
	name = strings.TrimSuffix(name, ".")
	last := name[strings.LastIndexByte(name, '.')+1:]
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// notInNames is what no domain name of mail has in it (RFC 1123 §2.1, with the
// underscore of RFC 8552); letters beyond ASCII are left to IDNA.
func notInNames(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("/:;,\\\"'()<>[]{}|?=&%#!$*+^`~", r)
}

// ParseAuth makes a parser of RESULT:DOMAIN for the words of one mechanism
// (RFC 8601 §2.7).
func ParseAuth(results ...string) func(string) (dmarc.AuthResult, error) {
	return func(s string) (dmarc.AuthResult, error) {
		result, domain, ok := strings.Cut(s, ":")
		if !ok {
			return dmarc.AuthResult{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} has no domain", JA: "{value} にドメインがありません"}, codes.Quoted("value", s)),
				codes.Say(codes.Text{EN: "give RESULT:DOMAIN, such as pass:example.jp", JA: "pass:example.jp のように「結果:ドメイン」の形で指定してください"}))
		}
		if _, err := OneOf(results...)(strings.ToLower(result)); err != nil {
			return dmarc.AuthResult{}, err
		}
		ascii, err := ParseDomain(domain)
		return dmarc.AuthResult{Result: strings.ToLower(result), Domain: ascii}, err
	}
}
