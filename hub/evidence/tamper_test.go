package evidence

import (
	"archive/zip"
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// place is where a file's record and content lie in a bundle.
type place struct {
	name               string
	record, start, end int64
}

func entriesOf(t testing.TB, b []byte) []place {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out []place
	for _, f := range r.File {
		at, err := f.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, place{f.Name, at - localFixed - int64(len(f.Name)), at, at + int64(f.UncompressedSize64)})
	}
	return out
}

func TestEveryChangedByteIsFoundAndNamed(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	b := bundle(t, h, decided(t, h, "case-1"))
	entries := entriesOf(t, b)
	flips := 0
	flip := func(at int64, want string) {
		t.Helper()
		flips++
		b[at] ^= 1 << (at % 8)
		if got := wrongItem(t, b, Options{}); got != want {
			t.Errorf("byte %d of %d: names %q, want %q", at, len(b), got, want)
		}
		b[at] ^= 1 << (at % 8)
	}
	for i, e := range entries {
		whole := i < 3 || i == slices.IndexFunc(entries, func(e place) bool { return strings.HasPrefix(e.name, materialsDir) })
		for at := e.record; at < e.start; at++ {
			if whole || (at+int64(i))%11 == 0 { // every byte of one record of each kind, some of the others
				flip(at, e.name)
			}
		}
		for at := e.start; at < e.end; at += max(1, (e.end-e.start)/4) {
			flip(at, e.name)
		}
		if e.end > e.start {
			flip(e.end-1, e.name)
		}
		if i+1 < len(entries) {
			for at := e.end; at < entries[i+1].record; at++ {
				flip(at, e.name) // what follows a streamed file
			}
		}
	}
	for at := entries[len(entries)-1].end; at < int64(len(b)); at += 17 {
		flip(at, "ZIP")
	}
	for at := int64(len(b)) - 22; at < int64(len(b)); at++ {
		flip(at, "ZIP")
	}
	if item := wrongItem(t, b, Options{}); item != "" {
		t.Fatalf("the unchanged bundle is wrong at %s", item)
	}
	t.Logf("%d changes in %d bytes and %d files", flips, len(b), len(entries))
}

func TestTruncatedExtendedAndPrefixedBundlesAreRefused(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	b := bundle(t, h, decided(t, h, "case-1"))
	for n := 0; n < len(b); n += 1 + n/50 {
		if wrongItem(t, b[:n], Options{}) == "" {
			t.Errorf("the first %d of %d bytes pass", n, len(b))
		}
	}
	for name, other := range map[string][]byte{
		"one byte less": b[:len(b)-1], "one byte more": append(slices.Clone(b), 0), "a byte before": append([]byte{0}, b...),
		"twice": append(slices.Clone(b), b...), "a ZIP without anything": pack(t, zipLimit, nil, nil), "zeros": make([]byte, 5000),
	} {
		if wrongItem(t, other, Options{}) == "" {
			t.Errorf("%s passes", name)
		}
	}
}

