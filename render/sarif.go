package render

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"pathfinder/solver/lint"
)

// The parts of SARIF 2.1.0 that are used, by the names of the standard; rules (U) and
// results (R) hold what each answer has of them.
type (
	sarifLog[U, R any] struct {
		Schema  string           `json:"$schema"`
		Version string           `json:"version"`
		Runs    []sarifRun[U, R] `json:"runs"`
	}
	sarifRun[U, R any] struct {
		Tool        sarifTool[U]      `json:"tool"`
		Invocations []sarifInvocation `json:"invocations,omitempty"`
		ColumnKind  string            `json:"columnKind"`
		Results     []R               `json:"results"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifTool[U any] struct {
		Driver sarifDriver[U] `json:"driver"`
	}
	sarifDriver[U any] struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
		Rules   []U    `json:"rules"`
	}
	sarifRule struct {
		ID      string      `json:"id"`
		Short   sarifText   `json:"shortDescription"`
		Full    sarifText   `json:"fullDescription"`
		Help    sarifText   `json:"help"`
		Default sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level lint.Severity `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        lint.Severity     `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn"`
	}
	sarifLogical struct {
		Name      string `json:"name"`
		Qualified string `json:"fullyQualifiedName"`
		Kind      string `json:"kind"`
	}
)

// SARIF writes findings as a log of SARIF 2.1.0, which code scanning takes. The
// artifact of a finding in a snapshot is the policy, by name; its lines count
// from the beginning of the document.
func SARIF(w io.Writer, answer *lint.Answer, version string) error {
	rules, results := []sarifRule{}, []sarifResult{}
	for _, r := range lint.Rules() {
		rules = append(rules, sarifRule{
			ID: r.ID, Short: sarifText{r.Summary}, Full: sarifText{r.Why}, Help: sarifText{r.Remedy}, Default: sarifConfig{r.Severity},
		})
	}
	seen := map[string]int{}
	for i := range answer.Findings {
		f := &answer.Findings[i]
		id := fingerprint(f)
		seen[id]++
		if n := seen[id]; n > 1 { // the same once more, further down
			id += fmt.Sprintf(":%d", n)
		}
		results = append(results, sarifResult{
			RuleID: f.Rule, RuleIndex: lint.IndexOf(f.Rule), Level: f.Severity,
			Message:      sarifText{Clean(sentence(f.Message) + " " + sentence(f.Remedy))},
			Locations:    []sarifLocation{locationOf(f)},
			Fingerprints: map[string]string{"finding/v1": id},
		})
	}
	return writeSARIF(w, version, rules, results)
}

// writeSARIF writes a log of one run, with notes about it.
func writeSARIF[U, R any](w io.Writer, version string, rules []U, results []R, notes ...string) error {
	run := sarifRun[U, R]{ColumnKind: "unicodeCodePoints", Results: results}
	for _, note := range notes {
		run.Invocations = append(run.Invocations, sarifInvocation{true, []sarifNotification{{"warning", sarifText{note}}}})
	}
	run.Tool.Driver = sarifDriver[U]{Name: "pathfinder", Version: Clean(version), Rules: rules}
	return JSON(w, sarifLog[U, R]{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun[U, R]{run},
	})
}

// sentence makes a sentence of a clause. An ARN, an action or a key that it begins
// with keeps its letters: they tell what it is.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	if first, _, _ := strings.Cut(s, " "); !strings.ContainsAny(strings.TrimRight(first, ".:"), ":/.") {
		r, size := utf8.DecodeRuneInString(s)
		s = strings.ToUpper(string(r)) + s[size:]
	}
	if strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

func locationOf(f *lint.Finding) sarifLocation {
	l := sarifLocation{Physical: sarifPhysical{
		Artifact: sarifArtifact{artifactURI(f)},
		Region:   sarifRegion{f.Line, f.Column},
	}}
	name := f.Pointer
	if f.Policy != "" {
		name = f.Policy + f.Pointer
	}
	if name != "" {
		short := name[strings.LastIndexByte(name, '/')+1:]
		if f.Sid != "" {
			short = f.Sid
		}
		l.Logical = []sarifLogical{{Name: Clean(short), Qualified: Clean(name), Kind: "value"}}
	}
	return l
}

// artifactURI writes a file name, or the name of a policy, as a URI reference. A
// relative one has no colon in its first part, which would be a scheme.
func artifactURI(f *lint.Finding) string {
	if f.File == "" {
		return escapeSegment(f.Policy)
	}
	name := filepath.ToSlash(f.File)
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = escapeSegment(parts[i])
	}
	if strings.HasPrefix(name, "/") {
		return "file://" + strings.Join(parts, "/")
	}
	return strings.Join(parts, "/")
}

func escapeSegment(s string) string {
	return strings.ReplaceAll(url.PathEscape(strings.ToValidUTF8(s, "\uFFFD")), ":", "%3A")
}

// fingerprint stays the same when lines move: the rule, the document, what stands
// there, and the statement by its Sid where it has one.
func fingerprint(f *lint.Finding) string {
	where := f.Pointer
	if f.Sid != "" && f.Statement != nil {
		where = strings.Replace(where, fmt.Sprintf("/Statement/%d", *f.Statement), "/Statement/"+f.Sid, 1)
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, filepath.ToSlash(f.Source()), where}, "\x00")))
	return hex.EncodeToString(sum[:16])
}
