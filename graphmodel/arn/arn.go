package arn

import (
	"fmt"
	"strings"

	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"
)

// ARN is one Amazon Resource Name in its six fields.
type ARN = awsarn.ARN

// Parse splits s into its fields. The error names s and what is wrong with it.
func Parse(s string) (ARN, error) {
	// The common case without the slice that the SDK's parser makes.
	if f, n := split(s); n == 6 && f[0] == "arn" {
		return ARN{Partition: f[1], Service: f[2], Region: f[3], AccountID: f[4], Resource: f[5]}, nil
	}
	a, err := awsarn.Parse(s)
	if err != nil {
		return ARN{}, fmt.Errorf("%q is not an ARN (arn:partition:service:region:account:resource): %w", s, err)
	}
	return a, nil
}

// Is reports whether s has the form of an ARN.
func Is(s string) bool { return awsarn.IsARN(s) }

// split cuts s at its first five colons; n is the number of fields found.
func split(s string) (fields [6]string, n int) {
	for n < 5 {
		i := strings.IndexByte(s, ':')
		if i < 0 {
			break
		}
		fields[n], s = s[:i], s[i+1:]
		n++
	}
	fields[n] = s
	return fields, n + 1
}

// Account returns the account field of s, or "".
func Account(s string) string {
	f, n := split(s)
	if n < 6 {
		return ""
	}
	return f[4]
}

// Service returns the service field of s, or "".
func Service(s string) string {
	f, n := split(s)
	if n < 6 {
		return ""
	}
	return f[2]
}

// Region returns the region field of s, or "".
func Region(s string) string {
	f, n := split(s)
	if n < 6 {
		return ""
	}
	return f[3]
}

// Partition returns the partition field of s, or "".
func Partition(s string) string {
	f, n := split(s)
	if n < 6 {
		return ""
	}
	return f[1]
}

// Resource returns the sixth field of s, or "".
func Resource(s string) string {
	f, n := split(s)
	if n < 6 {
		return ""
	}
	return f[5]
}

// IsAccountID reports whether s is twelve digits.
func IsAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
