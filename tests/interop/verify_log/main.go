// Checks a transparency log and receipts from it with Go's own packages of its checksum database,
// which know nothing of Candour: golang.org/x/mod/sumdb/{note,tlog}. Only the paths of tiles, the
// bundles of entries and the text forms of C2SP are read here.
//
//	verify_log [-origin NAME] -vkey KEY [-witness KEY]... [-hashes-only] -log FOLDER [CHECKPOINT...]
//	verify_log [-origin NAME] -vkey KEY [-witness KEY]... -receipt FILE
//
// FOLDER is a log as C2SP tlog-tiles has it. It must hold the tree of its checkpoint and that of
// each earlier CHECKPOINT, down to the last entry, and each tree must continue each earlier one. With
// -hashes-only the entries are not looked at: a log may keep them to itself.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// keys collects the values of a flag that may be given more than once.
type keys []string

func (k *keys) String() string         { return "" }
func (k *keys) Set(value string) error { *k = append(*k, value); return nil }

func newTrust(vkey, origin string, witnesses []string) (t trust, err error) {
	key, err := note.NewVerifier(vkey)
	if err != nil {
		return t, err
	}
	t = trust{origin: origin, verifiers: []note.Verifier{key}}
	if origin == "" {
		t.origin = key.Name()
	}
	for _, text := range witnesses {
		key, err := newWitness(text)
		if err != nil {
			return t, err
		}
		t.verifiers = append(t.verifiers, key)
	}
	return t, nil
}

// checkLog checks a log against its own checkpoint and earlier ones, cheapest things first.
func checkLog(log folder, hashesOnly bool, earlier []string, t trust) error {
	var trees []tlog.Tree
	var leaves [][]tlog.Hash
	for _, name := range append(earlier, filepath.Join(string(log), "checkpoint")) {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		tree, err := openCheckpoint(text, t)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		trees = append(trees, tree)
	}
	for _, tree := range trees {
		read, err := log.leaves(tree)
		if err != nil {
			return fmt.Errorf("tiles of the tree of %d: %w", tree.N, err)
		}
		leaves = append(leaves, read)
	}
	for i, tree := range trees {
		if hashesOnly {
			continue
		}
		if err := log.checkEntries(leaves[i]); err != nil {
			return fmt.Errorf("entries of the tree of %d: %w", tree.N, err)
		}
	}
	last := len(trees) - 1
	return checkProofs(trees[last], leaves[last], trees[:last])
}

func run() error {
	var witnesses keys
	vkey := flag.String("vkey", "", "the log's public `key`")
	origin := flag.String("origin", "", "the log's `name`, if it is not its key's")
	flag.Var(&witnesses, "witness", "the public `key` of a witness who must have signed")
	log := flag.String("log", "", "a log's `folder`")
	hashesOnly := flag.Bool("hashes-only", false, "leave the log's entries alone")
	receipt := flag.String("receipt", "", "a receipt's `file`")
	flag.Parse()
	t, err := newTrust(*vkey, *origin, witnesses)
	if err != nil {
		return err
	}
	if *receipt == "" {
		return checkLog(folder(*log), *hashesOnly, flag.Args(), t)
	}
	file, err := os.ReadFile(*receipt)
	if err != nil {
		return err
	}
	return checkReceipt(file, t)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "verify_log: refused:", strings.TrimSpace(err.Error()))
		os.Exit(1)
	}
}
