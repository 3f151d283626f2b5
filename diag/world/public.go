package world

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"todoku/diag/resolve"
)

// ErrNotPublic says that an address of a private network was not connected to (Options.Public).
var ErrNotPublic = errors.New("not connected: the address is of a private network")

// dialer is the way to dial outside of the lab.
func dialer(public bool) func(ctx context.Context, network, address string) (net.Conn, error) {
	if public {
		return dialPublic
	}
	return new(net.Dialer).DialContext
}

// dialPublic connects to public addresses only. The address is looked at after a name became one, so that no name leads to
// a private one.
func dialPublic(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Control: func(_, at string, _ syscall.RawConn) error { return mayConnect(at) }}
	return d.DialContext(ctx, network, address)
}

// mayConnect returns an error for an address that is not public. One that is IPv4-mapped is looked at as IPv4: the system
// connects to that.
func mayConnect(at string) error {
	to, err := netip.ParseAddrPort(at)
	if err == nil && resolve.Public(to.Addr().Unmap()) {
		return nil
	}
	return fmt.Errorf("%w (%w)", ErrNotPublic, syscall.ENETUNREACH)
}

// publicOnly lets a way to dial reach public addresses only, where it takes addresses: for that of the lab, which leads
// loopback to loopback.
func publicOnly(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if to, err := netip.ParseAddrPort(address); err == nil && !resolve.Public(to.Addr().Unmap()) {
			return nil, &net.OpError{Op: "dial", Net: network, Addr: net.TCPAddrFromAddrPort(to), Err: mayConnect(address)}
		}
		return dial(ctx, network, address)
	}
}
