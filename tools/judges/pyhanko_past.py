"""Signs PDFs with pyHanko as in 2026, keeps them for years, and judges them with it on later days: pyhanko_past.py FOLDER

Makes an office (root to 2036, signer to 2029) and three time-stamping authorities that last five years each, from 2026, 2030 and 2034.
Signers stand below the root itself: for the past, pyHanko finds no list of an authority between. Writes the roots, the lists of each
day of judging, and one PDF a case into FOLDER; prints one JSON object for each case and day: the lists that are at hand on that day,
and pyHanko's verdict as AdES LTA validation, with its clock set to that day. Fetches nothing.
"""

import asyncio
import datetime
import io
import json
import logging
import pathlib
import sys

from asn1crypto import crl as asn1_crl, keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.ltv import ades_past, poe, types as ltv_types
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from page import page
from pyhanko_judge import knowledge_in_file, validation_spec

FOLDER = pathlib.Path(sys.argv[1])
DER = serialization.Encoding.DER
PKCS8 = serialization.PrivateFormat.PKCS8
SIGNED, RENEWED, RENEWED_AGAIN = "2026-06-01", "2030-06-02", "2034-06-02"


def date(text, hours=0):
    return datetime.datetime.fromisoformat(f"{text}T02:00:00+00:00") + datetime.timedelta(hours=hours)


def years(day, count):
    return date(day).replace(year=date(day).year + count)


