package orggen

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/zstd"

	"pathfinder/collector/snapshot"
)

//go:embed managed.json.zst
var managedArchive []byte

// A managedPolicy is a policy that AWS manages, as it published it.
type managedPolicy struct {
	ARN      string         `json:"arn"`
	Version  string         `json:"version"`
	Created  string         `json:"created"`
	Document jsontext.Value `json:"document"`
}

// managedPolicies are the policies of the archive by name, read once a process.
var managedPolicies = sync.OnceValue(func() map[string]managedPolicy {
	var all map[string]managedPolicy
	r, err := zstd.NewReader(bytes.NewReader(managedArchive), zstd.WithDecoderConcurrency(1))
	if err == nil {
		defer r.Close()
		err = json.UnmarshalRead(r, &all)
	}
	if err != nil {
		panic(fmt.Sprintf("BUG: the archive of managed policies: %v", err)) // it is part of the program
	}
	return all
})

// attach names a managed policy of AWS and notes that the account uses it.
func (a *account) attach(name string) snapshot.AttachedPolicy {
	p, ok := managedPolicies()[name]
	if !ok {
		panic("BUG: no managed policy " + name)
	}
	if !a.used[name] {
		a.used[name] = true
		path := strings.TrimSuffix(strings.TrimPrefix(p.ARN, "arn:aws:iam::aws:policy"), name)
		a.out.IAM.Policies = append(a.out.IAM.Policies, &snapshot.ManagedPolicy{
			PolicyName: name, PolicyID: "ANPA" + idOf(name), ARN: p.ARN, Path: path, DefaultVersionID: p.Version, CreateDate: p.Created,
			PolicyVersionList: []snapshot.PolicyVersion{{Document: p.Document, VersionID: p.Version, IsDefaultVersion: true}},
		})
	}
	return snapshot.AttachedPolicy{PolicyName: name, PolicyARN: p.ARN}
}

// idOf makes the id of a policy of AWS, which is the same for everyone.
func idOf(name string) string {
	var sum uint64 = 14695981039346656037
	for i := range len(name) {
		sum = (sum ^ uint64(name[i])) * 1099511628211
	}
	return newRandom(sum, 0).text(base32, 17)
}
