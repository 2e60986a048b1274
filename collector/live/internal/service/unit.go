package service

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// A Part is what one unit found.
type Part struct {
	Info         snapshot.AccountInfo           `json:"Info"` // what the unit knows of it
	Organization *snapshot.Organization         `json:"Organization,omitzero"`
	Members      []snapshot.OrganizationAccount `json:"Members,omitzero"` // of the organization, even when the rest of it is unknown
	IAM          *snapshot.AuthorizationDetails `json:"Iam,omitzero"`
	Providers    *snapshot.IdentityProviders    `json:"Providers,omitzero"`
	Center       *snapshot.IdentityCenter       `json:"Center,omitzero"`
	Resources    []*snapshot.Resource           `json:"Resources,omitzero"`
	Gaps         []snapshot.Gap                 `json:"Gaps,omitzero"`
}

// Empty reports whether there is nothing to keep.
func (p *Part) Empty() bool {
	return p.Organization == nil && p.Members == nil && p.IAM == nil && p.Providers == nil && p.Center == nil &&
		len(p.Resources) == 0 && len(p.Gaps) == 0 && p.Info.CanonicalUserID == "" &&
		p.Info.Aliases == nil && p.Info.S3PublicAccessBlock.IsZero() && p.Info.Tags == nil
}

// A Unit is one service of one account in one region, while it is being read.
// Its methods are safe for concurrent use.
type Unit struct {
	Service   *Service
	Account   string   // 12 digits
	Partition string   // "aws"
	Region    string   // of a regional service; of others where the account's global services are
	Regions   []string // all regions that are read of the account
	Login     *call.Login
	// Reachable reports whether a region answers at this moment; nil for yes. A name
	// that does not exist says that a service is not offered only where it does.
	Reachable func(ctx context.Context, region string) bool

	mu   sync.Mutex
	part Part // under mu
}

// notOffered reports whether a call failed because the service is not offered in the
// region: its name does not exist, and the region answers.
func (u *Unit) notOffered(ctx context.Context, region string, err error) bool {
	return call.IsNoEndpoint(err) && (u.Reachable == nil || u.Reachable(ctx, region))
}

// Config is for clients in the unit's region.
func (u *Unit) Config() aws.Config { return u.Login.In(u.Region) }

// ARN makes an ARN of the unit's account and region.
func (u *Unit) ARN(service, resource string) string {
	return "arn:" + u.Partition + ":" + service + ":" + u.Region + ":" + u.Account + ":" + resource
}

// Add keeps a resource.
func (u *Unit) Add(r *snapshot.Resource) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.part.Resources = append(u.part.Resources, r)
}

// Missing notes that a fact could not be read: what names it, such as the ARN of
// a resource.
func (u *Unit) Missing(what string, err error) { u.missing(u.region(), what, call.Reason(err)) }

// MissingIn is Missing for a unit that reads another region.
func (u *Unit) MissingIn(region, what string, err error) { u.missing(region, what, call.Reason(err)) }

// Note notes that something is not known for a reason that is no failed call.
func (u *Unit) Note(what, why string) { u.missing(u.region(), what, why) }

func (u *Unit) region() string {
	if u.Service.Scope == Regional {
		return u.Region
	}
	return ""
}

func (u *Unit) missing(region, what, why string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.part.Gaps = append(u.part.Gaps, snapshot.Gap{Account: u.Account, Region: region, Service: u.Service.Name, What: what, Why: why})
}

// Set changes the part by hand.
func (u *Unit) Set(change func(*Part)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	change(&u.part)
}

// Part returns what was found so far; the unit must not be used afterwards.
func (u *Unit) Part() *Part { return &u.part }

// Find returns the service of a name.
func Find(name string) (Service, bool) {
	for i := range table {
		if table[i].Name == name {
			return table[i], true
		}
	}
	return Service{}, false
}

// inner is how many things of one unit are read at a time. The gate bounds all
// units together.
const inner = 8

// each reads the things of a list, several at a time. Only a cancelled ctx ends it
// early: read notes what it could not read.
func each[T any](ctx context.Context, list []T, read func(context.Context, T)) error {
	return eachIndex(ctx, len(list), func(ctx context.Context, i int) { read(ctx, list[i]) })
}

