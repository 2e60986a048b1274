package serve

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
)

// protect sets what every response says.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; "+nowhere)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
}

// nowhere is the part of a Content-Security-Policy that a page can't say in
// itself, or that default-src does not cover.
const nowhere = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// refuse returns why a request is not answered, nil when it is.
func (h *Handler) refuse(r *http.Request) *httpError {
	switch site := r.Header.Values("Sec-Fetch-Site"); {
	case !h.hosts[lower(r.Host)]:
		return &httpError{http.StatusMisdirectedRequest, fmt.Sprintf("this server does not go by the name %q: use the address that pathfinder serve printed, or name this one with --host", short(r.Host))}
	case foreign(r):
		return &httpError{http.StatusForbidden, "pages of another origin can't ask here"}
	case len(site) > 1 || len(site) == 1 && site[0] != "same-origin" && site[0] != "none" && !visits(r):
		return &httpError{http.StatusForbidden, "pages of another site can't ask here"}
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return &httpError{http.StatusMethodNotAllowed, "nothing can be changed here: use GET"}
	case r.ContentLength != 0:
		return &httpError{http.StatusBadRequest, "a question has no body: it stands in the address"}
	}
	return nil
}

// foreign reports whether a page of another origin made the request. Browsers send
// no Origin with most GETs of the same one.
func foreign(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		if lower(origin) != "http://"+lower(r.Host) {
			return true
		}
	}
	return false
}

// visits reports whether somebody follows a link to the page.
func visits(r *http.Request) bool {
	return r.URL.Path == "/" && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

func lower(s string) string { return strings.ToLower(s) }

// Hosts lists by which values of Host a server that listens at addr goes: those
// that more names, each with a port or at the port of addr, and if addr is
// loopback that itself, which then comes first, and the names of this machine.
func Hosts(addr net.Addr, more []string) (list []string) {
	at, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return nil
	}
	names := more
	if Loopback(addr.String()) {
		names = slices.Concat([]string{at, "127.0.0.1", "localhost", "::1"}, more)
	}
	for _, name := range names {
		if _, _, err := net.SplitHostPort(name); err == nil {
			list = append(list, name)
			continue
		}
		name = net.JoinHostPort(strings.Trim(name, "[]"), port)
		list = append(list, name)
		if port == "80" { // which browsers leave out
			list = append(list, strings.TrimSuffix(name, ":80"))
		}
	}
	return list
}

// Loopback reports whether only this machine can reach an address of the form
// host:port.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return lower(host) == "localhost" || ip != nil && ip.IsLoopback()
}