// repack builds a bundle of the given files with a container of its own. Names
// keep the order given.
func repack(t testing.TB, order []string, content map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := newContainerWriter(&b)
	for _, name := range order {
		var err error
		if streamed(name) {
			err = w.stream(name, int64(len(content[name])), strings.NewReader(content[name]))
		} else {
			err = w.add(name, []byte(content[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func orderOf(t testing.TB, b []byte) []string {
	t.Helper()
	var out []string
	for _, e := range entriesOf(t, b) {
		out = append(out, e.name)
	}
	return out
}

func TestEntriesRemovedAddedRenamedOrMovedAreFound(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	b := bundle(t, h, decided(t, h, "case-1"))
	order, content := orderOf(t, b), files(t, b)
	if !bytes.Equal(repack(t, order, content), b) {
		t.Fatal("repacking alone changes the bundle")
	}
	try := func(what, want string, order []string) {
		t.Helper()
		if got := wrongItem(t, repack(t, order, content), Options{}); got != want {
			t.Errorf("%s: names %q, want %q", what, got, want)
		}
	}
	for i, name := range order {
		try("without "+name, name, slices.Delete(slices.Clone(order), i, i+1))
		if i > 0 {
			swapped := slices.Clone(order)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			try("swapped "+name, order[i-1], swapped)
		}
		content[name+"x"] = content[name]
		renamed := slices.Clone(order)
		renamed[i] = name + "x"
		try("renamed "+name, name, renamed)
	}
	content["zz"] = "extra"
	try("one more", "ZIP", append(slices.Clone(order), "zz"))
	try("one twice", "ZIP", append(slices.Clone(order), order[len(order)-1]))
}

// forge changes the files of a bundle as a dishonest exporter could: he lists
// and signs everything anew.
func forge(t testing.TB, h *hubtest.Hub, b []byte, change func(content map[string]string, m *manifest)) []byte {
	t.Helper()
	content := files(t, b)
	var m manifest
	if err := hub.Unmarshal([]byte(content[manifestName]), &m); err != nil {
		t.Fatal(err)
	}
	change(content, &m)
	delete(content, manifestName)
	delete(content, signatureName)
	list := func() {
		m.Files = nil
		for _, name := range slices.Sorted(maps.Keys(content)) {
			m.Files = append(m.Files, lineOf(name, []byte(content[name])))
		}
	}
	list()
	content[sumsName] = string(sumsOf(m.Files))
	list()
	raw, sig, err := h.Keys.SignNaming(t.Context(), hubtest.Registry, func(hub.PublicKey) ([]byte, error) { return hub.Marshal(m) })
	if err != nil {
		t.Fatal(err)
	}
	content[manifestName], content[signatureName] = string(raw), string(sig)
	order := []string{manifestName, signatureName}
	for _, f := range m.Files {
		order = append(order, f.Name)
	}
	return repack(t, order, content)
}

// spareKey adds the key of an agency that has nothing to do with the case.
func spareKey(t *testing.T, h *hubtest.Hub, f map[string]string) string {
	t.Helper()
	k, err := h.Keys.SigningKey(t.Context(), hubtest.Stranger)
	if err != nil {
		t.Fatal(err)
	}
	var docs []keyDoc
	if err := hub.Unmarshal([]byte(f[keysName]), &docs); err != nil {
		t.Fatal(err)
	}
	b, err := hub.Marshal(append(docs, newKeyDoc(k)))
	if err != nil {
		t.Fatal(err)
	}
	f[keysName], f[pemName(k.ID)] = string(b), string(pemOf(k.PKIX))
	return pemName(k.ID)
}

func TestADishonestExporterIsFound(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id := decided(t, h, "case-1")
	b := bundle(t, h, id)
	other := files(t, bundle(t, h, decided(t, h, "case-2")))
	var materials []string
	for _, name := range orderOf(t, b) {
		if streamed(name) {
			materials = append(materials, name)
		}
	}
	c := func(m map[string]string, name, was, becomes string) {
		if !strings.Contains(m[name], was) {
			t.Fatalf("%s does not hold %q", name, was)
		}
		m[name] = strings.Replace(m[name], was, becomes, 1)
	}
	spare := spareKey(t, h, files(t, b))
	offer := string(hub.NewOfferID(id, "offer-2"))
	msg, msgSig, receipt, receiptSig := messageNames(offer)
	for _, tt := range []struct {
		name, want string
		change     func(f map[string]string, m *manifest)
	}{
		{"nothing", "", func(map[string]string, *manifest) {}},
		{"an event is changed", "chain/000002.json", func(f map[string]string, _ *manifest) {
			c(f, "chain/000002.json", `"seen_original":true`, `"seen_original":false`)
		}},
		{"an event has unknown content", "chain/000003.json", func(f map[string]string, _ *manifest) { c(f, "chain/000003.json", `{"v"`, `{"x":1,"v"`) }},
		{"an event's signature is another's", "chain/000003.json", func(f map[string]string, _ *manifest) { f["chain/000003.sig"] = f["chain/000004.sig"] }},
		{"two events change places", "chain/000003.json", func(f map[string]string, _ *manifest) {
			f["chain/000003.json"], f["chain/000004.json"] = f["chain/000004.json"], f["chain/000003.json"]
			f["chain/000003.sig"], f["chain/000004.sig"] = f["chain/000004.sig"], f["chain/000003.sig"]
		}},
		{"an event is missing", "chain/000005.json", func(f map[string]string, _ *manifest) { delete(f, "chain/000005.json") }},
		{"an event of another case", "chain/000002.json", func(f map[string]string, _ *manifest) {
			f["chain/000002.json"], f["chain/000002.sig"] = other["chain/000002.json"], other["chain/000002.sig"]
		}},
		{"a chain of another case", manifestName, func(f map[string]string, _ *manifest) {
			for name := range f {
				if strings.HasPrefix(name, "chain/") {
					f[name] = other[name]
				}
			}
		}},
		{"the end of the chain is cut off", hashesName, func(_ map[string]string, m *manifest) { m.Head.Seq -= 2 }},
		{"the manifest names another head", manifestName, func(_ map[string]string, m *manifest) { m.Head.Hash = hub.SHA256(nil) }},
		{"the manifest names more events", "chain/", func(_ map[string]string, m *manifest) { m.Head.Seq++ }},
		{"the manifest tells another state", manifestName, func(_ map[string]string, m *manifest) { m.Status = hub.StatusRejected }},
		{"the manifest tells another custodian", manifestName, func(_ map[string]string, m *manifest) { m.Custodian = hubtest.Window }},
		{"the manifest names another number", manifestName, func(_ map[string]string, m *manifest) { m.Number += "1" }},
		{"the manifest names another exporter", keysName, func(_ map[string]string, m *manifest) { m.Exporter = hubtest.Window }},
		{"the manifest has another format", manifestName, func(_ map[string]string, m *manifest) { m.V = "tongban.bundle/2" }},
		{"a file too many", "extra.txt", func(f map[string]string, _ *manifest) { f["extra.txt"] = "?" }},
		{"an unknown material", "materials/contract/extra.pdf", func(f map[string]string, _ *manifest) { f["materials/contract/extra.pdf"] = "?" }},
		{"a name that climbs", manifestName, func(f map[string]string, _ *manifest) { f["materials/../../x"] = "?" }},
		{"an absolute name", manifestName, func(f map[string]string, _ *manifest) { f["/x"] = "?" }},
		{"a name with a backslash", manifestName, func(f map[string]string, _ *manifest) { f[`materials\x`] = "?" }},
		{"a material is missing", materials[1], func(f map[string]string, _ *manifest) { delete(f, materials[1]) }},
		{"a material is another", materials[0], func(f map[string]string, _ *manifest) { f[materials[0]] = "another" }},
		{"the readable hashes are changed", hashesName, func(f map[string]string, _ *manifest) { c(f, hashesName, "000001", "000009") }},
		{"no README", readmeName, func(f map[string]string, _ *manifest) { delete(f, readmeName) }},
		{"a message is changed", msg, func(f map[string]string, _ *manifest) { c(f, msg, `"version":1`, `"version":2`) }},
		{"a message is missing", msg, func(f map[string]string, _ *manifest) {
			for _, name := range []string{msg, msgSig, receipt, receiptSig} {
				delete(f, name)
			}
		}},
		{"a message without its signature", msgSig, func(f map[string]string, _ *manifest) { delete(f, msgSig) }},
		{"a message of another case", "messages/x.json", func(f map[string]string, _ *manifest) {
			for name := range other {
				if strings.HasPrefix(name, messagesDir) && strings.HasSuffix(name, ".recall.json") {
					f["messages/x.json"], f["messages/x.sig"] = other[name], other[strings.TrimSuffix(name, ".json")+".sig"]
				}
			}
		}},
		{"a receipt is changed", receipt, func(f map[string]string, _ *manifest) { c(f, receipt, offer, offer[1:]+"a") }},
		{"a receipt is missing", msg, func(f map[string]string, _ *manifest) { delete(f, receipt); delete(f, receiptSig) }},
		{"a receipt without its message", "messages/y.receipt.json", func(f map[string]string, _ *manifest) {
			f["messages/y.receipt.json"], f["messages/y.receipt.sig"] = f[receipt], f[receiptSig]
		}},
		{"a key's agency is changed", "chain/000001.json", func(f map[string]string, _ *manifest) {
			c(f, keysName, string(hubtest.Window), string(hubtest.Stranger))
		}},
		{"a key that signed nothing", spare, func(f map[string]string, _ *manifest) { spareKey(t, h, f) }},
		{"a key came later", "chain/000001.json", func(f map[string]string, _ *manifest) {
			f[keysName] = strings.ReplaceAll(f[keysName], "1970-01-01", "2990-01-01")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := wrongItem(t, forge(t, h, b, tt.change), Options{})
			if got != tt.want && (tt.want != "chain/" || !strings.HasPrefix(got, tt.want)) {
				_, err := check(t, forge(t, h, b, tt.change), Options{})
				t.Errorf("names %q, want %q (%v)", got, tt.want, err)
			}
		})
	}
}