// eachIndex is each for what is kept in the order of a list: read gets the place.
func eachIndex(ctx context.Context, n int, read func(context.Context, int)) error {
	var g errgroup.Group
	g.SetLimit(inner)
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			read(ctx, i)
			return nil
		})
	}
	_ = g.Wait() // read notes its errors
	return ctx.Err()
}

// A pager is one of the SDK's paginators.
type pager[Out, Opts any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*Opts)) (*Out, error)
}

// maxPages ends a list whose server answers with next pages for ever.
const maxPages = 100_000

// pages collects the items of all pages.
func pages[Out, Opts, T any](ctx context.Context, p pager[Out, Opts], items func(*Out) []T) ([]T, error) {
	var all []T
	for range maxPages {
		if !p.HasMorePages() {
			return all, nil
		}
		out, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, items(out)...)
	}
	return nil, fmt.Errorf("the list has more than %d pages", maxPages)
}

// tokenPages is pages for an operation that has no paginator: page reads one, the
// first without a token, and returns the token of the next.
func tokenPages[T any](page func(token string) ([]T, string, error)) ([]T, error) {
	var all []T
	token := ""
	for range maxPages {
		items, next, err := page(token)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		switch next {
		case "":
			return all, nil
		case token:
			return nil, errors.New("the list answers with the same page again and again")
		}
		token = next
	}
	return nil, fmt.Errorf("the list has more than %d pages", maxPages)
}

// document makes the fact of a policy from the answer of a call: the text, or
// nothing when AWS says so by an empty answer or by one of the codes. Another
// error is noted under what, and the fact is not known.
func (u *Unit) document(what string, text *string, err error, noneCodes ...string) snapshot.Fact[jsontext.Value] {
	switch {
	case call.Is(err, noneCodes...):
		return snapshot.None[jsontext.Value]()
	case err != nil:
		u.Missing(what, err)
		return snapshot.Fact[jsontext.Value]{}
	case aws.ToString(text) == "":
		return snapshot.None[jsontext.Value]()
	}
	return snapshot.Have(Document(*text))
}

// Document makes the value of a policy from its text: an object when it is one,
// as people read it best, and otherwise the text as it is.
func Document(text string) jsontext.Value {
	v := jsontext.Value(text)
	if v.Kind() == jsontext.KindBeginObject && v.IsValid() {
		return v
	}
	quoted, err := jsontext.AppendQuote(nil, text)
	if err != nil { // not UTF-8: the parser of policies will say so
		quoted, _ = jsontext.AppendQuote(nil, fmt.Sprintf("%q", text))
	}
	return quoted
}

// IAMDocument is Document for IAM, which encodes its documents as RFC 3986 says.
func IAMDocument(text string) jsontext.Value {
	if text == "" {
		return nil
	}
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
	}
	return Document(text)
}

// encryption says which key encrypts a resource, as the service names it: by ARN,
// by id, or by alias. managed is the alias of the key that AWS manages for the
// service.
func (u *Unit) encryption(key, managed string) *snapshot.Encryption {
	return u.encryptionIn(u.Region, key, managed)
}

// encryptionIn is encryption for a resource in another region than the unit's.
func (u *Unit) encryptionIn(region, key, managed string) *snapshot.Encryption {
	kms := func(resource string) *snapshot.Encryption {
		return &snapshot.Encryption{KMSKeyID: "arn:" + u.Partition + ":kms:" + region + ":" + u.Account + ":" + resource}
	}
	switch {
	case key == managed || strings.HasSuffix(key, ":"+managed):
		return &snapshot.Encryption{AWSManaged: true}
	case strings.HasPrefix(key, "arn:"):
		return &snapshot.Encryption{KMSKeyID: key}
	case strings.HasPrefix(key, "alias/"):
		return kms(key)
	}
	return kms("key/" + key)
}

// keyNotRead stands where nobody knows which key encrypts a resource, if any does.
func keyNotRead() *snapshot.Encryption { return &snapshot.Encryption{NotRead: true} }

// afterSlash returns what stands behind the last slash.
func afterSlash(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// tags makes the fact of tags from a list of the SDK.
func tags[T any](list []T, of func(T) (key, value *string)) snapshot.Fact[snapshot.Tags] {
	m := make(map[string]string, len(list))
	for _, t := range list {
		k, v := of(t)
		m[aws.ToString(k)] = aws.ToString(v)
	}
	return snapshot.Have(snapshot.TagsOf(m))
}
