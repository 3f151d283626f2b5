package resolve

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"todoku/codes"
)

// spec is a server as the user names it. Secrets may hide in it: user info is
// refused, and the query of a URL is asked with, but never shown.
type spec struct {
	scheme  string // udp, tcp, tls or https
	host    string
	addr    string   // HOST:PORT
	tlsName string   // the name in the server's certificate
	url     *url.URL // of https
}

// ShownServer is the name of a server fit for every output: scheme, host, port
// and path only. What names no server is shown as "".
func ShownServer(text string) string {
	s, err := parseSpec(text)
	switch {
	case err != nil:
		return ""
	case s.scheme == "https":
		return s.name()
	}
	return text // an address has no place for a secret
}

// CheckServer says what is wrong with the name of a server, as a *codes.UserError;
// it never repeats a secret.
func CheckServer(text string) error {
	_, err := parseSpec(text)
	return err
}

func parseSpec(text string) (spec, error) {
	s := spec{scheme: "udp"}
	rest := text
	if scheme, after, ok := strings.Cut(text, "://"); ok {
		s = spec{scheme: strings.ToLower(scheme)}
		rest = after
	}
	if hasUserInfo(rest) {
		return s, codes.Wrong(
			codes.Say(codes.Text{EN: "the address of a DNS server holds a user name or a password", JA: "DNSサーバーの指定にユーザー名またはパスワードが含まれています"}),
			codes.Say(codes.Text{EN: "leave out everything up to the @: DNS servers know no login, and the address is shown in reports",
				JA: "@ までの部分を取り除いてください。DNSサーバーにログインの仕組みはなく、指定した値はレポートに表示されます"}))
	}
	switch s.scheme {
	case "https":
		return s, s.parseURL(text)
	case "udp", "tcp", "tls":
		return s, s.parseAddress(rest, text)
	}
	return s, notServer(text, codes.Text{EN: "the scheme is none of udp, tcp, tls, https", JA: "スキームは udp、tcp、tls、https のいずれかにしてください"})
}

// hasUserInfo reports an @ before the path: there or in what is no URL at all.
func hasUserInfo(rest string) bool {
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	return strings.ContainsAny(authority, "@＠") || strings.Contains(strings.ToLower(authority), "%40")
}

func (s *spec) parseURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || !isHost(u.Hostname()) {
		return notServer("", codes.Text{EN: "not a URL of DNS over HTTPS, such as https://dns.example/dns-query", JA: "DNS over HTTPSのURL(https://dns.example/dns-query など)ではありません"})
	}
	u.Fragment, u.RawFragment = "", ""
	s.url, s.host = u, u.Hostname()
	return nil
}

// isHost tells a host name or an address from anything else.
func isHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	ascii, err := ToASCII(s)
	return err == nil && !strings.ContainsFunc(ascii, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-._", r)
	})
}

func (s *spec) parseAddress(rest, text string) error {
	port := "53"
	if s.scheme == "tls" {
		port = "853"
	}
	rest, tlsName, _ := strings.Cut(rest, "#")
	host, addr, ok := hostPort(rest, port)
	if !ok || tlsName != "" && !isHost(tlsName) {
		return notServer(text, codes.Text{EN: "neither an address nor ADDRESS:PORT", JA: "アドレスでも「アドレス:ポート」でもありません"})
	}
	s.host, s.addr, s.tlsName = host, addr, host
	if tlsName != "" {
		s.tlsName = tlsName
	}
	if ip, _ := netip.ParseAddr(host); s.scheme == "udp" && !ip.IsValid() {
		return notServer(text, codes.Text{EN: "give the address of the server, not its name", JA: "サーバーの名前ではなくアドレスを指定してください"})
	}
	return nil
}

func hostPort(s, port string) (host, addr string, ok bool) {
	if ip, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return ip.String(), net.JoinHostPort(ip.String(), port), true
	}
	host = s
	if h, p, err := net.SplitHostPort(s); err == nil {
		host, port = h, p
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil || !isHost(host) {
		return "", "", false
	}
	return host, net.JoinHostPort(host, port), true
}

// notServer says why a text names no server. The text is repeated only where
// it looks like an address: whatever else it is may be a secret.
func notServer(text string, why codes.Text) error {
	odd := strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(".:-[]/", r)
	})
	says := codes.Say(why)
	if text != "" && len(text) < 100 && !odd {
		says = codes.Say(codes.Text{EN: "{value}: {why}", JA: "{value}: {why}"}, codes.Quoted("value", text), codes.Words("why", why))
	}
	return codes.Wrong(says, codes.Say(codes.Text{EN: "use an address (192.0.2.53, [2001:db8::53]:5353), tcp://ADDR, tls://NAME or https://URL",
		JA: "アドレス(192.0.2.53、[2001:db8::53]:5353)、tcp://ADDR、tls://NAME、https://URL のいずれかを指定してください"}))
}

// name is the server as answers, errors and reports name it.
func (s *spec) name() string {
	switch s.scheme {
	case "tls":
		return "tls://" + s.addr
	case "https":
		return (&url.URL{Scheme: "https", Host: s.url.Host, Path: s.url.Path, RawPath: s.url.RawPath}).String()
	}
	return s.addr
}
