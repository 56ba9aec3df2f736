package action

import (
	"context"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/history"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/seal"
)

// judgedCase is a release `rel` at revision 2, sealed, and an object of another user.
type judgedCase struct {
	*testing.T

	services  *Services
	namespace string
	// between runs when the operation asks for a seal: after it has read the release, before Helm acts.
	between func()
	records *driver.Secrets
	judged  map[int]seal.Facts
}

func newJudgedCase(t *testing.T) *judgedCase {
	t.Helper()
	server := &notary{}
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "data: {a: b}\n"), "own.yaml": charttest.ConfigMap("own", "")})})
	c := &judgedCase{T: t, services: services, between: func() {}, judged: map[int]seal.Facts{}}
	services.SealRevision = func(ctx context.Context, token string, facts seal.Facts) (string, error) {
		c.between()
		return server.seal(ctx, token, facts)
	}
	defineReleaseConfigs(t, services)
	c.namespace = newNamespace(t, services)
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	c.records = driver.NewSecrets(core.Secrets(c.namespace))
	theirs := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "theirs"}}
	if _, err := core.ConfigMaps(c.namespace).Create(t.Context(), theirs, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	made, err := services.Install(t.Context(), c.installation(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c.judged[1] = *made.Seal
	if made, err = services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: c.installation()}, nil); err != nil {
		t.Fatal(err)
	}
	c.judged[2] = *made.Seal
	return c
}

func (c *judgedCase) installation(revisions ...int) InstallRequest {
	request := installation(c.namespace, "rel", "web")
	request.ReleaseConfig, request.SealToken = factsConfig("rel"), "t"
	request.Judged = c.facts(revisions)
	return request
}

func (c *judgedCase) facts(revisions []int) []seal.Facts {
	judged := []seal.Facts{}
	for _, revision := range revisions {
		judged = append(judged, c.judged[revision])
	}
	return judged
}

// edit replaces the record of a revision.
func (c *judgedCase) edit(revision int, change func(*release.Release)) {
	c.Helper()
	key := history.KeyOf(&release.Release{Name: "rel", Version: revision})
	found, err := c.records.Get(key)
	if err != nil {
		c.Fatal(err)
	}
	record, err := history.ToRelease(found)
	if err != nil {
		c.Fatal(err)
	}
	change(record)
	if record.Version == revision {
		err = c.records.Update(key, record)
	} else {
		err = c.records.Create(history.KeyOf(record), record)
	}
	if err != nil {
		c.Fatal(err)
	}
}

func (c *judgedCase) upgrade(revisions ...int) (*Release, error) {
	return c.services.Upgrade(c.Context(), UpgradeRequest{InstallRequest: c.installation(revisions...), ExpectedRevision: 2}, nil)
}

func (c *judgedCase) rewrite(base int, revisions ...int) (*Release, error) {
	request := rewriting(Target{Namespace: c.namespace, Name: "rel", Judged: c.facts(revisions)})
	request.Base, request.ReleaseConfig, request.SealToken = base, factsConfig("rel"), "t"
	return c.services.Rewrite(c.Context(), request, nil)
}

func (c *judgedCase) pack(revision int, revisions ...int) error {
	target := Target{Namespace: c.namespace, Name: "rel", Judged: c.facts(revisions)}
	_, err := c.services.RecordedChart(c.Context(), RevisionRequest{Target: target, Revision: revision})
	return err
}

func (c *judgedCase) wantThere(names ...string) {
	c.Helper()
	core, err := ownCore(c.T, c.services).session.Core()
	if err != nil {
		c.Fatal(err)
	}
	for _, name := range names {
		if _, err := core.ConfigMaps(c.namespace).Get(c.Context(), name, metav1.GetOptions{}); err != nil {
			c.Errorf("the object %s: %v", name, err)
		}
	}
}

// namesForeignObject makes a manifest name an object of another user: Helm deletes objects that the next revision lacks.
func namesForeignObject(r *release.Release) {
	r.Manifest += "\n---\n" + charttest.ConfigMap("theirs", "")
}

func TestWalmActsOnExactlyWhatWasJudged(t *testing.T) {
	exchanges := map[string]struct {
		exchange func(*judgedCase)
		want     problem.Code
	}{
		"its manifest": {func(c *judgedCase) { c.edit(2, namesForeignObject) }, problem.ReleaseNotSealed},
		"its values":   {func(c *judgedCase) { c.edit(2, func(r *release.Release) { r.Config = map[string]any{"x": 1} }) }, problem.ReleaseNotSealed},
		"its chart": {func(c *judgedCase) {
			c.edit(2, func(r *release.Release) { r.Chart.Templates = nil })
		}, problem.ReleaseNotSealed},
		"its seal": {func(c *judgedCase) {
			c.edit(2, func(r *release.Release) { r.Manifest = strings.Replace(r.Manifest, "v1.k1.t.", "v1.k1.u.", 1) })
		}, problem.ReleaseNotSealed},
		"a newer one is there": {func(c *judgedCase) { c.edit(2, func(r *release.Release) { r.Version = 3 }) }, problem.RevisionMismatch},
		"another is deployed": {func(c *judgedCase) {
			c.edit(2, func(r *release.Release) { r.Info.Status = common.StatusFailed })
			c.edit(1, func(r *release.Release) { namesForeignObject(r); r.Info.Status = common.StatusDeployed })
		}, problem.ReleaseNotSealed},
		"none is deployed, and another was last": {func(c *judgedCase) {
			c.edit(1, func(r *release.Release) { namesForeignObject(r); r.Info.Status = common.StatusSuperseded })
			c.edit(2, func(r *release.Release) { r.Info.Status = common.StatusFailed })
		}, problem.ReleaseNotSealed},
	}
	for name, exchanged := range exchanges {
		t.Run(name, func(t *testing.T) {
			c := newJudgedCase(t)
			exchanged.exchange(c)
			_, err := c.upgrade(2)
			problemtest.Want(t, err, exchanged.want)
			_, err = c.rewrite(2, 2)
			problemtest.Want(t, err, exchanged.want)
			problemtest.Want(t, c.pack(2, 2), exchanged.want)
			c.wantThere("theirs", "cm", "own")
		})
	}
}

