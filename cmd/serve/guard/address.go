package guard

import (
	"net/netip"
	"strings"

	"todoku/codes"
)

// ParseListen takes an address with its port to listen on; the name of a host is none, but localhost.
func ParseListen(s string) (string, error) {
	if host, port, ok := strings.Cut(s, ":"); ok && host == "localhost" {
		s = "127.0.0.1:" + port
	}
	if at, err := netip.ParseAddrPort(s); err == nil {
		return at.String(), nil
	}
	return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no address with a port", JA: "{value} はポート番号付きのアドレスではありません"}, codes.Quoted("value", s)),
		codes.Say(codes.Text{EN: "give one such as 127.0.0.1:8420 or [::1]:8420", JA: "127.0.0.1:8420 や [::1]:8420 のように指定してください"}))
}

// CannotListen is the error for an address of --listen that the system refuses.
func CannotListen(cause error) error {
	return &codes.UserError{Place: "--listen", Cause: cause, Unable: true, Says: codes.Say(codes.Text{EN: "this address cannot be listened on", JA: "このアドレスでは待ち受けできません"}),
		Remedy: codes.Say(codes.Text{EN: "give a free port of an address of this machine", JA: "このコンピューターのアドレスと、空いているポートを指定してください"})}
}
