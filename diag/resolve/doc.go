// Package resolve asks DNS questions and keeps four results apart: records were found, the name has no records of this
// type, the name does not exist, and not known. The first three are knowledge (an Answer). The last is an *Error, which
// says who failed and how; it says nothing about the domain.
//
//	c, err := resolve.New(resolve.Options{Servers: []string{"192.0.2.53"}})
//	defer c.Close()
//	run := c.Run()
//	answer, err := run.Ask(ctx, "example.jp", resolve.TypeMX)
//
// A Client holds the sockets and the cache, for as long as the program runs. A Run is one piece of work: within it each
// question has one answer. A Session counts what one report asked. All three are a Resolver, as is Split.
//
// The way of a question: canonical checks the name; the cache has an answer or a question that is under way (cache.go);
// the zone files answer (zone.go); else exchange asks the servers in order (client.go). A server is reached by a
// transport: udp.go, stream.go (TCP and TLS, RFC 7766 and RFC 7858) or doh.go (HTTPS, RFC 8484). A gate limits what is
// under way at a server. key.answer makes an Answer or an *Error of the message (answer.go).
package resolve
