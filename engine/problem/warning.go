package problem

// Warning is something the caller should know that did not stop the operation.
type Warning struct {
	Code    string     `json:"code"`
	Message string     `json:"message"`
	Object  *ObjectRef `json:"object,omitempty"`
	// Count is how many objects of the kind it is about, where it is about several; Object is the first then.
	Count int    `json:"count,omitempty"`
	Path  string `json:"path,omitempty"`
}