func TestARevisionThatWasNotJudgedIsNoBase(t *testing.T) {
	c := newJudgedCase(t)
	_, err := c.rewrite(1, 2)
	problemtest.Want(t, err, problem.ReleaseNotSealed)
	problemtest.Want(t, c.pack(1, 2), problem.ReleaseNotSealed)
	if _, err := c.rewrite(1, 2, 1); err != nil {
		t.Error(err)
	}
}

func TestTheSealStaysWithWhoMadeTheBaseOnlyWhereThatIsStillThere(t *testing.T) {
	exchanges := map[string]func(*release.Release){
		"its manifest": namesForeignObject,
		"its values":   func(r *release.Release) { r.Config = map[string]any{"x": 1} },
		"its chart":    func(r *release.Release) { r.Chart.Templates = nil },
		"its hooks": func(r *release.Release) {
			r.Hooks = append(r.Hooks, &release.Hook{Name: "more", Kind: "Job", Manifest: "kind: Job\n"})
		},
		"its seal": func(r *release.Release) {
			r.Manifest = strings.Replace(r.Manifest, "    walm.io/seal: v1.k1.t.", "    walm.io/none: v1.k1.t.", 1)
		},
	}
	for name, exchange := range exchanges {
		t.Run(name, func(t *testing.T) {
			c := newJudgedCase(t)
			kept := c.judged[2]
			c.edit(2, exchange)
			request := rewriting(Target{Namespace: c.namespace, Name: "rel"})
			request.Base, request.ReleaseConfig, request.SealToken, request.Kept = 2, factsConfig("rel"), "t", &kept
			_, err := c.services.Rewrite(t.Context(), request, nil)
			problemtest.Want(t, err, problem.RevisionMismatch)
			request.Kept = nil
			if _, err := c.services.Rewrite(t.Context(), request, nil); err != nil {
				t.Errorf("for whoever asks: %v", err)
			}
		})
	}
}

func TestWhatWasJudgedIsNotReadAgain(t *testing.T) {
	forge := func(c *judgedCase) func() {
		return func() { c.edit(1, namesForeignObject); c.edit(2, namesForeignObject) }
	}
	operations := map[string]func(*judgedCase) (*Release, error){
		"an upgrade": func(c *judgedCase) (*Release, error) { return c.upgrade(2) },
		"a rewrite":  func(c *judgedCase) (*Release, error) { return c.rewrite(2, 2) },
		"a rollback": func(c *judgedCase) (*Release, error) { return c.rewrite(1, 2, 1) },
	}
	for name, operate := range operations {
		t.Run(name, func(t *testing.T) {
			c := newJudgedCase(t)
			c.between = forge(c)
			made, err := operate(c)
			if err != nil {
				t.Fatal(err)
			}
			c.between = func() {}
			if strings.Contains(made.Manifest, "theirs") || made.Revision != 3 || made.Status != "deployed" {
				t.Errorf("revision %d is %s: %s", made.Revision, made.Status, made.Manifest)
			}
			history, err := c.services.History(t.Context(), Target{Namespace: c.namespace, Name: "rel"})
			if err != nil {
				t.Fatal(err)
			}
			if states := []string{history[0].Status, history[1].Status, history[2].Status}; strings.Join(states, " ") != "superseded superseded deployed" {
				t.Errorf("the revisions are %v", states)
			}
			c.wantThere("theirs", "cm", "own")
		})
	}
}

func TestObjectsThatAreNotTheReleasesStay(t *testing.T) {
	c := newJudgedCase(t)
	// Sealed with that manifest, like a revision that failed because the object belonged to another user.
	c.edit(2, namesForeignObject)
	found, err := c.services.Get(t.Context(), RevisionRequest{Target: Target{Namespace: c.namespace, Name: "rel"}})
	if err != nil {
		t.Fatal(err)
	}
	c.judged[2] = *found.Seal
	c.services.Charts = charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "data: {a: b}\n")})}
	if _, err := c.upgrade(2); err != nil {
		t.Fatal(err)
	}
	c.wantThere("theirs", "cm")
	core, err := ownCore(t, c.services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := core.ConfigMaps(c.namespace).Get(t.Context(), "own", metav1.GetOptions{}); err == nil {
		t.Error("an object of the release that the chart has no longer is still there")
	}
}
