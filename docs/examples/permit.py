#!/usr/bin/env python3
"""A permit made without this project's programs, by Python's standard library alone (protocol/SPEC.md, "Grants").

permit.py KEY_FILE DIE PERSON SHA256_OF_DOCUMENT COUNT NOT_BEFORE NOT_AFTER COUNTER [PERMIT_ID]
KEY_FILE is the authority.json of `smartseal grant unit`. Prints the id of the permit and the body of the request.
"""
import base64, hashlib, hmac, json, os, sys


def head(major, n):
    """The head of a CBOR item, shortest form (RFC 8949, 4.2.1)."""
    for size, mark, limit in ((0, None, 24), (1, 24, 1 << 8), (2, 25, 1 << 16), (4, 26, 1 << 32), (8, 27, 1 << 64)):
        if n < limit:
            return bytes([major << 5 | (n if mark is None else mark)]) + (b"" if mark is None else n.to_bytes(size, "big"))


def cbor(value):
    """Integers, bytes, texts, lists and maps, in the order given."""
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(cbor(item) for item in value)
    return head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())


file, die, person, document, count, not_before, not_after, counter, *rest = sys.argv[1:]
keys = json.load(open(file))
permit = bytes.fromhex(rest[0]) if rest else os.urandom(16)
claims = cbor({
    3: bytes.fromhex(keys["deviceId"]), 4: int(not_after), 5: int(not_before), 7: permit,
    -65537: {1: 1, 2: int(counter), 3: 0, 4: bytes.fromhex(die), 5: int(count), 6: [[int(person), 1]], 7: 1, 8: bytes.fromhex(document)},
})
protected = b"\xa1\x01\x05"  # {1: 5}: HMAC 256/256
mac = hmac.new(bytes.fromhex(keys["permitKey"]), cbor(["MAC0", protected, b"", claims]), hashlib.sha256).digest()
grant = b"\xd1" + cbor([protected, {}, claims, mac])  # tag 17: COSE_Mac0
print(json.dumps({"permit": permit.hex(), "body": {"grant": base64.b64encode(grant).decode()}}))
