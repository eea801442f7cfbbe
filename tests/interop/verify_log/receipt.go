package main

import (
	"errors"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// checkReceipt checks a C2SP tlog-proof file that carries its entry.
func checkReceipt(file []byte, t trust) error {
	head, checkpoint, found := strings.Cut(string(file), "\n\n")
	lines := strings.Split(head, "\n")
	if len(file) > 1<<20 || !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("the receipt has not its form")
	}
	entry, err := decode(lines[1][len("extra "):])
	if err != nil {
		return err
	}
	index, err := decodeNumber(lines[2][len("index "):])
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := decodeHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint([]byte(checkpoint), t)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}
