package mail

import "strings"

// AuthResult is what a receiver says of one method in the field Authentication-Results (RFC 8601).
type AuthResult struct {
	Server string // who says it: the authserv-id; "" where the field has none, as those of Exchange Online
	Method string // spf, dkim, dmarc …
	Result string // pass, fail, none …
	Domain string // that was judged; "" where the field does not tell
}

// maxAuthResults bounds the results of one field.
const maxAuthResults = 50

// ParseAuthResults reads the value of a field Authentication-Results. What is no result is passed over.
func ParseAuthResults(value string) (out []AuthResult) {
	parts := strings.Split(withoutComments(value), ";")
	server := firstWord(parts[0])
	if strings.Contains(server, "=") { // a result already
		server, parts = "", append([]string{""}, parts...)
	}
	for _, part := range parts[1:] {
		words := strings.Fields(part)
		if len(words) == 0 || len(out) == maxAuthResults {
			continue
		}
		method, result, ok := strings.Cut(words[0], "=")
		if !ok {
			continue
		}
		method, _, _ = strings.Cut(method, "/") // a version
		r := AuthResult{Server: server, Method: strings.ToLower(method), Result: strings.ToLower(result)}
		for _, property := range words[1:] {
			name, v, _ := strings.Cut(property, "=")
			switch strings.ToLower(name) {
			case "smtp.mailfrom", "smtp.mfrom", "header.from", "header.d", "header.i", "smtp.helo":
				if v = strings.Trim(v, `"<>`); r.Domain == "" {
					r.Domain = strings.ToLower(v[strings.LastIndexByte(v, '@')+1:])
				}
			}
		}
		out = append(out, r)
	}
	return out
}

// AuthServer is the authserv-id of the value of a field Authentication-Results: who says it. "" where there is none.
func AuthServer(value string) string {
	first, _, _ := strings.Cut(withoutComments(value), ";")
	if first = firstWord(first); strings.Contains(first, "=") {
		return ""
	}
	return first
}

func firstWord(s string) string {
	if words := strings.Fields(s); len(words) > 0 {
		return strings.Trim(words[0], `"`)
	}
	return ""
}

// withoutComments takes what stands between parentheses out (RFC 5322 §3.2.2).
func withoutComments(s string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && (quoted || depth > 0):
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
			b.WriteByte(c)
		case c == '(' && !quoted:
			depth++
		case c == ')' && !quoted && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}
