//go:build unix

package resolve

import "syscall"

// descriptors is how many files and sockets this process may have open.
func descriptors() int {
	var r syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r) != nil || r.Cur > manyDescriptors {
		return manyDescriptors
	}
	return int(r.Cur)
}
