package aggregate_test

import (
	"archive/tar"
	"bytes"
	"strings"
	"testing"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// sparse is a tar with an entry that has a hole at its end, and one without.
func sparse(t *testing.T, hole string, after []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []struct {
		tar.Header
		data []byte
	}{
		{tar.Header{Name: "hole.xml", Size: 10, PAXRecords: map[string]string{"FOO.sparse.map": "0,10," + hole + ",0",
			"FOO.sparse.numblocks": "2", "FOO.sparse.size": hole}}, []byte("<feedback>")},
		{tar.Header{Name: "whole.xml", Size: int64(len(after))}, after},
	} {
		h.Mode, h.Typeflag = 0o600, tar.TypeReg
		if err := w.WriteHeader(&h.Header); err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(h.data)
	}
	_ = w.Close()
	return bytes.ReplaceAll(b.Bytes(), []byte("FOO.sparse"), []byte("GNU.sparse")) // the writer refuses these
}

func TestAnEntryOfATarWithHolesIsToldAndNotRead(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	for _, data := range [][]byte{sparse(t, "1048576", x), gz(sparse(t, "1152921504606846976", x))} {
		got := small(t, data)
		if len(got) != 2 || strings.Join(kinds(got), " ") != "other_archive" || !got[0].Lost() || got[0].DMARC != nil || got[1].DMARC == nil {
			t.Errorf("got %d reports, %v", len(got), kinds(got))
		}
	}
}

func TestTheEntriesOfATarCountAgainstTheBound(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(many(700), aggregatetest.RFC7489)
	two := tarred(file{"a.xml", x}, file{"b.xml", x})
	for _, data := range [][]byte{two, gz(two)} {
		got := small(t, data)
		if len(got) < 2 || len(got[0].DMARC.Rows) != 700 || got[0].Lost() || !got[1].Lost() ||
			!strings.Contains(strings.Join(kinds(got), " "), string(aggregate.TooLarge)) {
			t.Errorf("got %d reports, %v", len(got), kinds(got))
		}
	}
}
