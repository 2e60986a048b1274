package solver

import "strings"

// claimsOf returns what keys begin with, before a colon and in lower case, that hold the
// claims of a provider's tokens (E151, E157).
func claimsOf(provider string) string {
	if strings.Contains(provider, ":saml-provider/") {
		return "saml"
	}
	if _, host, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		provider = host
	}
	return strings.ToLower(provider)
}

// isClaim reports whether a key, in lower case, holds a claim of a token or an assertion:
// it begins with the host of the provider, with its path, or with "saml".
func isClaim(key string) bool {
	host, _, found := strings.Cut(key, ":")
	return found && (strings.Contains(host, ".") || host == "saml")
}

// ofOtherProvider reports whether a key holds a claim that tokens of a provider do not
// carry, because it is named after another one, as after a cluster that is gone (E151).
func ofOtherProvider(key, provider string) bool {
	if provider == "" || !isClaim(key) {
		return false
	}
	host := key[:strings.LastIndexByte(key, ':')]
	return strings.TrimSuffix(host, "/") != strings.TrimSuffix(claimsOf(provider), "/")
}
