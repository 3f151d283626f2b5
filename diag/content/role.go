package content

import "strings"

// IsRole reports whether the local part of an address is that of a task, not of a person (RFC 2142): info, sales, postmaster.
func IsRole(local string) bool {
	switch strings.ToLower(local) {
	case "info", "admin", "administrator", "postmaster", "abuse", "webmaster", "hostmaster", "root", "sales", "support", "contact", "office",
		"noreply", "no-reply", "donotreply", "mailer-daemon", "marketing", "help", "helpdesk", "billing", "security", "staff", "mail", "soumu",
		"toiawase", "inquiry", "jinji", "keiri", "eigyo", "recruit":
		return true
	}
	return false
}
