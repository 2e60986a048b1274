package fakeorg

import (
	"net/http"

	"golang.org/x/time/rate"

	"pathfinder/collector/live/internal/wire"
)

type limit struct {
	rate  rate.Limit
	burst int
}

// published are the limits that AWS documents: "Quotas and service limits for AWS
// Organizations" (throttling), "Request quotas" of KMS. Those of IAM, Lambda, EC2
// and STS are undocumented or depend on the account: they are what others observed.
var published = map[string]limit{
	"organizations.ListAccounts":         {8, 12},
	"organizations.ListChildren":         {6, 10},
	"organizations.ListParents":          {5, 8},
	"organizations.ListPolicies":         {5, 8},
	"organizations.DescribePolicy":       {2, 2},
	"organizations.ListRoots":            {1, 2},
	"organizations.DescribeOrganization": {2, 3},
	"organizations":                      {2, 3},
	"iam":                                {15, 20},
	"lambda":                             {15, 20},
	"kms":                                {100, 100},
	"sts":                                {100, 100},
	"ec2":                                {20, 50},
	"sso":                                {20, 20},
}

// others is the limit of services that publish none.
var others = limit{20, 20}

// shared are operations of AWS Organizations with one limit together, or with one
// of their own.
var shared = map[string]string{
	"ListParents": "ListParents", "ListAccountsForParent": "ListParents", "ListOrganizationalUnitsForParent": "ListParents",
	"ListPolicies": "ListPolicies", "ListPoliciesForTarget": "ListPolicies", "ListTargetsForPolicy": "ListPolicies",
	"ListAccounts": "ListAccounts", "ListChildren": "ListChildren", "DescribePolicy": "DescribePolicy", "ListRoots": "ListRoots",
	"DescribeOrganization": "DescribeOrganization",
}

func limitOf(r *wire.Request) (group string, l limit) {
	group = r.Service
	if name := shared[r.Operation]; r.Service == "organizations" && name != "" {
		group += "." + name
	}
	if l, ok := published[group]; ok {
		return group, l
	}
	return group, others
}

func tooMany(r *wire.Request) *http.Response {
	switch r.Protocol {
	case wire.EC2:
		return r.Error(http.StatusServiceUnavailable, "RequestLimitExceeded", "too many")
	case wire.RESTXML, wire.RESTXMLWrapped:
		return r.Error(http.StatusServiceUnavailable, "SlowDown", "too many")
	case wire.Query:
		return r.Error(http.StatusBadRequest, "Throttling", "too many")
	case wire.JSON, wire.RESTJSON, wire.CBOR:
	}
	if r.Service == "organizations" {
		return r.Error(http.StatusBadRequest, "TooManyRequestsException", "too many")
	}
	return r.Error(http.StatusBadRequest, "ThrottlingException", "too many")
}
