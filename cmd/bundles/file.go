package bundles

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// file is a bundle while it is written: a file of mode 0600 beside the one that it will replace.
type file struct {
	*os.File
	target string
}

// errNoFile is a name of something that is not to be replaced.
var errNoFile = errors.New("is no regular file")

// create makes the temporary file of a bundle.
func create(name string) (*file, error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	switch info, err := os.Lstat(name); {
	case err == nil && info.IsDir():
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrExist}
	case err == nil && !info.Mode().IsRegular():
		return nil, errNoFile
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part") // mode 0600
	return &file{f, name}, err
}

// end gives the file its name, unless writing it failed.
func (f *file) end(failed error) error {
	err := errors.Join(failed, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), f.target)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
