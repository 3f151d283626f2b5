package app_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/cmd/app"
)

// TestZonesWithoutAList: TZ holds in a container that has nothing but the program. The test runs itself in an empty root.
func TestZonesWithoutAList(t *testing.T) {
	t.Parallel()
	if os.Getenv("TODOKU_TEST_ROOT") != "" {
		a := app.New(strings.NewReader(""), os.Stdout, os.Stderr, os.Getenv)
		name, offset := time.Unix(0, 0).In(a.Zone()).Zone()
		fmt.Println(name, offset)
		return
	}
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	if err := os.Link(own, filepath.Join(root, "test")); err != nil {
		t.Skip(err)
	}
	for zone, want := range map[string]string{"Asia/Tokyo": "JST 32400\n", "America/New_York": "EST -18000\n", "": "UTC 0\n"} {
		c := exec.Command("/test", "-test.run=^"+t.Name()+"$")
		c.Dir, c.Env = "/", []string{"TODOKU_TEST_ROOT=1", "TZ=" + zone}
		c.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
		if os.Getuid() != 0 {
			c.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
			c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		}
		out, err := c.Output()
		if errors.Is(err, os.ErrPermission) || errors.Is(err, os.ErrNotExist) { // no right to it, or a binary that needs libraries
			t.Skip(err)
		}
		if err != nil || !strings.HasPrefix(string(out), want) {
			t.Errorf("TZ=%s: %v, %q, want %q", zone, err, out, want)
		}
	}
}
