package storage

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func newClaim(change func(*corev1.PersistentVolumeClaim)) *corev1.PersistentVolumeClaim {
	claim := &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "ns", Name: "data", UID: "u-1",
			Annotations: map[string]string{provisionerAnnotation: ProvisionerName},
		},
		Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("2Gi")}},
		},
		Status: corev1.PersistentVolumeClaimStatus{Phase: corev1.ClaimPending},
	}
	if change != nil {
		change(claim)
	}
	return claim
}

var retained = corev1.PersistentVolumeReclaimRetain

func newClass() *storagev1.StorageClass {
	return &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "silver"}, Provisioner: ProvisionerName, ReclaimPolicy: &retained}
}

func TestAClaimThatIsOurTurnGetsItsVolume(t *testing.T) {
	volume := volumeFor(newClaim(nil), newClass())
	if volume == nil {
		t.Fatal("there is none")
	}
	size := volume.Spec.Capacity[corev1.ResourceStorage]
	if volume.Name != "pvc-u-1" || size.String() != "2Gi" || volume.Spec.StorageClassName != "silver" {
		t.Errorf("it is %s of %s in %s", volume.Name, size.String(), volume.Spec.StorageClassName)
	}
	if ref := volume.Spec.ClaimRef; ref.Namespace != "ns" || ref.Name != "data" || ref.UID != "u-1" {
		t.Errorf("it is for %v", ref)
	}
	if volume.Spec.PersistentVolumeReclaimPolicy != retained {
		t.Errorf("the class's policy became %s", volume.Spec.PersistentVolumeReclaimPolicy)
	}
	if volume.Spec.NodeAffinity != nil {
		t.Error("it is bound to a node that nobody chose")
	}
}

func TestAVolumeFollowsTheNodeThatTheSchedulerChose(t *testing.T) {
	volume := volumeFor(newClaim(func(c *corev1.PersistentVolumeClaim) { c.Annotations[selectedNodeAnnotation] = "sandbox-1" }), newClass())
	if got := volume.Spec.NodeAffinity.Required.NodeSelectorTerms[0].MatchExpressions[0].Values; len(got) != 1 || got[0] != "sandbox-1" {
		t.Errorf("it may be on %v", got)
	}
}

func TestOtherClaimsGetNone(t *testing.T) {
	foreign := newClass()
	foreign.Provisioner = "example.com/other"
	for name, c := range map[string]struct {
		claim *corev1.PersistentVolumeClaim
		class *storagev1.StorageClass
	}{
		"not our turn yet":  {newClaim(func(c *corev1.PersistentVolumeClaim) { c.Annotations = nil }), newClass()},
		"other provisioner": {newClaim(nil), foreign},
		"no class":          {newClaim(nil), nil},
		"bound":             {newClaim(func(c *corev1.PersistentVolumeClaim) { c.Status.Phase = corev1.ClaimBound }), newClass()},
		"has a volume":      {newClaim(func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeName = "v" }), newClass()},
		"going away":        {newClaim(func(c *corev1.PersistentVolumeClaim) { c.DeletionTimestamp = new(metav1.Now()) }), newClass()},
	} {
		if volume := volumeFor(c.claim, c.class); volume != nil {
			t.Errorf("%s: got %s", name, volume.Name)
		}
	}
}

func TestOnlyReleasedVolumesOfOursAreReclaimed(t *testing.T) {
	volume := volumeFor(newClaim(nil), newClass())
	volume.Spec.PersistentVolumeReclaimPolicy = corev1.PersistentVolumeReclaimDelete
	for phase, want := range map[corev1.PersistentVolumePhase]bool{corev1.VolumeBound: false, corev1.VolumeAvailable: false, corev1.VolumeReleased: true} {
		volume.Status.Phase = phase
		if got := reclaimable(volume); got != want {
			t.Errorf("%s: %t", phase, got)
		}
	}
	kept := volume.DeepCopy()
	kept.Spec.PersistentVolumeReclaimPolicy = retained
	foreign := volume.DeepCopy()
	foreign.Annotations = nil
	if reclaimable(kept) || reclaimable(foreign) {
		t.Error("a retained or foreign volume is reclaimed")
	}
}

func TestABoundClaimThatAsksForMoreHasGrown(t *testing.T) {
	claim := newClaim(func(c *corev1.PersistentVolumeClaim) {
		c.Status.Phase = corev1.ClaimBound
		c.Status.Capacity = corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("2Gi")}
	})
	if grown(claim) {
		t.Error("the same size is growth")
	}
	claim.Spec.Resources.Requests[corev1.ResourceStorage] = resource.MustParse("3Gi")
	if !grown(claim) {
		t.Error("a larger size is not")
	}
}
