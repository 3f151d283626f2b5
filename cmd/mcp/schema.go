package mcp

import (
	"encoding/json"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// schema is what we use of JSON Schema (draft 2020-12).
type schema struct {
	Type        string            `json:"type,omitempty"`
	Description string            `json:"description,omitempty"`
	Enum        []string          `json:"enum,omitempty"`
	Items       *schema           `json:"items,omitempty"`
	MaxItems    int               `json:"maxItems,omitempty"`
	MinItems    int               `json:"minItems,omitempty"`
	MaxLength   int               `json:"maxLength,omitempty"`
	Properties  map[string]schema `json:"properties,omitempty"`
	Required    []string          `json:"required,omitempty"`
	Additional  *bool             `json:"additionalProperties,omitempty"`
}

// describe tells clients of a tool.
func (t tool) describe(a *app.App) *sdk.Tool {
	no, asks := false, t.asks
	in := schema{Type: "object", Properties: map[string]schema{}, Required: []string{}, Additional: &no}
	for _, f := range t.fields {
		in.Properties[f.name] = f.schema(a.Lang)
		if f.required {
			in.Required = append(in.Required, f.name)
		}
	}
	return &sdk.Tool{Name: t.name, Title: a.T(t.title), Description: a.T(t.says),
		InputSchema: json.RawMessage(page.Indented(in)), OutputSchema: json.RawMessage(page.Indented(answerSchema(a.Lang))),
		Annotations: &sdk.ToolAnnotations{Title: a.T(t.title), ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: &no,
			OpenWorldHint: &asks}}
}

func (f field) schema(l codes.Lang) schema {
	s := schema{Type: "string", Description: f.says.In(l), Enum: f.words}
	switch f.kind {
	case on:
		s.Type = "boolean"
	case number:
		s.Type = "integer"
	case list:
		s.Type, s.Items, s.MaxItems = "array", &schema{Type: "string", MaxLength: maxValue}, maxList
		if f.required {
			s.MinItems = 1
		}
	case text, plan:
		s.MaxLength = f.limit
	}
	return s
}
