package service

import (
	"context"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var kafka = Service{
	Name: "kafka", Title: "Amazon MSK", What: "clusters", Scope: Regional,
	Types:      []string{"AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster"},
	Operations: ops("Kafka", "kafka", "ListClustersV2", "GetClusterPolicy"),
	Lists:      1, Each: 1,
	Read: readKafkaClusters,
}

var kafkaAPI = call.JSONAPI{Service: "Kafka", Prefix: "kafka"}

type kafkaCluster struct {
	Arn         string            `json:"clusterArn"`
	Type        string            `json:"clusterType"`
	Tags        map[string]string `json:"tags"`
	Provisioned struct {
		Encryption struct {
			AtRest struct {
				Key string `json:"dataVolumeKMSKeyId"`
			} `json:"encryptionAtRest"`
		} `json:"encryptionInfo"`
	} `json:"provisioned"`
}

func readKafkaClusters(ctx context.Context, u *Unit) error {
	clusters, err := tokenPages(func(token string) ([]kafkaCluster, string, error) {
		var out struct {
			Clusters  []kafkaCluster `json:"clusterInfoList"`
			NextToken string         `json:"nextToken"`
		}
		err := u.get(ctx, kafkaAPI, "ListClustersV2", "/api/v2/clusters", queryOf("maxResults", "100", "nextToken", token), &out)
		return out.Clusters, out.NextToken, err
	})
	if err != nil {
		return err
	}
	return each(ctx, clusters, func(ctx context.Context, c kafkaCluster) {
		r := &snapshot.Resource{ARN: c.Arn, Type: "AWS::MSK::Cluster", Tags: tagMap(c.Tags)}
		if c.Type == "SERVERLESS" {
			r.Type = "AWS::MSK::ServerlessCluster"
		}
		if key := c.Provisioned.Encryption.AtRest.Key; key != "" {
			r.Encryption = u.encryption(key, "alias/aws/kafka")
		}
		var out struct {
			Policy string `json:"policy"`
		}
		err := u.get(ctx, kafkaAPI, "GetClusterPolicy", "/v1/clusters/"+call.Escape(c.Arn)+"/policy", nil, &out)
		r.Policy = u.document(r.ARN, &out.Policy, err, "NotFoundException")
		u.Add(r)
	})
}