class Party:
    """A key with its certificate; an authority makes lists."""

    def __init__(self, common, begins, lasts, issuer=None, purpose=None, is_ca=True):
        self.name = x509.Name.from_rfc4514_string(f"CN={common},O=pyHanko,C=CN")
        self.key = rsa.generate_private_key(65537, 2048)
        issuer = issuer or self
        bits = {"key_cert_sign": True, "crl_sign": True} if is_ca else {"digital_signature": True, "content_commitment": True}
        usage = {bit: bits.get(bit, False) for bit in (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")}
        builder = (
            x509.CertificateBuilder().subject_name(self.name).issuer_name(issuer.name).public_key(self.key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(date(begins)).not_valid_after(years(begins, lasts))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
            .add_extension(x509.KeyUsage(**usage), critical=True)
        )
        if purpose is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        made = builder.sign(issuer.key, hashes.SHA256())
        self.serial = made.serial_number
        self.certificate = asn1_x509.Certificate.load(made.public_bytes(DER))
        bare = self.key.private_bytes(DER, PKCS8, serialization.NoEncryption())
        self.private = keys.PrivateKeyInfo.load(bare)

    def crl(self, day):
        """Of an hour later, since pyHanko takes no list for the past that is older than what it has to speak of."""
        builder = (
            x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(date(day, 1))
            .next_update(date(day) + datetime.timedelta(days=8)).add_extension(x509.CRLNumber(date(day).toordinal()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        return asn1_crl.CertificateList.load(builder.sign(self.key, hashes.SHA256()).public_bytes(DER))


OFFICE = Party("office", "2026-05-01", 10)
SIGNER = Party("signer", "2026-05-01", 3, OFFICE, is_ca=False)
STAMPING = x509.oid.ExtendedKeyUsageOID.TIME_STAMPING
ROOTS = [Party(name, begins, 20) for name, begins in (("first", "2026-05-01"), ("second", "2030-05-01"), ("third", "2034-05-01"))]
TSAS = [
    Party(f"{name} tsa", begins, 5, root, STAMPING, is_ca=False)
    for (name, begins), root in zip((("one", "2026-05-01"), ("two", "2030-05-01"), ("three", "2034-05-01")), ROOTS)
]
TRUSTED = [party.certificate for party in (OFFICE, *ROOTS)]
REGISTRY = SimpleCertificateStore()
REGISTRY.register_multiple([OFFICE.certificate, *(root.certificate for root in ROOTS)])


def context(day, authorities):
    return ValidationContext(
        trust_roots=TRUSTED, crls=[party.crl(day) for party in authorities], other_certs=list(REGISTRY), moment=date(day, 2),
        best_signature_time=date(day, 2), allow_fetching=False, revocation_mode="hard-fail",
    )


def stamper(place, day, hours=0):
    at = date(day, hours)
    return DummyTimeStamper(TSAS[place].certificate, TSAS[place].private, certs_to_embed=REGISTRY, fixed_dt=at)


def signed(level):
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=level != "b-t",
        validation_context=context(SIGNED, [OFFICE, ROOTS[0]]),
    )
    by = signers.SimpleSigner(signing_cert=SIGNER.certificate, signing_key=SIGNER.private, cert_registry=REGISTRY)
    writer = IncrementalPdfFileWriter(io.BytesIO(page()))
    return signers.sign_pdf(writer, metadata, signer=by, timestamper=stamper(0, SIGNED)).getvalue()


def archived(document):
    """With a document time stamp of three hours later over the lists."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    lists = context(SIGNED, [OFFICE, ROOTS[0]])
    return PdfTimeStamper(stamper(0, SIGNED, 3)).timestamp_pdf(writer, "sha256", validation_context=lists).getvalue()


def renewed(document, place, day, about):
    """Renewed by pyHanko, with lists about some of the authorities."""
    made = io.BytesIO()
    PdfTimeStamper(stamper(place, day, 3)).update_archival_timestamp_chain(
        PdfFileReader(io.BytesIO(document)), context(day, about), in_place=False, output=made
    )
    return made.getvalue()


def cases():
    """Files, with the days on which they are judged and who publishes lists then; the office never does."""
    t, lt = signed("b-t"), signed("b-lt")
    lta = archived(lt)
    # With what speaks of the stamp before and of its own.
    once = renewed(lta, 1, RENEWED, ROOTS[:2])
    twice = renewed(once, 2, RENEWED_AGAIN, ROOTS[1:])
    alive, first_over, second_over, authority_over = "2029-01-15", "2031-12-01", "2035-12-01", "2037-06-01"
    expired = "2029-12-01"
    yield "b-t", t, [(expired, [0])]
    yield "b-lt", lt, [(SIGNED, [0]), (alive, [0]), (expired, [0]), (first_over, [1])]
    yield "b-lta", lta, [(SIGNED, [0]), (alive, [0]), (expired, [0]), (first_over, [1])]
    yield "renewed-once", once, [(RENEWED, [0, 1]), (first_over, [1]), (second_over, [2])]
    yield "renewed-twice", twice, [(RENEWED_AGAIN, [1, 2]), (second_over, [2]), (authority_over, [2])]
    # The same with a list of the first's root, of three years after the first has expired.
    yield "list-too-late", renewed(once, 2, RENEWED_AGAIN, ROOTS), [(second_over, [2])]


class Clock(datetime.datetime):
    """The clock of pyHanko, which asks the system's wherever it knows no proof of existence."""

    present = None

    @classmethod
    def now(cls, tz=None):
        return cls.present.astimezone(tz) if tz else cls.present


for module in (poe, ades_past, ltv_types, ades):
    module.datetime = Clock


async def judged(document, day, lists):
    reader = PdfFileReader(io.BytesIO(document))
    knowledge = knowledge_in_file(reader)
    knowledge.known_crls.extend(CRLContainer(each) for each in lists)
    signature = reader.embedded_regular_signatures[0]
    Clock.present = date(day, 4)
    timing = ValidationTimingInfo(validation_time=date(day, 4), best_signature_time=date(day, 4), point_in_time_validation=True)
    spec = PdfSignatureValidationSpec(validation_spec(TRUSTED, knowledge))
    return await ades.ades_lta_validation(signature, spec, timing_info=timing)


def main():
    logging.disable(logging.WARNING)
    for name, party in zip(("office", "first", "second", "third"), (OFFICE, *ROOTS)):
        (FOLDER / f"{name}.der").write_bytes(party.certificate.dump())
    for case, document, days in cases():
        (FOLDER / f"{case}.pdf").write_bytes(document)
        for day, living in days:
            lists = [ROOTS[place].crl(day) for place in living]
            names = [f"{case}-{day}-{place}.crl" for place in living]
            for name, each in zip(names, lists):
                (FOLDER / name).write_bytes(each.dump())
            result = asyncio.run(judged(document, day, lists))
            print(json.dumps({
                "case": case, "day": day, "lists": names, "passed": result.ades_subindic.name == "OK",
                "sub_indication": result.ades_subindic.name, "failure": result.failure_msg,
            }))


if __name__ == "__main__":
    main()
