package iamcollect

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// maxShown bounds the problems that one error lists, maxDepth the folders below
// that of an account: iam-collect needs five.
const (
	maxShown = 20
	maxDepth = 8
)

// A reader reads files, one after the other, and collects what is wrong.
type reader struct {
	fsys     fs.FS
	problems []*snapshot.Problem
	more     int // problems that are not kept
	gaps     []snapshot.Gap
}

func (r *reader) add(p *snapshot.Problem) {
	if len(r.problems) >= maxShown {
		r.more++
		return
	}
	r.problems = append(r.problems, p)
}

// bad notes a problem at a place in a file. Finding its line takes a pass over
// the file, so only those that are kept are looked for.
func (r *reader) bad(file, pointer, format string, args ...any) {
	if len(r.problems) >= maxShown {
		r.more++
		return
	}
	r.add(snapshot.ProblemAt(r.fsys, file, jsontext.Pointer(pointer), fmt.Sprintf(format, args...)))
}

func (r *reader) gap(g snapshot.Gap) { r.gaps = append(r.gaps, g) }

// merge takes over what another reader collected.
func (r *reader) merge(other *reader) {
	for _, p := range other.problems {
		r.add(p)
	}
	r.more += other.more
	r.gaps = append(r.gaps, other.gaps...)
}

// err joins the problems; nil when there are none.
func (r *reader) err() error {
	var errs []error
	for _, p := range r.problems {
		errs = append(errs, p)
	}
	if r.more > 0 {
		errs = append(errs, fmt.Errorf("… and %d more", r.more))
	}
	return errors.Join(errs...)
}

// into reads a file into v and reports whether it is filled.
func (r *reader) into(name string, v any) bool {
	err := snapshot.ReadJSON(r.fsys, name, v)
	if p, ok := errors.AsType[*snapshot.Problem](err); ok {
		r.add(p)
	}
	return err == nil
}

// A folder is a folder with the names of its files.
type folder struct {
	path    string
	files   map[string]bool
	folders []string
}

// folder lists a folder. What begins with a dot is not iam-collect's.
func (r *reader) folder(dir string) *folder {
	f := &folder{path: dir, files: make(map[string]bool)}
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.bad(dir, "", "cannot be read: %s", plain(err))
	}
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			f.folders = append(f.folders, e.Name())
		default:
			f.files[e.Name()] = true
		}
	}
	return f
}

// plain cuts the path off an error of the file system.
func plain(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// sorted lists the JSON files of a folder by name.
func (f *folder) sorted() []string {
	var names []string
	for name := range f.files {
		if strings.HasSuffix(name, ".json") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (f *folder) join(name string) string { return path.Join(f.path, name) }

// has reads a file of a folder into v; it reports whether the file is there and
// in order.
func (r *reader) has(f *folder, name string, v any) bool {
	return f.files[name] && r.into(f.join(name), v)
}

// document reads a file of a folder that holds a policy; null is no policy.
func (r *reader) document(f *folder, name string) (doc jsontext.Value, ok bool) {
	ok = r.has(f, name, &doc) && doc.Kind() != jsontext.KindNull
	return doc, ok
}

// tags reads a file of tags.
func (r *reader) tags(f *folder) (tags snapshot.Tags, ok bool) {
	var m map[string]string
	if !r.has(f, "tags.json", &m) {
		return nil, false
	}
	return snapshot.TagsOf(m), true
}

// arns reads a file that lists ARNs; ones that are null stay as "".
func (r *reader) arns(f *folder, name string) (list []string) {
	var raw []*string
	if !r.has(f, name, &raw) {
		return nil
	}
	for i, text := range raw {
		switch {
		case text == nil:
			list = append(list, "")
		case r.isARN(f.join(name), "/"+strconv.Itoa(i), *text):
			list = append(list, *text)
		}
	}
	return list
}

func (r *reader) isARN(file, pointer, text string) bool {
	_, err := arn.Parse(text)
	if err != nil {
		r.bad(file, pointer, "%s is not an ARN", quote(text))
	}
	return err == nil
}

// A metadata is the file that names a thing.
type metadata struct {
	r      *reader
	file   string
	fields map[string]jsontext.Value
	arn    string
}

// metadata reads metadata.json of a folder and the ARN in it.
func (r *reader) metadata(f *folder) (m *metadata, ok bool) {
	m = &metadata{r: r, file: f.join(metadataFile)}
	if !r.has(f, metadataFile, &m.fields) {
		return nil, false
	}
	m.arn = m.text("arn")
	if m.arn == "" {
		r.bad(m.file, "", "no arn stands here; iam-collect writes one since its first release: collect this again")
		return nil, false
	}
	return m, r.isARN(m.file, "/arn", m.arn)
}

// text returns the text in a field; "" when it isn't there.
func (m *metadata) text(field string) string {
	switch raw := m.fields[field]; raw.Kind() {
	case jsontext.KindString:
		b, _ := jsontext.AppendUnquote(nil, raw) // it was read, so it is sound
		return string(b)
	case jsontext.KindInvalid, jsontext.KindNull:
		return ""
	}
	m.r.bad(m.file, "/"+field, "expected a text here")
	return ""
}

// list returns the texts in a field.
func (m *metadata) list(field string) (out []string) {
	raw := m.fields[field]
	if kind := raw.Kind(); kind == jsontext.KindInvalid || kind == jsontext.KindNull {
		return nil
	}
	if !decode(raw, &out) {
		m.r.bad(m.file, "/"+field, "expected a list of texts here")
	}
	return out
}

func lastPart(text string) string { return text[strings.LastIndexByte(text, '/')+1:] }

// quote shortens hostile or long text for a message.
func quote(s string) string {
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:77], "") + "..."
	}
	return strconv.Quote(s)
}
