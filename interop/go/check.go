// Checks a record with the Go project's own log code (golang.org/x/mod/sumdb): nothing here is Recount's but the paths.
//
//	check PUBLIC VKEY
//
// PUBLIC is the record's public side. Every entry is compared with the tiles, every tile with the checkpoint's root, the log's
// signature is verified on the newest and on every kept checkpoint, and each of those must be consistent with the newest.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // 256 hashes in a tile

// tiles reads tiles from the record's directory.
type tiles struct{ public string }

func (t tiles) Height() int                         { return height }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := t.read(tile)
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

// read returns a tile; if a partial one was replaced by the full one, the beginning of that.
func (t tiles) read(tile tlog.Tile) ([]byte, error) {
	data, err := os.ReadFile(t.path(tile))
	if !errors.Is(err, os.ErrNotExist) || tile.W == 1<<height {
		return data, err
	}
	full := tile
	full.W = 1 << height
	data, err = os.ReadFile(t.path(full))
	if err != nil || tile.L < 0 || len(data) < tile.W*tlog.HashSize {
		return data, err
	}
	return data[:tile.W*tlog.HashSize], nil
}

// path turns the package's path ("tile/8/0/x001/234", "tile/8/data/067") into that of C2SP tlog-tiles.
func (t tiles) path(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	path = strings.Replace(path, "data/", "entries/", 1)
	return filepath.Join(t.public, "tile", path)
}

type checkpoint struct {
	origin string
	tree   tlog.Tree
}

func readCheckpoint(path string, key note.Verifier) (checkpoint, error) {
	var found checkpoint
	message, err := os.ReadFile(path)
	if err != nil {
		return found, err
	}
	opened, err := note.Open(message, note.VerifierList(key))
	if err != nil {
		return found, fmt.Errorf("%s: %w", path, err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return found, fmt.Errorf("%s: too few lines", path)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return found, fmt.Errorf("%s: %w", path, err)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return found, fmt.Errorf("%s: not a root hash", path)
	}
	found.origin, found.tree.N = lines[0], size
	copy(found.tree.Hash[:], root)
	return found, nil
}

// splitBundle cuts a bundle of exactly count entries.
func splitBundle(data []byte, count int64) ([][]byte, error) {
	var entries [][]byte
	for int64(len(entries)) < count {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("a bundle is cut off")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(data) > 0 {
		return nil, errors.New("a bundle is too long")
	}
	return entries, nil
}

// checkEntries compares every entry with the tiles, which the hash reader itself checks up to the root.
func checkEntries(source tiles, tree tlog.Tree, hashes tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += 1 << height {
		width := tree.N - first
		if width > 1<<height {
			width = 1 << height
		}
		data, err := source.read(tlog.Tile{H: height, L: -1, N: first >> height, W: int(width)})
		if err != nil {
			return err
		}
		entries, err := splitBundle(data, width)
		if err != nil {
			return err
		}
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		leaves, err := hashes.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			if tlog.RecordHash(entry) != leaves[i] {
				return fmt.Errorf("entry %d does not have the hash in its tile", first+int64(i))
			}
		}
	}
	return nil
}

// checkInclusion makes and checks the proofs of about a hundred entries.
func checkInclusion(tree tlog.Tree, hashes tlog.HashReader) (int, error) {
	proofs := 0
	for index := int64(0); index < tree.N; index += tree.N/100 + 1 {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return proofs, err
		}
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return proofs, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[0]); err != nil {
			return proofs, fmt.Errorf("inclusion of entry %d: %w", index, err)
		}
		proofs++
	}
	return proofs, nil
}

// checkKept verifies every kept checkpoint and its consistency with the newest.
func checkKept(public string, newest checkpoint, key note.Verifier, hashes tlog.HashReader) (int, error) {
	files, err := os.ReadDir(filepath.Join(public, "checkpoints"))
	if err != nil {
		return 0, err
	}
	checked := 0
	for _, file := range files {
		kept, err := readCheckpoint(filepath.Join(public, "checkpoints", file.Name()), key)
		if err != nil {
			return checked, err
		}
		if kept.origin != newest.origin || file.Name() != strconv.FormatInt(kept.tree.N, 10) {
			return checked, fmt.Errorf("checkpoints/%s is another log's, or of another size", file.Name())
		}
		if kept.tree.N == 0 {
			continue // this package proves nothing about the empty tree
		}
		proof, err := tlog.ProveTree(newest.tree.N, kept.tree.N, hashes)
		if err != nil {
			return checked, err
		}
		if err := tlog.CheckTree(proof, newest.tree.N, newest.tree.Hash, kept.tree.N, kept.tree.Hash); err != nil {
			return checked, fmt.Errorf("consistency from size %d: %w", kept.tree.N, err)
		}
		checked++
	}
	return checked, nil
}

func run(public, vkey string) error {
	key, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	newest, err := readCheckpoint(filepath.Join(public, "checkpoint"), key)
	if err != nil {
		return err
	}
	source := tiles{public}
	hashes := tlog.TileHashReader(newest.tree, source)
	if err := checkEntries(source, newest.tree, hashes); err != nil {
		return err
	}
	proofs, err := checkInclusion(newest.tree, hashes)
	if err != nil {
		return err
	}
	kept, err := checkKept(public, newest, key, hashes)
	if err != nil {
		return err
	}
	fmt.Printf("%d entries, %d inclusion proofs, %d earlier checkpoints\n", newest.tree.N, proofs, kept)
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: check PUBLIC VKEY")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "rejected:", err)
		os.Exit(1)
	}
}
