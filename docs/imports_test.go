package docs_test

import (
	"encoding/json"
	"errors"
	"go/version"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "tongban"

// inward names, for each folder, the other folders of ours that it may import. Packages of one folder may import each
// other, tests may import anything, and a folder not named here (cmd) is free. The longest name that fits counts.
var inward = map[string][]string{
	"hub":               {},
	"hub/api":           {"hub"},
	"hub/certificate":   {"hub"},
	"hub/press":         {"hub", "hub/certificate"},
	"hub/gm":            {"hub"},
	"hub/material":      {"hub"},
	"hub/hubtest":       {"hub", "policies", "storage/mongo", "storage/object", "storage/storetest"},
	"routing":           {"hub"},
	"policies":          {"hub"},
	"storage/mongo":     {"hub"},
	"storage/object":    {"hub"},
	"storage/embedded":  {"hub"},
	"storage/storetest": {"hub", "storage/mongo", "storage/object", "storage/embedded"},
	"video":             {"hub", "video/record"},
	"video/record":      {}, // knows packets and segments, neither rooms nor cases
	"web":               {},
}

// confined names the only folders that may import a library, tests included.
var confined = map[string][]string{
	"github.com/gofiber/":                   {"hub/api"},
	"github.com/danielgtaylor/huma":         {"hub/api"},
	"github.com/valyala/fasthttp":           {"hub/api"},
	"github.com/fasthttp/websocket":         {"hub/api", "video/headless"},
	"go.mongodb.org/mongo-driver":           {"storage/mongo", "storage/embedded", "storage/storetest"},
	"github.com/256dpi/lungo":               {"storage/embedded"},
	"go.etcd.io/bbolt":                      {"storage/embedded"},
	"github.com/versity/versitygw":          {"storage/embedded"},
	"github.com/minio/minio-go":             {"storage/object", "storage/storetest"},
	"github.com/casbin/":                    {"policies"},
	"github.com/emmansun/gmsm":              {"hub/gm"},
	"cel.dev/cel-go":                        {"hub/standard"},
	"github.com/santhosh-tekuri/jsonschema": {"hub/standard"},
	"github.com/pion/":                      {"video"},
	"github.com/pion/turn/v5":               {"video/relay"},
	"github.com/chromedp/":                  {"video"},
	"golang.org/x/image":                    {"hub/material", "cmd", "video/headless"},
	"github.com/tus/":                       {"storage/object/resume"},
	"golang.org/x/exp":                      {"storage/object/resume"},
	"github.com/signintech/gopdf":           {"hub/certificate", "cmd/hub/demo"}, // the demo draws its scans
	"github.com/skip2/go-qrcode":            {"hub/certificate"},
	"github.com/digitorus/":                 {"hub/certificate"},
}

// goPackage is what the rules need of `go list -json`.
type goPackage struct {
	ImportPath, Doc                    string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
}

// folder is the package's place below the root.
func (p goPackage) folder() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

func TestImportsPointInward(t *testing.T) {
	for _, p := range packages(t) {
		home := owner(p.folder())
		allowed, ruled := inward[home]
		if !ruled {
			continue
		}
		for _, i := range p.Imports {
			to, ours := strings.CutPrefix(i, module+"/")
			if ours && owner(to) != home && !slices.Contains(allowed, owner(to)) {
				t.Errorf("%s imports %s; of ours %s may import only %q", p.folder(), to, home, allowed)
			}
		}
	}
}

// hub may use its own sub-packages as long as these use nothing but the standard library either.
func TestHubImportsOnlyTheStandardLibrary(t *testing.T) {
	byFolder := map[string]goPackage{}
	for _, p := range packages(t) {
		byFolder[p.folder()] = p
	}
	seen := map[string]bool{}
	var check func(name string)
	check = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, i := range byFolder[name].Imports {
			to, ours := strings.CutPrefix(i, module+"/")
			switch {
			case ours:
				check(to)
			case !standard(i):
				t.Errorf("%s imports %s; hub and what it imports use the standard library only", name, i)
			}
		}
	}
	check("hub")
}

func TestEachLibraryStaysInItsFolder(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			for lib, homes := range confined {
				home := func(h string) bool { return within(p.folder(), h) }
				if strings.HasPrefix(i, lib) && !slices.ContainsFunc(homes, home) {
					t.Errorf("%s imports %s, which belongs in %q", p.folder(), i, homes)
				}
			}
		}
	}
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && !strings.HasPrefix(p.Doc, "Package ") && !strings.HasPrefix(p.Doc, "Command ") {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

// Older releases of fasthttp parse the unread rest of a streamed body as the next request.
func TestFasthttpIsNewEnough(t *testing.T) {
	const atLeast = "1.78.0"
	got := strings.TrimSpace(string(golist(t, "-m", "-f", "{{.Version}}", "github.com/valyala/fasthttp")))
	// go/version compares "go1.78.0"; the numbers are ordered alike.
	if version.Compare("go"+strings.TrimPrefix(got, "v"), "go"+atLeast) < 0 {
		t.Errorf("go.mod requires fasthttp %s, want v%s or newer", got, atLeast)
	}
}

// owner is the longest name in inward that holds the folder, or the folder itself.
func owner(folder string) string {
	best := ""
	for name := range inward {
		if within(folder, name) && len(name) > len(best) {
			best = name
		}
	}
	if best == "" {
		return folder
	}
	return best
}

func within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}

// standard reports whether the import is of the standard library, whose first element has no dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != module && !strings.Contains(first, ".")
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	var all []goPackage
	dec := json.NewDecoder(strings.NewReader(string(golist(t, "-json", "./..."))))
	for {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 2 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}

func golist(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		var stderr []byte
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			stderr = exit.Stderr
		}
		t.Fatalf("go list %q: %v\n%s", args, err, stderr)
	}
	return out
}
