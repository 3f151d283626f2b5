// Package probe visits mail servers: it reads the greeting, says EHLO, starts TLS and asks about recipients. It never
// sends a message, and it judges nothing. It also fetches pages from web servers (Fetcher, Web), each once.
//
//	p := &probe.Prober{Helo: "out.example.jp", Codes: catalogue}
//	run := p.NewRun()
//	v := run.Visit(ctx, "mx.example.jp", netip.MustParseAddrPort("192.0.2.25:25"), probe.Depth{})
//
// A Prober is for the whole program: it limits the visits that go on at once (one for each server, 20 in all). A Run is
// one piece of work: it visits a server once for the same question, whoever asks, and shares the result.
//
// A Visit says how far it got: Stage and Reply are the last that happened. Err says why there was no reply.
package probe
