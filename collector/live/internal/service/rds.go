package service

import (
	"context"
	"net/url"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// rds reads the snapshots that people made. Automated ones cannot be shared; a copy
// that is to be shared is a manual one ("Sharing a DB snapshot", RDS guide). The
// API answers with those of Neptune and DocumentDB as well.
var rds = Service{
	Name: "rds", Title: "Amazon RDS", What: "snapshots and whom they are shared with", Scope: Regional,
	Types: []string{"AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot"},
	Operations: ops("RDS", "rds", "DescribeDBSnapshots", "DescribeDBSnapshotAttributes",
		"DescribeDBClusterSnapshots", "DescribeDBClusterSnapshotAttributes"),
	Lists: 2, Each: 1,
	Read: readDatabaseSnapshots,
}

var rdsAPI = call.API{Service: "RDS", Prefix: "rds", Version: "2014-10-31"}

type databaseSnapshot struct {
	Key  string `xml:"KmsKeyId"`
	Tags []struct {
		Key   string `xml:"Key"`
		Value string `xml:"Value"`
	} `xml:"TagList>Tag"`

	DBSnapshotIdentifier, DBSnapshotArn               string
	DBClusterSnapshotIdentifier, DBClusterSnapshotArn string
}

// A restoreAttribute is an attribute of a snapshot; the one named restore lists
// accounts, or "all".
type restoreAttribute struct {
	Name   string   `xml:"AttributeName"`
	Values []string `xml:"AttributeValues>AttributeValue"`
}

func readDatabaseSnapshots(ctx context.Context, u *Unit) error {
	single, noSingle := tokenPages(func(token string) ([]databaseSnapshot, string, error) {
		var out struct {
			Marker string             `xml:"DescribeDBSnapshotsResult>Marker"`
			List   []databaseSnapshot `xml:"DescribeDBSnapshotsResult>DBSnapshots>DBSnapshot"`
		}
		err := u.query(ctx, rdsAPI, "DescribeDBSnapshots", manual(token), &out)
		return out.List, out.Marker, err
	})
	cluster, noCluster := tokenPages(func(token string) ([]databaseSnapshot, string, error) {
		var out struct {
			Marker string             `xml:"DescribeDBClusterSnapshotsResult>Marker"`
			List   []databaseSnapshot `xml:"DescribeDBClusterSnapshotsResult>DBClusterSnapshots>DBClusterSnapshot"`
		}
		err := u.query(ctx, rdsAPI, "DescribeDBClusterSnapshots", manual(token), &out)
		return out.List, out.Marker, err
	})
	switch {
	case noSingle != nil && noCluster != nil:
		return noSingle
	case noSingle != nil:
		u.Missing("DB snapshots", noSingle)
	case noCluster != nil:
		u.Missing("DB cluster snapshots", noCluster)
	}
	if err := each(ctx, single, func(ctx context.Context, s databaseSnapshot) { readDBSnapshot(ctx, u, s) }); err != nil {
		return err
	}
	return each(ctx, cluster, func(ctx context.Context, s databaseSnapshot) { readDBClusterSnapshot(ctx, u, s) })
}

func manual(marker string) url.Values {
	return queryOf("SnapshotType", "manual", "MaxRecords", "100", "Marker", marker)
}

func readDBSnapshot(ctx context.Context, u *Unit, s databaseSnapshot) {
	var out struct {
		List []restoreAttribute `xml:"DescribeDBSnapshotAttributesResult>DBSnapshotAttributesResult>DBSnapshotAttributes>DBSnapshotAttribute"`
	}
	err := u.query(ctx, rdsAPI, "DescribeDBSnapshotAttributes", queryOf("DBSnapshotIdentifier", s.DBSnapshotIdentifier), &out)
	if !call.Is(err, "DBSnapshotNotFound", "DBSnapshotNotFoundFault") {
		u.addDatabaseSnapshot("AWS::RDS::DBSnapshot", s.DBSnapshotArn, &s, out.List, err)
	}
}

func readDBClusterSnapshot(ctx context.Context, u *Unit, s databaseSnapshot) {
	var out struct {
		List []restoreAttribute `xml:"DescribeDBClusterSnapshotAttributesResult>DBClusterSnapshotAttributesResult>DBClusterSnapshotAttributes>DBClusterSnapshotAttribute"`
	}
	err := u.query(ctx, rdsAPI, "DescribeDBClusterSnapshotAttributes", queryOf("DBClusterSnapshotIdentifier", s.DBClusterSnapshotIdentifier), &out)
	if !call.Is(err, "DBClusterSnapshotNotFoundFault") {
		u.addDatabaseSnapshot("AWS::RDS::DBClusterSnapshot", s.DBClusterSnapshotArn, &s, out.List, err)
	}
}

func (u *Unit) addDatabaseSnapshot(kind, name string, s *databaseSnapshot, attributes []restoreAttribute, err error) {
	r := &snapshot.Resource{ARN: name, Type: kind}
	list := make([]tag, len(s.Tags))
	for i := range s.Tags {
		list[i] = tag(s.Tags[i])
	}
	r.Tags = tagList(list)
	if s.Key != "" {
		r.Encryption = u.encryption(s.Key, "alias/aws/rds")
	}
	var with []string
	for _, a := range attributes {
		if a.Name == "restore" {
			with = append(with, a.Values...)
		}
	}
	r.SharedWith = u.shares(name, with, err)
	u.Add(r)
}
