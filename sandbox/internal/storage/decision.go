// Package storage provisions volumes that hold nothing: claims of the sandbox's storage classes bind, grow
// and are released as with a real provisioner.
package storage

import (
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ProvisionerName is what a storage class names to get its volumes from the sandbox.
const ProvisionerName = "sandbox.walm.io/provisioner"

// Annotations that Kubernetes' volume controller and provisioners agree on.
const (
	// provisionerAnnotation is set on a claim once it is the provisioner's turn: for a class that waits for
	// the first consumer that is after the scheduler chose a node.
	provisionerAnnotation   = "volume.kubernetes.io/storage-provisioner"
	selectedNodeAnnotation  = "volume.kubernetes.io/selected-node"
	provisionedByAnnotation = "pv.kubernetes.io/provisioned-by"
)

// volumeFor is the volume to make for a claim, nil when the claim needs none from this provisioner.
func volumeFor(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) *corev1.PersistentVolume {
	mine := claim.Annotations[provisionerAnnotation] == ProvisionerName && class != nil && class.Provisioner == ProvisionerName
	if !mine || claim.DeletionTimestamp != nil || claim.Spec.VolumeName != "" || claim.Status.Phase == corev1.ClaimBound {
		return nil
	}
	name := "pvc-" + string(claim.UID)
	policy := corev1.PersistentVolumeReclaimDelete
	if class.ReclaimPolicy != nil {
		policy = *class.ReclaimPolicy
	}
	volume := &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        name,
			Annotations: map[string]string{provisionedByAnnotation: ProvisionerName},
		},
		Spec: corev1.PersistentVolumeSpec{
			StorageClassName: class.Name,
			AccessModes:      claim.Spec.AccessModes,
			VolumeMode:       claim.Spec.VolumeMode,
			Capacity:         corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			PersistentVolumeReclaimPolicy: policy,
			MountOptions:                  class.MountOptions,
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				HostPath: &corev1.HostPathVolumeSource{Path: "/sandbox/volumes/" + name},
			},
		},
	}
	if node := claim.Annotations[selectedNodeAnnotation]; node != "" {
		volume.Spec.NodeAffinity = onlyOn(node)
	}
	return volume
}

// reclaimable says that a volume's claim is gone and the volume is to go, too.
func reclaimable(volume *corev1.PersistentVolume) bool {
	return volume.Annotations[provisionedByAnnotation] == ProvisionerName &&
		volume.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimDelete &&
		volume.Status.Phase == corev1.VolumeReleased &&
		volume.DeletionTimestamp == nil
}

// grown says that a bound claim asks for more than it has, which its volume is to follow.
func grown(claim *corev1.PersistentVolumeClaim) bool {
	wanted, has := claim.Spec.Resources.Requests[corev1.ResourceStorage], claim.Status.Capacity[corev1.ResourceStorage]
	return claim.Status.Phase == corev1.ClaimBound && wanted.Cmp(has) > 0
}

func onlyOn(node string) *corev1.VolumeNodeAffinity {
	return &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
		MatchExpressions: []corev1.NodeSelectorRequirement{{
			Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{node},
		}},
	}}}}
}
