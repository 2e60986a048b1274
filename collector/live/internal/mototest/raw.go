package mototest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A seeder makes calls of one account in one region, without clients: there are
// more services in moto than this program knows.
type seeder struct {
	tb      testing.TB
	s       *Server
	account string // "" for the management account
	region  string
}

// in is the seeder of another account.
func (s seeder) in(account string) seeder {
	s.account = account
	return s
}

// hosts are the beginnings of hosts that differ from the name that is signed for.
var hosts = map[string]string{"ecr": "api.ecr"}

// global are services with one host.
var global = map[string]bool{"iam": true}

// send sends one request and returns the body. What AWS would refuse fails the
// test.
func (s seeder) send(service, method, path, body string, header ...string) string {
	s.tb.Helper()
	host := service
	if h := hosts[service]; h != "" {
		host = h
	}
	if !global[service] {
		host += "." + s.region
	}
	return s.to(host+".amazonaws.com", service, method, path, body, header...)
}

func (s seeder) to(host, service, method, path, body string, header ...string) string {
	s.tb.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, "https://"+host+path, strings.NewReader(body))
	if err != nil {
		s.tb.Fatal(err)
	}
	key := ownKey
	if s.account != "" {
		key = s.s.keys[s.account]
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20260101/"+s.region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=00")
	req.Header.Set("X-Amz-Date", "20260101T000000Z")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.s.Do(req)
	if err != nil {
		s.tb.Fatalf("moto: %s %s %s: %v", service, method, path, err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		s.tb.Fatalf("moto: %s %s %s %v %.200s: status %d, %v\n%.500s\n%s", service, method, path, header, body, resp.StatusCode, err, b, s.s.log)
	}
	return string(b)
}

// query calls an operation of the Query protocol with name, value, name, value …
func (s seeder) query(service, action string, params ...string) string {
	s.tb.Helper()
	form := url.Values{"Action": {action}, "Version": {versions[service]}}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	return s.send(service, http.MethodPost, "/", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

var versions = map[string]string{"iam": "2010-05-08", "sts": "2011-06-15", "ec2": "2016-11-15", "sns": "2010-03-31", "rds": "2014-10-31"}

// json calls an operation of a JSON protocol; the target names it.
func (s seeder) json(service, target, body string) string {
	s.tb.Helper()
	return s.send(service, http.MethodPost, "/", body, "Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", target)
}

// rest calls an operation of a REST protocol.
func (s seeder) rest(service, method, path, body string) string {
	s.tb.Helper()
	return s.send(service, method, path, body, "Content-Type", "application/json")
}

// field finds the value of a field in JSON or of an element in XML, by its name.
func field(tb testing.TB, text, name string) string {
	tb.Helper()
	m := regexp.MustCompile(`"` + name + `": ?"([^"]*)"|<` + name + `>([^<]*)</`).FindStringSubmatch(text)
	if m == nil {
		tb.Fatalf("moto: no %s in %.500s", name, text)
	}
	return m[1] + m[2]
}

// allow is a policy with one statement.
func allow(principal, action, resource string) string {
	statement := `"Effect":"Allow","Action":"` + action + `"`
	if resource != "" {
		statement += `,"Resource":"` + resource + `"`
	}
	if principal != "" {
		statement += `,"Principal":` + principal
	}
	return `{"Version":"2012-10-17","Statement":[{` + statement + `}]}`
}

// quoted is a text as a JSON string.
func quoted(s string) string { return fmt.Sprintf("%q", s) }
