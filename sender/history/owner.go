package history

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
)

// newOwner names a handle by chance, behind the process that has it where the
// system tells: who comes after a crash on the same machine need not wait for
// the end of the lease.
func newOwner() string {
	place, ok := placeOf()
	start, alive := started(fmt.Sprint(os.Getpid()))
	if !ok || !alive {
		return rand.Text()
	}
	return fmt.Sprintf("%s/%d/%s/%s", place, os.Getpid(), start, rand.Text())
}

// gone reports whether the process of an owner has ended for certain: it was
// one of this boot, of our user, and seen from here.
func gone(owner string) bool {
	f := strings.Split(owner, "/")
	if len(f) != 6 {
		return false
	}
	if place, ok := placeOf(); !ok || place != strings.Join(f[:3], "/") {
		return false
	}
	start, alive := started(f[3])
	return !alive || start != f[4]
}

// placeOf is where a number means one process: boot, PID namespace, user.
func placeOf() (string, bool) {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", false
	}
	space, err := os.Readlink("/proc/self/ns/pid")
	return fmt.Sprintf("%s/%s/%d", bytes.TrimSpace(boot), space, os.Getuid()), err == nil
}

// started is when a process began, in the ticks of proc(5); false says that
// there is none, or that it has ended and was not waited for yet.
func started(pid string) (string, bool) {
	raw, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return "", !os.IsNotExist(err)
	}
	_, rest, _ := strings.Cut(string(raw[bytes.LastIndexByte(raw, ')')+1:]), " ")
	const state, start = 0, 19 // fields 3 and 22 of the line
	f := strings.Fields(rest)
	if len(f) <= start {
		return "", true
	}
	return f[start], f[state] != "Z" && f[state] != "X"
}
