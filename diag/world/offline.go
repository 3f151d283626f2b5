package world

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"todoku/diag/resolve"
)

var errOffline = fmt.Errorf("nothing touches the network with --offline (%w)", syscall.ENETUNREACH)

// unreachable refuses to dial: in a closed world there is no network.
func unreachable(_ context.Context, network, _ string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Net: network, Err: errOffline}
}

// hostName is the name that this host gives in EHLO: a full one, else an
// address literal takes its place (RFC 5321 §4.1.4).
func hostName() string {
	name, err := os.Hostname()
	if err != nil || !strings.Contains(strings.Trim(name, "."), ".") {
		return ""
	}
	ascii, err := resolve.ToASCII(name)
	if err != nil {
		return ""
	}
	return ascii
}
