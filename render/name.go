package render

import (
	"strings"

	"pathfinder/graphmodel/arn"
)

// A shortName is a name as tables and pictures show it. Both parts together
// tell it from every other one.
type shortName struct {
	name  string // "user/ana", "acme-logs/*"
	where string // "prod 111111111111"; "" when the name says it all
}

// short returns the short form of an ARN, or the text itself for other names.
func (o *Options) short(text string) shortName {
	a, err := arn.Parse(text)
	switch {
	case text == "*":
		// A principal: any account there is. A resource: none in particular.
		return shortName{name: "*", where: "(any)"}
	case err != nil:
		return shortName{name: Clean(text)}
	}
	s := shortName{name: Clean(a.Resource), where: o.account(a.AccountID)}
	class, rest, path := strings.Cut(a.Resource, "/")
	if a.Service == "iam" && path && (class == "user" || class == "role" || class == "group") {
		// Names are unique in their account whatever the path is.
		s.name = Clean(class + "/" + rest[strings.LastIndexByte(rest, '/')+1:])
	}
	if a.Service != "iam" && a.Service != "sts" && a.Service != "s3" {
		s.name = Clean(a.Service + " " + a.Resource)
	}
	if a.Region != "" {
		s.where = strings.TrimSpace(s.where + " " + Clean(a.Region))
	}
	if a.Partition != "aws" {
		s.where = strings.TrimSpace(s.where + " " + Clean(a.Partition))
	}
	return s
}

// account returns "prod 111111111111", or the id alone.
func (o *Options) account(id string) string {
	if name := o.Accounts[id]; name != "" && name != id {
		return Clean(name + " " + id)
	}
	return Clean(id)
}

// line returns both parts on one line.
func (s shortName) line() string {
	if s.where == "" {
		return s.name
	}
	return s.name + " (" + s.where + ")"
}
