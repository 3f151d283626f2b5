// Package codes knows what every reply and every delivery code means, and what to do about it. It is the lowest floor:
// it imports nothing of todoku and does no I/O.
//
// Load reads the catalogue (Files is the one in the program) and, where there are any, the user's own rules. A
// Catalogue does not change after that; many goroutines may use it.
//
//	c, err := codes.Load(codes.Files)
//	v := c.Classify(codes.Reply{Code: 550, Lines: []string{"no such user"}}, codes.Context{Host: "mx.example.jp"})
//	fmt.Println(v.Reason.ID, v.Delivery.ID)
//
// Classify compares a Reply with the rules of the catalogue and gives a Verdict: the reason, the delivery code of the
// platform ("42550"), whether it is permanent, what to do, and how certain this is. The rules are in
// codes/catalogue as YAML; `go generate ./codes` makes of them the JSON that the program reads.
//
// The package also holds the types that all floors share:
//
//   - Text: words in English and Japanese. Message: a Text with values (Datum) for its places.
//   - UserError: an error that the user can mend, with the remedy.
//   - Command: a todoku command as data. Values from outside are put in with With and Fill, never as text.
package codes
