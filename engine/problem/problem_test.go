package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestProblemIsFoundInAChain(t *testing.T) {
	inner := New(ChartTooLarge, "chart %s is too large", "web").With("limit", 3).Because(io.ErrUnexpectedEOF)
	err := fmt.Errorf("fetching: %w", inner)

	found, ok := From(err)
	if !ok || found.Code != ChartTooLarge || found.Message != "chart web is too large" {
		t.Fatalf("got %+v, %v", found, ok)
	}
	if !HasCode(err, ChartTooLarge) || HasCode(err, Internal) || HasCode(io.EOF, Internal) {
		t.Fatal("HasCode does not follow the chain")
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal("the cause is lost")
	}
}

func TestJSONHoldsNoCause(t *testing.T) {
	p := New(FieldConflict, "conflict").About(ObjectRef{Kind: "Deployment", Name: "web"}).Because(errors.New("s3cret"))
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"code":"FIELD_CONFLICT","message":"conflict","object":{"kind":"Deployment","name":"web"}}`
	if string(text) != want {
		t.Fatalf("got %s", text)
	}
}

// Two operations that met the same failure complete it differently, concurrently.
func TestWhatIsAddedIsNobodyElses(t *testing.T) {
	shared := New(FieldConflict, "conflict").With("first", 1)
	completed := shared.With("second", 2).About(ObjectRef{Name: "web"}).Because(io.EOF)
	if len(shared.Details) != 1 || shared.Object != nil || errors.Is(shared, io.EOF) {
		t.Errorf("the shared one has become %+v", shared)
	}
	if completed.Details["first"] != 1 || completed.Details["second"] != 2 || completed.Object.Name != "web" || !errors.Is(completed, io.EOF) {
		t.Errorf("the completed one is %+v", completed)
	}
}
