// Command todoku answers one question for people who send mail: does it
// arrive, and if not, why not and who must do what?
package main

import (
	"os"
	"runtime/debug"

	"todoku/cmd"
)

// softMemory is where the collector begins to work harder, in octets. Without
// it, a large input leaves as much garbage as it takes memory.
const softMemory = 110 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
}
