package main

import (
	"io/fs"
	"testing/fstest"
)

// A tiny data package in the layout of the real one.
var (
	sampleNow = map[string]string{
		"package.json":                   `{"version": "2.0.0", "updatedAt": "2026-09-26T04:46:59.905Z"}`,
		"LICENSE.txt":                    "MIT License\n\nof the sample",
		"data/services.json":             `["s3", "s3-outposts", "sts"]`,
		"data/rcpSupportedServices.json": `["s3", "sts"]`,
		"data/actions/s3.json": `{
			"getobject": {"name": "GetObject", "accessLevel": "Read", "conditionKeys": ["s3:tls"],
				"resourceTypes": [
					{"name": "Object", "required": false, "conditionKeys": ["aws:TagKeys"]},
					{"name": "Object", "required": true, "conditionKeys": ["s3:tls"]}]},
			"listall": {"name": "ListAll", "accessLevel": "List", "conditionKeys": [], "resourceTypes": []},
			"tag": {"name": "Tag", "accessLevel": "Tagging, Write", "conditionKeys": [], "resourceTypes": [
					{"name": "Object", "required": true, "conditionKeys": []},
					{"name": "bucket", "required": true, "conditionKeys": []}]}}`,
		"data/resourceTypes/s3.json": `{
			"bucket": {"key": "bucket", "arn": "arn:${Partition}:s3:::${B}"},
			"object": {"key": "object", "arn": "arn:${Partition}:s3:::${B}/${K}, arn:${Partition}:s3:::${B}:${K}", "conditionKeys": ["s3:tls"]}}`,
		"data/conditionKeys/s3.json": `{
			"aws:tagkeys": {"key": "aws:TagKeys", "type": "ArrayOfString"},
			"s3:tls": {"key": "s3:tls", "type": "Numeric"}}`,
		"data/actions/s3-outposts.json": `{
			"get": {"name": "Get", "accessLevel": "Read", "conditionKeys": ["s3:TLS"], "resourceTypes": []}}`,
		"data/resourceTypes/s3-outposts.json": `{}`,
		"data/conditionKeys/s3-outposts.json": `{"s3:tls": {"key": "s3:tls", "type": "String"}}`,
		"data/actions/sts.json": `{
			"assume": {"name": "Assume", "accessLevel": "Permissions management, Write", "conditionKeys": [], "resourceTypes": [
				{"name": "role", "required": true, "conditionKeys": []}]}}`,
		"data/resourceTypes/sts.json": `{"role": {"key": "role", "arn": "arn:${Partition}:iam::${A}:role/${R}"}}`,
		"data/conditionKeys/sts.json": `{}`,
	}
	sampleOld = map[string]string{
		"package.json":       `{"version": "1.0.0", "updatedAt": "2025-12-06T00:00:00.000Z"}`,
		"data/services.json": `["gone", "s3"]`,
		"data/actions/s3.json": `{
			"getobject": {"name": "GetObject", "accessLevel": "Read", "isPermissionOnly": true,
				"dependentActions": ["s3:ListAll"],
				"resourceTypes": [{"name": "object", "dependentActions": ["sts:assume", "gone:Do"]}]},
			"retired": {"name": "Retired", "accessLevel": "Read", "isPermissionOnly": true}}`,
		"data/resourceTypes/s3.json":   `{}`,
		"data/conditionKeys/s3.json":   `{}`,
		"data/actions/gone.json":       `{"do": {"name": "Do", "accessLevel": "Odd"}}`,
		"data/resourceTypes/gone.json": `{}`,
		"data/conditionKeys/gone.json": `{}`,
	}
)

// files returns base with some files replaced; an empty text removes one.
func files(base map[string]string, replace map[string]string) fs.FS {
	out := fstest.MapFS{}
	for name, text := range base {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range replace {
		out[name] = &fstest.MapFile{Data: []byte(text)}
		if text == "" {
			delete(out, name)
		}
	}
	return out
}
