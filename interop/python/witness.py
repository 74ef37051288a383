"""Submits checkpoints to a witness that others wrote, with proofs that others made.

    witness.py ADDRESS PUBLIC FORKED

The witness at ADDRESS (already at the newest size of PUBLIC, through Recount's own writer) must refuse every checkpoint that is
not consistent with what it has cosigned. FORKED is the public side of another history of the same log, with the same key.
"""

import base64
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader


def submit(address: str, old: int, proof: list[bytes], checkpoint: str) -> tuple[int, bytes]:
    lines = "".join(base64.b64encode(node).decode() + "\n" for node in proof)
    body = f"old {old}\n{lines}\n{checkpoint}".encode()
    request = urllib.request.Request(f"{address}/add-checkpoint", body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def kept(public: Path, size: int) -> str:
    return (public / "checkpoints" / str(size)).read_text()


def main() -> None:
    address, public, forked = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    sizes = sorted(int(path.name) for path in (public / "checkpoints").iterdir())
    newest, before = sizes[-1], sizes[-2]
    larger = max(int(path.name) for path in (forked / "checkpoints").iterdir())
    honest, other = TilesReader(LocalBackend(public)), TilesReader(LocalBackend(forked))
    honest.get_checkpoint()
    other.get_checkpoint()
    fork_proof = other.get_consistency_proof(newest, larger).node_hashes
    roots = [kept(folder, newest).split("\n")[2] for folder in (public, forked)]
    forged = kept(public, newest).replace(roots[0], roots[1], 1)

    cases = [
        ("the newest checkpoint again", (newest, [], kept(public, newest)), 200),
        ("an old size that it does not hold", (before, honest.get_consistency_proof(before, newest).node_hashes, kept(public, newest)), 409),
        ("another history of the same size", (newest, [], kept(forked, newest)), 422),
        ("another history, larger, with its own proof", (newest, fork_proof, kept(forked, larger)), 422),
        ("a checkpoint whose root was changed after signing", (newest, [], forged), 403),
    ]
    failed = 0
    for name, request, expected in cases:
        status, body = submit(address, *request)
        good = status == expected and (status != 409 or body == f"{newest}\n".encode())
        failed += not good
        print(f"{'ok' if good else 'BAD'} {status} {name}" + ("" if good else f" (expected {expected}): {body!r}"))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
