package cmd

import "bufio"

// lineReader reads standard input a line at a time, each when it is wanted: an
// interrupt does not wait for it.
func (a *app) lineReader() (chan<- struct{}, <-chan string) {
	want, in := make(chan struct{}, 1), make(chan string)
	go func() {
		defer close(in)
		r := bufio.NewScanner(a.stdin)
		r.Buffer(nil, longestAnswer)
		for range want {
			if !r.Scan() {
				return
			}
			in <- r.Text()
		}
	}()
	return want, in
}

// longestAnswer bounds a line that is read.
const longestAnswer = 1 << 20
