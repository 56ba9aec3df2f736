package ownership

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/problem"
)

// seen is the last known state of the objects that an operation works with, by the path of their addresses.
type seen struct {
	mutex    sync.Mutex
	expected map[string]bool
	objects  map[string]*metav1.ObjectMeta
}

// expect stores what will be read at these paths.
func (s *seen) expect(paths []string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.expected == nil {
		s.expected, s.objects = map[string]bool{}, map[string]*metav1.ObjectMeta{}
	}
	for _, path := range paths {
		s.expected[path] = true
	}
}

// expects tells whether the response to a read is about an expected object.
func (s *seen) expects(request *http.Request, response *http.Response) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.expected[request.URL.Path] && (response.StatusCode == http.StatusOK || response.StatusCode == http.StatusNotFound)
}

// note stores the response to a read; nil stands for a missing object. The response can be read again.
func (s *seen) note(request *http.Request, response *http.Response) error {
	object, _, err := objectOf(response)
	if err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.objects[request.URL.Path] = object
	return nil
}

func (s *seen) at(path string) (object *metav1.ObjectMeta, known bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	object, known = s.objects[path]
	return object, known
}

func (s *seen) forget(path string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.objects, path)
}

// present returns the objects that existed.
func (s *seen) present() []types.UID {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	there := []types.UID{}
	for _, object := range s.objects {
		if object != nil {
			there = append(there, object.UID)
		}
	}
	return there
}

// objectOf reads the metadata and the name from a response, and leaves the response readable. A response that is not an
// existing object gives nil.
func objectOf(response *http.Response) (*metav1.ObjectMeta, problem.ObjectRef, error) {
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, problem.ObjectRef{}, err
	}
	var object struct {
		APIVersion string            `json:"apiVersion"`
		Kind       string            `json:"kind"`
		Metadata   metav1.ObjectMeta `json:"metadata"`
	}
	err = json.Unmarshal(body, &object)
	return &object.Metadata, problem.ObjectRef{
		APIVersion: object.APIVersion, Kind: object.Kind, Namespace: object.Metadata.Namespace, Name: object.Metadata.Name,
	}, err
}
