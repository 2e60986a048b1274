package mototest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"pathfinder/collector/live/internal/mototest"
)

type answering struct {
	status int
	body   string
}

func (a answering) Do(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

const details = `<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated>` +
	`<UserDetailList><member><UserName>bounded</UserName></member></UserDetailList>` +
	`<RoleDetailList><member><Arn>arn:aws:iam::111122223333:role/app</Arn></member></RoleDetailList>` +
	`<Policies><member><Arn>arn:aws:iam::111122223333:policy/team/Work</Arn></member></Policies>` +
	`</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>`

// What moto answers wrongly is put right, and the rest passes.
func TestCorrected(t *testing.T) {
	t.Parallel()
	const page = "<!doctype html><title>500 Internal Server Error</title>"
	tests := []struct {
		name, service, method, path, body string
		moto                              answering
		status                            int
		has, not                          string
	}{
		{"first page", "iam", "POST", "/", "Action=GetAccountAuthorizationDetails", answering{200, details}, 200, "<Marker>second</Marker>", "RoleDetailList"},
		{"boundary", "iam", "POST", "/", "Action=GetAccountAuthorizationDetails", answering{200, details}, 200, "<PermissionsBoundaryArn>arn:aws:iam::111122223333:policy/team/Work<", "IsTruncated>false"},
		{"second page", "iam", "POST", "/", "Action=GetAccountAuthorizationDetails&Marker=second", answering{200, details}, 200, "<PolicyName>Work</PolicyName>", "UserDetailList"},
		{"listing instead of a sub-resource", "s3", "GET", "/?tagging", "", answering{200, `<?xml version="1.0"?><ListBucketResult>`}, 404, "NoSuchTagSet", "Listing"},
		{"a policy that moto lacks", "backup", "GET", "/backup-vaults/v/access-policy", "", answering{500, page}, 400, "ResourceNotFoundException", "html"},
		{"a list that moto lacks", "glacier", "GET", "/-/vaults", "", answering{500, page}, 200, "{}", "html"},
		{"an error of moto's", "lambda", "POST", "/", "", answering{500, page}, 500, "html", "{}"},
		{"all else", "s3", "GET", "/?policy", "", answering{200, `{"Version":"2012-10-17"}`}, 200, "Version", "Error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(t.Context(), tt.method, "https://x.amazonaws.com"+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-central-1/"+tt.service+"/aws4_request, Signature=0")
			if tt.body != "" {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			resp, err := mototest.Corrected(tt.moto).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != tt.status || !strings.Contains(string(b), tt.has) || strings.Contains(string(b), tt.not) {
				t.Errorf("%d %s, %v", resp.StatusCode, b, err)
			}
		})
	}
}
