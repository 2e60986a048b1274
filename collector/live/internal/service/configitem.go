package service

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// A ConfigItem is a resource as AWS Config recorded it: what an advanced query
// returns of its columns arn, resourceType, configuration,
// supplementaryConfiguration and tags.
type ConfigItem struct {
	ARN           string         `json:"arn"`
	Type          string         `json:"resourceType"`
	ID            string         `json:"resourceId"`
	Name          string         `json:"resourceName"`
	Configuration jsontext.Value `json:"configuration"`
	Supplementary jsontext.Value `json:"supplementaryConfiguration"`
	TagList       []configTag    `json:"tags"`
}

type configTag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// texts returns the members of the configuration that are texts. Config writes it
// as an object, or as a text that holds one.
func (i *ConfigItem) texts() map[string]string { return texts(i.Configuration) }

// supplement returns the members of the supplementary configuration that are texts.
func (i *ConfigItem) supplement() map[string]string { return texts(i.Supplementary) }

func texts(raw jsontext.Value) map[string]string {
	if raw.Kind() == jsontext.KindString {
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return nil
		}
		raw = text
	}
	var all map[string]any
	if json.Unmarshal(raw, &all) != nil {
		return nil
	}
	out := make(map[string]string)
	for name, v := range all {
		if text, ok := v.(string); ok {
			out[name] = text
		}
	}
	return out
}

// tagFact makes the fact of the tags; a resource without any has an empty list.
func (i *ConfigItem) tagFact() snapshot.Fact[snapshot.Tags] {
	if i.TagList == nil {
		return snapshot.Fact[snapshot.Tags]{}
	}
	return tags(i.TagList, func(t configTag) (key, value *string) { return aws.String(t.Key), aws.String(t.Value) })
}
