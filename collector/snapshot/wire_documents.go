package snapshot

import "github.com/go-json-experiment/json/jsontext"

// DocumentFile is documents/<2 hex digits>.json: policy documents that stand
// once in the snapshot, whoever carries them. Each has the name that its
// references give it, and the file is named by the first two digits of that.
type DocumentFile struct {
	Documents map[string]jsontext.Value `json:"Documents"`
	Extra     jsontext.Value            `json:",embed"`
}
