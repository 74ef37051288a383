"""Checks a record with tlog-scales (PyPI): nothing here is Recount's but the paths.

    check.py PUBLIC VKEY

PUBLIC is the record's public side. The log's signature, the root, every entry against its tile, inclusion proofs, and the
consistency of every kept checkpoint with the newest.
"""

import sys
from pathlib import Path

from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tiles import leaf_hash
from tlog_scales.tlog import Checkpoint
from tlog_scales.utils import sha256


class Rejected(Exception):
    pass


def check_entries(reader: TilesReader, size: int) -> None:
    for index in range(size):
        if leaf_hash(reader.get_entry(index)) != reader.mth(index, index + 1):
            raise Rejected(f"entry {index} does not have the hash in its tile")


def check_tiles(reader: TilesReader, size: int) -> None:
    """This reader does not check one level of tiles against the next: the root of every full tile must be in the one above."""
    for index in range(size // 256):
        row = [reader.mth(leaf, leaf + 1) for leaf in range(256 * index, 256 * index + 256)]
        while len(row) > 1:
            row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2])]
        if row[0] != reader.mth(256 * index, 256 * index + 256):
            raise Rejected(f"tile {index} does not have the hash in the tile above")


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def check_inclusion(reader: TilesReader, newest: Checkpoint) -> int:
    indexes = range(0, newest.size, newest.size // 100 + 1)
    for index in indexes:
        proof = reader.get_inclusion_proof(index, newest.size)
        proof.check(leaf_hash(reader.get_entry(index)), newest.root_hash)
    return len(indexes)


def check_kept(public: Path, reader: TilesReader, newest: Checkpoint, key: Vkey) -> int:
    checked = 0
    for path in sorted((public / "checkpoints").iterdir()):
        kept = Checkpoint.from_text(path.read_text())
        kept.verify(key)
        if kept.origin != newest.origin or str(kept.size) != path.name:
            raise Rejected(f"checkpoints/{path.name} is another log's, or of another size")
        if kept.size == 0:
            continue
        reader.get_consistency_proof(kept.size, newest.size).check(kept.root_hash, newest.root_hash)
        checked += 1
    return checked


def check(public: Path, vkey: str) -> str:
    key = Vkey.from_string(vkey)
    reader = TilesReader(LocalBackend(public))
    newest = reader.get_checkpoint()
    newest.verify(key)
    if reader.calculate_root_hash() != newest.root_hash:
        raise Rejected("the tiles do not give the checkpoint's root")
    check_entries(reader, newest.size)
    check_tiles(reader, newest.size)
    proofs = check_inclusion(reader, newest)
    kept = check_kept(public, reader, newest, key)
    return f"{newest.size} entries, {proofs} inclusion proofs, {kept} earlier checkpoints"


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        print(check(Path(sys.argv[1]), sys.argv[2]))
    except Exception as error:  # whatever the library raises is a rejection
        print(f"rejected: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
