package live

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"pathfinder/collector/live/internal/service"
	"pathfinder/collector/snapshot"
)

// The hidden folder of a collection that is not complete.
const (
	workFolder  = ".collect"
	journalFile = "journal.jsonl"
	partsFolder = "parts"
)

// A header is the first line of a journal: which collection it is of.
type header struct {
	Format  int       `json:"format"`
	Started time.Time `json:"started"`
	Options options   `json:"options"`
}

const journalFormat = 1

// options are what has to be the same when a collection is resumed.
type options struct {
	Caller     string   `json:"caller"` // account
	Accounts   []string `json:"accounts,omitzero"`
	RoleName   string   `json:"roleName,omitzero"`
	Regions    []string `json:"regions,omitzero"`
	Only       []string `json:"only,omitzero"`
	Skip       []string `json:"skip,omitzero"`
	Compressed bool     `json:"compressed,omitzero"`
}

// An entry is a line of the journal: a unit that is done, or an account whose
// files are in place.
type entry struct {
	Unit    string `json:"unit,omitzero"`    // account/region/service
	Account string `json:"account,omitzero"` // its files are in place
	Part    bool   `json:"part,omitzero"`    // the unit has a part
	Gaps    int    `json:"gaps,omitzero"`
}

// A journal remembers what is done, across interruptions. It is safe for
// concurrent use.
type journal struct {
	dir     string // .collect
	started time.Time

	mu   sync.Mutex
	file *os.File         // under mu
	done map[string]entry // by unit and by account; under mu
}

// openJournal begins a journal, or goes on with the one that is there.
func openJournal(out string, resume bool, started time.Time, opts options) (*journal, error) {
	j := &journal{dir: filepath.Join(out, workFolder), started: started, done: make(map[string]entry)}
	name := filepath.Join(j.dir, journalFile)
	if resume {
		valid, err := j.load(name, opts)
		if err != nil {
			return nil, err
		}
		if valid > 0 {
			return j, j.open(name, valid)
		}
	}
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return nil, err
	}
	if err := j.open(name, 0); err != nil { // locked before anything is removed: another collection may be at work
		return nil, err
	}
	parts := filepath.Join(j.dir, partsFolder)
	if err := errors.Join(os.RemoveAll(parts), os.MkdirAll(parts, 0o700)); err != nil {
		return nil, errors.Join(err, j.close())
	}
	if err := j.line(header{Format: journalFormat, Started: started, Options: opts}); err != nil {
		return nil, errors.Join(err, j.close())
	}
	return j, nil
}

// load reads a journal and returns how many bytes of it are whole lines; 0 when
// there is none.
func (j *journal) load(name string, opts options) (valid int64, err error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(bytes.NewReader(data[:bytes.LastIndexByte(data, '\n')+1]))
	lines.Buffer(nil, 16<<20)
	for first := true; lines.Scan(); first = false {
		if first {
			var h header
			if err := json.Unmarshal(lines.Bytes(), &h); err != nil || h.Format != journalFormat {
				return 0, fmt.Errorf("%s: the journal is not of this version of pathfinder; start anew with --force", name)
			}
			if !reflect.DeepEqual(h.Options, opts) {
				return 0, fmt.Errorf("%s: the collection was begun with other options; repeat them, or start anew with --force", name)
			}
			j.started = h.Started
		} else {
			var e entry
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				break // what follows was written by a dying process
			}
			j.done[e.Unit+e.Account] = e
		}
		valid += int64(len(lines.Bytes())) + 1
	}
	return valid, lines.Err()
}

// open opens the journal and cuts off a line that was not finished.
func (j *journal) open(name string, valid int64) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := lock(f); err != nil {
		return errors.Join(fmt.Errorf("%s: another collection is at work in this folder", filepath.Dir(j.dir)), f.Close())
	}
	if err := f.Truncate(valid); err != nil {
		return errors.Join(err, f.Close())
	}
	if _, err := f.Seek(valid, 0); err != nil {
		return errors.Join(err, f.Close())
	}
	j.file = f
	return nil
}

func (j *journal) close() error { return j.file.Close() }

// line appends one line in one write.
func (j *journal) line(v any) error {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return err
	}
	_, err = j.file.Write(append(b, '\n'))
	return err
}

func (j *journal) add(e entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.done[e.Unit+e.Account] = e
	return j.line(e)
}

func (j *journal) get(key string) (entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.done[key]
	return e, ok
}

// accounts lists those whose files were put in place, also by a run before.
func (j *journal) accounts() (ids []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.done {
		if e.Account != "" {
			ids = append(ids, e.Account)
		}
	}
	return ids
}

// fresh reports whether nothing was done before.
func (j *journal) fresh() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.done) == 0
}

// finished reports whether a unit is done and nothing of it is missing.
func (j *journal) finished(unit string) bool {
	e, ok := j.get(unit)
	if !ok || e.Gaps > 0 {
		return false
	}
	if e.Part {
		_, err := os.Stat(j.partName(unit))
		return err == nil
	}
	return true
}

// partName is where the part of a unit lies.
func (j *journal) partName(unit string) string {
	return filepath.Join(j.dir, partsFolder, strings.ReplaceAll(unit, "/", string(filepath.Separator))+".json")
}

// keep writes what a unit found, and then says so.
func (j *journal) keep(unit string, p *service.Part) error {
	e := entry{Unit: unit, Part: !p.Empty(), Gaps: len(p.Gaps)}
	if e.Part {
		if err := writePart(j.partName(unit), p); err != nil {
			return err
		}
	}
	return j.add(e)
}

func writePart(name string, p *service.Part) error {
	b, err := json.Marshal(p, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	temporary := name + ".tmp"
	if err := os.WriteFile(temporary, b, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}

// part reads what a unit found; an empty part when it found nothing.
func (j *journal) part(unit string) (*service.Part, error) {
	p := new(service.Part)
	if e, ok := j.get(unit); !ok || !e.Part {
		return p, nil
	}
	b, err := os.ReadFile(j.partName(unit))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, p); err != nil {
		return nil, fmt.Errorf("%s: %w; start anew with --force", j.partName(unit), err)
	}
	return p, nil
}

// dropParts removes the parts of an account whose files are in place.
func (j *journal) dropParts(account string) error {
	return os.RemoveAll(filepath.Join(j.dir, partsFolder, account))
}

// remove removes the folder .collect: nothing is left to do.
func (j *journal) remove() error { return os.RemoveAll(j.dir) }

// finishedIn returns the manifest of a folder in which nothing is left to resume: a
// snapshot without a journal.
func finishedIn(out string) (*snapshot.Manifest, bool) {
	if _, err := os.Stat(filepath.Join(out, workFolder)); err == nil {
		return nil, false
	}
	m, err := snapshot.ReadManifest(os.DirFS(out))
	return m, err == nil
}

// startManifest is the manifest until the end.
func startManifest(created time.Time) *snapshot.Manifest {
	return &snapshot.Manifest{
		Format: snapshot.Format, Version: snapshot.Version, Created: created, CreatedBy: createdBy,
		Gaps: []snapshot.Gap{{What: "everything that is not there", Why: "the collection is not finished; go on with --resume"}},
	}
}

const createdBy = "pathfinder collect"
