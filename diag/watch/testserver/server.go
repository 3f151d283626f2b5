// Package testserver runs a PostgreSQL server of its own, for tests and measurements. Only tests import it.
package testserver

import (
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrMissing says that PostgreSQL is not installed, or cannot be run here.
var ErrMissing = errors.New("PostgreSQL is not installed (Debian: apt-get install postgresql)")

// Server is a server that listens on a socket in a folder of its own.
type Server struct {
	dir, bin string
	settings []string
	mu       sync.Mutex
	process  *exec.Cmd
	exited   chan struct{}
}

// Start makes a server with settings ("fsync=off") and starts it. Stop ends it and removes its files.
func Start(ctx context.Context, settings ...string) (*Server, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return nil, ErrMissing
	}
	slices.Sort(found)
	dir, err := os.MkdirTemp("", "todoku-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: filepath.Dir(found[len(found)-1]), settings: settings}
	if err := s.make(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// make fills the folder, and starts the server.
func (s *Server) make(ctx context.Context) error {
	if err := own(s.dir); err != nil {
		return err
	}
	c := s.command(ctx, "initdb", "-D", filepath.Join(s.dir, "data"), "-U", "todoku", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
	if out, err := c.CombinedOutput(); err != nil {
		return errors.Join(err, errors.New(string(out)))
	}
	return s.Up(ctx)
}

// command is a program of PostgreSQL, run by a user that it accepts.
func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	c.Dir = s.dir
	asUser(c)
	return c
}

// Up starts the server after Kill, and waits until it answers.
func (s *Server) Up(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	args := []string{"-D", filepath.Join(s.dir, "data"), "-k", s.dir, "-c", "listen_addresses="}
	for _, set := range s.settings {
		args = append(args, "-c", set)
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.process = s.command(context.WithoutCancel(ctx), "postgres", args...)
	s.process.Stderr, s.process.Stdout = log, log
	if err := s.process.Start(); err != nil {
		return err
	}
	s.exited = make(chan struct{})
	go func(p *exec.Cmd, exited chan struct{}) {
		_ = p.Wait() // its end is what counts
		close(exited)
	}(s.process, s.exited)
	for {
		if err := s.command(ctx, "pg_isready", "-q", "-h", s.dir, "-U", "todoku", "-d", "postgres").Run(); err == nil {
			return nil
		}
		select {
		case <-s.exited:
			text, err := os.ReadFile(filepath.Join(s.dir, "log"))
			return errors.Join(errors.New("PostgreSQL did not start: "+string(text)), err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Kill ends the server at once: connections break, what was not committed is lost.
func (s *Server) Kill() error { return s.end(quit) }

// Stop ends the server and removes its files.
func (s *Server) Stop() error { return errors.Join(s.end(quit), os.RemoveAll(s.dir)) }

func (s *Server) end(signal os.Signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.exited:
		return nil
	default:
	}
	err := s.process.Process.Signal(signal)
	<-s.exited
	return err
}

// Database makes a database and gives its address.
func (s *Server) Database(ctx context.Context, name string) (string, error) {
	if out, err := s.command(ctx, "createdb", "-h", s.dir, "-U", "todoku", name).CombinedOutput(); err != nil {
		return "", errors.Join(err, errors.New(string(out)))
	}
	return s.Address("todoku", name), nil
}

// Address is the address of a database for a user.
func (s *Server) Address(user, database string) string {
	return "postgres://" + user + "@/" + database + "?" + url.Values{"host": {s.dir}}.Encode()
}

// SQL runs statements in a database as its owner, and gives what psql prints.
func (s *Server) SQL(ctx context.Context, database, statements string) (string, error) {
	c := s.command(ctx, "psql", "-h", s.dir, "-U", "todoku", "-d", database, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
	c.Stdin = strings.NewReader(statements)
	out, err := c.CombinedOutput()
	return string(out), err
}

// PID is the process of the server.
func (s *Server) PID() int { return s.process.Process.Pid }
