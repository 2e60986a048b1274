package call

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"pathfinder/graphmodel/arn"
)

// Options say how calls are made. Only Operations is required.
type Options struct {
	Profile     string        // of the shared configuration; "" for the default
	Region      string        // to call first; "" for the configured one, or us-east-1
	Operations  []Operation   // all that may be called
	MaxInFlight int           // calls at one time; 0 for 50
	Timeout     time.Duration // of one attempt; 0 for one minute
	MaxBackoff  time.Duration // between attempts; 0 for 20 s
	Client      Doer          // sends the requests; nil for the SDK's own
}

// A Session is what calls are made with: the caller's own credentials.
type Session struct {
	Account   string // of the caller
	Partition string // "aws", "aws-cn" …
	Region    string // where the caller starts

	base aws.Config
	gate *gate
	opts Options
}

// signing operations of the session itself.
var own = []Operation{
	{Service: "STS", Name: "GetCallerIdentity"}, // needs no permission
	{Service: "STS", Name: "AssumeRole", Actions: []string{"sts:AssumeRole"}},
}

// Open finds the caller's credentials as the AWS CLI does, and asks whose they
// are.
func Open(ctx context.Context, opts Options) (*Session, error) {
	if opts.MaxInFlight <= 0 {
		opts.MaxInFlight = 50
	}
	if opts.Timeout <= 0 {
		opts.Timeout = time.Minute
	}
	if opts.MaxBackoff <= 0 {
		opts.MaxBackoff = maxBackoff
	}
	opts.Operations = append(own[:len(own):len(own)], opts.Operations...)
	base, err := load(ctx, opts)
	if err != nil {
		return nil, err
	}
	if _, err := base.Credentials.Retrieve(ctx); err != nil {
		return nil, noCredentials(err)
	}
	s := &Session{Region: base.Region, base: base, gate: newGate(opts), opts: opts}
	id, err := sts.NewFromConfig(s.Own().In(base.Region)).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, func(o *sts.Options) {
		o.Retryer = &firstCall{Retryer: o.Retryer, began: time.Now()}
	})
	switch {
	case isUnreachable(err):
		return nil, fmt.Errorf("AWS can't be reached: %s; see whether the network, proxies, --region, and AWS_ENDPOINT_URL if it is set, are right", Reason(err))
	case err != nil:
		return nil, fmt.Errorf("the credentials do not work: %s; see `aws sts get-caller-identity`, or choose others with --profile", Reason(err))
	}
	s.Account, s.Partition = aws.ToString(id.Account), arn.Partition(aws.ToString(id.Arn))
	return s, nil
}

// noCredentials tells why there is nothing to sign calls with. What the SDK says names
// every place where it looked, and endpoints and files with it.
func noCredentials(err error) error {
	if _, expired := errors.AsType[*ssocreds.InvalidTokenError](err); expired {
		return errors.New("the AWS credentials expired: log in with `aws sso login`, or choose others with --profile")
	}
	why := ""
	if code := Code(err); code != "" && isCode(code) { // of a role that the profile assumes
		why = " (" + Reason(err) + ")"
	}
	return fmt.Errorf("there are no AWS credentials that can be used%s: set AWS_PROFILE or give --profile, log in with `aws sso login`, or see `aws configure`", why)
}

func load(ctx context.Context, opts Options) (aws.Config, error) {
	// The SDK warns on stderr of what nobody can change, amid bars and messages.
	set := []func(*config.LoadOptions) error{config.WithLogger(logging.Nop{})}
	if opts.Profile != "" {
		set = append(set, config.WithSharedConfigProfile(opts.Profile))
	}
	if opts.Region != "" {
		set = append(set, config.WithRegion(opts.Region))
	}
	first, err := config.LoadDefaultConfig(ctx, set...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("the AWS configuration cannot be used: %w", err)
	}
	host := ""
	if u, err := url.Parse(aws.ToString(first.BaseEndpoint)); err == nil {
		host = u.Host
	}
	base, err := config.LoadDefaultConfig(ctx, append(set, config.WithHTTPClient(httpClient(host)))...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("the AWS configuration cannot be used: %w", err)
	}
	if base.Region == "" {
		base.Region = "us-east-1"
	}
	client := Doer(base.HTTPClient)
	if opts.Client != nil {
		client = opts.Client
	}
	base.HTTPClient = reading{client}
	return base, nil
}

// Stats returns what has been counted so far.
func (s *Session) Stats() Stats { return s.gate.counts.get() }

// A Login makes calls as one account's credentials. It is safe for concurrent
// use.
type Login struct {
	Account string
	s       *Session
	creds   aws.CredentialsProvider
}

// Own returns the caller's own credentials.
func (s *Session) Own() *Login {
	return &Login{Account: s.Account, s: s, creds: s.base.Credentials}
}

// sessionTime is how long the sessions of roles live; they are renewed in time.
const (
	sessionTime = time.Hour
	renewBefore = 5 * time.Minute
)

// Enter assumes the role in an account. The error is about the role.
func (s *Session) Enter(ctx context.Context, account, role, externalID string) (*Login, error) {
	name := "arn:" + s.Partition + ":iam::" + account + ":role/" + strings.TrimPrefix(role, "/")
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(s.Own().In(s.Region)), name, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "pathfinder"
		o.Duration = sessionTime
		if externalID != "" {
			o.ExternalID = &externalID
		}
	})
	creds := aws.NewCredentialsCache(provider, func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = renewBefore })
	if _, err := creds.Retrieve(ctx); err != nil {
		return nil, fmt.Errorf("role %s could not be assumed: %w", name, err)
	}
	return &Login{Account: account, s: s, creds: creds}, nil
}

// In returns the configuration for clients in a region.
func (l *Login) In(region string) aws.Config {
	cfg := l.s.base.Copy()
	cfg.Region, cfg.Credentials = region, l.creds
	cfg.Retryer = func() aws.Retryer { return retryer(l.s.opts.MaxBackoff, l.renew) }
	cfg.RetryMaxAttempts, cfg.RetryMode = 0, "" // what the environment says would replace ours
	cfg.APIOptions = append(cfg.APIOptions[:len(cfg.APIOptions):len(cfg.APIOptions)], l.s.gate.middleware(l.Account, region))
	return cfg
}

// CustomEndpoint reports whether all calls go to one endpoint, such as that of a
// stand-in for AWS.
func (l *Login) CustomEndpoint() bool { return l.s.base.BaseEndpoint != nil }

// renew throws away credentials that AWS calls expired.
func (l *Login) renew() {
	if cache, ok := l.creds.(interface{ Invalidate() }); ok {
		cache.Invalidate()
	}
}
