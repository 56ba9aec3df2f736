package problem

// Warning is something the caller should know that did not stop the operation.
type Warning struct {
	Code    string     `json:"code"`
	Message string     `json:"message"`
	Object  *ObjectRef `json:"object,omitempty"`
	// Count is the number of objects of the kind, if the warning is about several; Object is the first then.
	Count int    `json:"count,omitempty"`
	Path  string `json:"path,omitempty"`
}
