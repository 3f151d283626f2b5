package scan

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// Spamd asks a spamd of SpamAssassin (protocol SPAMC/1.5, command REPORT). address is "host:port", or the path of a socket. The
// error is ErrAnswer, what spamd itself says, or that of the network.
func Spamd(ctx context.Context, dial Dial, address string, mail []byte) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	conn, err := dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	sent := make(chan error, 1)
	go func() { // spamd may answer with an error before it has read all
		_, err := fmt.Fprintf(conn, "REPORT SPAMC/1.5\r\nContent-length: %d\r\n\r\n", len(mail))
		if err == nil {
			_, err = conn.Write(mail)
		}
		sent <- err
	}()
	result, err := readSpamd(io.LimitReader(conn, maxAnswer))
	if err != nil {
		_ = conn.Close()
		if sendErr := <-sent; sendErr != nil && err == io.EOF {
			err = sendErr
		}
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
	}
	return result, err
}

// readSpamd reads the answer: a line of status, fields, and the report.
func readSpamd(r io.Reader) (*Result, error) {
	in := textproto.NewReader(bufio.NewReader(r))
	line, err := in.ReadLine()
	if err != nil {
		return nil, err
	}
	words := strings.SplitN(line, " ", 3)
	if len(words) < 2 || !strings.HasPrefix(words[0], "SPAMD/") {
		return nil, ErrAnswer
	}
	if words[1] != "0" {
		return nil, fmt.Errorf("spamd: %s", bounded(strings.Join(words[1:], " ")))
	}
	fields, err := in.ReadMIMEHeader()
	if err != nil && err != io.EOF {
		return nil, ErrAnswer
	}
	out := &Result{Scanner: "spamassassin"}
	if !out.verdict(fields.Get("Spam")) {
		return nil, ErrAnswer
	}
	report, err := io.ReadAll(in.R)
	if err != nil {
		return nil, err
	}
	out.report(string(report))
	out.settle()
	return out, nil
}

// verdict reads "True ; 15.3 / 5.0".
func (r *Result) verdict(s string) bool {
	word, rest, ok := strings.Cut(s, ";")
	score, threshold, ok2 := strings.Cut(rest, "/")
	if !ok || !ok2 {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "true", "yes":
		r.Spam = true
	case "false", "no":
	default:
		return false
	}
	var err1, err2 error
	r.Score, err1 = number(score)
	r.Threshold, err2 = number(threshold)
	return err1 == nil && err2 == nil
}

func number(s string) (float64, error) {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err == nil && (n > 1e6 || n < -1e6 || n != n) {
		return 0, ErrAnswer
	}
	return n, err
}

// report reads the table of rules: points, name, words; a line without points goes on with the words of the one before.
func (r *Result) report(text string) {
	begun := false
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) > 0 && strings.HasPrefix(words[0], "----"):
			begun = true
			continue
		case !begun || len(words) == 0:
			continue
		}
		score, err := number(words[0])
		if err == nil && len(words) > 1 && isRule(words[1]) {
			r.Symbols = append(r.Symbols, Symbol{Name: bounded(words[1]), Score: score, Says: bounded(strings.Join(words[2:], " "))})
		} else if n := len(r.Symbols); n > 0 && strings.HasPrefix(line, "   ") {
			r.Symbols[n-1].Says = bounded(r.Symbols[n-1].Says + " " + strings.Join(words, " "))
		}
		if len(r.Symbols) > 10*maxSymbols {
			return
		}
	}
}

// isRule reports a name of a rule: capitals, digits and "_".
func isRule(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_') })
}
