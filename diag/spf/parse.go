package spf

import (
	"net/netip"
	"slices"
	"strings"
)

// Kind is what a term is.
type Kind uint8

// The mechanisms (RFC 7208 §5), then the modifiers (§6).
const (
	Invalid Kind = iota // no term: see the faults
	All
	Include
	A
	MX
	PTR
	IP4
	IP6
	Exists
	Redirect
	Exp
	Unknown // a modifier that RFC 7208 does not know
)

// Term is one directive or modifier of a record.
type Term struct {
	Kind      Kind
	Qualifier byte         // '+', '-', '~' or '?'; '+' where none is written, 0 for modifiers
	Bits4     uint8        // of a and mx: prefix length for IPv4
	Bits6     uint8        // of a and mx: prefix length for IPv6
	Offset    int          // octets from the start of the record
	Text      string       // as written, with its qualifier
	Domain    Spec         // the domain-spec as written, or the value of an unknown modifier; empty when absent
	Prefix    netip.Prefix // of ip4 and ip6
}

// IsMechanism tells mechanisms from modifiers.
func (t *Term) IsMechanism() bool { return All <= t.Kind && t.Kind <= Exists }

// Asks reports whether the term counts as a DNS look-up (RFC 7208 §4.6.4).
func (t *Term) Asks() bool {
	switch t.Kind {
	case Include, A, MX, PTR, Exists, Redirect:
		return true
	}
	return false
}

// Name is the mechanism's or modifier's name as written.
func (t *Term) Name() string {
	s := t.Text
	if t.Qualifier != 0 && isQualifier(s[0]) {
		s = s[1:]
	}
	if i := strings.IndexAny(s, ":/="); i >= 0 {
		s = s[:i]
	}
	return s
}

// Record is a record that was read.
type Record struct {
	Text  string // as published
	Terms []Term // in order, faulty ones as Invalid
}

// All is the first all mechanism, or nil.
func (r *Record) All() *Term { return r.first(All) }

// Redirect is the redirect modifier, or nil.
func (r *Record) Redirect() *Term { return r.first(Redirect) }

// Exp is the exp modifier, or nil.
func (r *Record) Exp() *Term { return r.first(Exp) }

func (r *Record) first(k Kind) *Term {
	for i := range r.Terms {
		if r.Terms[i].Kind == k {
			return &r.Terms[i]
		}
	}
	return nil
}

// Parse reads a record by the grammar of RFC 7208 §12. It goes on after a
// fault, so that all of them can be mended at once.
func Parse(record string) (*Record, []Fault) {
	r := &Record{Text: record}
	var faults []Fault
	rest := len("v=spf1")
	if !IsSPF(record) {
		end := strings.IndexByte(record, ' ')
		if end < 0 {
			end = len(record)
		}
		faults = append(faults, Fault{Kind: FaultVersion, Text: record[:end]})
		rest = end
	}
	r.Terms = make([]Term, 0, strings.Count(record[rest:], " "))
	for i := rest; i < len(record); {
		if record[i] == ' ' {
			i++
			continue
		}
		end := strings.IndexByte(record[i:], ' ')
		if end < 0 {
			end = len(record)
		} else {
			end += i
		}
		p := termParser{Term: Term{Text: record[i:end], Offset: i}, faults: faults}
		p.parse()
		faults = p.faults
		r.Terms = append(r.Terms, p.Term)
		i = end
	}
	return r, r.duplicates(r.blanks(faults))
}

// blanks joins the two faults of a term that a blank parts: "include: a.test", "- all".
func (r *Record) blanks(faults []Fault) []Fault {
	for i := 0; i < len(faults); i++ {
		f := &faults[i]
		word := r.wordAt(f.Offset)
		next := r.wordAt(f.Offset + len(word) + 1)
		if word != f.Text || next == "" {
			continue
		}
		end := f.Offset + len(word) + 1 + len(next)
		behind := i+1 < len(faults) && faults[i+1].Offset == f.Offset+len(word)+1 && faults[i+1].Kind == FaultMechanism
		opens := f.Kind == FaultNoArgument && (next[0] == ':' || strings.HasSuffix(word, ":") || strings.HasSuffix(word, "="))
		switch {
		case behind && opens:
			faults = slices.Delete(faults, i+1, i+2)
		case f.Kind == FaultMechanism && len(word) == 1 && isQualifier(word[0]) && !behind:
		default:
			continue
		}
		faults[i] = Fault{Kind: FaultBlank, Offset: f.Offset, Text: r.Text[f.Offset:end]}
	}
	return faults
}

