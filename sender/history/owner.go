package history

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"time"
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

// processState is what is known of the process behind an owner.
type processState int

const (
	stateUnknown   processState = iota // another user or system
	stateOtherBoot                     // another machine, or this one before it was started anew
	stateRunning                       // it works on this machine
	stateEnded                         // it was one of this machine, and is gone
)

// processEnded reports whether the process of an owner has ended for certain: it was
// one of this boot, of our user, and seen from here.
func processEnded(owner string) bool { return stateOfOwner(owner) == stateEnded }

func stateOfOwner(owner string) processState {
	f := strings.Split(owner, "/")
	if len(f) != 6 {
		return stateUnknown
	}
	switch place, ok := placeOf(); {
	case !ok:
		return stateUnknown
	case !strings.HasPrefix(place, f[0]+"/"):
		return stateOtherBoot
	case place != strings.Join(f[:3], "/"):
		return stateUnknown
	}
	start, alive := started(f[3])
	if !alive || start != f[4] {
		return stateEnded
	}
	return stateRunning
}

// ownerStates asks once for each owner.
type ownerStates map[string]processState

func (o ownerStates) state(owner string) processState {
	s, known := o[owner]
	if !known {
		s = stateOfOwner(owner)
		o[owner] = s
	}
	return s
}

// free reports whether nobody works on what an owner had: it gave it up, its
// process is gone, or it cannot be asked and has given no sign of life for the
// lease. What a living process has is not free, whatever the clock says.
func (o ownerStates) free(owner string, lease int64, now time.Time) bool {
	switch {
	case lease == 0 || owner == "":
		return true
	case o.state(owner) == stateEnded:
		return true
	}
	return o.state(owner) != stateRunning && lease <= millis(now)
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
