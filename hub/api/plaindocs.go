package api

import (
	"bytes"
	"html/template"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// plainPage shows the operations where the built pages are missing. It has no
// script and no style.
var plainPage = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>接口文档 · API | 通办 Tongban</title><link rel="icon" href="data:,"></head>
<body><main><h1>接口文档 · API</h1>
<p>机器可读的描述 The full description: <a href="/openapi.json">/openapi.json</a></p>
{{range .}}<h2>{{.Tag}}</h2>
<dl>{{range .Ops}}<dt><code>{{.Method}} {{.Path}}</code></dt><dd>{{.Summary}}{{with .Description}}<br>{{.}}{{end}}</dd>
{{end}}</dl>
{{end}}</main></body></html>
`))

type plainTag struct {
	Tag string
	Ops []*huma.Operation
}

func (s *Server) plainDocs() []byte {
	description := s.api.OpenAPI()
	var tags []plainTag
	for _, t := range description.Tags {
		tags = append(tags, plainTag{Tag: t.Description})
		ops := &tags[len(tags)-1].Ops
		for _, op := range operations(description) {
			if slices.Contains(op.Tags, t.Name) {
				*ops = append(*ops, op)
			}
		}
	}
	var b bytes.Buffer
	if err := plainPage.Execute(&b, tags); err != nil {
		return []byte("/openapi.json")
	}
	return b.Bytes()
}

// operations lists every operation in the order of its path.
func operations(d *huma.OpenAPI) []*huma.Operation {
	var paths []string
	for p := range d.Paths {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	var all []*huma.Operation
	for _, p := range paths {
		item := d.Paths[p]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete, item.Patch, item.Head, item.Options} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}
