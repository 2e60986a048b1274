//go:build !unix

package compiled

import (
	"io"
	"os"
)

// mapped reads the whole file where there is no mapping.
func mapped(f *os.File, size int64) ([]byte, error) {
	b := make([]byte, size)
	_, err := io.ReadFull(f, b)
	return b, err
}

// openOwn opens a file.
func openOwn(path string) (*os.File, error) { return os.Open(path) }
