package report

import (
	"strconv"
	"strings"
)

// splitPlace takes "FILE:LINE" apart; ok is false where it is none.
func splitPlace(place string) (file string, line int, ok bool) {
	colon := strings.LastIndexByte(place, ':')
	if colon <= 0 {
		return "", 0, false
	}
	line, err := strconv.Atoi(place[colon+1:])
	return place[:colon], line, err == nil && line > 0
}
