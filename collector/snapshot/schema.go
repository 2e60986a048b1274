package snapshot

import (
	"embed"
	"slices"
)

//go:embed schema/*.schema.json
var schemas embed.FS

var schemaNames = []string{
	manifestFile, organizationFile, accountFile, iamFile, providersFile, centerFile, resourcesFile, documentsFolder,
}

// SchemaNames lists the files that have a schema, in the order people read
// them.
func SchemaNames() []string { return slices.Clone(schemaNames) }

// Schema returns the JSON Schema (draft 2020-12) of the file called name, such
// as "manifest".
func Schema(name string) ([]byte, bool) {
	if !slices.Contains(schemaNames, name) {
		return nil, false
	}
	b, err := schemas.ReadFile("schema/" + name + ".schema.json")
	return b, err == nil
}
