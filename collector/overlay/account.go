package overlay

import (
	"slices"
	"strings"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// SetAlias sets the alias of an account; "" for none.
func (e *Editor) SetAlias(account, alias string) {
	before := ""
	if a := e.find(account); a != nil && len(a.Info.Aliases) > 0 {
		before = a.Info.Aliases[0]
	}
	if before == alias {
		return
	}
	info := &e.account(account).Info
	info.Aliases = nil
	if alias != "" {
		info.Aliases = []string{alias}
	}
	e.did(account, "account alias changed")
}

// SetAccountBlock sets the account-wide Block Public Access of S3.
func (e *Editor) SetAccountBlock(account string, block snapshot.Fact[snapshot.PublicAccessBlock]) {
	if a := e.find(account); a != nil && sameFact(a.Info.S3PublicAccessBlock, block) {
		return
	}
	e.account(account).Info.S3PublicAccessBlock = block
	e.did(account, "Block Public Access of the account changed")
}

// PutOIDCProvider registers an OIDC provider, or changes the one of its ARN.
func (e *Editor) PutOIDCProvider(p snapshot.OIDCProvider) {
	list := e.providers(p.ARN)
	if list == nil {
		return
	}
	for i := range list.OpenIDConnectProviders {
		before := &list.OpenIDConnectProviders[i]
		if before.ARN != p.ARN {
			continue
		}
		if !same(before, &p) {
			*before = p
			e.did(p.ARN, "changed")
		}
		return
	}
	list.OpenIDConnectProviders = append(list.OpenIDConnectProviders, p)
	e.did(p.ARN, "created")
}

// PutSAMLProvider registers a SAML provider.
func (e *Editor) PutSAMLProvider(text string) {
	list := e.providers(text)
	if list == nil || slices.ContainsFunc(list.SAMLProviders, func(p snapshot.SAMLProvider) bool { return p.ARN == text }) {
		return
	}
	list.SAMLProviders = append(list.SAMLProviders, snapshot.SAMLProvider{ARN: text})
	e.did(text, "created")
}

// RemoveProvider takes an OIDC or SAML provider away. Policies go on to name it,
// and nobody comes through it any more.
func (e *Editor) RemoveProvider(text string) {
	account := arn.Account(text)
	if a := e.find(account); a == nil || a.Providers == nil {
		return
	}
	p := e.account(account).Providers
	n := len(p.OpenIDConnectProviders) + len(p.SAMLProviders)
	p.OpenIDConnectProviders = slices.DeleteFunc(p.OpenIDConnectProviders, func(o snapshot.OIDCProvider) bool { return o.ARN == text })
	p.SAMLProviders = slices.DeleteFunc(p.SAMLProviders, func(s snapshot.SAMLProvider) bool { return s.ARN == text })
	if len(p.OpenIDConnectProviders)+len(p.SAMLProviders) < n {
		e.did(text, "removed")
	}
}

// providers returns the list that a provider belongs into; nil when it was not
// read, so that one alone would look as if it were all.
func (e *Editor) providers(text string) *snapshot.IdentityProviders {
	account := arn.Account(text)
	if a := e.find(account); a == nil || a.Providers == nil {
		e.Gap(snapshot.Gap{
			Account: account, Service: "iam", What: text,
			Why: "it is changed, but the snapshot does not hold the identity providers of its account",
		})
		return nil
	}
	return e.account(account).Providers
}

// PutProfile makes an instance profile, or changes the role that it delivers;
// role is its name, "" for none. profile is the ARN.
func (e *Editor) PutProfile(profile, role string) {
	account := arn.Account(profile)
	d := e.iam(account)
	if d == nil {
		e.notRead(account, profile)
		return
	}
	for _, r := range d.RoleDetailList {
		here := func(p snapshot.InstanceProfile) bool { return p.ARN == profile }
		had, want := slices.ContainsFunc(r.InstanceProfileList, here), role != "" && named(role, r.RoleName, r.ARN)
		switch {
		case want && !had:
			r.InstanceProfileList = append(r.InstanceProfileList, snapshot.InstanceProfile{InstanceProfileName: lastName(profile), ARN: profile})
			e.did(r.ARN, "instance profile "+profile+" delivers it")
		case had && !want:
			r.InstanceProfileList = slices.DeleteFunc(r.InstanceProfileList, here)
			e.did(r.ARN, "instance profile "+profile+" delivers it no more")
		}
	}
	if role != "" {
		e.holder(Entity{account, Role, role}, "instance profile "+profile)
	}
}

// RemoveProfile takes an instance profile away.
func (e *Editor) RemoveProfile(profile string) {
	if a := e.find(arn.Account(profile)); a != nil && a.IAM != nil {
		e.PutProfile(profile, "")
	}
}

// sameTags compares tags in either of their forms.
func sameTags(a, b snapshot.Tags) bool {
	x, err := snapshot.ReadTags(a)
	if err != nil {
		return false
	}
	y, err := snapshot.ReadTags(b)
	if err != nil || len(x) != len(y) {
		return false
	}
	for k, v := range x {
		if w, ok := y[k]; !ok || v != w {
			return false
		}
	}
	return true
}

// BareURL returns the part of an OIDC provider's URL that its ARN ends with.
func BareURL(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		rest = url
	}
	return strings.TrimSuffix(rest, "/")
}

// OIDCProviderARN returns the ARN of an OIDC provider.
func (e *Editor) OIDCProviderARN(account, url string) string {
	return "arn:" + e.Partition(account) + ":iam::" + account + ":oidc-provider/" + BareURL(url)
}
