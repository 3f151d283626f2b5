package mailbox

import (
	"errors"
	"io"
	"iter"
	"os"
	"slices"
)

// maxNames bounds how many names of a directory are held at once. A larger directory is read several times.
const maxNames = 50_000

// names streams the names of a directory in the order of compare, at most about 2 * most of them in memory.
func names(dir string, most int, compare func(a, b string) int) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last, any := "", false
		for {
			batch, more, err := nextNames(dir, most, compare, last, any)
			if err != nil {
				yield("", err)
				return
			}
			for _, name := range batch {
				if !yield(name, nil) {
					return
				}
			}
			if !more {
				return
			}
			last, any = batch[len(batch)-1], true
		}
	}
}

// nextNames gives the first names behind last; more reports whether there are others behind them.
func nextNames(dir string, most int, compare func(a, b string) int, last string, behind bool) (out []string, more bool, err error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, false, err
	}
	defer d.Close()
	keep := func() {
		slices.SortFunc(out, compare)
		if len(out) > most {
			out, more = out[:most], true
		}
	}
	for {
		part, err := d.Readdirnames(1000)
		for _, name := range part {
			if !behind || compare(name, last) > 0 {
				out = append(out, name)
			}
		}
		if len(out) >= 2*most {
			keep()
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, false, err
		}
	}
	keep()
	return out, more, nil
}
