package mototest

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/wire"
)

// Corrected answers as AWS does where moto does not.
func Corrected(next call.Doer) call.Doer { return corrected{next} }

type corrected struct{ next call.Doer }

func (c corrected) Do(req *http.Request) (*http.Response, error) {
	r, err := wire.Read(req)
	if err != nil {
		return nil, err
	}
	if answer := instead(r); answer != nil {
		return answer, nil
	}
	resp, err := c.next.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Key() == "iam.GetAccountAuthorizationDetails" && resp.StatusCode == http.StatusOK:
		body = details(r, string(body))
	case resp.StatusCode == http.StatusInternalServerError && bytes.Contains(body, []byte("<!doctype html>")):
		if answer := missing(r); answer != nil {
			return answer, nil
		}
	case r.Protocol == wire.RESTXML && strings.Contains(r.Operation, "?") && bytes.Contains(body[:min(200, len(body))], []byte("<ListBucketResult")):
		return r.Error(http.StatusNotFound, noneOf[r.Operation[strings.IndexByte(r.Operation, '?')+1:]], ""), nil
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

// instead answers calls that moto lacks or gets wrong, with the examples of the API
// references.
func instead(r *wire.Request) *http.Response {
	switch {
	case r.Key() == "organizations.DescribeResourcePolicy":
		return r.Answer(http.StatusOK, `{"ResourcePolicy":{"ResourcePolicySummary":{"Id":"rp-examplepolicy1","Arn":"arn:aws:organizations::`+Management+`:resourcepolicy/o-exampleorgid/rp-examplepolicy1"},`+
			`"Content":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Delegate\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"`+Management+`\"},\"Action\":\"organizations:Describe*\",\"Resource\":\"*\"}]}"}}`)
	case r.Key() == "sso.ListInstances" && (r.AccessKey != ownKey || r.Region != Region):
		return r.Answer(http.StatusOK, `{"Instances":[]}`) // moto invents one in every account and region
	case r.Key() == "sso.GetPermissionsBoundaryForPermissionSet":
		return r.Error(http.StatusBadRequest, "ResourceNotFoundException", "")
	case r.Key() == "dynamodb.GetResourcePolicy" && bytes.Contains(r.Body, []byte("/stream/")):
		return r.Error(http.StatusBadRequest, "PolicyNotFoundException", "")
	case r.Key() == "glue.GetResourcePolicies":
		return r.Answer(http.StatusOK, `{"GetResourcePoliciesResponseList":[]}`)
	case r.Key() == "ssm.GetResourcePolicies":
		return r.Answer(http.StatusOK, `{"Policies":[]}`)
	case r.Service == "s3express":
		return r.Answer(http.StatusOK, `<ListAllMyDirectoryBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets></Buckets></ListAllMyDirectoryBucketsResult>`)
	case r.Service == "s3" && strings.HasSuffix(r.Operation, "?abac"):
		return r.Answer(http.StatusOK, `<AbacStatus><Status>Disabled</Status></AbacStatus>`)
	case strings.HasSuffix(r.URL.Path, "/accesspointforobjectlambda"):
		return r.Answer(http.StatusOK, `<ListAccessPointsForObjectLambdaResult><ObjectLambdaAccessPointList></ObjectLambdaAccessPointList></ListAccessPointsForObjectLambdaResult>`)
	case r.Service == "lambda" && strings.HasSuffix(r.URL.Path, "/urls"):
		name, _ := url.PathUnescape(strings.TrimSuffix(r.URL.Path, "/urls"))
		name = name[strings.LastIndexByte(name, '/')+1:]
		return r.Answer(http.StatusOK, `{"FunctionUrlConfigs":[{"FunctionArn":"`+name+`","AuthType":"AWS_IAM","FunctionUrl":"https://abcdefghijklmnop.lambda-url.`+r.Region+`.on.aws/","CreationTime":"2026-01-01T00:00:00Z","LastModifiedTime":"2026-01-01T00:00:00Z"}]}`)
	}
	return nil
}

// noneOf are the codes for sub-resources of buckets that moto takes for listings
// ("Error responses", Amazon S3).
var noneOf = map[string]string{
	"policy": "NoSuchBucketPolicy", "ownershipControls": "OwnershipControlsNotFoundError", "publicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
	"encryption": "ServerSideEncryptionConfigurationNotFoundError", "tagging": "NoSuchTagSet",
}

// missing answers that there is nothing where moto lacks a list, and that the policy
// is not found where it lacks a policy.
func missing(r *wire.Request) *http.Response {
	switch {
	case r.Service == "backup" && strings.HasSuffix(r.Operation, "/access-policy"):
		return r.Error(http.StatusBadRequest, "ResourceNotFoundException", "")
	case r.Service == "glacier" && strings.HasSuffix(r.Operation, "/access-policy"):
		return r.Error(http.StatusNotFound, "ResourceNotFoundException", "")
	case strings.HasPrefix(r.Operation, "List"), strings.HasPrefix(r.Operation, "GET /"), strings.HasPrefix(r.Operation, "Describe"):
		return r.Nothing()
	}
	return nil
}

var (
	details1   = regexp.MustCompile(`(?s)<(RoleDetailList|Policies)>.*?</(RoleDetailList|Policies)>`)
	details2   = regexp.MustCompile(`(?s)<(UserDetailList|GroupDetailList)>.*?</(UserDetailList|GroupDetailList)>`)
	bounded    = regexp.MustCompile(`<UserName>bounded</UserName>`)
	policyARN  = regexp.MustCompile(`<Arn>(arn:aws:iam::\d+):policy/team/Work</Arn>`)
	ownAccount = regexp.MustCompile(`arn:aws:iam::(\d+):role/`)
)

// details puts what moto leaves out into authorization details: pages, the boundary
// of a user, and names and ids of policies.
func details(r *wire.Request, body string) []byte {
	account := Management
	if m := ownAccount.FindStringSubmatch(body); m != nil {
		account = m[1]
	}
	body = policyARN.ReplaceAllString(body, `<PolicyName>Work</PolicyName><PolicyId>ANPAEXAMPLE</PolicyId>$0`)
	body = bounded.ReplaceAllString(body, `$0<PermissionsBoundary><PermissionsBoundaryType>PermissionsBoundaryPolicy</PermissionsBoundaryType>`+
		`<PermissionsBoundaryArn>arn:aws:iam::`+account+`:policy/team/Work</PermissionsBoundaryArn></PermissionsBoundary>`)
	if r.Form.Get("Marker") == "second" {
		return []byte(details2.ReplaceAllString(body, ""))
	}
	body = details1.ReplaceAllString(body, "")
	body = strings.Replace(body, "<IsTruncated>false</IsTruncated>", "", 1)
	return []byte(strings.Replace(body, "</GetAccountAuthorizationDetailsResult>", "<IsTruncated>true</IsTruncated><Marker>second</Marker></GetAccountAuthorizationDetailsResult>", 1))
}
