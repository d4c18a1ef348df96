"""Judges a signed recognition list, for tests: trust_list.py FILE

Verifies the JWS with jwcrypto, and where it is signed with SM2 with gmssl-pyx, by the certificate in its header; reads every
certificate of the list with cryptography; asks for the members that ETSI TS 119 602 wants. Prints what it found as JSON. Exit code
0 where all is well, 3 where the signature does not match.
"""

import base64
import json
import sys
from pathlib import Path

import gmssl_pyx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from jwcrypto import jwk, jws
from jwcrypto.jws import InvalidJWSSignature

SM2 = "urn:yinxin:jws:SM2-SM3"


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def integer(value):
    magnitude = value.to_bytes((value.bit_length() // 8) + 1, "big")
    return b"\x02" + bytes([len(magnitude)]) + magnitude


def verified(text):
    protected, payload, signature = text.split(".")
    header = json.loads(decode(protected))
    der = base64.b64decode(header["x5c"][0])
    if header["alg"] == SM2:
        # cryptography knows no SM2: the point is the last 64 octets of the key, found behind its curve.
        curve = bytes.fromhex("06082a811ccf5501822d")
        start = der.index(b"\x03\x42\x00\x04", der.index(curve)) + 4
        pair = decode(signature)
        both = integer(int.from_bytes(pair[:32], "big")) + integer(int.from_bytes(pair[32:], "big"))
        if not gmssl_pyx.sm2_verify(der[start : start + 64], f"{protected}.{payload}".encode(), b"\x30" + bytes([len(both)]) + both):
            raise InvalidJWSSignature
        return header, decode(payload)
    certificate = x509.load_der_x509_certificate(der)
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(hashes.SHA256())).rstrip(b"=").decode()
    assert header["x5t#S256"] == thumbprint
    public = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    token = jws.JWS()
    token.deserialize(text, jwk.JWK.from_pem(public))
    return header, token.payload


try:
    header, payload = verified(Path(sys.argv[1]).read_text().strip())
except InvalidJWSSignature:
    sys.exit(3)
lote = json.loads(payload)["LoTE"]
scheme = lote["ListAndSchemeInformation"]
for member in ["LoTEVersionIdentifier", "LoTESequenceNumber", "SchemeOperatorName", "ListIssueDateTime", "NextUpdate"]:
    assert member in scheme, member
entities = {}
for entity in lote["TrustedEntitiesList"]:
    name = entity["TrustedEntityInformation"]["TEName"][0]["value"]
    for service in entity["TrustedEntityServices"]:
        information = service["ServiceInformation"]
        for certificate in information["ServiceDigitalIdentity"]["X509Certificates"]:
            x509.load_der_x509_certificate(base64.b64decode(certificate["val"]))
        status = information["ServiceStatus"].rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        kind = information["ServiceTypeIdentifier"].rsplit(":", 1)[-1]
        past = [instance["ServiceStatus"] for instance in service.get("ServiceHistory", [])]
        entities.setdefault(name, {}).setdefault(kind, []).append([status, len(past)])
print(json.dumps({"alg": header["alg"], "sequence": scheme["LoTESequenceNumber"], "entities": entities}))
