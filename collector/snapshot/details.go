package snapshot

import (
	"bytes"
	"io/fs"
	"iter"

	"github.com/go-json-experiment/json"

	"pathfinder/graphmodel/arn"
)

// ReadDetails reads one file of authorization details, wherever it lies, and
// returns the account that its ARNs name; "" when it holds no ARN. An entity
// may stand twice in it. The error joins up to 20 *[Problem].
func ReadDetails(fsys fs.FS, name string) (d *AuthorizationDetails, account string, err error) {
	d = new(AuthorizationDetails)
	if p := decode(fsys, name, MaxFileSize, d); p != nil {
		return nil, "", p
	}
	r := &reader{fsys: fsys, limit: MaxFileSize}
	r.check(func(ps *problems) { account = checkDetails(ps, name, d) })
	if err := r.ps.err(); err != nil {
		return nil, "", err
	}
	return d, account, nil
}

// ReadDetailsPage is [ReadDetails] for one object in a file of several, which
// begins in a line of the file, counted from 1.
func ReadDetailsPage(name string, line int, text []byte) (d *AuthorizationDetails, account string, err error) {
	d = new(AuthorizationDetails)
	ps := new(problems)
	if err := json.Unmarshal(text, d); err != nil {
		p, offset := explain(err)
		p.Line = line + linesBefore(text, offset)
		ps.add(p)
	} else {
		account = checkDetails(ps, name, d)
	}
	for _, p := range ps.list[:min(len(ps.list), maxShown)] {
		if p.File = name; p.Line == 0 {
			at, _ := offsetOf(bytes.NewReader(text), p.Pointer)
			p.Line = line + linesBefore(text, at)
		}
	}
	if err := ps.err(); err != nil {
		return nil, "", err
	}
	return d, account, nil
}

// linesBefore counts the ends of lines before an offset in a text.
func linesBefore(text []byte, offset int64) int {
	return bytes.Count(text[:max(0, min(offset, int64(len(text))))], []byte{'\n'})
}

// checkDetails checks the entities and returns the account of all of them.
func checkDetails(ps *problems, name string, d *AuthorizationDetails) (account string) {
	c := &checker{problems: ps, file: name}
	if account = c.one(d); len(ps.list) == 0 {
		c.account = account
		c.iam(d, nil)
	}
	return account
}

// one returns the account of all entities; a second account is a problem.
func (c *checker) one(d *AuthorizationDetails) (account string) {
	for pointer, text := range entities(d) {
		id := arn.Account(text)
		switch {
		case !arn.IsAccountID(id) || id == account: // "aws", or not an ARN
		case account == "":
			account = id
		default:
			c.bad(pointer, "the file mixes accounts: %s is not of account %s like those before it; write one file for each account", quote(text), account)
			return account
		}
	}
	return account
}

// entities yields the pointers and ARNs of all entities.
func entities(d *AuthorizationDetails) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i, u := range d.UserDetailList {
			if u != nil && !yield(at("UserDetailList", i, "Arn"), u.ARN) {
				return
			}
		}
		for i, g := range d.GroupDetailList {
			if g != nil && !yield(at("GroupDetailList", i, "Arn"), g.ARN) {
				return
			}
		}
		for i, r := range d.RoleDetailList {
			if r != nil && !yield(at("RoleDetailList", i, "Arn"), r.ARN) {
				return
			}
		}
		for i, p := range d.Policies {
			if p != nil && !yield(at("Policies", i, "Arn"), p.ARN) {
				return
			}
		}
	}
}
