package service

import (
	"context"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var efs = Service{
	Name: "efs", Title: "Amazon EFS", What: "file systems", Scope: Regional,
	Types:      []string{"AWS::EFS::FileSystem"},
	Operations: ops("EFS", "elasticfilesystem", "DescribeFileSystems", "DescribeFileSystemPolicy"),
	Lists:      1, Each: 1,
	Read: readFileSystems,

	Config: []string{"AWS::EFS::FileSystem"},
}

var efsAPI = call.JSONAPI{Service: "EFS", Prefix: "elasticfilesystem"}

type fileSystem struct {
	FileSystemId, FileSystemArn, KmsKeyId string
	Tags                                  []tag
}

func readFileSystems(ctx context.Context, u *Unit) error {
	systems, err := tokenPages(func(token string) ([]fileSystem, string, error) {
		var out struct {
			FileSystems []fileSystem
			NextMarker  string
		}
		err := u.get(ctx, efsAPI, "DescribeFileSystems", "/2015-02-01/file-systems", queryOf("MaxItems", "100", "Marker", token), &out)
		return out.FileSystems, out.NextMarker, err
	})
	if err != nil {
		return err
	}
	return each(ctx, systems, func(ctx context.Context, fs fileSystem) { readFileSystem(ctx, u, fs) })
}

// readFileSystem reads the policy, without which everybody may mount.
func readFileSystem(ctx context.Context, u *Unit, fs fileSystem) {
	r := &snapshot.Resource{ARN: fs.FileSystemArn, Type: "AWS::EFS::FileSystem", Tags: tagList(fs.Tags)}
	if r.ARN == "" { // some partitions answer without it
		r.ARN = u.ARN("elasticfilesystem", "file-system/"+fs.FileSystemId)
	}
	if fs.KmsKeyId != "" {
		r.Encryption = u.encryption(fs.KmsKeyId, "alias/aws/elasticfilesystem")
	}
	var out struct{ Policy string }
	err := u.get(ctx, efsAPI, "DescribeFileSystemPolicy", "/2015-02-01/file-systems/"+call.Escape(fs.FileSystemId)+"/policy", nil, &out)
	if call.Is(err, "FileSystemNotFound") {
		return
	}
	r.Policy = u.document(r.ARN, &out.Policy, err, "PolicyNotFound")
	u.Add(r)
}
