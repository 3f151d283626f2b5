package smtp

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"todoku/codes"
)

// echoes are the ways in which a server may repeat what it was told, as the
// lines of a reply.
func echoes(user, secret string) map[string][]string {
	std, raw, web := base64.StdEncoding, base64.RawStdEncoding, base64.RawURLEncoding
	plain := "\x00" + user + "\x00" + secret
	blob := std.EncodeToString([]byte(plain))
	half := len(secret) / 2
	spaced := strings.Join(strings.Split(secret, ""), " ")
	var quoted, percent, decimal, octets strings.Builder
	for _, c := range []byte(secret) {
		fmt.Fprintf(&quoted, "=%02X", c)
		fmt.Fprintf(&percent, "%%%02x", c)
		fmt.Fprintf(&decimal, "&#%d;", c)
		fmt.Fprintf(&octets, `\x%02x`, c)
	}
	return map[string][]string{
		"whole":            {"no: " + secret},
		"in capitals":      {"NO: " + strings.ToUpper(secret)},
		"quoted":           {`no: "` + secret + `"?`},
		"two lines":        {"no: " + secret[:half], secret[half:] + " is wrong"},
		"two codes":        {"no: " + secret[:half], "5.7.25 " + secret[half:]},
		"first part":       {"no: " + secret[:half+1] + "..."},
		"last part":        {"no: ..." + secret[half-1:]},
		"apart":            {"no: " + secret[:half], "and then: " + secret[half:]},
		"blanks":           {"no: " + spaced},
		"dots":             {"no: " + strings.ReplaceAll(spaced, " ", ".")},
		"a line each":      strings.Split(secret, ""),
		"line of AUTH":     {"500 what is AUTH PLAIN " + blob},
		"blob cut":         {"what is " + blob[:len(blob)*3/4]},
		"blob in lines":    {"what is " + blob[:12], blob[12:20], blob[20:]},
		"blob in pieces":   {"what is " + blob[:10] + "... and " + blob[10:]},
		"base64":           {std.EncodeToString([]byte(secret))},
		"base64, bare":     {raw.EncodeToString([]byte(secret))},
		"base64 of URLs":   {web.EncodeToString([]byte(plain))},
		"base64, one on":   {std.EncodeToString([]byte("x" + secret + "y"))},
		"base64, two on":   {std.EncodeToString([]byte("xx" + secret + "yy"))},
		"base64 of JSON":   {std.EncodeToString([]byte(`{"status":"400","token":"` + secret + `"}`))},
		"base64 small":     {strings.ToLower(std.EncodeToString([]byte(secret)))},
		"base64 escaped":   {url.QueryEscape(blob)},
		"hex":              {hex.EncodeToString([]byte(secret))},
		"hex in capitals":  {strings.ToUpper(hex.EncodeToString([]byte(secret)))},
		"hex of all":       {hex.EncodeToString([]byte(plain))},
		"hex apart":        {fmt.Sprintf("% x", secret)},
		"hex with colons":  {strings.ReplaceAll(fmt.Sprintf("% x", secret), " ", ":")},
		"percent":          {percent.String()},
		"percent twice":    {strings.ReplaceAll(percent.String(), "%", "%25")},
		"quoted-printable": {quoted.String()},
		"soft line break":  {"no: " + secret[:half] + "=", secret[half:]},
		"entities":         {decimal.String()},
		"escapes":          {octets.String()},
		"user and secret":  {"no: " + user + ":" + secret + "@relay"},
	}
}

// bare is a text as somebody may search it: letters and digits, small.
func bare(s string) string {
	return string(viewOf(s).unescaped().unescaped().fold().without(isSeparator).text)
}

