package bundles

import (
	"todoku/cmd/app"
	"todoku/diag/bundle"
	"todoku/diag/resolve"
)

// Noted gives what get gives, and lets a bundle keep it under a key; in a replay it is what the bundle has. For what comes from
// files that no bundle keeps, such as the history.
func Noted[T any](a *app.App, key string, get func() (T, error)) (T, error) {
	switch s := a.Seam.(type) {
	case *recording:
		v, err := get()
		if err == nil {
			bundle.Note(s.Recorder, key, v)
		}
		return v, err
	case *replayed:
		v, known := bundle.Noted[T](s.Bundle, key)
		if !known {
			return v, &resolve.Error{Kind: resolve.KindUnrecorded, Name: key, Message: "the bundle does not have it"}
		}
		return v, nil
	}
	return get()
}
