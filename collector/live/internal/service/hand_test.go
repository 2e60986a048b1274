package service_test

import (
	"slices"
	"strconv"
	"strings"

	"pathfinder/collector/live/internal/awstest"
)

const (
	denied = "AccessDeniedException"
	gone   = "ResourceNotFoundException"
)

// grant is a policy of one statement as the APIs that answer in JSON hold it:
// inside of a text.
func grant(sid, action, resource string) string {
	return strconv.Quote(grantText(sid, action, resource))
}

func grantText(sid, action, resource string) string {
	return `{"Version":"2012-10-17","Statement":[{"Sid":"` + sid + `","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"` +
		action + `","Resource":"` + resource + `"}]}`
}

// about answers by the first of some texts that the request holds, in its body or
// its address; pairs are texts and answers.
func about(pairs ...any) func(awstest.Request) awstest.Answer {
	return func(r awstest.Request) awstest.Answer {
		for pair := range slices.Chunk(pairs, 2) {
			if text, _ := pair[0].(string); strings.Contains(r.Body+" "+r.URL.String(), text) {
				switch a := pair[1].(type) {
				case string:
					return awstest.Answer{Body: a}
				case awstest.Answer:
					return a
				}
			}
		}
		return awstest.Answer{Status: 501}
	}
}
