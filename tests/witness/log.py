"""A transparency log of a few entries and its side of the witness protocol, written apart from the
program: Merkle trees by RFC 6962, notes by C2SP, Ed25519 by the openssl command."""
import base64
import hashlib
import subprocess
import tempfile
from pathlib import Path

NOTE_KEY = b"\x01"
COSIGNATURE_KEY = b"\x04"


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def consistency(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return consistency(old, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(old - k, leaves[k:], False) + [root(leaves[:k])]


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def text64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def openssl(*arguments, data: bytes = b"") -> subprocess.CompletedProcess:
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, timeout=60,
                          check=False)


class Log:
    """A log under a fresh key."""

    def __init__(self, origin: str, folder: Path, name: str = ""):
        self.origin = origin
        self.name = name or origin
        self.key = folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:8]}.pem"
        if not self.key.exists():
            openssl("genpkey", "-algorithm", "ed25519", "-out", str(self.key))
        der = openssl("pkey", "-in", str(self.key), "-pubout", "-outform", "DER").stdout
        self.public = der[-32:]

    @property
    def vkey(self) -> str:
        return (f"{self.name}+{key_id(self.name, NOTE_KEY, self.public).hex()}+"
                f"{text64(NOTE_KEY + self.public)}")

    def text(self, leaves: list[bytes]) -> str:
        return f"{self.origin}\n{len(leaves)}\n{text64(root(leaves))}\n"

    def note(self, leaves: list[bytes]) -> str:
        text = self.text(leaves)
        with tempfile.NamedTemporaryFile() as file:  # openssl signs files, not pipes
            file.write(text.encode())
            file.flush()
            signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", str(self.key), "-in",
                                file.name).stdout
        if len(signature) != 64:
            raise AssertionError("openssl does not sign")
        line = text64(key_id(self.name, NOTE_KEY, self.public) + signature)
        return f"{text}\n\u2014 {self.name} {line}\n"

    def request(self, old: int, leaves: list[bytes]) -> bytes:
        proof = consistency(old, leaves) if old else []
        lines = "".join(text64(node) + "\n" for node in proof)
        return f"old {old}\n{lines}\n{self.note(leaves)}".encode()


class WitnessKey:
    """The published key of a witness."""

    def __init__(self, vkey: str):
        self.name, self.id, coded = vkey.split("+", 2)
        raw = base64.b64decode(coded, validate=True)
        if raw[:1] != COSIGNATURE_KEY or len(raw) != 33:
            raise AssertionError("not a witness's key")
        self.public = raw[1:]
        if key_id(self.name, COSIGNATURE_KEY, self.public).hex() != self.id:
            raise AssertionError("the key's id does not fit")

    def cosigned_at(self, text: str, line: str) -> int:
        """The time of the cosignature in `line` over `text`; fails unless it is true."""
        dash, name, coded = line.rstrip("\n").split(" ")
        raw = base64.b64decode(coded, validate=True)
        if (dash, name, raw[:4].hex(), len(raw)) != ("\u2014", self.name, self.id, 76):
            raise AssertionError(f"not a cosignature of {self.name}: {line}")
        time = int.from_bytes(raw[4:12], "big")
        with tempfile.TemporaryDirectory() as folder:
            public, message, signature = (Path(folder) / name for name in "pms")
            # The fixed head of an Ed25519 public key in DER (RFC 8410).
            public.write_bytes(bytes.fromhex("302a300506032b6570032100") + self.public)
            message.write_bytes(f"cosignature/v1\ntime {time}\n{text}".encode())
            signature.write_bytes(raw[12:])
            done = openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey",
                           str(public), "-in", str(message), "-sigfile", str(signature))
        if done.returncode != 0:
            raise AssertionError("the cosignature is false")
        return time
