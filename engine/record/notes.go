package record

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"helm.sh/helm/v4/pkg/release/common"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"

	"walm.io/engine/excerpt"
	"walm.io/engine/problem"
)

// notesKey is the key of the notes in a record's Secret, beside what Helm reads.
const notesKey = "walm.io.notes"

// notesBytes bounds the notes of one record.
const notesBytes = 64 << 10

// Notes are facts that Helm's record of a revision lacks, and that reverting it needs.
type Notes struct {
	// Adopted are the objects of the revision that existed before it.
	Adopted []types.UID `json:"adopted,omitempty"`
	// AllAdopted stands for more of them than can be recorded.
	AllAdopted bool `json:"allAdopted,omitempty"`
	// Leftovers are objects that earlier failed revisions may have created.
	Leftovers []problem.ObjectRef `json:"leftovers,omitempty"`
	// Failure is what the operation that made the revision failed with; nil if it did not fail, or that is not known.
	Failure *problem.Problem `json:"failure,omitempty"`
}

// Limits of a failure in the notes, which have to fit beside a record of any allowed size.
const (
	failureMessageBytes = 2 << 10
	failureDetailsBytes = 4 << 10
)

// boundFailure returns the failure as it fits into the notes: details that are too long are left out.
func boundFailure(failure *problem.Problem) *problem.Problem {
	bounded := *failure
	bounded.Message = excerpt.Of(failure.Message, failureMessageBytes)
	if details, err := json.Marshal(failure.Details); err != nil || len(details) > failureDetailsBytes {
		bounded.Details = nil
		if file, isText := failure.Details["file"].(string); isText && len(file) <= failureDetailsBytes {
			bounded.Details = map[string]any{"file": file}
		}
	}
	return &bounded
}

func (n Notes) text() []byte {
	if len(n.Adopted) == 0 && !n.AllAdopted && len(n.Leftovers) == 0 && n.Failure == nil {
		return nil
	}
	text, err := json.Marshal(n)
	if err != nil {
		return nil
	}
	if len(text) <= notesBytes {
		return text
	}
	if !n.AllAdopted && len(n.Adopted) > 0 {
		return Notes{AllAdopted: true, Leftovers: n.Leftovers, Failure: n.Failure}.text()
	}
	return Notes{AllAdopted: n.AllAdopted, Leftovers: n.Leftovers[:len(n.Leftovers)/2], Failure: n.Failure}.text()
}

// Note stores the notes of the record with this key; they are written with it.
func (s *Store) Note(key string, notes Notes) {
	if text := notes.text(); text != nil {
		s.noted.notes[key] = text
	}
}

// NoteFailure adds a failure to the notes of the record with this key, to be written with its next update. If they cannot be
// read, they stay as they are.
func (s *Store) NoteFailure(key string, failure *problem.Problem) {
	if notes, err := s.NotesOf(key); err == nil {
		notes.Failure = boundFailure(failure)
		s.Note(key, notes)
	}
}

// NotesOf reads the notes of a record. Forged notes can at most keep something from being deleted, or name objects that
// are judged like any other.
func (s *Store) NotesOf(key string) (Notes, error) {
	var notes Notes
	secret, err := s.noted.read.Get(s.ctx, key, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return notes, nil
	}
	if err != nil {
		return notes, err
	}
	text := secret.Data[notesKey]
	if len(text) == 0 {
		return notes, nil
	}
	if len(text) > notesBytes {
		return notes, errors.New("the notes beside the record " + key + " are too long")
	}
	if err := json.Unmarshal(text, &notes); err != nil {
		return Notes{}, err
	}
	if notes.Failure != nil {
		// Another user may have written it.
		notes.Failure = boundFailure(notes.Failure)
	}
	return notes, nil
}

// notedSecrets writes notes with records, and keeps existing ones: Helm replaces its Secrets each time.
type notedSecrets struct {
	corev1client.SecretInterface

	// read reads without recording the version: see followedSecrets.
	read  corev1client.SecretInterface
	notes map[string][]byte
	// payloads are the contents of the records that are being written, by key.
	payloads sync.Map
}

// Create is part of SecretInterface.
func (n *notedSecrets) Create(ctx context.Context, secret *corev1.Secret, options metav1.CreateOptions) (*corev1.Secret, error) {
	return n.SecretInterface.Create(ctx, n.with(secret, n.notes[secret.Name]), options)
}

// Update is part of SecretInterface.
func (n *notedSecrets) Update(ctx context.Context, secret *corev1.Secret, options metav1.UpdateOptions) (*corev1.Secret, error) {
	text, own := n.notes[secret.Name]
	if !own && statusOf(secret) == common.StatusFailed {
		recorded, err := n.read.Get(ctx, secret.Name, metav1.GetOptions{})
		if err != nil {
			return nil, err
		}
		text = recorded.Data[notesKey]
	}
	return n.SecretInterface.Update(ctx, n.with(secret, text), options)
}

func (n *notedSecrets) with(secret *corev1.Secret, text []byte) *corev1.Secret {
	if payload, found := n.payloads.Load(secret.Name); found {
		secret.Data[payloadKey], _ = payload.([]byte)
	}
	if len(text) > 0 && secret.Data != nil {
		secret.Data[notesKey] = text
	}
	return secret
}
