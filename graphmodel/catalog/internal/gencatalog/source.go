package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"pathfinder/graphmodel/catalog/internal/packed"
)

// The JSON of the data package, reduced to what the catalog keeps.
type (
	jsonAction struct {
		Name             string    `json:"name"`
		AccessLevel      string    `json:"accessLevel"`
		ResourceTypes    []jsonRef `json:"resourceTypes"`
		ConditionKeys    []string  `json:"conditionKeys"`
		DependentActions []string  `json:"dependentActions"`
		IsPermissionOnly bool      `json:"isPermissionOnly"`
	}
	jsonRef struct {
		Name             string   `json:"name"`
		Required         bool     `json:"required"`
		ConditionKeys    []string `json:"conditionKeys"`
		DependentActions []string `json:"dependentActions"`
	}
	jsonType struct {
		Key           string   `json:"key"`
		ARN           string   `json:"arn"`
		ConditionKeys []string `json:"conditionKeys"`
	}
	jsonKey struct {
		Key  string `json:"key"`
		Type string `json:"type"`
	}
)

// A service is all that the source says about one service prefix; its maps
// are keyed by lower-case names.
type service struct {
	prefix  string
	actions map[string]jsonAction
	types   map[string]jsonType
	keys    map[string]jsonKey
}

// A source is one version of the data package.
type source struct {
	version, date string
	services      []service
	rcp           map[string]bool
}

// readSource reads the package in fsys. The list of services with RCP support
// is read only if wantRCP is set: older versions do not have it.
func readSource(fsys fs.FS, wantRCP bool) (*source, error) {
	var manifest struct{ Version, UpdatedAt string }
	if err := readJSON(fsys, "package.json", &manifest); err != nil {
		return nil, err
	}
	date, _, _ := strings.Cut(manifest.UpdatedAt, "T")
	src := &source{version: manifest.Version, date: date, rcp: map[string]bool{}}
	var prefixes, rcp []string
	if err := readJSON(fsys, "data/services.json", &prefixes); err != nil {
		return nil, err
	}
	for _, p := range prefixes {
		s := service{prefix: p}
		for dir, into := range map[string]any{"actions": &s.actions, "resourceTypes": &s.types, "conditionKeys": &s.keys} {
			if err := readJSON(fsys, "data/"+dir+"/"+p+".json", into); err != nil {
				return nil, err
			}
		}
		src.services = append(src.services, s)
	}
	if !wantRCP {
		return src, nil
	}
	if err := readJSON(fsys, "data/rcpSupportedServices.json", &rcp); err != nil {
		return nil, err
	}
	for _, p := range rcp {
		src.rcp[p] = true
	}
	return src, nil
}

func readJSON(fsys fs.FS, name string, into any) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read source: %w", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read source %s: %w", name, err)
	}
	return nil
}

// accessLevels maps the source's words to bits.
var accessLevels = map[string]uint8{
	"List":                   packed.AccessList,
	"Permissions management": packed.AccessPermissions,
	"Read":                   packed.AccessRead,
	"Tagging":                packed.AccessTagging,
	"Write":                  packed.AccessWrite,
}

// parseAccess reads a level such as "Permissions management, Write".
func parseAccess(s string) (uint8, error) {
	var level uint8
	for word := range strings.SplitSeq(s, ", ") {
		b, ok := accessLevels[word]
		if !ok {
			return 0, fmt.Errorf("unknown access level %q", s)
		}
		level |= b
	}
	return level, nil
}

// kinds maps the source's words to kinds.
var kinds = map[string]packed.Kind{
	"ARN":       packed.KindARN,
	"Bool":      packed.KindBool,
	"Date":      packed.KindDate,
	"IPAddress": packed.KindIPAddress,
	"Numeric":   packed.KindNumeric,
	"String":    packed.KindString,
}

// parseKind reads a key type such as "ArrayOfString".
func parseKind(s string) (kind packed.Kind, multivalued bool, err error) {
	elem, multivalued := strings.CutPrefix(s, "ArrayOf")
	kind, ok := kinds[elem]
	if !ok {
		return 0, false, fmt.Errorf("unknown condition key type %q", s)
	}
	return kind, multivalued, nil
}

// splitARNs splits the field of a type, which can hold several patterns.
func splitARNs(s string) ([]string, error) {
	arns := strings.Split(s, ", ")
	for _, a := range arns {
		if !strings.HasPrefix(a, "arn:${Partition}:") || strings.Count(a, ":") < 5 || strings.ContainsAny(a, " \n") {
			return nil, fmt.Errorf("strange ARN pattern %q", a)
		}
	}
	return arns, nil
}
