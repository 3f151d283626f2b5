// Package smtp is one SMTP session as a client (RFC 5321), command by command, with a transcript. It decides nothing:
// every reply goes to the caller.
//
//	s, greeting, err := smtp.Dial(ctx, "192.0.2.25:25", smtp.Options{Host: "mx.example.jp", Helo: "out.example.jp"})
//	if s == nil { // no connection; err is an *Error
//		return err
//	}
//	defer s.Quit(ctx)
//	reply, err := s.Hello(ctx)
//
// The rule for all commands: a reply comes with a nil error, whatever it says. An *Error means that there is no reply;
// its Kind says why. Where the connection broke, every later command fails too. Each step has a time limit (RFC 5321
// §4.5.3.2, or Options.Timeout), and ends early when ctx ends.
//
// Transcript gives everything that was said. It never holds a password: secret.go replaces it, also where the server
// repeats it. A password goes over TLS or loopback only.
//
// Gate limits how many sessions a server gets at once. Whoever opens sessions enters the gate first.
package smtp
