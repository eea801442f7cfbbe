package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const tileWidth = 256

// folder is a log. It gives x/mod the tiles under the names that C2SP gave them later.
type folder string

func (f folder) Height() int                     { return 8 }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) (all [][]byte, err error) {
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), strings.Replace(path, "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// leaves reads every tile of the tree, all the way up to its root, and returns its leaf hashes.
func (f folder) leaves(tree tlog.Tree) ([]tlog.Hash, error) {
	if tree.N == 0 {
		if tree.Hash != sha256.Sum256(nil) {
			return nil, errors.New("the root is not that of an empty tree")
		}
		return nil, nil
	}
	indexes := make([]int64, tree.N)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	return tlog.TileHashReader(tree, f).ReadHashes(indexes)
}

// checkEntries holds every entry against its leaf hash.
func (f folder) checkEntries(leaves []tlog.Hash) error {
	for start := 0; start < len(leaves); start += tileWidth {
		bundle := tlog.Tile{H: 8, L: -1, N: int64(start / tileWidth), W: tileWidth}
		if rest := len(leaves) - start; rest < tileWidth {
			bundle.W = rest
		}
		read, err := f.ReadTiles([]tlog.Tile{bundle})
		if err != nil {
			return err
		}
		data := read[0]
		for i := start; i < start+bundle.W; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return fmt.Errorf("entry %d is cut off", i)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			if tlog.RecordHash(data[2:end]) != leaves[i] {
				return fmt.Errorf("entry %d is not the one in the tree", i)
			}
			data = data[end:]
		}
		if len(data) > 0 {
			return fmt.Errorf("something follows the bundle from entry %d on", start)
		}
	}
	return nil
}
