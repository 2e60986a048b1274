package arn_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/arn"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       arn.ARN
		fails      bool
	}{
		{
			name: "E33 the sixth field holds colons and slashes", text: "arn:aws:logs:eu-west-1:111111111111:log-group:/app/web:*",
			want: arn.ARN{Partition: "aws", Service: "logs", Region: "eu-west-1", AccountID: "111111111111", Resource: "log-group:/app/web:*"},
		},
		{
			name: "E33 a bucket has neither region nor account", text: "arn:aws:s3:::data",
			want: arn.ARN{Partition: "aws", Service: "s3", Resource: "data"},
		},
		{name: "E33 five fields are too few", text: "arn:aws:sqs:eu-west-1:111111111111", fails: true},
		{name: "E33 another first word", text: "urn:aws:sqs:eu-west-1:111111111111:q1", fails: true},
		{name: "E33 nothing", text: "", fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := arn.Parse(tt.text)
			if got != tt.want || (err != nil) != tt.fails {
				t.Errorf("Parse(%q) = %+v, %v; want %+v, error %v", tt.text, got, err, tt.want, tt.fails)
			}
			if arn.Is(tt.text) == tt.fails {
				t.Errorf("Is(%q) = %v", tt.text, !tt.fails)
			}
			if err != nil && tt.text != "" && !strings.Contains(err.Error(), tt.text) {
				t.Errorf("the error %q does not name %q", err, tt.text)
			}
		})
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	type fields struct{ partition, service, region, account, resource string }
	tests := []struct {
		name, text string
		want       fields
	}{
		{
			name: "E33 all fields", text: "arn:aws-cn:lambda:cn-north-1:111111111111:function:fn:PROD",
			want: fields{"aws-cn", "lambda", "cn-north-1", "111111111111", "function:fn:PROD"},
		},
		{name: "E33 empty fields", text: "arn:aws:s3:::data/k1", want: fields{"aws", "s3", "", "", "data/k1"}},
		{name: "E33 an empty resource", text: "arn:aws:s3:::", want: fields{"aws", "s3", "", "", ""}},
		{name: "E33 too few fields have none", text: "arn:aws:s3::"},
		{name: "E33 no ARN", text: "*"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := fields{
				arn.Partition(tt.text), arn.Service(tt.text), arn.Region(tt.text), arn.Account(tt.text), arn.Resource(tt.text),
			}
			if got != tt.want {
				t.Errorf("fields of %q are %+v, want %+v", tt.text, got, tt.want)
			}
		})
	}
}

func TestIsAccountID(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       bool
	}{
		{name: "E14 twelve digits", text: "111111111111", want: true},
		{name: "E14 leading zeros", text: "000000000001", want: true},
		{name: "E14 eleven digits", text: "11111111111"},
		{name: "E14 thirteen digits", text: "1111111111111"},
		{name: "E14 dashes as on the console", text: "1111-1111-1111"},
		{name: "E14 a letter", text: "11111111111a"},
		{name: "E14 digits of another script", text: "१११११११११११"},
		{name: "E14 nothing", text: ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := arn.IsAccountID(tt.text); got != tt.want {
				t.Errorf("IsAccountID(%q) = %v, want %v", tt.text, got, tt.want)
			}
		})
	}
}
