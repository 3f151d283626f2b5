package guide

import "todoku/codes"

// maxQuoted bounds a reply that a letter's command holds, in octets: the command is to be read and pasted.
const maxQuoted = 300

// Quoting is the command of a letter with what the server replied and the address that sent, where they are known: the letter is
// to hold them. Other commands stay as they are.
func (c *Case) Quoting(letter codes.Command) codes.Command {
	if letter.Name() != "letter" {
		return letter
	}
	if reply := c.Reply.String(); c.Reply.Text() != "" && len(reply) <= maxQuoted && codes.PlaceReply.Takes(reply) {
		letter = letter.And(codes.Command{Args: []codes.Arg{codes.Arg{Flag: "--response", Place: codes.PlaceReply}.With(reply)}})
	}
	if c.IP.IsValid() {
		letter = letter.And(codes.Command{Args: []codes.Arg{codes.Arg{Flag: "--ip", Place: codes.PlaceIP}.With(c.IP.String())}})
	}
	return letter
}
