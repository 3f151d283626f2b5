package spf

import (
	"slices"
	"strings"
	"unicode"

	"todoku/diag/resolve"
)

// Miss says why a text that is meant as an SPF record is none (RFC 7208 §4.5).
type Miss string

// The misses.
const (
	MissBefore  Miss = "blank-before"    // a blank or an invisible character stands before v=spf1
	MissQuotes  Miss = "quotes"          // quotation marks are part of the text
	MissWidth   Miss = "not-ascii"       // v=spf1 is written with characters of another width or script
	MissBlank   Miss = "blank-missing"   // v=spf1 is not followed by a blank
	MissVersion Miss = "version"         // v=spf1 is misspelt
	MissNone    Miss = "version-missing" // the terms stand there without v=spf1
	MissInside  Miss = "version-inside"  // v=spf1 stands behind other text
)

// NearMiss says why a TXT record that is probably meant as an SPF record is none; "" for SPF records and for other texts.
func NearMiss(txt string) Miss {
	if IsSPF(txt) || len(txt) > maxMendable || strings.HasPrefix(strings.ToLower(txt), "spf2.0/") { // Sender ID (RFC 4406)
		return ""
	}
	visible := strings.TrimLeftFunc(txt, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	plain := plainText(txt)
	switch {
	case startsRight(txt):
		return MissBlank
	case startsRight(visible):
		return MissBefore
	}
	if body, ok := cutVersion(plain); ok {
		return misspeltVersion(visible, plain, body)
	}
	switch {
	case startsRight(plain[max(0, strings.Index(resolve.Lower(plain), "v=spf1")):]):
		return MissInside
	case listsSenders(plain):
		return MissNone
	case looksLike(plain):
		return MissVersion
	}
	return ""
}

// startsRight reports whether a text begins with v=spf1, whatever follows but a digit.
func startsRight(s string) bool {
	return len(s) >= 6 && strings.EqualFold(s[:6], "v=spf1") && (len(s) == 6 || !isDigit(s[6]))
}

// misspeltVersion says what is wrong with a version that could be read only in the plain text.
func misspeltVersion(visible, plain, body string) Miss {
	switch {
	case !plausible(body):
		return ""
	case startsQuoted(visible):
		return MissQuotes
	case startsRight(plain):
		return MissWidth
	}
	return MissVersion
}

// looksLike reports whether a text holds terms that stand nowhere but in SPF records.
func looksLike(plain string) bool {
	words := strings.Fields(plain)
	return len(words) > 1 && slices.ContainsFunc(words[1:], func(word string) bool {
		return sound(word) && (listsSenders(word) || strings.EqualFold(words[0][:min(5, len(words[0]))], "v=spf"))
	})
}

// startsQuoted reports whether a text begins with a quotation mark of any script.
func startsQuoted(s string) bool {
	for _, r := range s {
		return unicode.Is(unicode.Pi, r) || unicode.Is(unicode.Ps, r) && r > unicode.MaxASCII || strings.ContainsRune("\"'`\\", r)
	}
	return false
}

// plausible reports whether a text that follows a misspelt version is one of SPF.
func plausible(body string) bool {
	if body == "" {
		return true
	}
	for _, word := range strings.Fields(body) {
		word = strings.TrimLeft(word, "+-~?")
		end := strings.IndexAny(word, ":=/.,;")
		if end < 0 {
			end = len(word)
		}
		if kindOf(word[:end]) != Unknown || network(word) != nil {
			return true
		}
	}
	return false
}

// listsSenders reports whether a text consists of sound terms alone, some of which tell of senders in the way of SPF only.
func listsSenders(plain string) bool {
	found := false
	for _, word := range strings.Fields(plain) {
		if !sound(word) {
			return false
		}
		r, _ := Parse("v=spf1 " + word)
		switch t := &r.Terms[0]; t.Kind {
		case Include, IP4, IP6:
			found = true
		case All:
			found = found || isQualifier(word[0])
		case Unknown:
			return false
		}
	}
	return found
}

// Meant are the records that a near miss may mean, the likeliest first.
func Meant(txt string) []string {
	switch NearMiss(txt) {
	case "", MissInside:
		return nil
	case MissNone:
		return Readings("v=spf1 " + plainText(txt))
	}
	return Readings(txt)
}
