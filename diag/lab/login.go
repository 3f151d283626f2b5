package lab

import (
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

func (r *Receiver) offersLogin() bool { return len(r.Users) > 0 || r.Guest != "" }

// admits reports whether a password is that of the user.
func (r *Receiver) admits(user, password string) bool {
	if user != "" && user == r.Guest {
		return true
	}
	want, ok := r.Users[user]
	return ok && subtle.ConstantTimeCompare([]byte(want), []byte(password)) == 1
}

// auth is RFC 4954 with PLAIN (RFC 4616), LOGIN and XOAUTH2.
func (s *session) auth(arg string) {
	mechanism, initial, _ := strings.Cut(arg, " ")
	switch {
	case !s.extended || !s.host.offersLogin() || !s.host.offers("AUTH"):
		s.wrong("502 5.5.1 AUTH is not offered")
		return
	case s.user != "" || s.mail != nil:
		s.wrong("503 5.5.1 AUTH is done, or comes too late")
		return
	case !s.tls && !s.host.Clear:
		s.wrong("538 5.7.11 encryption is required for a login")
		return
	}
	var user, password string
	var ok bool
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
		user, password, ok = s.plain(initial)
	case "LOGIN":
		user, password, ok = s.login(initial)
	case "XOAUTH2":
		user, password, ok = s.bearer(initial)
	default:
		s.wrong("504 5.5.4 this mechanism is not offered")
		return
	}
	if !ok { // answered already
		return
	}
	if !s.host.admits(user, password) {
		s.wrong("535 5.7.8 Authentication credentials invalid")
		return
	}
	if s.answer(s.host.Auth, "235 2.7.0 welcome") < 300 {
		s.user = user
	}
}

// response gives what the client sent with the command, or asks for it.
func (s *session) response(given, challenge string) (string, bool) {
	if given == "" {
		s.reply("334 " + base64.StdEncoding.EncodeToString([]byte(challenge)))
		line, err := s.line()
		if err != nil {
			s.end = true
			return "", false
		}
		given = line
	}
	if given == "*" {
		s.wrong("501 5.7.0 login given up")
		return "", false
	}
	if given == "=" { // RFC 4954 §4: an empty one
		return "", true
	}
	b, err := base64.StdEncoding.DecodeString(given)
	if err != nil {
		s.wrong("501 5.5.2 this is no base64")
		return "", false
	}
	return string(b), true
}

func (s *session) plain(initial string) (user, password string, ok bool) {
	r, ok := s.response(initial, "")
	if !ok {
		return "", "", false
	}
	parts := strings.Split(r, "\x00")
	if len(parts) != 3 {
		s.wrong("501 5.5.2 want identity, user and password")
		return "", "", false
	}
	return parts[1], parts[2], true
}

func (s *session) login(initial string) (user, password string, ok bool) {
	if user, ok = s.response(initial, "Username:"); ok {
		password, ok = s.response("", "Password:")
	}
	return user, password, ok
}

// bearer is XOAUTH2: "user=U^Aauth=Bearer T^A^A". A wrong token is told in a
// challenge, which the client answers with nothing.
func (s *session) bearer(initial string) (user, token string, ok bool) {
	r, ok := s.response(initial, "")
	if !ok {
		return "", "", false
	}
	for _, part := range strings.Split(r, "\x01") {
		if v, found := strings.CutPrefix(part, "user="); found {
			user = v
		}
		if v, found := strings.CutPrefix(part, "auth=Bearer "); found {
			token = v
		}
	}
	if !s.host.admits(user, token) {
		s.reply("334 " + base64.StdEncoding.EncodeToString([]byte(`{"status":"400","schemes":"Bearer"}`)))
		if _, err := s.line(); err != nil {
			s.end = true
			return "", "", false
		}
	}
	return user, token, true
}
