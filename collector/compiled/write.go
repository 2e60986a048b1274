package compiled

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
)

// Options say how a file is written. The zero value is fine.
type Options struct {
	Workers int // accounts that are written at a time; 0 means one a processor
	// Progress is called now and then with the accounts that are done; nil for
	// nobody.
	Progress func(done, total int)
	// Aside is told of a file that is written aside, for whoever removes such when the
	// process is ended; done is called when it is in its place or removed. nil for nobody.
	Aside func(name string) (done func())
}

// create makes a file beside path that is to take its place. end has to be called when
// it has, and removes it otherwise.
func (o *Options) create(path string) (f *os.File, end func(), err error) {
	if f, err = os.CreateTemp(filepath.Dir(path), ".tmp-*"); err != nil { // with mode 0600
		return nil, nil, err
	}
	done := func() {}
	if o.Aside != nil {
		done = o.Aside(f.Name())
	}
	return f, func() {
		_ = os.Remove(f.Name()) // after the rename there is nothing to remove
		done()
	}, nil
}

// Write compiles an inventory that came from sources into a file, which appears
// complete or not at all and is for its owner alone. Equal inventories from
// equal sources give equal bytes. Time O(n log n) in the number of things with
// names; besides the inventory it holds their hashes and a few accounts.
func Write(path string, inv *inventory.Inventory, from *Sources, opts Options) error {
	f, end, err := opts.create(path)
	if err != nil {
		return err
	}
	defer end()
	w := &writer{pager: newPager(f), inv: inv, opts: opts}
	if w.opts.Workers <= 0 {
		w.opts.Workers = runtime.GOMAXPROCS(0)
	}
	w.h.fingerprint = fingerprint()
	err = w.body(from)
	if err == nil {
		err = w.finish(f, &w.h)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("compiling to %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// A writer writes the sections of one file.
type writer struct {
	*pager
	inv     *inventory.Inventory
	opts    Options
	h       header
	numbers *numbers
	keys    [numSections][]indexKey
	shells  record // begins with the extents of the accounts
	arns    record
	points  record // VPC endpoints
}

func (w *writer) body(from *Sources) error {
	w.numbers = newNumbers(w.inv)
	if err := w.numbers.check(); err != nil {
		return err
	}
	w.documents()
	if err := w.accounts(); err != nil {
		return err
	}
	w.names()
	var lists record
	for _, s := range []section{secPrincipals, secResources, secPrincipalNames, secResourceNames, secAccessPoints, secTrusting, secGranting, secAdmitting, secAssuming, secUnclear} {
		w.section(s, entries(sortedKeys(w.keys[s]), &lists))
		w.keys[s] = nil
	}
	w.section(secLists, lists.b)
	w.section(secARNs, w.arns.b)
	w.section(secARNOrder, ordered(w.arns.b))
	w.section(secEndpoints, w.points.b)
	w.section(secCenters, centers(w.inv.Centers()))
	if err := w.organization(); err != nil {
		return err
	}
	w.section(secShells, w.shells.b)
	w.section(secSources, from.encode())
	return w.err
}

// section writes a section as a whole.
func (w *writer) section(s section, b []byte) {
	w.begin(s)
	w.write(b)
	w.end(s)
}

func (w *writer) begin(s section) { w.h.sections[s].off = w.off }
func (w *writer) end(s section)   { w.h.sections[s].len = w.off - w.h.sections[s].off }

// documents writes the documents and the managed policies.
func (w *writer) documents() {
	var at record
	w.begin(secDocuments)
	for _, d := range w.numbers.documents {
		at.u64(w.off)
		form, content := contentOf(d)
		w.write([]byte{byte(d.Kind), form})
		w.write(content)
	}
	at.u64(w.off)
	w.end(secDocuments)
	w.section(secDocumentAt, at.b)
	at.b = nil
	w.begin(secPolicies)
	for _, p := range w.numbers.policies {
		at.u64(w.off)
		var r record
		r.text(p.Name)
		r.text(p.ARN)
		r.count(w.numbers.document(p.Doc))
		r.count(len(p.Versions))
		for i := range p.Versions {
			r.text(p.Versions[i].ID)
			r.count(w.numbers.document(p.Versions[i].Doc))
		}
		w.write(r.b)
	}
	at.u64(w.off)
	w.end(secPolicies)
	w.section(secPolicyAt, at.b)
}

// accounts writes what each account holds, in order, though several are made
// at a time.
func (w *writer) accounts() (err error) {
	list := w.inv.Accounts
	lookup := graphmodel.NewLookup(w.inv)
	made := make([]chan *encoded, len(list))
	for i := range made {
		made[i] = make(chan *encoded, 1)
	}
	ahead := make(chan struct{}, 2*w.opts.Workers) // accounts that are made and not yet written
	next := make(chan int)
	for range w.opts.Workers {
		go func() {
			for i := range next {
				made[i] <- encodeAccount(w.numbers, lookup, list[i], i)
			}
		}()
	}
	go func() {
		for i := range list {
			ahead <- struct{}{}
			next <- i
		}
		close(next)
	}()
	w.begin(secAccounts)
	w.shells.count(len(list))
	for i := range list {
		e := <-made[i] // all of them, so that no worker is left waiting
		<-ahead
		if err == nil {
			err = e.err
			w.account(e, list[i])
		}
		if w.opts.Progress != nil {
			w.opts.Progress(i+1, len(list))
		}
	}
	w.end(secAccounts)
	return err
}

func (w *writer) account(e *encoded, a *inventory.Account) {
	h := a.Held()
	for _, n := range []uint64{w.off, uint64(len(e.blob)), uint64(len(h.Roles)), uint64(len(h.Resources)), uint64(e.peopleAt)} {
		w.shells.num(n)
	}
	for s, keys := range e.keys {
		for _, k := range keys {
			w.keys[s] = append(w.keys[s], indexKey{hash(k.word), k.word, w.off + uint64(k.at), k.ref}) //nolint:gosec // offsets are not negative
		}
	}
	w.arns.b = append(w.arns.b, e.arns.b...)
	w.points.b = append(w.points.b, e.endpoints.b...)
	w.write(e.blob)
}

// names writes the names that policies use, each once.
func (w *writer) names() {
	w.begin(secNames)
	at := map[string]uint64{}
	for _, s := range []section{secTrusting, secGranting, secAdmitting, secAssuming, secUnclear} {
		for i := range w.keys[s] {
			k := &w.keys[s][i]
			off, ok := at[k.word]
			if !ok {
				off = w.off
				at[k.word] = off
				w.write([]byte(k.word))
			}
			k.at = off
		}
	}
	w.end(secNames)
}

// A pager writes the body of a file and remembers the checksums of its pages.
type pager struct {
	out  *bufio.Writer
	off  uint64 // of what comes next
	page []byte
	sums record
	err  error
}

func newPager(out io.Writer) *pager {
	p := &pager{out: bufio.NewWriterSize(out, 1<<20), off: headerSize, page: make([]byte, 0, pageSize)}
	_, p.err = p.out.Write(make([]byte, headerSize)) // the header comes last
	return p
}

func (p *pager) write(b []byte) {
	p.off += uint64(len(b))
	for len(b) > 0 && p.err == nil {
		n := min(len(b), pageSize-len(p.page))
		p.page = append(p.page, b[:n]...)
		if b = b[n:]; len(p.page) == pageSize {
			p.flush()
		}
	}
}

func (p *pager) flush() {
	if len(p.page) == 0 || p.err != nil {
		return
	}
	p.sums.u32(checksum(p.page))
	_, p.err = p.out.Write(p.page)
	p.page = p.page[:0]
}

// finish writes the checksums and the header.
func (p *pager) finish(f *os.File, h *header) error {
	p.flush()
	h.sums = extent{p.off, uint64(len(p.sums.b))}
	h.sumsCRC = checksum(p.sums.b)
	if p.err == nil {
		_, p.err = p.out.Write(p.sums.b)
	}
	if err := errors.Join(p.err, p.out.Flush()); err != nil {
		return err
	}
	_, err := f.WriteAt(h.encode(), 0)
	return err
}
