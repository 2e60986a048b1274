package collector

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"pathfinder/collector/snapshot"
)

// inArchive returns the snapshot in a zip archive, once it is sure that reading
// it costs no more than its size lets expect, and that every name means one file.
func inArchive(from io.ReaderAt, size int64) (fs.FS, error) {
	z, err := zip.NewReader(from, size)
	if err != nil {
		return nil, fmt.Errorf("the archive is damaged: %w", err)
	}
	root, ok := snapshotRoot(z)
	switch {
	case !ok && slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "tfplan" }):
		return nil, errors.New("this is a plan as terraform plan -out saves it: print it with terraform show -json, give that with --plan, and the snapshot that it changes here")
	case !ok:
		return nil, errors.New("the archive holds no snapshot: looked for manifest.json")
	}
	if err := errors.Join(proportionate(z, size), unambiguous(z)); err != nil {
		return nil, err
	}
	return fs.Sub(z, root)
}

// proportionate refuses an archive whose entries would grow out of all proportion:
// also all together, since nothing bounds their number. Reading holds an entry to the
// size that is looked at here.
func proportionate(z *zip.Reader, size int64) error {
	var packed, out uint64
	for _, f := range z.File {
		if f.Flags&encrypted != 0 {
			return fmt.Errorf("%q in the archive is encrypted: unpack it, and give the folder", f.Name)
		}
		packed, out = plus(packed, f.CompressedSize64), plus(out, f.UncompressedSize64)
	}
	if packed > uint64(size) { //nolint:gosec // sizes of files are not negative
		return errors.New("the archive is damaged: its entries lie over one another; pack the snapshot again")
	}
	if most := max(snapshot.FreeGrowth, snapshot.MaxDeflation*size); out > uint64(most) { //nolint:gosec // as above
		return fmt.Errorf("the archive grows %d times when unpacked, which no real snapshot does; if you trust it, unpack it and give the folder", out/uint64(size)) //nolint:gosec // as above
	}
	return nil
}

// encrypted is the flag of entries that need a password: APPNOTE.TXT, 4.4.4.
const encrypted = 1

// plus adds without starting again at zero.
func plus(a, b uint64) uint64 {
	if a+b < a {
		return ^uint64(0)
	}
	return a + b
}

// unambiguous refuses two entries that are one file when unpacked: which of them counts
// differs between the tools that read an archive.
func unambiguous(z *zip.Reader) error {
	first := make(map[string]string, len(z.File))
	for _, f := range z.File {
		name := strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/")
		before, twice := first[name]
		switch {
		case !twice:
			first[name] = f.Name
		case f.FileInfo().IsDir() && strings.HasSuffix(before, "/"): // one folder, named twice
		case before == f.Name:
			return fmt.Errorf("%q stands twice in the archive, and only one of them can count: unpack it, and give the folder, or pack that again", f.Name)
		default:
			return fmt.Errorf("%q and %q in the archive are one file, and only one of them can count: unpack it, and give the folder, or pack that again", before, f.Name)
		}
	}
	return nil
}

// snapshotRoot finds the folder of the manifest that lies highest; people pack
// folders with and without their name.
func snapshotRoot(z *zip.Reader) (root string, ok bool) {
	for _, f := range z.File {
		dir, base := path.Split(f.Name)
		if base != manifests[0] && base != manifests[1] || !fs.ValidPath(f.Name) {
			continue
		}
		dir = path.Clean(dir)
		if !ok || len(dir) < len(root) {
			root, ok = dir, true
		}
	}
	return root, ok
}
