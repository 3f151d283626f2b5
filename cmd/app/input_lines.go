package app

import "bufio"

// LineReader reads standard input line by line in a goroutine, so that the caller can stop waiting for a line. Each value
// sent to want asks for one line, which comes from lines. lines is closed at the end of the input; the caller closes want.
func (a *App) LineReader() (want chan<- struct{}, lines <-chan string) {
	asked, in := make(chan struct{}, 1), make(chan string)
	go func() {
		defer close(in)
		r := bufio.NewScanner(a.Stdin)
		r.Buffer(nil, MaxAnswer)
		for range asked {
			if !r.Scan() {
				return
			}
			in <- r.Text()
		}
	}()
	return asked, in
}

// MaxAnswer is the longest line that LineReader reads, in octets.
const MaxAnswer = 1 << 20
