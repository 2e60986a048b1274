package cloudformation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"pathfinder/collector/snapshot"
)

// The limits of one file. CloudFormation takes templates of up to 1 MB.
const (
	maxSize   = 8 << 20
	maxDepth  = 128
	maxValues = 1 << 20 // aliases are counted as often as they are used
)

// readFile reads a file of bounded size.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return readAll(f)
}

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err == nil && len(b) > maxSize {
		err = fmt.Errorf("the file is larger than %d MiB, which no template is", maxSize>>20)
	}
	if err == nil {
		err = snapshot.CheckText(b)
	}
	return b, err
}

// Looks reports whether a file that begins with head is likely a template.
func Looks(head []byte) bool {
	return bytes.Contains(head, []byte("AWSTemplateFormatVersion")) || resourcesKey.Match(head) && resourceType.Match(head)
}

// A snapshot has Resources too, and of these types, but in a list.
var (
	resourcesKey = regexp.MustCompile(`\bResources["']?\s*:\s*(\{|\n\s+["'#A-Za-z])`)
	resourceType = regexp.MustCompile(`\bType["']?\s*:\s*["']?(AWS|Custom)::`)
)

// IsAssembly reports whether a manifest.json that begins with head is that of a
// folder that cdk synth wrote.
func IsAssembly(head []byte) bool {
	return assemblyHead.Match(head)
}

var assemblyHead = regexp.MustCompile(`^\s*\{\s*("version"\s*:\s*"[^"]*"\s*,\s*)?("minimumCliVersion"\s*:\s*"[^"]*"\s*,\s*)?"artifacts"\s*:`)

// parse reads JSON or YAML into a value.
func parse(file []byte) (*value, error) {
	file = bytes.TrimPrefix(file, []byte(snapshot.ByteOrderMark))
	trimmed := bytes.TrimSpace(file)
	if len(trimmed) == 0 {
		return nil, errors.New("the file is empty")
	}
	if trimmed[0] != '{' {
		return parseYAML(file)
	}
	v, err := parseJSON(file)
	if err == nil {
		return v, nil
	}
	if y, also := parseYAML(file); also == nil { // a flow mapping
		return y, nil
	}
	return nil, err
}

// budget bounds what one file may grow to.
type budget struct{ left int }

func (b *budget) take(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("values lie in one another more than %d deep", maxDepth)
	}
	if b.left--; b.left < 0 {
		return fmt.Errorf("more than %d values, aliases counted as often as they are used", maxValues)
	}
	return nil
}

// quote shortens hostile or long text for a message.
func quote(s string) string { return strconv.Quote(short(s)) }

func short(s string) string {
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:117], "") + "..."
	}
	return s
}
