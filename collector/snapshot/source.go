package snapshot

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// MaxFileSize is the most that is read of one file, after decompression.
const MaxFileSize = 1 << 30

// What grows beyond FreeGrowth when it is decompressed must not grow more than
// MaxDeflation times, in a zip archive, or maxRatio times, as zstd, which finds
// what repeats at any distance. JSON of real accounts shrinks 10 to 60 times, an
// account of thousands of equal roles 100 or 300; bombs a thousand times as
// deflate, and a hundred thousand times as zstd.
const (
	FreeGrowth   = 16 << 20
	MaxDeflation = 200
	maxRatio     = 500
)

// Some texts cost much more memory than they are long: blanks, of which a decoder
// keeps a run whole, and objects with nothing in them. No tool writes maxBlanks in
// a row; and after the first manyObjects, an object must be leastObject bytes long on average:
// the shortest one of AWS is a tag.
const (
	maxBlanks   = 4 << 20
	manyObjects = 1 << 17
	leastObject = 16
)

// zstdMagic begins every zstd file.
const zstdMagic = "\x28\xb5\x2f\xfd"

// extensions are the two forms of every file.
var extensions = [...]string{".json", ".json.zst"}

// stem cuts off the extension of a file of a snapshot.
func stem(name string) (string, bool) {
	for _, ext := range extensions {
		if s, ok := strings.CutSuffix(name, ext); ok {
			return s, true
		}
	}
	return name, false
}

// OpenFile opens a file for reading; one that begins like zstd is decompressed,
// whatever its name, and a byte order mark of UTF-8 is left out. It must be a regular
// file. Reading fails beyond [MaxFileSize], and when a compressed file grows out of all
// proportion.
func OpenFile(fsys fs.FS, name string) (io.ReadCloser, error) {
	return open(fsys, name, MaxFileSize)
}

func open(fsys fs.FS, name string, limit int64) (io.ReadCloser, error) {
	f, err := openRegular(fsys, name)
	if err != nil {
		return nil, err
	}
	counted := &counter{from: f}
	begin := begins.get(counted)
	closeFile := func() error {
		begin.Reset(nil) // let go of the file
		begins.Put(begin)
		return f.Close()
	}
	magic, _ := begin.Peek(len(zstdMagic))
	if err := CheckText(magic); err != nil {
		return nil, errors.Join(err, closeFile())
	}
	if bytes.HasPrefix(magic, []byte(ByteOrderMark)) {
		_, _ = begin.Discard(len(ByteOrderMark)) // it was looked at
	}
	if string(magic) != zstdMagic {
		return &bounded{from: begin, left: limit, limit: limit, close: closeFile}, nil
	}
	dec, err := decoders.get(begin)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot decompress: %w", err), closeFile())
	}
	closeBoth := func() error {
		_ = dec.Reset(nil)
		decoders.Put(dec)
		return closeFile()
	}
	return &bounded{from: dec, left: limit, limit: limit, packed: counted, close: closeBoth}, nil
}

// ByteOrderMark is how editors and shells of Windows begin a file of UTF-8.
const ByteOrderMark = "\xef\xbb\xbf"

// CheckText refuses a file that begins with head and is no text as it stands, with what
// to do about it.
func CheckText(head []byte) error {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return errors.New("the file is UTF-16, as PowerShell writes it: write it as UTF-8, such as with Out-File -Encoding utf8")
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return errors.New("the file is compressed with gzip: decompress it with gunzip")
	}
	return nil
}

// begins keeps the buffers through which files are read.
var begins beginPool

type beginPool struct{ sync.Pool }

func (p *beginPool) get(from io.Reader) *bufio.Reader {
	if b, ok := p.Get().(*bufio.Reader); ok {
		b.Reset(from)
		return b
	}
	return bufio.NewReaderSize(from, 64<<10)
}

// decoders keeps decoders for the next file: each has a window of several MiB,
// and making one for each file made reading small files four times slower.
var decoders decoderPool

type decoderPool struct{ sync.Pool }

func (p *decoderPool) get(from io.Reader) (*zstd.Decoder, error) {
	if dec, ok := p.Get().(*zstd.Decoder); ok {
		return dec, dec.Reset(from)
	}
	return zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
}

// openRegular refuses pipes and devices, which would hang or never end.
func openRegular(fsys fs.FS, name string) (fs.File, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, plain(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, plain(err)
	}
	return f, nil
}

// plain cuts the path off an error of the file system; callers name it better.
func plain(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// bounded reads up to a limit and then fails, unlike io.LimitReader.
type bounded struct {
	from   io.Reader
	left   int64
	limit  int64
	packed *counter // of a compressed file
	close  func() error

	blanks  int   // in a row, up to here
	objects int64 // opened, up to here
	refused error // what hollow found
}

// A sizeError says that a file is too large to be read.
type sizeError struct{ msg string }

func (e *sizeError) Error() string { return e.msg }

func (b *bounded) Read(p []byte) (int, error) {
	switch {
	case b.left < 0:
		return 0, b.tooLarge()
	case b.refused != nil: // a decoder that only peeks asks again
		return 0, b.refused
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	if b.left < 0 {
		return 0, b.tooLarge()
	}
	if out := b.limit - b.left; b.packed != nil && out > FreeGrowth && out > maxRatio*b.packed.n {
		return 0, &sizeError{fmt.Sprintf("grows more than %d times when decompressed, which no real snapshot does", maxRatio)}
	}
	if b.refused = b.hollow(p[:n]); b.refused != nil {
		return 0, b.refused
	}
	if err != nil && !errors.Is(err, io.EOF) && b.packed != nil {
		err = &sizeError{"cannot decompress: " + err.Error()}
	}
	return n, err
}

// hollow refuses what is read next if it holds next to nothing.
func (b *bounded) hollow(p []byte) error {
	if end := len(p) - len(bytes.TrimRight(p, " \t\r\n")); end == len(p) {
		b.blanks += end
	} else {
		b.blanks = end
	}
	if b.blanks > maxBlanks {
		return &sizeError{fmt.Sprintf("more than %d MiB of blanks in a row, which no tool writes; write the file without them, such as with jq -c .", maxBlanks>>20)}
	}
	b.objects += int64(bytes.Count(p, []byte{'{'}))
	if b.objects > manyObjects && b.objects*leastObject > b.limit-b.left {
		return &sizeError{"nearly all objects in the file are empty, which no tool writes; leave them out"}
	}
	return nil
}

func (b *bounded) tooLarge() error {
	return &sizeError{fmt.Sprintf("larger than %d MiB; split it", b.limit>>20)}
}

func (b *bounded) Close() error { return b.close() }

// counter counts what is read through it.
type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
