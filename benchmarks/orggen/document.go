package orggen

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// document makes a policy of a list of statements, which is JSON without its
// brackets. Pairs replace places such as {account}; what they bring in is made
// of letters that need no escaping in JSON.
func document(statements string, pairs ...string) jsontext.Value {
	if len(pairs) > 0 {
		statements = strings.NewReplacer(pairs...).Replace(statements)
	}
	return jsontext.Value(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
}

// fill replaces what an account says of itself.
func (a *account) fill(statements string, pairs ...string) jsontext.Value {
	return document(a.places.Replace(statements), pairs...)
}
