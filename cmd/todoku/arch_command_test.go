package main

import (
	"go/ast"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// commandText is the text of a command: "todoku check …", "todoku --lab …", or its beginning before a value.
var commandText = regexp.MustCompile(`\btodoku ($|%|--?[a-z]|(check|diagnose|explain|guide|triage|history|letter|send|bounce|` +
	`collect|watch|reports|fix|replay|config|mcp|serve|completion|man|version|lab (list|serve))\b)`)

// helps are the fields and calls that describe commands and flags: static text, which nothing is put into.
var helps = []string{"Use", "Short", "Long", "Example", "Var", "VarP", "BoolVar", "IntVar", "StringVar"}

// TestCommandsAreData: a command is a codes.Command. Its text stands in help only; nobody builds, compares or takes apart
// one, and only cmd/report/page makes one.
func TestCommandsAreData(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		var above []ast.Node
		ast.Inspect(f.File, func(n ast.Node) bool {
			if n == nil {
				above = above[:len(above)-1]
				return true
			}
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && commandText.MatchString(s) && !inHelp(f, above) {
					t.Errorf("%s: the text of a command; make it by codes.Todoku: %.60q", f.at(n), s)
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Words" && f.dir() != "codes" && mayMakeCommand(f, above) {
					t.Errorf("%s: words of a command come from a template", f.at(n))
				}
			case *ast.CallExpr:
				if wrong := callOfCommand(f, n); wrong != "" {
					t.Errorf("%s: %s", f.at(n), wrong)
				}
			}
			above = append(above, n)
			return true
		})
	}
}

// mayMakeCommand reports whether a field belongs to a literal that may be a codes.Command: it says no other type.
func mayMakeCommand(f source, above []ast.Node) bool {
	lit, ok := above[len(above)-1].(*ast.CompositeLit)
	if !ok || !imported(f, "todoku/codes") {
		return false
	}
	switch t := lit.Type.(type) {
	case *ast.Ident:
		return t.Name == "Command"
	case *ast.SelectorExpr:
		return t.Sel.Name == "Command"
	}
	return true
}

// callOfCommand says what is wrong with a call that makes or prints a command; "" where nothing is.
func callOfCommand(f source, n *ast.CallExpr) string {
	printer := f.dir() == "cmd/report/page"
	switch name := called(n); {
	case name == "Groups" && !printer && f.dir() != "codes", name == "Join" && !printer && slices.ContainsFunc(n.Args, ofCommand):
		return "only page prints a command"
	case name == "Todoku" && f.dir() != "diag/lab" && f.dir() != "codes" && slices.ContainsFunc(n.Args, isNoLiteral):
		return "a template is written in our own words; values come in by With and Fill"
	}
	return ""
}

// inHelp reports whether a literal belongs to the help of a command: it is in cmd, and nothing is put into it.
func inHelp(f source, above []ast.Node) bool {
	help := false
	for _, n := range above {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			return false
		case *ast.KeyValueExpr:
			key, ok := n.Key.(*ast.Ident)
			help = help || ok && slices.Contains(helps, key.Name)
		case *ast.CallExpr:
			if name := called(n); slices.Contains(helps, name) {
				help = true
			} else if strings.HasSuffix(name, "printf") || slices.Contains([]string{"Say", "Errorf", "Replace", "ReplaceAll",
				"NewReplacer", "Join"}, name) {
				return false
			}
		}
	}
	return help && within(f.dir(), "cmd")
}

func imported(f source, name string) bool { return slices.Contains(imports(f), name) }

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// ofCommand reports whether an expression is the words of a command.
func ofCommand(e ast.Expr) bool {
	c, ok := e.(*ast.CallExpr)
	return ok && slices.Contains([]string{"Argv", "Groups"}, called(c))
}

func isNoLiteral(e ast.Expr) bool { _, ok := e.(*ast.BasicLit); return !ok }

// TestCatalogueHasNoTextOfCommands: the catalogue holds commands as lists of words.
func TestCatalogueHasNoTextOfCommands(t *testing.T) {
	t.Parallel()
	read := 0
	err := filepath.WalkDir(filepath.Join(root, "codes", "catalogue"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".yaml" {
			return err
		}
		read++
		text, err := os.ReadFile(name)
		for i, line := range strings.Split(string(text), "\n") {
			if found := commandText.FindString(line); found != "" {
				t.Errorf("%s:%d: %q", name, i+1, found)
			}
		}
		return err
	})
	if err != nil || read < 50 {
		t.Fatal(read, err)
	}
}
