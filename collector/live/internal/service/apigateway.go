package service

import (
	"context"
	"errors"

	"github.com/aws/smithy-go"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// apigateway reads the REST APIs. HTTP and WebSocket APIs have no resource
// policies ("Controlling access to HTTP APIs", API Gateway guide).
var apigateway = Service{
	Name: "apigateway", Title: "Amazon API Gateway", What: "REST APIs", Scope: Regional,
	Types:      []string{"AWS::ApiGateway::RestApi"},
	Operations: []call.Operation{op("API Gateway", "GetRestApis", "apigateway:GET")},
	Lists:      1, Each: 0,
	Read: readRestAPIs,

	Config: []string{"AWS::ApiGateway::RestApi"},
}

var apigatewayAPI = call.JSONAPI{Service: "API Gateway", Prefix: "apigateway"}

type restAPI struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Policy    string            `json:"policy"`
	Tags      map[string]string `json:"tags"`
	Endpoints struct {
		Types     []string `json:"types"`
		Endpoints []string `json:"vpcEndpointIds"`
	} `json:"endpointConfiguration"`
}

func readRestAPIs(ctx context.Context, u *Unit) error {
	all, err := tokenPages(func(token string) ([]restAPI, string, error) {
		var out struct {
			Items    []restAPI `json:"item"`
			Position string    `json:"position"`
			Embedded any       `json:"_embedded"` // of HAL, which is not what was asked for
			Links    any       `json:"_links"`
		}
		err := u.get(ctx, apigatewayAPI, "GetRestApis", "/restapis", queryOf("limit", "500", "position", token), &out)
		if err == nil && (out.Embedded != nil || out.Links != nil) {
			err = &smithy.DeserializationError{Err: errors.New("the list of APIs is in HAL")}
		}
		return out.Items, out.Position, err
	})
	if err != nil {
		return err
	}
	for i := range all {
		u.Add(u.restAPI(&all[i]))
	}
	return nil
}

// restAPI makes the resource that requests to the API are made on: theirs begin
// with its ARN, and then say stage, method and path.
func (u *Unit) restAPI(a *restAPI) *snapshot.Resource {
	r := &snapshot.Resource{
		ARN: u.ARN("execute-api", a.ID), Type: "AWS::ApiGateway::RestApi", Name: a.Name, Tags: tagMap(a.Tags),
	}
	policy := unescaped(a.Policy)
	r.Policy = u.document(r.ARN, &policy, nil)
	r.Extra = extra(struct {
		Types     []string `json:"EndpointTypes,omitzero"`
		Endpoints []string `json:"VpcEndpointIds,omitzero"`
	}{a.Endpoints.Types, a.Endpoints.Endpoints})
	return r
}

// unescaped undoes what API Gateway does to policies: its answers hold them as the
// inside of a JSON string, with a backslash before each quotation mark and slash.
// A text that is a document already stays.
func unescaped(text string) string {
	if jsontext.Value(text).IsValid() {
		return text
	}
	var plain string
	if json.Unmarshal([]byte(`"`+text+`"`), &plain) == nil && jsontext.Value(plain).IsValid() {
		return plain
	}
	return text
}
