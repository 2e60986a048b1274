package orggen

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// Collected returns a sink that writes into dir, which must be empty or new,
// what iam-collect would have collected, with the indexes that its readers
// need. What iam-collect never asks for is left out: ACLs and object ownership,
// grants and aliases of keys, older versions of policies, when roles were used,
// and what accounts are called.
//
// Names in the folder follow iam-collect's FileSystemAwsIamStore: parts of the
// ARN, URL-encoded and in lower case. The indexes are kept in memory until Close
// and name every role; folders and organization are written as they come.
func Collected(dir string) (Sink, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if entries, err := os.ReadDir(dir); err != nil {
		return nil, err
	} else if len(entries) > 0 {
		return nil, fmt.Errorf("%s: the folder is not empty", dir)
	}
	return &collected{
		root: filepath.Join(dir, "aws", "aws"), orgs: make(map[string]string),
		buckets: make(map[string]bucketPlace), trusts: make(map[string]trusting),
	}, nil
}

// A collected writes one partition of iam-collect's folder.
type collected struct {
	root string
	org  string

	mu      sync.Mutex // of the indexes below
	orgs    map[string]string
	buckets map[string]bucketPlace
	trusts  map[string]trusting
}

type bucketPlace struct {
	Account string `json:"accountId"`
	Region  string `json:"region"`
}

// A trusting lists the roles of an account by the principals that they trust.
type trusting struct {
	Principal map[string][]string `json:"principal,omitempty"`
}

// write writes a value into a file; what is empty gets none.
func (c *collected) write(name string, v any) error {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return err
	}
	switch string(b) {
	case "null", "{}", "[]", `""`:
		return nil
	}
	full := filepath.Join(c.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return err
	}
	return os.WriteFile(full, b, 0o600)
}

// A part is one file of a thing: its name without extension, and its content.
type part struct {
	name    string
	content any
}

// thing writes the files of what has an ARN.
func (c *collected) thing(account, text string, parts ...part) error {
	folder := "accounts/" + account + "/" + placeOf(text) + "/"
	for _, p := range parts {
		if err := c.write(folder+p.name+".json", p.content); err != nil {
			return err
		}
	}
	return nil
}

// placeOf returns the folder of what has an ARN, below that of the account.
func placeOf(text string) string {
	kind, rest := "", arn.Resource(text)
	if at := strings.IndexAny(rest, ":/"); at >= 0 {
		kind, rest = rest[:at], rest[at+1:]
	}
	parts := []string{arn.Service(text), arn.Region(text)}
	if arn.Account(text) == "aws" {
		parts = append(parts, "aws")
	}
	parts = append(parts, kind, url.PathEscape(rest))
	var path []string
	for _, p := range parts {
		if p != "" {
			path = append(path, p)
		}
	}
	return strings.ToLower(strings.ReplaceAll(strings.Join(path, "/"), ":", "%3a"))
}

// Account writes the folder of an account.
func (c *collected) Account(a *snapshot.Account) error {
	id := a.Info.ID
	folder := "accounts/" + id + "/"
	if err := c.write(folder+"organization.json", map[string]string{"organizationId": c.org}); err != nil {
		return err
	}
	if err := c.write(folder+"s3-bpa.json", a.Info.S3PublicAccessBlock.Value); err != nil {
		return err
	}
	if err := c.identities(id, a.IAM); err != nil {
		return err
	}
	if err := c.providers(id, a.Providers); err != nil {
		return err
	}
	for _, f := range a.Resources {
		for _, res := range f.Resources {
			if err := c.resource(id, res); err != nil {
				return err
			}
		}
	}
	return c.index(a)
}

// index adds an account to the indexes.
func (c *collected) index(a *snapshot.Account) error {
	id, roles := a.Info.ID, trusting{make(map[string][]string)}
	for _, r := range a.IAM.RoleDetailList {
		var doc struct {
			Statement []struct{ Principal map[string]string }
		}
		if err := json.Unmarshal(r.AssumeRolePolicyDocument, &doc); err != nil {
			return fmt.Errorf("trust of %s: %w", r.ARN, err)
		}
		for _, s := range doc.Statement {
			for _, principal := range s.Principal { // one in all trusts that are generated
				roles.Principal[principal] = append(roles.Principal[principal], r.ARN)
			}
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.orgs[id], c.trusts[id] = c.org, roles
	for _, f := range a.Resources {
		for _, res := range f.Resources {
			if res.Type == bucket {
				c.buckets[res.Name] = bucketPlace{id, res.Region}
			}
		}
	}
	return nil
}

// Close writes the indexes.
func (c *collected) Close(*snapshot.Manifest) error {
	for _, index := range []part{
		{"accounts-to-orgs", c.orgs},
		{"buckets-to-accounts", c.buckets},
		{"principals-to-trust-policies", c.trusts},
	} {
		if err := c.write("indexes/"+index.name+".json", index.content); err != nil {
			return err
		}
	}
	return nil
}
