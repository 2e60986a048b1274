package main

import (
	"html/template"
	"io"

	"pathfinder/render/serve"
	"pathfinder/render/view"
)

// explorerPage says what serve shows.
func explorerPage() serve.Config {
	return serve.Config{Page: plainPage, PagePolicy: "default-src 'none'"}
}

// plainPage writes a page without a script: what the snapshot is, and where to
// ask.
func plainPage(w io.Writer, v *view.View) error { return plain.Execute(w, v) }

var plain = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>pathfinder: {{.Title}}</title>
<h1>{{.Title}}</h1>
{{if not .Taken.IsZero}}<p>Read {{.Taken.Format "2006-01-02 15:04 MST"}}.</p>{{end}}
{{range .Notes}}<p>{{.}}</p>{{end}}
{{if .Unknown}}<p>Not known:</p><ul>{{range .Unknown}}<li>{{.}}</li>{{end}}</ul>{{end}}
<ul>
<li><a href="/api/meta">/api/meta</a></li>
<li>/api/search?q=TEXT</li>
<li>/api/around?id=ID&amp;hops=1</li>
<li>/api/who-can?resource=R&amp;action=A</li>
<li>/api/can?principal=P&amp;resource=R&amp;action=A</li>
<li>/api/paths?principal=P&amp;resource=R&amp;action=A</li>
</ul>
</html>
`))
