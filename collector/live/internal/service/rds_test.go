package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

const rdsHead = ` xmlns="http://rds.amazonaws.com/doc/2014-10-31/">`

func rdsSnapshots(items, marker string) string {
	return `<DescribeDBSnapshotsResponse` + rdsHead + `<DescribeDBSnapshotsResult>` + marker + `<DBSnapshots>` + items + `</DBSnapshots></DescribeDBSnapshotsResult></DescribeDBSnapshotsResponse>`
}

func rdsSnapshot(id, more string) string {
	return `<DBSnapshot><DBSnapshotIdentifier>` + id + `</DBSnapshotIdentifier><SnapshotType>manual</SnapshotType>` +
		`<DBSnapshotArn>arn:aws:rds:eu-central-1:111122223333:snapshot:` + id + `</DBSnapshotArn>` + more + `</DBSnapshot>`
}

func rdsShares(kind, values string) string {
	return `<Describe` + kind + `AttributesResponse` + rdsHead + `<Describe` + kind + `AttributesResult><` + kind + `AttributesResult><` + kind + `Attributes>` +
		`<` + kind + `Attribute><AttributeName>other</AttributeName><AttributeValues><AttributeValue>x</AttributeValue></AttributeValues></` + kind + `Attribute>` +
		`<` + kind + `Attribute><AttributeName>restore</AttributeName><AttributeValues>` + values + `</AttributeValues></` + kind + `Attribute>` +
		`</` + kind + `Attributes></` + kind + `AttributesResult></Describe` + kind + `AttributesResult></Describe` + kind + `AttributesResponse>`
}

// Snapshots of an instance: shared, private, closed, vanished; of a cluster: public
// and vanished.
func TestReadDatabaseSnapshots(t *testing.T) {
	t.Parallel()
	cluster := func(id string) string {
		return `<DBClusterSnapshot><DBClusterSnapshotIdentifier>` + id + `</DBClusterSnapshotIdentifier><StorageEncrypted>false</StorageEncrypted>` +
			`<DBClusterSnapshotArn>arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:` + id + `</DBClusterSnapshotArn><TagList/></DBClusterSnapshot>`
	}
	got, err := awstest.Read(t, "rds", awstest.Answers{
		"Action=DescribeDBSnapshots": about(
			"Marker", rdsSnapshots(rdsSnapshot("private", "<TagList/>")+rdsSnapshot("closed", "")+rdsSnapshot("gone", ""), ""),
			"SnapshotType=manual", rdsSnapshots(rdsSnapshot("shared", `<Encrypted>true</Encrypted><KmsKeyId>arn:aws:kms:eu-central-1:111122223333:key/1234abcd</KmsKeyId>`+
				`<TagList><Tag><Key>env</Key><Value>prod</Value></Tag></TagList>`), `<Marker>2</Marker>`)),
		"Action=DescribeDBSnapshotAttributes": about(
			"shared", rdsShares("DBSnapshot", `<AttributeValue>777788889999</AttributeValue><AttributeValue>444455556666</AttributeValue>`),
			"private", rdsShares("DBSnapshot", ""),
			"closed", awstest.XMLError(403, "AccessDenied"),
			"gone", awstest.XMLError(404, "DBSnapshotNotFound")),
		"Action=DescribeDBClusterSnapshots": about(
			"Marker", `<DescribeDBClusterSnapshotsResponse`+rdsHead+`<DescribeDBClusterSnapshotsResult><DBClusterSnapshots>`+cluster("lost")+`</DBClusterSnapshots></DescribeDBClusterSnapshotsResult></DescribeDBClusterSnapshotsResponse>`,
			"", `<DescribeDBClusterSnapshotsResponse`+rdsHead+`<DescribeDBClusterSnapshotsResult><Marker>2</Marker><DBClusterSnapshots>`+cluster("public")+`</DBClusterSnapshots></DescribeDBClusterSnapshotsResult></DescribeDBClusterSnapshotsResponse>`),
		"Action=DescribeDBClusterSnapshotAttributes": about(
			"public", rdsShares("DBClusterSnapshot", `<AttributeValue>all</AttributeValue>`),
			"lost", awstest.XMLError(404, "DBClusterSnapshotNotFoundFault")),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "rds", got)
}

// One of the two lists is closed: what the other says is kept.
func TestReadDatabaseSnapshotsDenied(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "rds", awstest.Answers{
		"Action=DescribeDBSnapshots":        rdsSnapshots("", ""),
		"Action=DescribeDBClusterSnapshots": awstest.XMLError(403, "AccessDenied"),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "rds-denied", got)
}

func TestReadDatabaseSnapshotsClosed(t *testing.T) {
	t.Parallel()
	closed := awstest.XMLError(403, "AccessDenied")
	if _, err := awstest.Read(t, "rds", awstest.Answers{"Action=DescribeDBSnapshots": closed, "Action=DescribeDBClusterSnapshots": closed}); err == nil {
		t.Error("two lists that may not be read are no error")
	}
}
