package snapshot

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// The large files of accounts are read by a scanner when they hold what all
// files of their kind do; anything else, and whatever is wrong, is left to the
// decoder. What is not needed for an inventory is passed over.

// quickLimit is how large a file may be that is read at once.
const quickLimit = 64 << 20

// A quickReader reads the files of accounts, one account after the other. What
// it returns is good until the next account.
type quickReader struct {
	scanner
	isJSON func(doc jsontext.Value, common bool) bool
	files  [][]byte                     // the texts of this account
	used   int                          // of files
	tagged map[string]map[string]string // tags of all accounts, by JSON
	own    *tagReader                   // for the tags of this account
}

// quickReaders keeps readers for the next account.
var quickReaders sync.Pool

func newQuickReader(isJSON func(jsontext.Value, bool) bool) *quickReader {
	q, ok := quickReaders.Get().(*quickReader)
	if !ok {
		q = &quickReader{scanner: scanner{words: make(map[string]string)}, tagged: make(map[string]map[string]string)}
	}
	q.isJSON = isJSON
	return q
}

// read reads a file into v, which points to what the file holds. When it
// returns false, v is as it was.
func (q *quickReader) read(fsys fs.FS, name string, limit int64, v any) bool {
	if q == nil {
		return false
	}
	switch v := v.(type) {
	case *AuthorizationDetails:
		if d := new(AuthorizationDetails); q.open(fsys, name, limit) && q.details(d) {
			*v = *d
			return true
		}
	case *ResourceFile:
		if f := (&ResourceFile{Name: v.Name}); q.open(fsys, name, limit) && q.resources(f) {
			*v = *f
			return true
		}
	}
	return false
}

// open reads a file and makes it what is scanned.
func (q *quickReader) open(fsys fs.FS, name string, limit int64) bool {
	f, err := open(fsys, name, min(limit, quickLimit))
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // only read from
	if q.used == len(q.files) {
		q.files = append(q.files, nil)
	}
	text, err := readInto(q.files[q.used][:0], f)
	q.files[q.used] = text
	q.used++
	q.text, q.at, q.bad = text, 0, false
	return err == nil && utf8.Valid(text)
}

func readInto(text []byte, f io.Reader) ([]byte, error) {
	for {
		text = slices.Grow(text, max(64<<10, len(text)/4))
		n, err := f.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if errors.Is(err, io.EOF) {
			return text, nil
		}
		if err != nil {
			return text, err
		}
	}
}

// keptFile is how large a buffer for files may be that is kept.
const keptFile = 8 << 20

// close lets go of the texts of an account.
func (q *quickReader) close() {
	for i := range q.files {
		if cap(q.files[i]) > keptFile {
			q.files[i] = nil
		}
	}
	q.used, q.text, q.isJSON, q.own = 0, nil, nil, nil
	if len(q.words) == maxWords {
		clear(q.words)
	}
	if len(q.tagged) == maxWords {
		clear(q.tagged)
	}
	quickReaders.Put(q)
}

// details reads authorization-details.json.
func (q *quickReader) details(d *AuthorizationDetails) bool {
	return q.whole(func(name []byte) {
		switch string(name) {
		case "UserDetailList":
			q.list(func() { d.UserDetailList = append(d.UserDetailList, q.user()) })
		case "GroupDetailList":
			q.list(func() { d.GroupDetailList = append(d.GroupDetailList, q.group()) })
		case "RoleDetailList":
			q.list(func() { d.RoleDetailList = append(d.RoleDetailList, q.role()) })
		case "Policies":
			q.list(func() { d.Policies = append(d.Policies, q.policy()) })
		default:
			q.bad = true // what else AWS returns says that this is one page of several
		}
	})
}

func (q *quickReader) user() *UserDetail {
	u := new(UserDetail)
	q.object(func(name []byte) {
		switch string(name) {
		case "Path":
			u.Path = q.word()
		case "UserName":
			u.UserName = q.one()
		case "UserId":
			u.UserID = q.one()
		case "Arn":
			u.ARN = q.one()
		case "CreateDate":
			u.CreateDate = q.one()
		case "UserPolicyList":
			u.UserPolicyList = q.inline()
		case "GroupList":
			q.list(func() { u.GroupList = append(u.GroupList, q.word()) })
		case "AttachedManagedPolicies":
			u.AttachedManagedPolicies = q.attached()
		case "PermissionsBoundary":
			u.PermissionsBoundary = q.boundary()
		case "Tags":
			u.Tags = q.tagsAsTheyStand()
		case "LastUsed":
			q.other(&u.LastUsed)
		default:
			q.skip()
		}
	})
	u.UserName = within(u.UserName, u.ARN)
	return u
}

