// Command todoku answers one question for people who send mail: does it
// arrive, and if not, why not and who must do what?
package main

import (
	"os"

	"todoku/cmd"
)

func main() {
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
}
