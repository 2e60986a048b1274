package service

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"time"

	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// The credential report takes AWS some seconds. An account that has one younger
// than four hours gets that one.
const (
	reportWait  = 2 * time.Second
	reportTries = 15
)

// readLastUsed fills in when users were last seen, from the credential report:
// two calls an account instead of four a user.
func readLastUsed(ctx context.Context, u *Unit, client *awsiam.Client, users []*snapshot.UserDetail) {
	const what = "when users were last seen"
	report, err := credentialReport(ctx, client)
	if err != nil {
		u.Missing(what, err)
		return
	}
	used, err := parseReport(report)
	if err != nil {
		u.Note(what, "the credential report could not be understood")
		return
	}
	for _, user := range users {
		user.LastUsed = used[user.ARN]
	}
}

func credentialReport(ctx context.Context, client *awsiam.Client) ([]byte, error) {
	if _, err := client.GenerateCredentialReport(ctx, &awsiam.GenerateCredentialReportInput{}); err != nil {
		return nil, err
	}
	var last error
	for range reportTries {
		out, err := client.GetCredentialReport(ctx, &awsiam.GetCredentialReportInput{})
		if err == nil {
			return out.Content, nil
		}
		if last = err; !call.Is(err, "ReportInProgress", "ReportNotPresent", "ReportExpired", "CredentialReportNotReadyException", "CredentialReportNotPresentException") {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(reportWait):
		}
	}
	return nil, last
}

// parseReport reads the report: a CSV file whose columns are described under
// "Getting credential reports for your AWS account" in the IAM guide. Columns are
// found by name. Ids of keys are not in it.
func parseReport(report []byte) (map[string]*snapshot.UserLastUsed, error) {
	r := csv.NewReader(bytes.NewReader(report))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, errors.Join(err, errors.New("the report is empty"))
	}
	column := make(map[string]int)
	for i, name := range rows[0] {
		column[name] = i
	}
	if _, ok := column["arn"]; !ok {
		return nil, errors.New("the report has no column arn")
	}
	out := make(map[string]*snapshot.UserLastUsed)
	for _, row := range rows[1:] {
		field := func(name string) string {
			if i, ok := column[name]; ok && i < len(row) {
				return row[i]
			}
			return ""
		}
		used := &snapshot.UserLastUsed{MFA: field("mfa_active") == "true", Password: snapshot.None[string]()}
		if at, ok := moment(field("password_last_used")); ok && field("password_enabled") == "true" {
			used.Password = snapshot.Have(at)
		}
		for _, key := range []string{"access_key_1", "access_key_2"} {
			if field(key+"_active") != "true" {
				continue
			}
			last, _ := moment(field(key + "_last_used_date"))
			rotated, _ := moment(field(key + "_last_rotated"))
			used.AccessKeys = append(used.AccessKeys, snapshot.AccessKeyUsed{LastUsedDate: last, LastRotated: rotated})
		}
		out[field("arn")] = used
	}
	return out, nil
}

// moment reads a time of the report; "N/A", "no_information" and "not_supported"
// are none.
func moment(s string) (string, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return "", false
	}
	return t.UTC().Format(time.RFC3339), true
}
