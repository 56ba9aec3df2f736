// Package defaults creates what a sandbox offers beyond a bare cluster: storage classes and a priority class.
package defaults

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"walm.io/walm/sandbox/internal/storage"
)

const defaultClassAnnotation = "storageclass.kubernetes.io/is-default-class"

// Ensure creates the storage classes standard (the default), silver and local, and the priority class low-priority.
// Existing objects are left as they are.
func Ensure(ctx context.Context, client kubernetes.Interface) error {
	for _, name := range []string{"standard", "silver", "local"} {
		_, err := client.StorageV1().StorageClasses().Create(ctx, storageClass(name, name == "standard"), metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("storage class %s: %w", name, err)
		}
	}
	priority := &schedulingv1.PriorityClass{
		ObjectMeta:  metav1.ObjectMeta{Name: "low-priority"},
		Value:       -1000,
		Description: "For pods that give way to others.",
	}
	_, err := client.SchedulingV1().PriorityClasses().Create(ctx, priority, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("priority class %s: %w", priority.Name, err)
	}
	return nil
}

func storageClass(name string, isDefault bool) *storagev1.StorageClass {
	class := &storagev1.StorageClass{
		ObjectMeta:           metav1.ObjectMeta{Name: name},
		Provisioner:          storage.ProvisionerName,
		ReclaimPolicy:        new(corev1.PersistentVolumeReclaimDelete),
		VolumeBindingMode:    new(storagev1.VolumeBindingImmediate),
		AllowVolumeExpansion: new(true),
	}
	if isDefault {
		class.Annotations = map[string]string{defaultClassAnnotation: "true"}
	}
	return class
}
