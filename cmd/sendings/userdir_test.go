package sendings

import (
	"path/filepath"
	"runtime"
	"testing"

	"todoku/cmd/app"
)

func TestUserDir(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the paths are those of Unix")
	}
	for _, tt := range []struct{ xdg, home, want string }{
		{"/state", "/home/a", "/state/todoku"},
		{"", "/home/a", "/home/a/.local/state/todoku"},
		{"relative", "/home/a", ""},
		{"", "relative", ""},
		{"", "", ""},
	} {
		a := &app.App{Env: func(name string) string { return map[string]string{"XDG_STATE_HOME": tt.xdg, "HOME": tt.home}[name] }}
		if got := UserDir(a, "XDG_STATE_HOME", ".local", "state"); got != filepath.FromSlash(tt.want) {
			t.Errorf("%q, %q: %q, want %q", tt.xdg, tt.home, got, tt.want)
		}
	}
}
