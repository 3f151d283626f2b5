package bundle

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// mask puts other names in the place of those that must not leave, the same for the same everywhere: the left parts of mail
// addresses, the names of our own hosts, addresses of private networks, the directories of files, and lines of mails.
type mask struct {
	words *strings.Replacer
	lines *strings.Replacer // of mails that are left out: for the report alone
	addrs map[netip.Addr]netip.Addr
	count int // of names and addresses
}

// text is a text with the names masked.
func (m *mask) text(s string) string { return m.addresses(m.words.Replace(s)) }

// report is text without lines of mails.
func (m *mask) report(s string) string { return m.text(m.lines.Replace(s)) }

// name is text without addresses of networks: for DNS, whose addresses are public.
func (m *mask) name(s string) string { return m.words.Replace(s) }

// addresses masks the addresses of private networks in a text.
func (m *mask) addresses(s string) string {
	if len(m.addrs) == 0 {
		return s
	}
	return eachAddr(s, func(ip netip.Addr) (netip.Addr, bool) {
		other, known := m.addrs[ip.Unmap()]
		return other, known
	})
}

// eachAddr gives the IP addresses of a text to f, and puts another in its place where f says so. What is a network
// (192.0.2.0/24) is passed over.
func eachAddr(s string, f func(netip.Addr) (netip.Addr, bool)) string {
	part := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == '.' || c == ':'
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		start := i
		for i < len(s) && part(s[i]) {
			i++
		}
		if i == start {
			out.WriteByte(s[i])
			i++
			continue
		}
		run, port := strings.TrimRight(s[start:i], ".:"), ""
		ip, err := netip.ParseAddr(run)
		if err != nil {
			if at := strings.LastIndexByte(run, ':'); at > 0 && strings.Count(run, ":") == 1 {
				run, port = run[:at], run[at:]
				ip, err = netip.ParseAddr(run)
			}
		}
		rest := s[start+len(run)+len(port) : i]
		if err == nil && (i >= len(s) || s[i] != '/') {
			if other, masked := f(ip); masked {
				run = other.String()
			}
		}
		out.WriteString(run + port + rest)
	}
	return out.String()
}

// maskOf collects what is to be masked.
type maskOf struct {
	kept   map[string]bool // addresses that are in DNS, for everybody to see
	words  map[string]string
	lines  map[string]bool
	labels map[string]bool // parts of names of domains: no word of a text is masked for being one
	locals map[string]string
	public map[netip.Addr]bool // addresses that somebody asked about, or that are in DNS
	addrs  map[netip.Addr]netip.Addr
	others int      // hosts and files
	roles  []string // left parts that say nothing about a person
}

func newMaskOf(stray string) *maskOf {
	return &maskOf{kept: map[string]bool{}, lines: map[string]bool{}, words: map[string]string{}, labels: map[string]bool{},
		locals: map[string]string{}, public: map[netip.Addr]bool{}, addrs: map[netip.Addr]netip.Addr{},
		roles: []string{"postmaster", "abuse", "mailer-daemon", strings.ToLower(stray)}}
}

// domain keeps the parts of a name from being masked as words.
func (c *maskOf) domain(name string) {
	for label := range strings.SplitSeq(strings.ToLower(name), ".") {
		c.labels[label] = true
	}
}

// known notes what is in DNS (dns) or on the command line: it is not masked.
func (c *maskOf) known(text string, dns bool) {
	if dns {
		for local, domain := range mailboxes(text) {
			c.kept[strings.ToLower(local+"@"+domain)] = true
		}
	}
	eachAddr(text, func(ip netip.Addr) (netip.Addr, bool) {
		c.public[ip.Unmap()] = true
		return ip, false
	})
}

// people takes the mail addresses of a text.
func (c *maskOf) people(text string) {
	for local, domain := range mailboxes(text) {
		c.domain(domain)
		small := strings.ToLower(local)
		if c.kept[strings.ToLower(local+"@"+domain)] || slices.Contains(c.roles, small) {
			continue
		}
		if c.locals[small] == "" {
			c.locals[small] = standIn(small, len(c.locals)+1)
		}
		for _, form := range []string{local, small} {
			for _, sign := range []string{"@", "＠", "%40", "=40", "=" + domain} {
				c.words[form+sign] = c.locals[small] + sign
			}
		}
	}
}

