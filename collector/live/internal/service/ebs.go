package service

import (
	"context"
	"slices"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var ebs = Service{
	Name: "ebs", Title: "Amazon EBS", What: "snapshots and whom they are shared with", Scope: Regional,
	Types:      []string{"AWS::EC2::Snapshot"},
	Operations: ops("EC2", "ec2", "DescribeSnapshots", "DescribeSnapshotAttribute"),
	Lists:      1, Each: 1,
	Read: readVolumeSnapshots,
}

type volumeSnapshot struct {
	ID    string  `xml:"snapshotId"`
	Owner string  `xml:"ownerId"`
	Key   string  `xml:"kmsKeyId"`
	Tags  ec2Tags `xml:"tagSet>item"`
}

// readVolumeSnapshots asks for the shares of each snapshot. A list of those that
// everybody may use takes one call, but one of those that some account outside of
// the organization may use does not exist.
func readVolumeSnapshots(ctx context.Context, u *Unit) error {
	all, err := tokenPages(func(token string) ([]volumeSnapshot, string, error) {
		var out struct {
			Snapshots []volumeSnapshot `xml:"snapshotSet>item"`
			NextToken string           `xml:"nextToken"`
		}
		in := queryOf("Owner.1", "self", "MaxResults", "1000", "NextToken", token)
		err := u.query(ctx, ec2API, "DescribeSnapshots", in, &out)
		return out.Snapshots, out.NextToken, err
	})
	if err != nil {
		return err
	}
	return each(ctx, all, func(ctx context.Context, s volumeSnapshot) {
		if s.Owner == "" || s.Owner == u.Account {
			readVolumeSnapshot(ctx, u, s)
		}
	})
}

func readVolumeSnapshot(ctx context.Context, u *Unit, s volumeSnapshot) {
	// Their ARNs hold no account ("Actions, resources, and condition keys for
	// Amazon EC2").
	r := &snapshot.Resource{
		ARN: "arn:" + u.Partition + ":ec2:" + u.Region + "::snapshot/" + s.ID, Type: "AWS::EC2::Snapshot", Account: u.Account, Tags: s.Tags.fact(),
	}
	if s.Key != "" {
		r.Encryption = u.encryption(s.Key, "alias/aws/ebs")
	}
	var out struct {
		Permissions []struct {
			User  string `xml:"userId"`
			Group string `xml:"group"`
		} `xml:"createVolumePermission>item"`
	}
	in := queryOf("SnapshotId", s.ID, "Attribute", "createVolumePermission")
	err := u.query(ctx, ec2API, "DescribeSnapshotAttribute", in, &out)
	var with []string
	for _, p := range out.Permissions {
		with = append(with, p.User+p.Group) // one of the two
	}
	if call.Is(err, "InvalidSnapshot.NotFound") {
		return
	}
	r.SharedWith = u.shares(r.ARN, with, err)
	u.Add(r)
}

// shares makes the fact of whom something is shared with.
func (u *Unit) shares(what string, with []string, err error) snapshot.Fact[[]string] {
	switch {
	case err != nil:
		u.Missing(what+" shares", err)
		return snapshot.Fact[[]string]{}
	case len(with) == 0:
		return snapshot.None[[]string]()
	}
	slices.Sort(with)
	return snapshot.Have(with)
}
