package app

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"todoku/codes"
	"todoku/diag"
)

// valueFlag is a flag with one value (pflag.Value).
type valueFlag[T any] struct {
	into  *T                      // where the value goes
	parse func(string) (T, error) // the error is a *codes.UserError
	kind  string                  // what the help shows in place of the value: "FILE"
	text  string                  // as it was given
}

// ValueOf makes a flag of one value. parse reads it, its result goes to into; kind is what the help calls the value:
// "FILE".
func ValueOf[T any](into *T, parse func(string) (T, error), kind string) *valueFlag[T] {
	return &valueFlag[T]{into: into, parse: parse, kind: kind}
}

// ListOf makes a flag of several values: separated by commas, or given by repeating the flag.
func ListOf[T any](into *[]T, parse func(string) (T, error), kind string) *listFlag[T] {
	return SplitOf(into, splitCommas, parse, kind)
}

// SplitOf is ListOf with another way to split the text of a flag into values; with a nil split the text is one value.
func SplitOf[T any](into *[]T, split func(string) []string, parse func(string) (T, error), kind string) *listFlag[T] {
	return &listFlag[T]{into: into, split: split, parse: parse, kind: kind}
}

func (w *valueFlag[T]) String() string { return w.text }
func (w *valueFlag[T]) Type() string   { return w.kind }

func (w *valueFlag[T]) Set(s string) error {
	v, err := w.parse(typed(s, w.kind))
	if err == nil {
		*w.into, w.text = v, s
	}
	return err
}

// listFlag is a flag with several values.
type listFlag[T any] struct {
	into  *[]T
	split func(string) []string // nil: the text is one value
	parse func(string) (T, error)
	kind  string
	texts []string // as they were given
}

// typed is the value of a flag as it is read: Narrow, but for texts and names of files, which stay as they are.
func typed(s, kind string) string {
	switch kind {
	case "TEXT", "FILE", "DIR", "RECORD", "":
		return s
	}
	return Narrow(s)
}

// Narrow is a text without blanks around it, with half-width letters and digits where a Japanese keyboard wrote
// full-width ones (Unicode's NFKC). A name before an address in brackets stays as its owner writes it.
func Narrow(s string) string {
	if HasControl(s) { // a line break is an error of its own
		return s
	}
	name := max(strings.LastIndexAny(s, "<＜"), 0)
	return strings.TrimSpace(s[:name] + norm.NFKC.String(s[name:]))
}

// splitCommas splits a text at commas. They are needed because an environment variable cannot be repeated.
func splitCommas(s string) []string {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (w *listFlag[T]) String() string { return strings.Join(w.texts, ",") }
func (w *listFlag[T]) Type() string   { return w.kind }

func (w *listFlag[T]) Set(s string) error {
	parts := []string{s}
	if w.split != nil {
		parts = w.split(typed(s, w.kind))
	}
	for _, part := range parts {
		v, err := w.parse(typed(part, w.kind))
		if err != nil {
			return err
		}
		*w.into = append(*w.into, v)
	}
	w.texts = append(w.texts, s)
	return nil
}

// ParseAny takes any text, also an empty one.
func ParseAny(s string) (string, error) { return s, nil }

// ParseNonEmpty takes any text but an empty one.
func ParseNonEmpty(s string) (string, error) {
	if s == "" {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "the value is empty", JA: "値が空です"}), codes.Message{})
	}
	return s, nil
}

// OneOf makes a parser that takes only the allowed words, in upper or lower case, and gives them as they stand there.
func OneOf(allowed ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if i := slices.IndexFunc(allowed, func(word string) bool { return strings.EqualFold(word, s) }); i >= 0 {
			return allowed[i], nil
		}
		list := codes.Say(codes.Text{EN: "use one of: {allowed}", JA: "次のいずれかを指定してください: {allowed}"}, codes.List("allowed", allowed))
		return "", codes.Wrong(codes.Say(codes.Text{EN: "unknown value {value}", JA: "{value} は指定できません"}, codes.Quoted("value", s)), list)
	}
}

// ParseAddr takes an IPv4 or IPv6 address without a zone; an IPv4-mapped IPv6 address becomes IPv4.
func ParseAddr(s string) (netip.Addr, error) {
	ip, err := netip.ParseAddr(s)
	if err != nil || ip.Zone() != "" {
		return netip.Addr{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not an IP address", JA: "{value} はIPアドレスではありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give one address, such as 192.0.2.7 or 2001:db8::7", JA: "192.0.2.7 や 2001:db8::7 のように1つのアドレスを指定してください"}))
	}
	return ip.Unmap(), nil
}

// ParseDuration takes a length of time above 0, in the form of time.ParseDuration.
func ParseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a length of time", JA: "{value} は時間の長さではありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give a number with a unit, such as 500ms, 5s or 2m", JA: "500ms、5s、2m のように単位を付けて指定してください"}))
	}
	return d, nil
}

// ParseThreshold takes the value of --fail-on.
func ParseThreshold(s string) (Threshold, error) {
	levels := map[string]Threshold{"fail": {Status: diag.Fail}, "unknown": {Status: diag.Unknown},
		"warn": {Status: diag.Warn}, "info": {Status: diag.Info}, "never": {Never: true}}
	word, err := OneOf("fail", "unknown", "warn", "info", "never")(s)
	return levels[word], err
}

// ParseDays takes a length of time as ParseDuration does, or a number of days: 7d.
func ParseDays(s string) (time.Duration, error) {
	if n, ok := parseDays(s); ok {
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := ParseDuration(s)
	if err != nil {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a length of time", JA: "{value} は時間の長さではありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give a number with a unit, such as 30m, 24h or 7d", JA: "30m、24h、7d のように単位を付けて指定してください"}))
	}
	return d, nil
}