func (q *quickReader) group() *GroupDetail {
	g := new(GroupDetail)
	q.object(func(name []byte) {
		switch string(name) {
		case "Path":
			g.Path = q.word()
		case "GroupName":
			g.GroupName = q.word()
		case "GroupId":
			g.GroupID = q.one()
		case "Arn":
			g.ARN = q.one()
		case "CreateDate":
			g.CreateDate = q.one()
		case "GroupPolicyList":
			g.GroupPolicyList = q.inline()
		case "AttachedManagedPolicies":
			g.AttachedManagedPolicies = q.attached()
		default:
			q.skip()
		}
	})
	return g
}

func (q *quickReader) role() *RoleDetail {
	r := new(RoleDetail)
	q.object(func(name []byte) {
		switch string(name) {
		case "Path":
			r.Path = q.word()
		case "RoleName":
			r.RoleName = q.one()
		case "RoleId":
			r.RoleID = q.one()
		case "Arn":
			r.ARN = q.one()
		case "CreateDate":
			r.CreateDate = q.one()
		case "AssumeRolePolicyDocument":
			r.AssumeRolePolicyDocument = q.value()
		case "RolePolicyList":
			r.RolePolicyList = q.inline()
		case "AttachedManagedPolicies":
			r.AttachedManagedPolicies = q.attached()
		case "PermissionsBoundary":
			r.PermissionsBoundary = q.boundary()
		case "Tags":
			r.Tags = q.tagsAsTheyStand()
		case "RoleLastUsed":
			r.RoleLastUsed = q.lastUsed()
		case "InstanceProfileList":
			q.other(&r.InstanceProfileList)
		default:
			q.skip()
		}
	})
	r.RoleName = within(r.RoleName, r.ARN)
	return r
}

func (q *quickReader) lastUsed() *RoleLastUsed {
	l := new(RoleLastUsed)
	q.object(func(name []byte) {
		switch string(name) {
		case "LastUsedDate":
			l.LastUsedDate = q.one()
		case "Region":
			l.Region = q.word()
		default:
			q.skip()
		}
	})
	return l
}

// within returns name as a part of the ARN that ends with it, so that it needs
// no memory of its own.
func within(name, arn string) string {
	if n := len(arn) - len(name); n > 0 && arn[n:] == name {
		return arn[n:]
	}
	return name
}

func (q *quickReader) inline() (list []InlinePolicy) {
	q.list(func() {
		var p InlinePolicy
		q.object(func(name []byte) {
			switch string(name) {
			case "PolicyName":
				p.PolicyName = q.word()
			case "PolicyDocument":
				p.PolicyDocument = q.value()
			default:
				q.skip()
			}
		})
		list = append(list, p)
	})
	return list
}

func (q *quickReader) attached() (list []AttachedPolicy) {
	q.list(func() {
		var p AttachedPolicy
		q.object(func(name []byte) {
			switch string(name) {
			case "PolicyName":
				p.PolicyName = q.word()
			case "PolicyArn":
				p.PolicyARN = q.word()
			default:
				q.skip()
			}
		})
		list = append(list, p)
	})
	return list
}

func (q *quickReader) boundary() *PermissionsBoundary {
	b := new(PermissionsBoundary)
	q.object(func(name []byte) {
		switch string(name) {
		case "PermissionsBoundaryType":
			b.PermissionsBoundaryType = q.word()
		case "PermissionsBoundaryArn":
			b.PermissionsBoundaryARN = q.word()
		default:
			q.skip()
		}
	})
	return b
}

func (q *quickReader) policy() *ManagedPolicy {
	p := new(ManagedPolicy)
	q.object(func(name []byte) {
		switch string(name) {
		case "PolicyName":
			p.PolicyName = q.word()
		case "PolicyId":
			p.PolicyID = q.one()
		case "Arn":
			p.ARN = q.word()
		case "Path":
			p.Path = q.word()
		case "DefaultVersionId":
			p.DefaultVersionID = q.word()
		case "CreateDate":
			p.CreateDate = q.one()
		case "UpdateDate":
			p.UpdateDate = q.one()
		case "PolicyVersionList":
			common := isCommon(p.ARN)
			q.list(func() { p.PolicyVersionList = append(p.PolicyVersionList, q.version(common)) })
		default:
			q.skip()
		}
	})
	return p
}

// isCommon tells policies that AWS manages: accounts hold the same texts.
func isCommon(policyARN string) bool { return strings.Contains(policyARN, ":iam::aws:policy/") }

// version reads a version of a policy. It need not be the one that counts, nor
// attached to anything, so nobody else may look at its document.
func (q *quickReader) version(common bool) (v PolicyVersion) {
	q.object(func(name []byte) {
		switch string(name) {
		case "Document":
			v.Document = q.value()
			q.bad = q.bad || !q.isJSON(v.Document, common)
		case "VersionId":
			v.VersionID = q.word()
		case "IsDefaultVersion":
			q.other(&v.IsDefaultVersion)
		case "CreateDate":
			v.CreateDate = q.one()
		default:
			q.skip()
		}
	})
	return v
}