// TestNoEchoShowsASecret: whatever form a server gives to what it was told,
// neither the secret nor half of it is left, and the code and other texts are.
func TestNoEchoShowsASecret(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"kR9-secret-x7Q", "geheim-wort-0815", "Tr0ub4dor&3", "correct horse battery",
		"ya29.a0AfH6SMBx-Qk_99/z+==tokentokentoken", "12345678", "пароль-секрет", "a!b@c#d$e%f^"} {
		for _, user := range []string{"hanako", "taro@example.jp"} {
			var s secrets
			s.addSecret(secret)
			s.addResponse([]byte("\x00" + user + "\x00" + secret))
			for name, lines := range echoes(user, secret) {
				reply := codes.Reply{Code: 550, Enhanced: codes.Enhanced{Class: 5, Subject: 7, Detail: 1}, Lines: lines}
				got := s.reply(reply)
				half := len(secret) / 2
				left := bare(strings.Join(got.Lines, ""))
				for _, form := range []string{secret, secret[:half+1], secret[half-1:], hex.EncodeToString([]byte(secret))[:8],
					base64.RawStdEncoding.EncodeToString([]byte(secret))[1:9],
					base64.RawStdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + secret))[len(user):]} {
					if form = bare(form); strings.Contains(left, form) {
						t.Errorf("%s, %q: %q shows %q", name, secret, got.Lines, form)
					}
				}
				if got.Code != 550 || got.Enhanced != reply.Enhanced || !strings.Contains(got.Text(), secretMask) {
					t.Errorf("%s, %q: %v", name, secret, got)
				}
			}
			usual := codes.Reply{Code: 550,
				Lines: []string{"<" + user + ">: Recipient address rejected: User unknown in virtual mailbox table",
					"see https://example.org/x?y=%2Fz; 4/5 done, 100% sure"}}
			if got := s.reply(usual); got.Text() != usual.Text() {
				t.Errorf("%q: another reply lost something: %q", secret, got.Lines)
			}
		}
	}
}

// TestShortSecrets stand in many a text by chance: as a word of its own, one
// hides all of the text; within another word it does not.
func TestShortSecrets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ secret, said, want string }{
		{"no", "no, not now", "****"},
		{"no", "unknown", "unknown"},
		{"no", "what is " + base64.StdEncoding.EncodeToString([]byte("no")) + "?", "****"},
		{"no", "what is bm8?", "****"},
		{"a", "such a user is unknown", "****"},
		{"a", "that user is unknown", "that user is unknown"},
		{"!", "go away!", "****"},
		{"xyz", "taken as XYZ-1", "****"},
		{"xyz", "taken as 6xyz7", "taken as 6xyz7"},
		{"wxyz", "taken as 6wxyz7", "taken as ****"},
		{"", "taken as 6wxyz7", "taken as 6wxyz7"},
	} {
		var s secrets
		s.addSecret(c.secret)
		if got := s.reply(codes.Reply{Code: 250, Lines: []string{c.said}}); got.Code != 250 || got.Text() != c.want {
			t.Errorf("%q in %q: %q, want %q", c.secret, c.said, got.Text(), c.want)
		}
	}
}

// TestSecretAsEnhancedCode: an enhanced code that is made of the secret is none.
func TestSecretAsEnhancedCode(t *testing.T) {
	t.Parallel()
	var s secrets
	s.addSecret("123.456")
	r, err := codes.ParseEnhanced("5.123.456")
	if got := s.reply(codes.Reply{Code: 550, Enhanced: r, Lines: []string{"no"}}); !err || !got.Enhanced.IsZero() || got.Code != 550 {
		t.Errorf("%v", got)
	}
}

// FuzzSecrets: a secret of four octets and more is never left in a reply, and
// one that does not stand there leaves it as it is.
func FuzzSecrets(f *testing.F) {
	f.Add("geheim", "no: geheim, AHgAZ2VoZWlt\n%67eheim &#103;")
	f.Add("=2F=2", "=3D2F=3D2\n\\\\x41 &amp;amp; &#x;&#99999999;&")
	f.Fuzz(func(t *testing.T, secret, said string) {
		var s secrets
		s.addSecret(secret)
		got := s.text(said)
		if folded := string(view{text: []byte(secret)}.fold().without(isBlank).text); len(folded) >= shortest {
			if left := string(view{text: []byte(got)}.fold().without(isBlank).text); strings.Contains(left, folded) &&
				!strings.Contains(secretMask, folded) {
				t.Errorf("%q in %q leaves %q", secret, said, got)
			}
		}
		if strings.Count(got, "\n") != strings.Count(said, "\n") && got != secretMask {
			t.Errorf("%q: lines were lost: %q", said, got)
		}
	})
}
