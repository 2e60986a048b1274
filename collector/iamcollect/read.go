package iamcollect

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"pathfinder/collector/snapshot"
)

// Options say what is known about a collection beyond its files. The zero value
// knows nothing.
type Options struct {
	// NothingDenied says that no call of the collection was denied, so that what
	// has no file does not exist.
	NothingDenied bool
}

// The names of files that are read in several places.
const (
	metadataFile     = "metadata.json"
	organizationFile = "organization.json"
	structureFile    = "structure.json"
	blockFile        = "s3-bpa.json"
)

// Read reads what [Recognize] finds in fsys, several accounts at a time. The
// error joins up to 20 problems, with files relative to fsys.
func Read(fsys fs.FS, opts Options) (*snapshot.Snapshot, error) {
	root, err := Recognize(fsys)
	if err != nil {
		return nil, err
	}
	if root == "" {
		return nil, errors.New("there is no folder of iam-collect here: looked for accounts/<12 digits>/ with folders in it, in this folder, in aws/<partition> and in <partition>")
	}
	r := &reader{fsys: fsys}
	s := &snapshot.Snapshot{Manifest: snapshot.Manifest{
		Format: snapshot.Format, Version: snapshot.Version, CreatedBy: "iam-collect",
	}}
	org, err := r.organization(root)
	if err != nil {
		return nil, err
	}
	if org != nil {
		s.Organization = org.out
	}
	s.Accounts = r.accounts(root, org, opts)
	r.checkTwice(s.Accounts)
	if err := r.err(); err != nil {
		return nil, err
	}
	s.Manifest.Gaps = append(missing(opts), r.gaps...)
	return s, nil
}

// nobody says why a fact is missing that iam-collect never asks for.
const nobody = "iam-collect does not collect it"

// missing lists what the folder never says, one gap a kind.
func missing(opts Options) []snapshot.Gap {
	gaps := []snapshot.Gap{
		{Service: "s3", What: "ACLs and object ownership of S3 buckets and objects", Why: nobody},
		{Service: "kms", What: "grants of KMS keys", Why: nobody},
		{Service: "dynamodb", What: "KMS keys of DynamoDB tables", Why: nobody},
		{Service: "lambda", What: "policies of versions and aliases of Lambda functions", Why: nobody},
		{What: "services and regions that were not collected", Why: "iam-collect does not write down which they are; log groups and what else it does not know are among them"},
	}
	if !opts.NothingDenied {
		gaps = append(gaps, snapshot.Gap{
			What: "policies, tags, encryption keys and S3 settings without a file",
			Why: "iam-collect leaves out what it was denied to read just as what does not exist; " +
				"if its log shows no \"Access denied\", import with --nothing-denied",
		})
	}
	return gaps
}

// accounts reads the folders of all accounts, and adds those of which the
// organization knows something.
func (r *reader) accounts(root string, org *organization, opts Options) []*snapshot.Account {
	ids := accountsIn(r.fsys, root)
	list := make([]*snapshot.Account, len(ids))
	work := make([]*account, len(ids))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, id := range ids {
		a := &account{reader: reader{fsys: r.fsys}, id: id, dir: path.Join(root, "accounts", id), org: org, opts: opts}
		work[i] = a
		g.Go(func() error {
			list[i] = a.read()
			return nil
		})
	}
	_ = g.Wait() // the problems are in the readers
	unknown := 0
	for _, a := range work {
		r.merge(&a.reader)
		if a.providers == nil {
			unknown++
		}
	}
	if unknown > 0 {
		r.gap(snapshot.Gap{
			Service: "iam", What: fmt.Sprintf("identity providers of accounts whose folder holds none (%d)", unknown),
			Why: "whether they were collected is not written down",
		})
	}
	if org == nil {
		return list
	}
	for _, id := range org.members() {
		if _, there := slices.BinarySearch(ids, id); there {
			continue
		}
		r.gap(snapshot.Gap{Account: id, What: "the whole account", Why: "it is in the organization, but iam-collect wrote no folder of it"})
		if tags := org.accountTags[id]; tags != nil {
			list = append(list, &snapshot.Account{Info: snapshot.AccountInfo{ID: id, Partition: org.partition, Tags: tags}})
		}
	}
	slices.SortFunc(list, func(a, b *snapshot.Account) int { return strings.Compare(a.Info.ID, b.Info.ID) })
	return list
}

// checkTwice finds resources that stand in two accounts.
func (r *reader) checkTwice(accounts []*snapshot.Account) {
	seen := make(map[string]string)
	for _, a := range accounts {
		for _, f := range a.Resources {
			for _, one := range f.Resources {
				if before, twice := seen[one.ARN]; twice {
					r.add(&snapshot.Problem{Message: fmt.Sprintf("%s stands in account %s and in account %s; remove the older folder", quote(one.ARN), before, a.Info.ID)})
				}
				seen[one.ARN] = a.Info.ID
			}
		}
	}
}
