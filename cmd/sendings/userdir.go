package sendings

import (
	"path/filepath"
	"runtime"

	"todoku/cmd/app"
)

// LabKept is the directory in which the lab keeps what came back, so that send and collect see the same mailboxes; "" where
// there is none.
func LabKept(a *app.App) string {
	dir := UserDir(a, "XDG_STATE_HOME", ".local", "state")
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "lab")
}

// UserDir is the directory in which todoku keeps files of this user: in the one that the environment variable names (XDG
// Base Directory), else below HOME. It is "" if there is none; a relative path counts as none, as XDG demands.
func UserDir(a *app.App, variable string, belowHome ...string) string {
	base := a.Env(variable)
	if base == "" && runtime.GOOS == "windows" {
		base = a.Env("LocalAppData")
	}
	if home := a.Env("HOME"); base == "" && home != "" {
		base = filepath.Join(home, filepath.Join(belowHome...))
	}
	if !filepath.IsAbs(base) {
		return ""
	}
	return filepath.Join(base, "todoku")
}
