//go:build unix

package compiled_test

import (
	"os"
	"syscall"
	"testing"
	"time"

	"pathfinder/collector/compiled"
)

// Among the files of a snapshot may be what has no end: a question about it must
// not hang before anybody says what is wrong.
func TestReadOfWhatIsNoFile(t *testing.T) {
	t.Parallel()
	for name, put := range map[string]func(at string) error{
		"a pipe":             func(at string) error { return syscall.Mkfifo(at, 0o600) },
		"a link to a device": func(at string) error { return os.Symlink("/dev/zero", at) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := snap(t)
			at := dir + "/accounts/999999999999/resources-x.json"
			if err := put(at); err != nil {
				t.Fatal(err)
			}
			s, err := compiled.Scan(dir)
			if err != nil {
				return // refused already
			}
			done := make(chan error, 1)
			go func() { done <- s.Read() }()
			select {
			case err := <-done:
				if err == nil {
					t.Error("read without an error")
				}
			case <-time.After(10 * time.Second):
				t.Fatal("still reading after ten seconds")
			}
		})
	}
}
