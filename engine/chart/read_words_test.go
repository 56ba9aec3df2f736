package chart

import (
	"slices"
	"strings"
	"testing"
)

func TestReadWordsAreThoseThatTemplatesCouldReadValuesBy(t *testing.T) {
	inspection := inspect(t, archiveOfEntries(t,
		file("web/Chart.yaml", webChartYAML+"dependencies:\n- {name: db, version: 1.0.0, alias: primary}\n"),
		file("web/values.yaml", "unread: 1\n"),
		file("web/transwarp-meta/metainfo.yaml", "params: [{name: unread, mapKey: unread}]\n"),
		file("web/templates/a.yaml", "accessModes: [{{ .Values.storage.accessMode | quote }}]\nsize: {{ index .Values \"two\nlines\" `raw-key` }}"),
		file("web/template-jsonnet/web-main.jsonnet", "function(c={}) {storage: c.field, other: c['text key']}"),
		file("web/files/late.tpl", "{{ .Values.late }}"),
		file("web/charts/db/Chart.yaml", "name: db\nversion: 1.0.0\n"),
		file("web/charts/db/templates/b.yaml", "{{ .Values.password }}"),
	))
	for _, wanted := range []string{"accessMode", "db", "field", "key", "late", "lines", "password", "primary", "raw-key", "size", "storage"} {
		if got := slices.Contains(inspection.ReadWords, wanted); got != (wanted != "size") {
			t.Errorf("%s: %v", wanted, got)
		}
	}
	for _, unwanted := range []string{"accessModes", "unread", "other"} {
		if slices.Contains(inspection.ReadWords, unwanted) {
			t.Errorf("%s is not a word that is read", unwanted)
		}
	}
}

func TestReadWordsOfTooMuchTextAreNotTold(t *testing.T) {
	inspection := inspect(t, archiveOfEntries(t,
		file("web/Chart.yaml", webChartYAML),
		file("web/transwarp-meta/metainfo.yaml", "params: []\n"),
		file("web/templates/a.yaml", strings.Repeat("x: {{ .Values.a }}\n", 1+readWordsBytes/18/2)),
		file("web/templates/b.yaml", strings.Repeat("x: {{ .Values.a }}\n", 1+readWordsBytes/18/2)),
	))
	if inspection.ReadWords != nil {
		t.Errorf("%d words", len(inspection.ReadWords))
	}
}
