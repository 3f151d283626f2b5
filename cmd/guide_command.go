package cmd

import (
	"slices"
	"strings"
)

// What commands of the catalogue leave open.
const (
	placeCode     = "CODE"
	placeReply    = "REPLY"
	placeSender   = "SENDER"
	placeDomain   = "DOMAIN" // of the sender: never asked for by itself
	placeAddr     = "ADDR"
	placeTheirs   = "THEIRS" // the recipient's domain, likewise
	placeIP       = "IP"
	placeHost     = "HOST"
	placeFile     = "FILE"
	placeID       = "ID"
	placeTime     = "TIME"
	placeResolver = "RESOLVER"
)

// facts are what is known of the mail, by placeholder. An empty value was asked
// for and is not known.
type facts map[string]string

// value is what stands for a placeholder; domains come from their addresses.
func (f facts) value(place string) string {
	whole := f[origin(place)]
	if place == placeDomain || place == placeTheirs {
		return whole[strings.LastIndexByte(whole, '@')+1:]
	}
	return whole
}

// origin is the fact that a placeholder is filled from.
func origin(place string) string {
	switch place {
	case placeDomain:
		return placeSender
	case placeTheirs:
		return placeAddr
	}
	return place
}

func isPlace(s string) bool {
	return slices.Contains([]string{placeCode, placeReply, placeSender, placeDomain, placeAddr, placeTheirs, placeIP, placeHost, placeFile, placeID, placeTime, placeResolver}, s)
}

// command is a check of the guide with what is known put in.
type command struct {
	args    []string // after "todoku"
	known   int      // facts that it has
	lacks   []string // facts without which it cannot be run
	wants   []string // facts that were not asked for yet, those it cannot do without among them
	runable bool     // this version has the command
}

// nearer reports whether less is missing to run it: what was asked for in vain
// is missing for ever.
func (c command) nearer(than command) bool {
	vain := func(c command) int { return len(c.lacks) - min(len(c.lacks), len(c.wants)) }
	if d := vain(c) - vain(than); d != 0 {
		return d < 0
	}
	if d := len(c.lacks) - len(than.lacks); d != 0 {
		return d < 0
	}
	return c.known > than.known
}

// mails reports whether running it sends a real mail.
func (c command) mails() bool { return len(c.args) > 0 && c.args[0] == "send" }

// writes reports whether it only makes a text.
func (c command) writes() bool { return len(c.args) > 0 && c.args[0] == "letter" }

// judges reports whether its exit status is a verdict on the mail's way; a
// look at the own history is none.
func (c command) judges() bool {
	return len(c.args) > 0 && slices.Contains([]string{"check", "diagnose", "send"}, c.args[0])
}

// shown is the line to type.
func (c command) shown() string {
	return "todoku " + quoted(c.args)
}

// quoted are words as a POSIX shell takes them.
func quoted(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = shellQuoted(w)
	}
	return strings.Join(out, " ")
}

// shellQuoted is a word as a POSIX shell takes it.
func shellQuoted(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@._:/+-=%,", r)
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// whole reports whether a command needs all of its flags: what looks can do with
// less, what writes or sends cannot.
func whole(words []string) bool { return words[0] == "send" || words[0] == "letter" }

// fillCommand puts facts into a command of the catalogue. A flag of which the
// value is not known is left out where the command can do without.
func fillCommand(template string, known facts) command {
	words := strings.Fields(strings.TrimPrefix(template, "todoku "))
	var c command
	for i, w := range words {
		if !isPlace(w) {
			next := ""
			if i+1 < len(words) {
				next = words[i+1]
			}
			if strings.HasPrefix(w, "--") && isPlace(next) && known.value(next) == "" && !whole(words) {
				if _, asked := known[origin(next)]; !asked {
					c.wants = append(c.wants, origin(next))
				}
				continue
			}
			c.args = append(c.args, w)
			continue
		}
		flag := i > 0 && strings.HasPrefix(words[i-1], "--")
		switch v := known.value(w); {
		case v != "":
			c.args = append(c.args, v)
			c.known++
		case flag && !whole(words): // left out with its flag
		default:
			if _, asked := known[origin(w)]; !asked {
				c.wants = append(c.wants, origin(w))
			}
			c.lacks = append(c.lacks, origin(w))
			c.args = append(c.args, w)
		}
	}
	return c
}

// variants are the commands that look at the same thing, the best first: the
// first that this version has is taken, and of those the first that nothing
// lacks.
func variants(template string) []string {
	switch template {
	case "":
		return nil
	case "todoku history list":
		return []string{"todoku history list --domain THEIRS"}
	case "todoku diagnose FILE":
		return []string{"todoku diagnose FILE --from SENDER --to ADDR --ip IP"}
	case "todoku diagnose --last --message FILE":
		return []string{"todoku check domain DOMAIN --ip IP"}
	case "todoku letter ID":
		return []string{template, "todoku letter --from SENDER --to ADDR --time TIME"}
	}
	return []string{template}
}
