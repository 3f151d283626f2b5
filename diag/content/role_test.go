package content_test

import (
	"testing"

	"todoku/diag/content"
)

func TestIsRole(t *testing.T) {
	t.Parallel()
	for local, want := range map[string]bool{"info": true, "Postmaster": true, "no-reply": true, "soumu": true,
		"taro": false, "information": false, "info.taro": false, "": false} {
		if got := content.IsRole(local); got != want {
			t.Errorf("%q: %v, want %v", local, got, want)
		}
	}
}