// wordAt is the word that begins at an octet, "" where none does.
func (r *Record) wordAt(at int) string {
	if at >= len(r.Text) {
		return ""
	}
	word, _, _ := strings.Cut(r.Text[at:], " ")
	return word
}

// duplicates finds modifiers that may stand only once (RFC 7208 §6).
func (r *Record) duplicates(faults []Fault) []Fault {
	var seen [2]bool
	for i := range r.Terms {
		if t := &r.Terms[i]; t.Kind == Redirect || t.Kind == Exp {
			if seen[t.Kind-Redirect] {
				faults = append(faults, Fault{Kind: FaultDuplicate, Offset: t.Offset, Text: t.Text})
			}
			seen[t.Kind-Redirect] = true
		}
	}
	return faults
}

// kindOf knows the names of RFC 7208 in any case.
func kindOf(name string) Kind {
	var b [8]byte
	if len(name) == 0 || len(name) > len(b) {
		return Unknown
	}
	for i := range len(name) {
		b[i] = name[i]
		if 'A' <= b[i] && b[i] <= 'Z' {
			b[i] |= 0x20
		}
	}
	switch string(b[:len(name)]) {
	case "all":
		return All
	case "include":
		return Include
	case "a":
		return A
	case "mx":
		return MX
	case "ptr":
		return PTR
	case "ip4":
		return IP4
	case "ip6":
		return IP6
	case "exists":
		return Exists
	case "redirect":
		return Redirect
	case "exp":
		return Exp
	}
	return Unknown
}

func isQualifier(c byte) bool { return c == '+' || c == '-' || c == '~' || c == '?' }

// termParser reads one term into itself.
type termParser struct {
	Term
	faults []Fault
}

// fault notes what is wrong with a part of the term.
func (p *termParser) fault(k FaultKind, offset int, text string) {
	p.faults = append(p.faults, Fault{Kind: k, Offset: p.Offset + offset, Text: text})
}

func (p *termParser) parse() {
	before := len(p.faults)
	if !p.characters() {
		p.term()
	}
	if len(p.faults) > before {
		p.Kind = Invalid
	}
}

// characters finds runs of octets that may stand nowhere in a record. Spaces
// alone separate terms (RFC 7208 §4.6.1), and records are US-ASCII (§3.1).
func (p *termParser) characters() (bad bool) {
	for i := 0; i < len(p.Text); i++ {
		if c := p.Text[i]; '!' <= c && c <= '~' {
			continue
		}
		start := i
		for i < len(p.Text) && (p.Text[i] < '!' || p.Text[i] > '~') {
			i++
		}
		p.fault(FaultCharacter, start, p.Text[start:i])
		bad = true
	}
	return bad
}

func (p *termParser) term() {
	s, at := p.Text, 0
	if isQualifier(s[0]) {
		p.Qualifier = s[0]
		s, at = s[1:], 1
	}
	end := strings.IndexAny(s, ":/=")
	if end < 0 {
		end = len(s)
	}
	name, arg := s[:end], s[end:]
	if arg != "" && arg[0] == '=' {
		p.modifier(name, at, arg[1:])
		return
	}
	p.mechanism(name, at, arg)
}

// modifier reads name "=" value.
func (p *termParser) modifier(name string, at int, value string) {
	valueAt := at + len(name) + 1
	if at > 0 || !isModifierName(name) {
		p.fault(FaultModifier, 0, p.Text[:valueAt])
	}
	p.Domain = Spec(value)
	switch p.Kind = kindOf(name); p.Kind {
	case Redirect, Exp:
		if value == "" {
			p.fault(FaultNoArgument, 0, p.Text)
			return
		}
		p.domain(valueAt, value)
	default:
		// RFC 7208 §6: an unknown modifier is ignored, but its value must be a
		// macro-string. A mechanism's name is no known modifier.
		p.Kind = Unknown
		_, _, p.faults = p.Domain.faults(p.Offset+valueAt, true, p.faults)
	}
}

// isModifierName checks name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ).
func isModifierName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlpha(c) && (i == 0 || !isDigit(c) && c != '-' && c != '_' && c != '.') {
			return false
		}
	}
	return s != ""
}

