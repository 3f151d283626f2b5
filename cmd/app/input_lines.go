package app

import "bufio"

// LineReader reads standard input a line at a time, each when it is wanted: an
// interrupt does not wait for it.
func (a *App) LineReader() (chan<- struct{}, <-chan string) {
	want, in := make(chan struct{}, 1), make(chan string)
	go func() {
		defer close(in)
		r := bufio.NewScanner(a.Stdin)
		r.Buffer(nil, LongestAnswer)
		for range want {
			if !r.Scan() {
				return
			}
			in <- r.Text()
		}
	}()
	return want, in
}

// LongestAnswer bounds a line that is read.
const LongestAnswer = 1 << 20
