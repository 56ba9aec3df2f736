package seal

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/chart"
	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
	"walm.io/engine/record"
)

// benchRecords is a number of releases of the size that `helm create` makes.
const benchRecords = 300

func benchRecord(b *testing.B, at int) *corev1.Secret {
	b.Helper()
	made := sealedRelease()
	made.Name = fmt.Sprintf("rel-%d", at)
	made.Manifest = strings.Replace(made.Manifest, "name: rel\n", "name: "+made.Name+"\n", 1)
	for part := range 6 {
		text := fmt.Sprintf("data: {text: %q}\n", strings.Repeat(fmt.Sprintf("line %d of %d\n", part, at), 60))
		made.Manifest = "---\n# Source: web/templates/x.yaml\n" + charttest.ConfigMap(fmt.Sprintf("cm-%d", part), text) + "\n" + made.Manifest
		template := strings.Repeat("{{- include \"web.labels\" . | nindent 4 }}\n", 40)
		made.Chart.Templates = append(made.Chart.Templates, &common.File{Name: fmt.Sprintf("templates/%d.yaml", part), Data: []byte(template)})
		made.Chart.Values[fmt.Sprintf("part%d", part)] = map[string]any{"enabled": true, "hosts": []any{"a.example.com", "b.example.com"}}
	}
	text, err := json.Marshal(made)
	if err != nil {
		b.Fatal(err)
	}
	packed := bytes.Buffer{}
	writer := gzip.NewWriter(&packed)
	if _, err := writer.Write(text); err != nil {
		b.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		b.Fatal(err)
	}
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("sh.helm.release.v1.%s.v3", made.Name), Namespace: "ns",
			Labels: map[string]string{"owner": "helm", "name": made.Name, "version": "3", "status": "deployed"},
		},
		Type: "helm.sh/release.v1",
		Data: map[string][]byte{"release": []byte(base64.StdEncoding.EncodeToString(packed.Bytes()))},
	}
}

// BenchmarkSealsOfRecords measures what computing the digests of seals adds to reading records: `seal/read` is the
// ratio. Both are timed record by record, so that other work on the machine affects both.
func BenchmarkSealsOfRecords(b *testing.B) {
	secrets := make([]*corev1.Secret, benchRecords)
	for at := range secrets {
		secrets[at] = benchRecord(b, at)
	}
	limits := record.DefaultLimits()
	namespaced := func(schema.GroupKind) bool { return true }
	var reading, sealing time.Duration
	for b.Loop() {
		for _, secret := range secrets {
			began := time.Now()
			recorded, err := record.Decode(secret, limits)
			if err != nil {
				b.Fatal(err)
			}
			chart.Describe(recorded.Chart)
			objects := manifest.DocumentsOf(recorded.Manifest, "ns", namespaced)
			read := time.Now()
			facts, err := FactsOf(recorded, record.Place{Namespace: "ns", Name: recorded.Name, Revision: 3}, objects)
			if err != nil || facts == nil {
				b.Fatalf("%+v %v", facts, err)
			}
			reading += read.Sub(began)
			sealing += time.Since(read)
		}
	}
	b.ReportMetric(float64(sealing)/float64(reading), "seal/read")
}
