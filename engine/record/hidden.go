package record

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
)

// maxHidden bounds how many places are checked in each direction.
const maxHidden = 10

// hidden reads the Secrets at the places before and after the found records of a release that their labels hide: Helm
// finds records by labels, but a place is taken by any Secret of that name, and the name cannot be edited. Errors:
// those of the cluster.
func (s *Store) hidden(name string, found []sizedSecret) ([]sizedSecret, error) {
	first, last := 1, 0
	for index, one := range found {
		if index == 0 || one.place.Revision < first {
			first = one.place.Revision
		}
		last = max(last, one.place.Revision)
	}
	above, err := s.hiddenFrom(Place{s.namespace, name, last + 1}, 1)
	if err != nil {
		return nil, err
	}
	below, err := s.hiddenFrom(Place{s.namespace, name, first - 1}, -1)
	return append(below, above...), err
}

func (s *Store) hiddenFrom(place Place, step int) ([]sizedSecret, error) {
	hidden := []sizedSecret{}
	for ; place.Revision > 0 && len(hidden) < maxHidden; place.Revision += step {
		one, err := s.hiddenAt(place)
		if err != nil || one == nil {
			return hidden, err
		}
		hidden = append(hidden, *one)
	}
	return hidden, nil
}

// hiddenAt reads by a list, for which the caller has the right; nil if there is nothing, or a record that was written
// since.
func (s *Store) hiddenAt(place Place) (*sizedSecret, error) {
	selector := fields.OneTermEqualSelector(metav1.ObjectNameField, place.SecretName())
	listed, err := s.secrets.List(s.ctx, metav1.ListOptions{FieldSelector: selector.String()})
	if err != nil {
		return nil, fmt.Errorf("reading the record %s: %w", place.SecretName(), err)
	}
	for _, secret := range listed.Items {
		if secret.Name != place.SecretName() {
			continue
		}
		secret.Data, secret.ManagedFields = nil, nil
		if err := place.checkLabels(&secret); err != nil {
			return &sizedSecret{secret: secret, place: place, err: err}, nil
		}
	}
	return nil, nil
}
