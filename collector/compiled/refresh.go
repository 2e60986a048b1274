package compiled

import (
	"errors"
	"fmt"
	"os"
)

// Refresh writes the file again with other stats of its sources, whose content
// is the same, to path. It checks the whole file on the way.
func (f *File) Refresh(path string, now *Sources, opts Options) error {
	if err := f.Verify(); err != nil {
		return err
	}
	to, end, err := opts.create(path)
	if err != nil {
		return err
	}
	defer end()
	w := newPager(to)
	h := *f.h
	last := h.sections[secSources].off // which is the last section
	w.write(f.p.data[headerSize:last])
	b := now.encode()
	h.sections[secSources].len = uint64(len(b))
	w.write(b)
	if err := errors.Join(w.finish(to, &h), to.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return os.Rename(to.Name(), path)
}

// Root returns which snapshot a file was made from, also of one that another
// version wrote, in so far as that can be read.
func Root(path string) (string, error) {
	f, err := openOwn(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read from
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() < headerSize {
		return "", errors.Join(errNotOurs, err)
	}
	data, err := mapped(f, info.Size())
	if err != nil {
		return "", err
	}
	var program [32]byte
	copy(program[:], data[len(magic)+4:])
	h, err := decodeHeader(data, uint64(len(data)), program)
	if err != nil {
		return "", err
	}
	p, err := newPages(data, h)
	if err != nil {
		return "", err
	}
	s, err := (&File{p: p, h: h}).Sources()
	if err != nil {
		return "", err
	}
	return s.Root, nil
}

// Is reports whether path is a file that begins like a compiled one.
func Is(path string) bool {
	f, err := openOwn(path)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // only read from
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return false
	}
	head := make([]byte, len(magic))
	_, err = f.Read(head)
	return err == nil && string(head) == magic
}
