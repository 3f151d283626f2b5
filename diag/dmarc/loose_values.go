package dmarc

import (
	"slices"
	"strings"

	"todoku/codes"
)

// take takes what a tag means into the record.
func (m *meant) take(t looseTag) {
	r := &m.rec
	switch t.name {
	case "v":
		word, _ := firstWord(t.value)
		m.version = m.version || hasFold(word, "dmarc") || nearly(strings.ReplaceAll(t.value, " ", ""), "dmarc1", 2)
		m.kind(t.value)
		_, rest, _ := strings.Cut(t.value, ";")
		m.leave(rest)
		m.lost = m.lost || holdsMeaning(t.value)
	case "rua":
		r.RUA = m.takeAddresses(r.RUA, t.value)
	case "ruf":
		r.RUF = m.takeAddresses(r.RUF, t.value)
	case "fo":
		if fo := readFO(t.value); fo != "" {
			r.FO = fo
		}
	default:
		word, rest := firstWord(t.value)
		m.takeWord(t.name, word)
		m.leave(rest)
	}
}

// takeWord takes the one word of a tag.
func (m *meant) takeWord(tag, word string) {
	r := &m.rec
	first := word[:min(len(word), 1)]
	switch tag {
	case "p":
		m.takePolicy(&r.P, word)
	case "sp":
		m.takePolicy(&r.SP, word)
	case "np":
		m.takePolicy(&r.NP, word)
	case "psd":
		if first == "y" || first == "n" {
			r.PSD = first[0]
		}
	case "t":
		r.Testing = r.Testing || first == "y"
	case "adkim":
		r.StrictDKIM = r.StrictDKIM || first == "s"
	case "aspf":
		r.StrictSPF = r.StrictSPF || first == "s"
	case "pct":
		// RFC 9989 §A.6: what pct=0 was used for is t=y now.
		r.Testing = r.Testing || word == "0"
	}
}

// leave notes what is not read.
func (m *meant) leave(rest string) {
	m.unread = m.unread || strings.ContainsFunc(rest, isLetter)
	m.lost = m.lost || holdsMeaning(rest)
}

// firstWord gives the letters and digits that a value begins with, in lower case, and what follows them.
func firstWord(value string) (word, rest string) {
	value = strings.TrimLeft(value, " '=:.,;-_")
	end := 0
	for end < len(value) && (isLetter(rune(value[end])) || isDigit(value[end])) {
		end++
	}
	return strings.ToLower(value[:end]), value[end:]
}

// takePolicy takes a policy; the stricter of two counts.
func (m *meant) takePolicy(to *Policy, word string) {
	p, ok := policyIn(word)
	m.lost = m.lost || !ok
	if ok {
		m.policy = true
	}
	if p.Strength() > to.Strength() {
		*to = p
	}
}

// policyIn reads a policy word, also with an ending, cut or with wrong letters: "rejected", "quar", "quarentine".
func policyIn(word string) (Policy, bool) {
	word = strings.ToLower(word)
	for _, p := range [...]Policy{None, Quarantine, Reject} {
		if strings.HasPrefix(word, string(p)) || len(word) > 3 && strings.HasPrefix(string(p), word) {
			return p, true
		}
	}
	for _, p := range [...]Policy{None, Quarantine, Reject} {
		if nearly(word, string(p), len(p)/4) && (p != None || len(word) > 2) {
			return p, true
		}
	}
	return "", false
}

// readFO reads the list of fo. RFC 9989 §4.7: 0 and 1 exclude each other; 1 asks for more.
func readFO(value string) string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return strings.ContainsRune(": ,;.'", r) }) {
		if len(w) == 1 && strings.Contains("01ds", w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	if slices.Contains(out, "1") {
		out = slices.DeleteFunc(out, func(w string) bool { return w == "0" })
	}
	return strings.Join(out, ":")
}

// nearly reports whether two words differ by at most so many slips.
func nearly(a, b string, slips int) bool {
	apart := len(a) - len(b)
	return apart <= slips && -apart <= slips && codes.Slips(strings.ToLower(a), strings.ToLower(b)) <= slips
}
