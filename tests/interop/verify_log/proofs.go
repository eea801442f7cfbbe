package main

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// checkProofs proves each leaf, and that the tree continues each earlier one.
func checkProofs(tree tlog.Tree, leaves []tlog.Hash, earlier []tlog.Tree) error {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (hashes []tlog.Hash, err error) {
		for _, index := range indexes {
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	for i, leaf := range leaves {
		added, err := tlog.StoredHashesForRecordHash(int64(i), leaf, reader)
		if err != nil {
			return err
		}
		stored = append(stored, added...)
	}
	for i, leaf := range leaves {
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), leaf)
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	for _, old := range earlier {
		if old.N == 0 {
			continue // every tree continues the empty one
		}
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		if err == nil {
			err = tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
		}
		if err != nil {
			return fmt.Errorf("the tree of %d does not continue that of %d: %w", tree.N, old.N, err)
		}
	}
	return nil
}
