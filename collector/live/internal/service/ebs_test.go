package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One snapshot that is shared with an account, a public one, a private one, one
// that may not be read, and one that vanished.
func TestReadVolumeSnapshots(t *testing.T) {
	t.Parallel()
	item := func(id, more string) string {
		return `<item><snapshotId>` + id + `</snapshotId><volumeId>vol-1</volumeId><ownerId>111122223333</ownerId>` + more + `</item>`
	}
	answer := func(items, next string) string {
		return `<DescribeSnapshotsResponse` + ec2Head + `<snapshotSet>` + items + `</snapshotSet>` + next + `</DescribeSnapshotsResponse>`
	}
	shares := func(items string) string {
		return `<DescribeSnapshotAttributeResponse` + ec2Head + `<snapshotId>s</snapshotId><createVolumePermission>` + items + `</createVolumePermission></DescribeSnapshotAttributeResponse>`
	}
	got, err := awstest.Read(t, "ebs", awstest.Answers{
		"Action=DescribeSnapshots": about(
			"NextToken", answer(item("snap-private", "")+item("snap-closed", "")+item("snap-gone", ""), ""),
			"Owner.1=self", answer(item("snap-shared", `<encrypted>true</encrypted><kmsKeyId>arn:aws:kms:eu-central-1:111122223333:key/1234abcd</kmsKeyId><tagSet><item><key>env</key><value>prod</value></item></tagSet>`)+
				item("snap-public", `<encrypted>false</encrypted>`), `<nextToken>2</nextToken>`)),
		"Action=DescribeSnapshotAttribute": about(
			"snap-shared", shares(`<item><userId>777788889999</userId></item><item><userId>444455556666</userId></item>`),
			"snap-public", shares(`<item><group>all</group></item>`),
			"snap-private", shares(``),
			"snap-closed", ec2Error("UnauthorizedOperation"),
			"snap-gone", ec2Error("InvalidSnapshot.NotFound")),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "ebs", got)
}

func TestReadVolumeSnapshotsDenied(t *testing.T) {
	t.Parallel()
	if _, err := awstest.Read(t, "ebs", awstest.Answers{"Action=DescribeSnapshots": ec2Error("UnauthorizedOperation")}); err == nil {
		t.Error("a list that may not be read is no error")
	}
}
