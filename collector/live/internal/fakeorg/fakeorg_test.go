package fakeorg_test

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"pathfinder/collector/live/internal/fakeorg"
)

func ask(t *testing.T, org *fakeorg.Org, key, service, target, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+service+".us-east-1.amazonaws.com/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20260101/us-east-1/"+service+"/aws4_request, Signature=0")
	req.Header.Set("X-Amz-Target", target)
	if strings.HasPrefix(body, "Action=") {
		req.Header.Del("X-Amz-Target")
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := org.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// Who asks decides what is answered, and the seed what there is.
func TestOrg(t *testing.T) {
	t.Parallel()
	cfg := fakeorg.Config{Seed: 1, Accounts: 4, Regions: []string{"us-east-1"}, Queues: 40, Users: 3}
	org, same, other := fakeorg.New(cfg), fakeorg.New(cfg), fakeorg.New(fakeorg.Config{Seed: 2, Accounts: 4, Queues: 40})
	id := org.Accounts()[1]
	_, own := ask(t, org, "AKIA", "sqs", "AmazonSQS.ListQueues", "{}")
	_, theirs := ask(t, org, "ASIAFAKE"+id, "sqs", "AmazonSQS.ListQueues", "{}")
	if !strings.Contains(theirs, "/"+id+"/") || strings.Contains(own, id) {
		t.Errorf("the management account has %s, the other %s", own, theirs)
	}
	if _, again := ask(t, same, "ASIAFAKE"+id, "sqs", "AmazonSQS.ListQueues", "{}"); again != theirs {
		t.Errorf("the same seed gives %s, not %s", again, theirs)
	}
	if _, again := ask(t, other, "ASIAFAKE"+id, "sqs", "AmazonSQS.ListQueues", "{}"); again == theirs {
		t.Error("the seed does not matter")
	}
	if status, text := ask(t, org, "ASIAFAKE"+id, "floppy", "Floppy.ListDisks", "{}"); status != 200 || text != "{}" {
		t.Errorf("a service that is not known answers %d %s", status, text)
	}
	want := map[fakeorg.Call]int{
		{Account: fakeorg.Management, Region: "us-east-1", Service: "sqs", Operation: "ListQueues"}: 1,
		{Account: id, Region: "us-east-1", Service: "sqs", Operation: "ListQueues"}:                 1,
		{Account: id, Region: "us-east-1", Service: "floppy", Operation: "ListDisks"}:               1,
	}
	if got := org.Calls(); !maps.Equal(got, want) {
		t.Errorf("calls are %v", got)
	}
}

// The read role is given to those who know the external id, from the management
// account only.
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	org := fakeorg.New(fakeorg.Config{Accounts: 4, NoRole: []string{"233000017000"}})
	id := org.Accounts()[2]
	for _, tt := range []struct {
		key, account, role, external string
		status                       int
	}{
		{"AKIA", id, fakeorg.Role, fakeorg.ExternalID, 200},
		{"AKIA", id, fakeorg.Role, "guess", 403},
		{"AKIA", id, "Admin", fakeorg.ExternalID, 403},
		{"AKIA", "999999999999", fakeorg.Role, fakeorg.ExternalID, 403},
		{"ASIAFAKE" + id, id, fakeorg.Role, fakeorg.ExternalID, 403},
	} {
		status, text := ask(t, org, tt.key, "sts", "", "Action=AssumeRole&RoleArn=arn:aws:iam::"+tt.account+":role/"+tt.role+"&ExternalId="+tt.external)
		if status != tt.status || status == 200 && !strings.Contains(text, "ASIAFAKE"+id) {
			t.Errorf("%+v: %d %s", tt, status, text)
		}
	}
}

// What comes faster than AWS takes it is refused, in the words of AWS.
func TestLimits(t *testing.T) {
	t.Parallel()
	org := fakeorg.New(fakeorg.Config{Accounts: 1, Limits: true})
	refused := 0
	for range 5 {
		if status, text := ask(t, org, "AKIA", "organizations", "AWSOrganizationsV20161128.ListRoots", "{}"); status == 400 && strings.Contains(text, "TooManyRequestsException") {
			refused++
		}
	}
	if refused < 2 || org.Refused() != refused {
		t.Errorf("%d were refused, %d counted", refused, org.Refused())
	}
}
