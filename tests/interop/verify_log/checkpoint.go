package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// trust is whom to believe: the log's key and all witnesses must have signed.
type trust struct {
	origin    string
	verifiers []note.Verifier // the log's first
}

// witness is a cosigner of type 4 (C2SP tlog-cosignature), which x/mod does not know.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize || signature[0] > 127 {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	message := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), text...)
	return ed25519.Verify(w.key, message, signature[8:])
}

func newWitness(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("a witness's key has not three parts")
	}
	material, err := decode(parts[2])
	if err != nil || len(material) != 1+ed25519.PublicKeySize || material[0] != 4 {
		return nil, errors.New("a witness's key is not of type 4")
	}
	hash := sha256.Sum256(append([]byte(parts[0]+"\n"), material...))
	if parts[1] != fmt.Sprintf("%x", hash[:4]) {
		return nil, errors.New("a witness's key has another id")
	}
	return witness{parts[0], binary.BigEndian.Uint32(hash[:]), material[1:]}, nil
}

// openCheckpoint returns the tree that a note says to be the log's, if all who must have signed it.
func openCheckpoint(text []byte, t trust) (tree tlog.Tree, err error) {
	opened, err := note.Open(text, note.VerifierList(t.verifiers...))
	if err != nil {
		return tree, err
	}
	if len(opened.Sigs) != len(t.verifiers) {
		return tree, errors.New("not all whose keys were given have signed")
	}
	for _, signature := range append(opened.Sigs, opened.UnverifiedSigs...) {
		if _, err := decode(signature.Base64); err != nil {
			return tree, err
		}
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != t.origin {
		return tree, errors.New("the checkpoint is of another log")
	}
	if tree.N, err = decodeNumber(lines[1]); err == nil {
		tree.Hash, err = decodeHash(lines[2])
	}
	return tree, err
}
