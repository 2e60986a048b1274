package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One vault with both policies, one with only a lock, one without anything, two
// that may not be read in part, and one that vanished.
func TestReadVaults(t *testing.T) {
	t.Parallel()
	const (
		arn  = "arn:aws:glacier:eu-central-1:111122223333:vaults/"
		path = "GET /-/vaults"
	)
	vault := func(name string) string {
		return `{"VaultName":"` + name + `","VaultARN":"` + arn + name + `","SizeInBytes":0}`
	}
	none := awstest.Error(404, gone)
	answers := awstest.Answers{
		path: about(
			"marker", `{"VaultList":[`+vault("plain")+`,`+vault("closed")+`,`+vault("half")+`,`+vault("gone")+`]}`,
			"", `{"VaultList":[`+vault("both")+`,`+vault("locked")+`],"Marker":"`+arn+`plain"}`),
		path + "/both/tags":            `{"Tags":{"env":"prod"}}`,
		path + "/both/access-policy":   `{"Policy":` + grant("Read", "glacier:GetJobOutput", arn+"both") + `}`,
		path + "/both/lock-policy":     `{"Policy":` + strings.Replace(grant("Keep", "glacier:DeleteArchive", arn+"both"), "Allow", "Deny", 1) + `,"State":"Locked","ExpirationDate":null}`,
		path + "/locked/tags":          `{}`,
		path + "/locked/access-policy": none,
		path + "/locked/lock-policy":   `{"Policy":` + grant("Lock", "glacier:InitiateJob", arn+"locked") + `,"State":"InProgress"}`,
		path + "/plain/tags":           `{"Tags":{}}`,
		path + "/plain/access-policy":  none,
		path + "/plain/lock-policy":    none,
		path + "/closed/tags":          awstest.Error(403, denied),
		path + "/closed/access-policy": awstest.Error(403, denied),
		path + "/half/tags":            `{"Tags":{}}`,
		path + "/half/access-policy":   `{"Policy":` + grant("Half", "glacier:GetJobOutput", arn+"half") + `}`,
		path + "/half/lock-policy":     awstest.Error(403, denied),
		path + "/gone/tags":            none,
	}
	got, err := awstest.Read(t, "glacier", answers)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "glacier", got)
}

func TestReadVaultsNewCustomer(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "glacier", awstest.Answers{"GET /-/vaults": awstest.Error(400, "NoLongerSupportedException")})
	if err != nil || strings.Contains(got, "Gaps") {
		t.Errorf("got %s, %v; want nothing", got, err)
	}
}
