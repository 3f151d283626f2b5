package check

import (
	"todoku/codes"
)

// markRootsAgain is what --bimi-roots says.
func markRootsAgain(file string) (c codes.Command) {
	if file != "" && codes.PlaceFile.Takes(file) {
		c = codes.Todoku("--bimi-roots", "FILE").With(codes.PlaceFile, file)
	}
	return c
}
