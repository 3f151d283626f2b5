package testserver

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// quit makes PostgreSQL end at once.
const quit = syscall.SIGQUIT

// account is who runs the server where the tests run as root, whom PostgreSQL does not accept.
func account() (uid, gid int, found bool) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			continue
		}
		gid, err := strconv.Atoi(u.Gid)
		if err == nil {
			return uid, gid, true
		}
	}
	return 0, 0, false
}

// own gives a folder to the user who runs the server.
func own(dir string) error {
	if os.Getuid() != 0 {
		return nil
	}
	uid, gid, found := account()
	if !found {
		return ErrMissing
	}
	return os.Chown(dir, uid, gid)
}

// asUser lets a program run as that user, and end with this process.
func asUser(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: quit}
	if uid, gid, found := account(); os.Getuid() == 0 && found {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
}
