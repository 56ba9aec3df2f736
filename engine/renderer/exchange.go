package renderer

import (
	"encoding/json"
	"slices"
	"unsafe"

	"helm.sh/helm/v4/pkg/chart/common"
	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/generated"
	"walm.io/engine/jsontext"
	"walm.io/engine/problem"
)

// Order is a request to a render worker.
type Order struct {
	Chart Tree `json:"chart"`
	// Values are transferred as a content of their own, with this number: they may be most of the order.
	Values       map[string]any        `json:"-"`
	Numbered     int                   `json:"values"`
	Release      common.ReleaseOptions `json:"release"`
	Capabilities *common.Capabilities  `json:"capabilities"`
	// Recorded is the revision whose generated texts are kept; nil: all are new.
	Recorded *Recorded `json:"recorded,omitempty"`
	// IsOffline: there is no cluster, and lookups find nothing, as in `helm template`.
	IsOffline bool `json:"isOffline,omitempty"`
}

// Recorded is what a revision was rendered from, and the result.
type Recorded struct {
	// Chart is the same as that of the order, after processing with the recorded values: its conditions may have
	// differed.
	Chart     Tree           `json:"chart"`
	Values    map[string]any `json:"-"`
	Numbered  int            `json:"values"`
	Documents []string       `json:"documents"`
}

// Result is the response: the rendered files and the values they saw, or why there are none.
type Result struct {
	Files map[string]string `json:"files,omitempty"`
	// Computed is left as JSON: it is large and rarely needed.
	Computed json.RawMessage `json:"computed,omitempty"`
	// Regenerated are fields whose generated text could not be kept.
	Regenerated []generated.Regenerated `json:"regenerated,omitempty"`
	Problem     *problem.Problem        `json:"problem,omitempty"`
}

// Tree is a chart with its subcharts; Helm's own JSON form omits those.
type Tree struct {
	Chart     *helmchart.Chart `json:"chart"`
	Subcharts []Tree           `json:"subcharts"`
	// Contents are the indexes of the contents of templates and files, in order, if these are sent separately.
	Contents []int `json:"contents,omitempty"`
}

// TreeOf is a chart with its subcharts, in the form of an order.
func TreeOf(chart *helmchart.Chart) Tree {
	tree := Tree{Chart: chart}
	for _, subchart := range chart.Dependencies() {
		tree.Subcharts = append(tree.Subcharts, TreeOf(subchart))
	}
	return tree
}

func (t Tree) grown() *helmchart.Chart {
	for _, subchart := range t.Subcharts {
		t.Chart.AddDependency(subchart.grown())
	}
	return t.Chart
}

// packedOrder is an order whose charts are sent without the contents of their files, which are sent separately.
type packedOrder struct {
	Order
	packing *packing
}

// Blobs is part of worker.Bulky.
func (o packedOrder) Blobs() [][]byte { return o.packing.contents }

// packed is the order in its transfer form. The charts are not changed.
func (o Order) packed() (made packedOrder, err error) {
	packing := &packing{numbers: map[*byte]int{}}
	o.Chart = packing.tree(o.Chart)
	if o.Numbered, err = packing.values(o.Values); err != nil {
		return made, err
	}
	if o.Recorded != nil {
		recorded := *o.Recorded
		recorded.Chart = packing.tree(recorded.Chart)
		if recorded.Numbered, err = packing.values(recorded.Values); err != nil {
			return made, err
		}
		o.Recorded = &recorded
	}
	return packedOrder{o, packing}, nil
}

// unpack restores the values and the contents of the charts of an order.
func (o *Order) unpack(contents [][]byte) error {
	o.Chart.fill(contents)
	if err := json.Unmarshal(contents[o.Numbered], &o.Values); err != nil {
		return err
	}
	if o.Recorded == nil {
		return nil
	}
	o.Recorded.Chart.fill(contents)
	return json.Unmarshal(contents[o.Recorded.Numbered], &o.Recorded.Values)
}

func (t Tree) fill(contents [][]byte) {
	for at, file := range filesOf(t.Chart) {
		if at < len(t.Contents) {
			file.Data = contents[t.Contents[at]]
		}
	}
	for _, subchart := range t.Subcharts {
		subchart.fill(contents)
	}
}

func filesOf(chart *helmchart.Chart) []*common.File {
	return slices.Concat(chart.Templates, chart.Files)
}

// packing collects the contents of files, each once: two charts of one order may share them.
type packing struct {
	contents [][]byte
	numbers  map[*byte]int
}

func (p *packing) tree(tree Tree) Tree {
	bare := *tree.Chart
	bare.Templates, bare.Files = p.files(tree.Chart.Templates), p.files(tree.Chart.Files)
	packed := Tree{Chart: &bare}
	for _, file := range filesOf(tree.Chart) {
		packed.Contents = append(packed.Contents, p.number(file.Data))
	}
	for _, subchart := range tree.Subcharts {
		packed.Subcharts = append(packed.Subcharts, p.tree(subchart))
	}
	return packed
}

func (p *packing) files(files []*common.File) []*common.File {
	bare := make([]*common.File, len(files))
	for at, file := range files {
		bare[at] = &common.File{Name: file.Name, ModTime: file.ModTime}
	}
	return bare
}

func (p *packing) values(values map[string]any) (int, error) {
	text, err := jsontext.Marshal(values)
	if err != nil {
		return 0, err
	}
	return p.number(text), nil
}

func (p *packing) number(content []byte) int {
	if number, known := p.numbers[unsafe.SliceData(content)]; known && len(p.contents[number]) == len(content) {
		return number
	}
	number := len(p.contents)
	p.contents = append(p.contents, content)
	p.numbers[unsafe.SliceData(content)] = number
	return number
}

// RenderValues are what templates see, made from the order's parts like in Helm.
func (o Order) RenderValues(chart *helmchart.Chart) (common.Values, error) {
	values, err := chartutil.ToRenderValuesWithSchemaValidation(chart, o.Values, o.Release, o.Capabilities, true)
	if err != nil {
		return nil, problem.New(problem.ValuesInvalid, "the values do not fit chart %s: %s", chart.Name(), err).Because(err)
	}
	return values, nil
}
