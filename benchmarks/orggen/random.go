package orggen

import (
	"encoding/binary"
	"math/rand/v2"
)

// A random is the luck of one account or of the organization as a whole. Its
// stream depends on the seed and the number of the account alone, so accounts
// can be made in any order.
type random struct{ *rand.Rand }

// whole stands for the number of an account in the stream of the organization.
const whole = ^uint64(0)

func newRandom(seed, account uint64) random {
	var key [32]byte
	copy(key[:], "pathfinder orggen")
	binary.LittleEndian.PutUint64(key[16:], seed)
	binary.LittleEndian.PutUint64(key[24:], account)
	return random{rand.New(rand.NewChaCha8(key))}
}

// chance reports true in a share of cases.
func (r random) chance(share float64) bool { return r.Float64() < share }

// text returns n characters of an alphabet.
func (r random) text(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// The alphabets of AWS's ids.
const (
	digits = "0123456789"
	hex    = "0123456789abcdef"
	lower  = "abcdefghijklmnopqrstuvwxyz0123456789"
	base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	mixed  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
)

// uniqueID is an id as IAM makes them: a prefix for the kind and 17 characters
// (IAM User Guide, "IAM identifiers").
func (r random) uniqueID(prefix string) string { return prefix + r.text(base32, 17) }

// uuid is an id as KMS makes them.
func (r random) uuid() string {
	return r.text(hex, 8) + "-" + r.text(hex, 4) + "-4" + r.text(hex, 3) + "-a" + r.text(hex, 3) + "-" + r.text(hex, 12)
}

func pick[T any](r random, list []T) T { return list[r.IntN(len(list))] }
