package mail

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// param is a parameter of a header field.
type param struct{ name, value string }

func findParam(list []param, name string) string {
	for _, p := range list {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// parseParams reads what follows the first semicolon of Content-Type, as far as anybody can. Values in pieces and with a charset
// (RFC 2231) are put together.
func parseParams(s string) []param {
	var list []param
	var pieces []piece
	for s != "" && len(list)+len(pieces) < 50 {
		var one string
		one, s = cutParam(s)
		name, value, ok := strings.Cut(one, "=")
		if !ok {
			continue
		}
		name, value = strings.ToLower(strings.TrimSpace(name)), unquote(strings.TrimSpace(value))
		base, mark, extended := strings.Cut(name, "*")
		if !extended {
			list = append(list, param{name, value})
			continue
		}
		number, coded := strings.CutSuffix(mark, "*")
		n, _ := strconv.Atoi(number)
		pieces = append(pieces, piece{base, n, value, coded || mark == ""})
	}
	return append(list, join2231(pieces)...)
}

// piece is a part of the value of a parameter (RFC 2231 §3, §4).
type piece struct {
	name  string
	n     int
	value string
	coded bool // %XX stands for an octet; the first begins with a charset and a language
}

func join2231(pieces []piece) []param {
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Or(strings.Compare(a.name, b.name), a.n-b.n) })
	var out []param
	for i := 0; i < len(pieces); {
		name, charset, value := pieces[i].name, "", []byte(nil)
		for first := true; i < len(pieces) && pieces[i].name == name; i, first = i+1, false {
			v := pieces[i].value
			if pieces[i].coded && first {
				if parts := strings.SplitN(v, "'", 3); len(parts) == 3 {
					charset, v = parts[0], parts[2]
				}
			}
			if pieces[i].coded {
				value = append(value, percentDecoded(v)...)
			} else {
				value = append(value, v...)
			}
		}
		text, _ := decodeText(value, charset)
		out = append(out, param{name, text})
	}
	return out
}

func percentDecoded(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, ok := hexPair(s[i+1], s[i+2]); ok {
				out = append(out, c)
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

// cutParam is what stands before the next semicolon that is not in quotes.
func cutParam(s string) (one, rest string) {
	quoted := false
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case '\\':
			continue
		case ';':
			if !quoted {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}

func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' {
		if i := strings.IndexAny(s, " \t"); i > 0 {
			s = s[:i]
		}
		return strings.Trim(s, `"'`)
	}
	if end := strings.LastIndexByte(s, '"'); end > 0 {
		s = s[1:end]
	} else {
		s = s[1:]
	}
	return quotedPairs.Replace(s)
}

var quotedPairs = strings.NewReplacer(`\"`, `"`, `\\`, `\`)
