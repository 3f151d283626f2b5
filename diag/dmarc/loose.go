package dmarc

import "strings"

// looseTag is a tag that was found in a faulty text.
type looseTag struct {
	name  string // one of known
	value string // up to the next tag
	start int
}

// names are the tags with the names that people give them, the longer before those that they end with.
var names = [...]struct{ written, name string }{
	{"subdomain_policy", "sp"}, {"subdomain-policy", "sp"}, {"subpolicy", "sp"}, {"policy", "p"}, {"pol", "p"},
	{"adkim", "adkim"}, {"aspf", "aspf"}, {"rua", "rua"}, {"ruf", "ruf"}, {"psd", "psd"}, {"pct", "pct"}, {"sp", "sp"},
	{"np", "np"}, {"fo", "fo"}, {"rf", "rf"}, {"ri", "ri"}, {"p", "p"}, {"t", "t"}, {"v", "v"},
}

// findTags finds the tags of a text in their order.
func findTags(s string) []looseTag {
	var out []looseTag
	var values []int
	for i := 0; i < len(s); {
		name, value := tagAt(s, i)
		if name == "" {
			i++
			continue
		}
		if n := len(out); n > 0 {
			out[n-1].value = s[values[n-1]:i]
		}
		out, values = append(out, looseTag{name: name, start: i}), append(values, value)
		i = value
	}
	if n := len(out); n > 0 {
		out[n-1].value = s[values[n-1]:]
	}
	return out
}

// tagAt gives the tag whose name stands at i and where its value starts; "" where there is none. The less a tag looks like
// one, the more its value has to.
func tagAt(s string, i int) (name string, value int) {
	for _, n := range names {
		end := i + len(n.written)
		if end >= len(s) || !strings.EqualFold(s[i:end], n.written) {
			continue
		}
		at := end
		for at < len(s) && strings.IndexByte(" =:;.-", s[at]) >= 0 {
			at++
		}
		mark := s[end:at]
		equals := strings.Contains(mark, "=")
		switch {
		case equals && startsWord(s, i), equals && fits(n.name, s[at:], !isAddresses(n.name)),
			startsPart(s, i) && fits(n.name, s[at:], strings.Contains(mark, ":") || !isAddresses(n.name) && strings.Trim(mark, " ") != ""):
			return n.name, at
		}
	}
	if startsPart(s, i) {
		return misspelt(s, i)
	}
	return "", 0
}

func isAddresses(name string) bool { return name == "rua" || name == "ruf" }

// misspelt reads a tag whose name has one wrong letter, where its value leaves only one tag.
func misspelt(s string, i int) (name string, value int) {
	end := i
	for end < len(s) && isLetter(rune(s[end])) {
		end++
	}
	at := end
	for at < len(s) && (s[at] == ' ' || s[at] == '=') {
		at++
	}
	if end-i < 3 || !strings.Contains(s[end:at], "=") {
		return "", 0
	}
	for _, n := range names {
		if len(n.written) > 2 && nearly(s[i:end], n.written, 1) && fits(n.name, s[at:], true) {
			if name != "" && name != n.name {
				return "", 0
			}
			name, value = n.name, at
		}
	}
	return name, value
}

// startsWord reports whether what stands at i is no end of a longer word or value.
func startsWord(s string, i int) bool {
	return i == 0 || strings.IndexByte(" ;,'", s[i-1]) >= 0
}

// startsPart reports whether a separator, or nothing at all, stands before i.
func startsPart(s string, i int) bool {
	before := strings.TrimRight(s[:i], " '")
	return before == "" || before[len(before)-1] == ';' || before[len(before)-1] == ',' || len(before) < i && startsWord(s, i)
}

// fits reports whether a text begins with a value that a tag can have. sure tells that the mark behind the name is one that
// stands before values.
func fits(name, text string, sure bool) bool {
	text = strings.TrimLeft(text, " '")
	word := text
	if i := strings.IndexAny(text, " ;,'=:"); i >= 0 {
		word = text[:i]
	}
	if isAddresses(name) {
		part, _, _ := strings.Cut(text, ";")
		return hasFold(text, "mailto") || sure && strings.Contains(part, "@")
	}
	if strings.Contains(word, "@") {
		return false
	}
	lower := strings.ToLower(word)
	switch name {
	case "v":
		return hasFold(text, "dmarc")
	case "p", "sp", "np":
		_, ok := policyIn(lower)
		return ok
	case "adkim", "aspf":
		return begins(lower, "r", "relaxed", "s", "strict")
	case "t", "psd":
		return begins(lower, "y", "n", "u", "yes", "no")
	case "pct", "ri":
		return sure && lower != "" && isDigit(lower[0])
	case "fo":
		return sure && lower != "" && strings.Contains("01ds", lower[:1])
	case "rf":
		return sure && (strings.HasPrefix(lower, "afrf") || strings.HasPrefix(lower, "iodef"))
	}
	return false
}

// begins reports whether a word is one of some, or one of them with another tag glued to it.
func begins(word string, list ...string) bool {
	for _, w := range list {
		rest, ok := strings.CutPrefix(word, w)
		if !ok {
			continue
		}
		if strings.Trim(rest, ".") == "" {
			return true
		}
		for _, n := range names {
			if rest == n.written {
				return true
			}
		}
	}
	return false
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
