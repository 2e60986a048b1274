package snapshot

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// WriteArchive writes s into one zip archive, which appears by rename and
// replaces a file of that name. Equal snapshots give equal bytes. The archive
// is readable by its owner only.
func WriteArchive(file string, s *Snapshot, opts WriteOptions) error {
	if err := s.check().err(); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), temporary+"*") // with mode 0600
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 256<<10)
	err = writeArchive(out, s, opts)
	if err = errors.Join(err, out.Flush(), f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", file, err), os.Remove(f.Name()))
	}
	return nil
}

func writeArchive(out io.Writer, s *Snapshot, opts WriteOptions) error {
	z := zip.NewWriter(out)
	w := &writer{opts: opts}
	w.put = func(name string, v any) error {
		entry := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if opts.Compress {
			entry.Method = zip.Store // zstd has done it
		}
		entry.SetMode(0o600)
		to, err := z.CreateHeader(entry)
		if err != nil {
			return err
		}
		return w.encode(to, v)
	}
	sorted := *s
	sorted.Accounts = slices.SortedStableFunc(slices.Values(s.Accounts), func(a, b *Account) int {
		return strings.Compare(a.Info.ID, b.Info.ID)
	})
	return errors.Join(w.all(&sorted), z.Close())
}
