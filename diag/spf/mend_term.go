package spf

import (
	"strings"

	"todoku/codes"
	"todoku/diag/resolve"
)

// mendTerm tries what people get wrong most often. It gives the terms that a word may mean, the likeliest first; one
// with blanks is several terms. before is the mechanism of the same list, if any; unglue takes apart what has no blanks.
func mendTerm(word, before string, unglue func(string) []string) []string {
	word = trimWord(word)
	sign, text := "", word
	if text != "" && isQualifier(text[0]) {
		sign, text = text[:1], strings.TrimLeft(text, text[:1]) // --all
	}
	if text == "" {
		return nil
	}
	for _, try := range []func(string) []string{one, otherMark, network, unglue, signBehind, misspelt} {
		if terms := try(text); len(terms) > 0 {
			return signed(sign, terms)
		}
	}
	if kindOf(before) == Include || kindOf(before) == A || kindOf(before) == MX {
		if term := before + ":" + text; sound(term) {
			return []string{term}
		}
	}
	return signed(sign, bareDomain(text))
}

// trimWord takes away what stands around a word, and marks that stand twice.
func trimWord(word string) string {
	word = strings.TrimRight(word, ".,;:=&")
	word = strings.TrimLeft(word, ".,;:=&()")
	word = strings.TrimRight(word, "()")
	for _, twice := range [][2]string{{"::", ":"}, {":=", ":"}, {"=:", ":"}, {"==", "="}} {
		if name, value, ok := strings.Cut(word, twice[0]); ok && isName(name) {
			word = name + twice[1] + value
		}
	}
	return word
}

// isName reports whether a word is the name of a mechanism or a modifier, with or without a qualifier.
func isName(word string) bool {
	if word != "" && isQualifier(word[0]) {
		word = word[1:]
	}
	return kindOf(word) != Unknown
}

// signed puts the qualifier before terms. Only the first of several in a row takes it.
func signed(sign string, terms []string) []string {
	var out []string
	for _, t := range terms {
		if sign == "+" || sound(sign+strings.Fields(t)[0]) {
			out = append(out, sign+t)
		}
	}
	return out
}

func one(text string) []string {
	if sound(text) {
		return []string{text}
	}
	return nil
}

// signBehind reads an all whose qualifier stands behind it: all-.
func signBehind(text string) []string {
	if n := len(text) - 1; n > 0 && isQualifier(text[n]) && strings.EqualFold(text[:n], "all") {
		return []string{text[n:] + text[:n]}
	}
	return nil
}

// named are the names that begin a term that needs a value, longer ones first.
func named() []string {
	return []string{"redirect", "include", "exists", "exp", "ip4", "ip6", "mx", "ptr", "a"}
}

// otherMark reads a name whose value follows a wrong mark, or none: include=x, include.x, ip4192.0.2.1, redirect:x, all:.
func otherMark(text string) []string {
	lower := resolve.Lower(text)
	for _, name := range named() {
		if !strings.HasPrefix(lower, name) || len(text) == len(name) {
			continue
		}
		value := text[len(name):]
		mark := value[0]
		rest := strings.TrimLeft(value, ".:=;-")
		switch short := len(name) < 3 || name == "exp" || name == "ptr"; {
		case strings.IndexByte(":=;", mark) >= 0:
		case short, strings.IndexByte(".-_", mark) < 0 && (name == "redirect" || name == "include") && strings.ContainsAny(value, ":="):
			continue // "a.b.test" is a domain
		}
		if terms := withValue(text[:len(name)], rest); terms != nil {
			return terms
		}
	}
	if name, _, ok := strings.Cut(text, ":"); ok && strings.EqualFold(name, "all") {
		return []string{name}
	}
	return nil
}

// withValue writes a name and its value as the term that they mean.
func withValue(name, value string) []string {
	if i := strings.Index(value, "://"); i > 0 && kindOf(name) != Exists { // include:https://spf.a.test/
		value = strings.TrimRight(value[i+3:], "/")
	}
	switch kindOf(name) {
	case IP4, IP6, A, MX, Include:
		if terms := network(value); terms != nil {
			return terms
		}
		if terms := inner(value); terms != nil {
			return terms
		}
		if k := kindOf(name); (k == IP4 || k == IP6) && one("a:"+value) != nil && !strings.HasPrefix(value, "_") {
			return []string{"a:" + value} // ip4:mail.a.test
		}
	}
	return one(withMark(name, value))
}

// inner reads a value that is a whole term: of include:ip4:192.0.2.1, mx:ip4:192.0.2.1 or include:include:x it alone is meant.
func inner(value string) []string {
	name, rest, ok := strings.Cut(value, ":")
	if !ok || kindOf(name) == Unknown {
		return nil
	}
	if terms := network(rest); terms != nil {
		return terms
	}
	return one(value)
}

// misspelt reads a name with one wrong letter: inlcude:x, ipv4:192.0.2.1, ip:192.0.2.1, -al.
func misspelt(text string) []string {
	end := strings.IndexAny(text, ":=/")
	if end < 0 {
		end = len(text)
	}
	name, value := strings.ToLower(text[:end]), strings.TrimLeft(text[end:], ":=")
	switch name {
	case "ip", "ipv4", "ipv6", "ip4v", "ip6v", "ip-4", "ip-6", "cidr", "net":
		return network(value)
	}
	if value == "" {
		if oneOff(name, "all") && len(name) > 1 {
			return []string{"all"}
		}
		return nil
	}
	for _, known := range []string{"include", "redirect", "exists", "ip4", "ip6"} {
		if oneOff(name, known) {
			if terms := withValue(known, value); terms != nil {
				return terms
			}
		}
	}
	return nil
}

// oneOff reports whether two words differ by one letter, or by two letters in a row that changed places.
func oneOff(a, b string) bool { return codes.Slips(a, b) == 1 }

// bareDomain reads a domain without a mechanism: include is meant most often, else a; a.mail.test may be a:mail.test too.
func bareDomain(text string) []string {
	include := one("include:" + text)
	label, _, _ := strings.Cut(text, ".")
	if len(include)+len(one("a:"+text)) == 0 || strings.ContainsAny(text, ":=%+~?") {
		return nil
	}
	if label[0] == '_' || strings.EqualFold(label, "spf") {
		return include
	}
	all := append(include, "a:"+text)
	if name, host, ok := strings.Cut(text, "."); ok && (kindOf(name) == A || kindOf(name) == MX) {
		all = append(all, one(name+":"+host)...)
	}
	return all
}
