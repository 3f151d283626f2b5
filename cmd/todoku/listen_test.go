package main

import (
	"context"
	"net"
	"sync"
	"testing"
)

// listen opens a free TCP port of loopback.
func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// accept lets talk serve each connection to a listener. The end of the test closes
// them all.
func accept(t testing.TB, l net.Listener, talk func(net.Conn)) {
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				stop := context.AfterFunc(t.Context(), func() { c.Close() })
				defer stop()
				defer c.Close()
				talk(c)
			})
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
}