// standIn is what stands for the left part of an address: a name, or where it has an odd form one of that form.
func standIn(local string, n int) string {
	plain := !strings.ContainsFunc(local, func(r rune) bool { return !(alnum(r) && r < 0x80 || strings.ContainsRune(".-_+=", r)) })
	if plain && !strings.HasPrefix(local, ".") && !strings.HasSuffix(local, ".") && !strings.Contains(local, "..") {
		return fmt.Sprintf("masked-%d", n)
	}
	var out strings.Builder
	in := false
	for _, r := range local {
		switch {
		case !alnum(r):
			out.WriteRune(r)
		case !in && r >= 0x80:
			fmt.Fprintf(&out, "名%d", n)
		case !in:
			fmt.Fprintf(&out, "r%d", n)
		}
		in = alnum(r)
	}
	return out.String()
}

func alnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
}

// networks takes the addresses of private networks that nobody asked about.
func (c *maskOf) networks(text string) {
	eachAddr(text, func(ip netip.Addr) (netip.Addr, bool) {
		ip = ip.Unmap()
		if (ip.IsPrivate() || ip.IsLinkLocalUnicast()) && !c.public[ip] && !c.addrs[ip].IsValid() {
			n := len(c.addrs) + 1
			c.addrs[ip] = netip.AddrFrom4([4]byte{10, 255, byte(n >> 8), byte(n)})
			if ip.Is6() { // one of the same family: it stands in AAAA records and in brackets
				c.addrs[ip] = netip.AddrFrom16([16]byte{0: 0xfd, 1: 0xff, 14: byte(n >> 8), 15: byte(n)})
			}
		}
		return ip, false
	})
}

// host takes a name of our own.
func (c *maskOf) host(name string) {
	if name = strings.Trim(strings.ToLower(name), "."); strings.Contains(name, ".") && c.words[name] == "" {
		c.others++
		c.words[name] = fmt.Sprintf("ours-%d.invalid", c.others)
	}
}

// file takes the name of a file: the directory tells who runs this.
func (c *maskOf) file(name string, n int) {
	if strings.ContainsAny(name, `/\`) && c.words[name] == "" {
		c.others++
		c.words[name] = fmt.Sprintf("file-%d%s", n, path.Ext(name))
	}
}

// line takes a text that is to vanish.
func (c *maskOf) line(s string) {
	if s = strings.TrimSpace(s); len(s) >= 8 {
		c.lines[s] = true
	}
}

// maxBare is how short a word may be that is masked where no @ follows it.
const maxBare = 4

// mask makes the mask. Servers repeat the left part of an address alone: such words are masked too, unless they are part of a
// domain's name or a word of every reply.
func (c *maskOf) mask() *mask {
	for local, other := range c.locals {
		if len(local) >= maxBare && !c.labels[local] && !slices.Contains(commonWords(), local) {
			c.words[local] = other
		}
	}
	names := slices.SortedFunc(maps.Keys(c.words), func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	m := &mask{addrs: c.addrs, count: len(c.locals) + c.others + len(c.addrs)}
	pairs := make([]string, 0, 2*len(names))
	for _, word := range names {
		pairs = append(pairs, word, c.words[word])
	}
	m.words = strings.NewReplacer(pairs...)
	long := slices.SortedFunc(maps.Keys(c.lines), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	pairs = pairs[:0]
	for _, line := range long {
		pairs = append(pairs, line, "***")
	}
	m.lines = strings.NewReplacer(pairs...)
	return m
}

// commonWords are left parts of addresses that are words of replies, of records or of our own fields.
func commonWords() []string {
	return []string{"account", "address", "admin", "block", "bounce", "bounces", "contact", "customer", "delivery", "domain", "error",
		"from", "help", "host", "info", "mail", "mailbox", "message", "name", "news", "newsletter", "nobody", "noreply", "no-reply",
		"office", "order", "orders", "recipient", "report", "reports", "return", "root", "sales", "sender", "server", "service", "status",
		"support", "system", "test", "todoku", "type", "unknown", "user", "webmaster", "whoever"}
}
