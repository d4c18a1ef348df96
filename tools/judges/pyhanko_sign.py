"""Signs PDFs with pyHanko in every form that it makes, and judges them with it, for tests: pyhanko_sign.py FOLDER

Makes an authority of its own; writes root.der, root.crl and one PDF a case into FOLDER and prints one JSON object a case: the file,
whether pyHanko finds its first signature good, and the level at which it was made. Fetches nothing.
"""

import datetime
import io
import json
import pathlib
import sys

from asn1crypto import crl as asn1_crl, keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, ed448, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec, GenericCommitment
from pyhanko.sign.ades import cades_asn1
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from page import page

FOLDER = pathlib.Path(sys.argv[1])
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DER = serialization.Encoding.DER
PADES, ADOBE = fields.SigSeedSubFilter.PADES, fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED


def name(common):
    return x509.Name.from_rfc4514_string(f"CN={common},O=pyHanko,C=CN")


def usage(**set_bits):
    bits = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{bit: set_bits.get(bit, False) for bit in bits})


ROOT_KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(common, key, ca=False, purpose=None):
    builder = (
        x509.CertificateBuilder().subject_name(name(common)).issuer_name(name("root")).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=1)).not_valid_after(NOW + datetime.timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ROOT_KEY.public_key()), critical=False)
    )
    bits = {"key_cert_sign": True, "crl_sign": True} if ca else {"digital_signature": True, "content_commitment": True}
    builder = builder.add_extension(usage(**bits), critical=True)
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    made = builder.sign(ROOT_KEY, hashes.SHA256())
    return asn1_x509.Certificate.load(made.public_bytes(DER))


def pkcs8(key):
    bare = serialization.NoEncryption()
    return keys.PrivateKeyInfo.load(key.private_bytes(DER, serialization.PrivateFormat.PKCS8, bare))


ROOT = certificate("root", ROOT_KEY, ca=True)
CRL = asn1_crl.CertificateList.load(
    x509.CertificateRevocationListBuilder().issuer_name(name("root")).last_update(NOW - datetime.timedelta(hours=1))
    .next_update(NOW + datetime.timedelta(days=8)).add_extension(x509.CRLNumber(1), critical=False)
    .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ROOT_KEY.public_key()), critical=False)
    .sign(ROOT_KEY, hashes.SHA256()).public_bytes(DER)
)
REGISTRY = SimpleCertificateStore()
REGISTRY.register(ROOT)
# The time stamper of pyHanko for tests signs by RSA alone.
TSA_KEY = rsa.generate_private_key(65537, 2048)
TSA = DummyTimeStamper(
    certificate("tsa", TSA_KEY, purpose=x509.oid.ExtendedKeyUsageOID.TIME_STAMPING), pkcs8(TSA_KEY), certs_to_embed=REGISTRY
)


def context():
    return ValidationContext(trust_roots=[ROOT], crls=[CRL], allow_fetching=False, revocation_mode="hard-fail")


def signer(key, common="signer", **options):
    return signers.SimpleSigner(
        signing_cert=certificate(common, key), signing_key=pkcs8(key), cert_registry=REGISTRY, **options
    )


def sign(by, digest, subfilter=PADES, level="B-B", document=None, field="Signature1", claims=None, permission=None):
    metadata = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm=digest, subfilter=subfilter,
        embed_validation_info=level in ("B-LT", "B-LTA"), use_pades_lta=level == "B-LTA",
        validation_context=context(), cades_signed_attr_spec=claims,
        certify=permission is not None, docmdp_permissions=permission or fields.MDPPerm.FILL_FORMS,
    )
    stamper = None if level == "B-B" and claims is None else TSA
    if level == "B-B" and claims is not None:
        metadata = signers.PdfSignatureMetadata(
            field_name=field, md_algorithm=digest, subfilter=subfilter, cades_signed_attr_spec=claims
        )
    writer = IncrementalPdfFileWriter(io.BytesIO(document or page()))
    return signers.sign_pdf(writer, metadata, signer=by, timestamper=stamper).getvalue()


def is_good(document):
    signature = PdfFileReader(io.BytesIO(document)).embedded_regular_signatures[0]
    status = validate_pdf_signature(signature, context(), ts_validation_context=context())
    return status.bottom_line


def cases():
    secp = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
    for curve, parameters in secp.items():
        for digest in ("sha256", "sha384", "sha512"):
            yield f"{curve}-{digest}", "B-B", sign(signer(ec.generate_private_key(parameters)), digest)
    brainpool = {256: (ec.BrainpoolP256R1(), "sha256"), 384: (ec.BrainpoolP384R1(), "sha384"), 512: (ec.BrainpoolP512R1(), "sha512")}
    for bits, (parameters, digest) in brainpool.items():
        yield f"brainpool-{bits}", "B-B", sign(signer(ec.generate_private_key(parameters)), digest)
    key = rsa.generate_private_key(65537, 2048)
    for digest in ("sha256", "sha384", "sha512"):
        yield f"rsa-{digest}", "B-B", sign(signer(key), digest)
        yield f"pss-{digest}", "B-B", sign(signer(key, prefer_pss=True), digest)
    yield "ed25519", "B-B", sign(signer(ed25519.Ed25519PrivateKey.generate()), "sha512")
    yield "ed448", "B-B", sign(signer(ed448.Ed448PrivateKey.generate()), "shake256")
    yield "adobe-rsa", None, sign(signer(key), "sha256", ADOBE)
    elliptic = signer(ec.generate_private_key(ec.SECP256R1()))
    yield "adobe-p256", None, sign(elliptic, "sha256", ADOBE)
    yield "adobe-archival", None, sign(elliptic, "sha256", ADOBE, level="B-LT")
    for level in ("B-T", "B-LT", "B-LTA"):
        yield level.lower(), level, sign(elliptic, "sha256", level=level)
        yield f"certified-{level.lower()}", level, sign(elliptic, "sha256", level=level, permission=fields.MDPPerm.NO_CHANGES)
    other = signer(ec.generate_private_key(ec.SECP384R1()), "second")
    first = sign(elliptic, "sha256", level="B-LT")
    yield "two", "B-LT", sign(other, "sha384", level="B-LT", document=first, field="Signature2")
    policy = cades_asn1.SignaturePolicyIdentifier({
        "signature_policy_id": cades_asn1.SignaturePolicyId({
            "sig_policy_id": "2.16.724.1.3.1.1.2.1.9",
            "sig_policy_hash": {"digest_algorithm": {"algorithm": "sha256"}, "digest": bytes(32)},
        })
    })
    claims = CAdESSignedAttrSpec(
        commitment_type=GenericCommitment.PROOF_OF_APPROVAL.asn1, timestamp_content=True, signature_policy_identifier=policy
    )
    yield "claims", "B-T", sign(elliptic, "sha256", level="B-T", claims=claims)


(FOLDER / "root.der").write_bytes(ROOT.dump())
(FOLDER / "root.crl").write_bytes(CRL.dump())
for case, level, document in cases():
    (FOLDER / f"{case}.pdf").write_bytes(document)
    changed = document.replace(b"1 0 0 rg 9 9", b"0 0 0 rg 9 9")
    (FOLDER / f"{case}-changed.pdf").write_bytes(changed)
    verdict = {"case": case, "level": level, "good": is_good(document), "changed_good": is_good(changed)}
    print(json.dumps(verdict))