// mechanism reads a name and its argument, which begins with ":" or "/".
func (p *termParser) mechanism(name string, at int, arg string) {
	if p.Qualifier == 0 {
		p.Qualifier = '+' // RFC 7208 §4.6.2
	}
	p.Bits4, p.Bits6 = 32, 128
	argAt := at + len(name)
	p.Kind = kindOf(name)
	if arg == ":" {
		p.fault(FaultNoArgument, 0, p.Text)
		return
	}
	switch p.Kind {
	case Unknown:
		p.fault(FaultMechanism, 0, p.Text)
	case Redirect, Exp:
		if arg == "" {
			p.fault(FaultEquals, at, p.Text[at:])
		} else {
			p.fault(FaultColon, at, p.Text[at:])
		}
	case All:
		if arg != "" {
			p.fault(FaultArgument, argAt, arg)
		}
	case IP4, IP6:
		p.network(argAt, arg)
	case A, MX:
		p.host(argAt, arg)
	case Include, Exists, PTR:
		switch {
		case arg == "" && p.Kind == PTR:
		case arg == "":
			p.fault(FaultNoArgument, 0, p.Text)
		case arg[0] == '/':
			p.fault(FaultArgument, argAt, arg)
		default:
			p.Domain = Spec(arg[1:])
			p.domain(argAt+1, arg[1:])
		}
	}
}

// domain checks a domain-spec.
func (p *termParser) domain(at int, s string) {
	last, macro, faults := Spec(s).faults(p.Offset+at, false, p.faults)
	p.faults = faults
	if macro || domainEnd(last) {
		return
	}
	if i := strings.IndexByte(s, '/'); i > 0 && (p.Kind == Include || p.Kind == Exists || p.Kind == PTR) && domainEnd(s[:i]) {
		p.fault(FaultArgument, at+i, s[i:])
		return
	}
	addr, _, _ := strings.Cut(s, "/")
	if _, err := netip.ParseAddr(addr); err == nil {
		p.fault(FaultAddress, at, s)
		return
	}
	p.fault(FaultDomain, at, s)
}

// network reads ":" ip-network [ "/" length ] of ip4 and ip6 (RFC 7208 §5.6).
func (p *termParser) network(at int, arg string) {
	if arg == "" || arg[0] != ':' {
		p.fault(FaultNoArgument, 0, p.Text)
		return
	}
	at, arg = at+1, arg[1:]
	text, length, cut := arg, "", false
	if i := strings.IndexByte(arg, '/'); i >= 0 {
		text, length, cut = arg[:i], arg[i+1:], true
	}
	bits, kind := 32, FaultIP4
	if p.Kind == IP6 {
		bits, kind = 128, FaultIP6
	}
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Is4() != (p.Kind == IP4) || addr.Zone() != "" {
		p.fault(kind, at, text)
	}
	if cut {
		n := prefixLength(length, bits)
		if n < 0 {
			p.fault(FaultCIDR, at+len(text), "/"+length)
			return
		}
		bits = n
	}
	p.Prefix = netip.PrefixFrom(addr, bits).Masked()
}

// prefixLength reads a length without leading zeros, or gives -1.
func prefixLength(s string, most int) int {
	if s == "" || len(s) > 3 || s[0] == '0' && len(s) > 1 {
		return -1
	}
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	if n > most {
		return -1
	}
	return n
}

// host reads [ ":" domain-spec ] [ dual-cidr-length ] of a and mx.
func (p *termParser) host(at int, arg string) {
	spec, cidr := arg, ""
	if arg != "" && arg[0] == ':' {
		at, arg = at+1, arg[1:]
		n := cutCIDR(arg)
		spec, cidr = arg[:n], arg[n:]
		p.Domain = Spec(spec)
		if spec == "" {
			p.fault(FaultNoArgument, 0, p.Text)
		} else {
			p.domain(at, spec)
		}
	} else {
		spec, cidr = "", arg
	}
	if cidr != "" {
		p.dualCIDR(at+len(spec), cidr)
	}
}

// cutCIDR finds where the prefix lengths after a domain-spec begin. A "/" may
// stand in a domain-spec too, but not after its last dot or macro.
func cutCIDR(s string) int {
	from := max(strings.LastIndexByte(s, '}'), strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, '%')) + 1
	if i := strings.IndexByte(s[from:], '/'); i >= 0 {
		return from + i
	}
	return len(s)
}

// dualCIDR reads [ "/" length ] [ "//" length ].
func (p *termParser) dualCIDR(at int, s string) {
	four, six, both := s, "", false
	if i := strings.Index(s, "//"); i >= 0 {
		four, six, both = s[:i], s[i+2:], true
	}
	if four != "" {
		n := prefixLength(four[1:], 32)
		if n < 0 {
			p.fault(FaultCIDR, at, four)
		}
		p.Bits4 = uint8(max(n, 0))
	}
	if both {
		n := prefixLength(six, 128)
		if n < 0 {
			p.fault(FaultCIDR, at+len(four), "//"+six)
		}
		p.Bits6 = uint8(max(n, 0))
	}
}
