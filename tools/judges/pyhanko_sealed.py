"""pyHanko's verdict on every signature and document time stamp of PDFs, one JSON object a file and line.

    pyhanko_sealed.py --root ROOT.der [--root ...] [--crl LIST.crl ...] [--level bb|lt|lt-answers|lta] [--time RFC3339] FILE.pdf...

bb   the signature and its path, at the time that it claims; revocation is not asked
lt   as AdES with time: certificates and revocation data come from the file alone, and each certificate below a root needs some
lt-answers  the same without the list of the signer's authority, so that its answer (OCSP) has to tell
lta  as lt, with the time stamps of the document as proofs of existence

Nothing is fetched. What no archive can say of its last time stamp is named: with --crl, lists of the present, and that its
certificate is not revoked. The difference analysis is pyHanko's own.
"""

import argparse
import asyncio
import dataclasses
import datetime
import json
import logging

from asn1crypto.crl import CertificateList
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.ltv import ades_past, poe
from pyhanko_certvalidator.policy_decl import NonRevokedStatusAssertion
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from pyhanko_judge import judge_signature, knowledge_in_file, timing_info, validation_spec


def make_present(time):
    """Past validation begins at the present, and what nothing proves to be older exists since then: pyHanko asks the machine for
    it, whatever time it judges at."""

    class Present(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return time.astimezone(tz)

    for module in (ades_past, poe):
        module.datetime = Present


def integrity(signature):
    changes = signature.diff_result
    return {
        "field": signature.field_name,
        "coverage": signature.coverage.name,
        "changes": changes.modification_level.name if isinstance(changes, DiffResult) else str(changes),
        "docmdp": signature.docmdp_level.name if signature.docmdp_level else None,
    }


def at_claimed_time(signature, roots, time):
    moment = time or signature.self_reported_timestamp
    context = ValidationContext(
        trust_roots=roots,
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    status = validate_pdf_signature(signature, context)
    return {
        **integrity(signature),
        "passed": status.bottom_line,
        "docmdp_ok": bool(status.docmdp_ok),
        "failure": None if status.bottom_line else status.pretty_print_details(),
    }


def document_time_stamp(signature, roots):
    context = ValidationContext(
        trust_roots=roots, moment=signature.self_reported_timestamp, allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_timestamp(signature, context)
    return {**integrity(signature), "passed": bool(status.intact and status.valid and status.trusted)}


def as_of_now(knowledge, reader, arguments):
    """With the lists of the present, and that the certificate of the last time stamp is not revoked."""
    if not arguments.crls:
        return knowledge
    stamps = reader.embedded_timestamp_signatures
    unrevoked = [NonRevokedStatusAssertion(stamp.signer_cert.sha256, at=arguments.time) for stamp in stamps[-1:]]
    lists = [*knowledge.known_crls, *arguments.crls]
    return dataclasses.replace(knowledge, known_crls=lists, nonrevoked_assertions=unrevoked)


async def archived(signature, spec, time):
    signature.compute_integrity_info(diff_policy=DEFAULT_DIFF_POLICY)
    result = await ades_lta_validation(signature, PdfSignatureValidationSpec(spec), timing_info=timing_info(time))
    return {
        **integrity(signature),
        "passed": result.ades_subindic.name == "OK",
        "failure": result.failure_msg,
        "sub_indication": result.ades_subindic.name,
    }


def by_answers(knowledge, signature):
    """Without the lists of the signer's authority."""
    authority = signature.signer_cert.issuer.dump()
    lists = [known for known in knowledge.known_crls if known.crl_data.issuer.dump() != authority]
    return dataclasses.replace(knowledge, known_crls=lists)


def crl_of(path):
    with open(path, "rb") as stream:
        return CRLContainer(CertificateList.load(stream.read()))


def judge(path, arguments, roots):
    with open(path, "rb") as stream:
        reader = PdfFileReader(stream)
        knowledge = as_of_now(knowledge_in_file(reader), reader, arguments)
        spec = validation_spec(roots, knowledge) if arguments.level != "bb" else None
        signatures = []
        for signature in reader.embedded_regular_signatures:
            if arguments.level == "bb":
                signatures.append(at_claimed_time(signature, roots, arguments.time))
            elif arguments.level in ("lt", "lt-answers"):
                if arguments.level == "lt-answers":
                    spec = validation_spec(roots, by_answers(knowledge, signature))
                verdict = asyncio.run(judge_signature(signature, spec, arguments.time))
                signatures.append({**verdict, "passed": verdict["sub_indication"] == "OK"})
            else:
                signatures.append(asyncio.run(archived(signature, spec, arguments.time)))
        stamps = [document_time_stamp(stamp, roots) for stamp in reader.embedded_timestamp_signatures]
        return {"file": path, "signatures": signatures, "time_stamps": stamps}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", action="append", required=True)
    parser.add_argument("--level", choices=["bb", "lt", "lt-answers", "lta"], default="bb")
    parser.add_argument("--time", type=datetime.datetime.fromisoformat)
    parser.add_argument("--crl", action="append", default=[])
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    roots = [load_cert_from_pemder(root) for root in arguments.root]
    arguments.crls = [crl_of(path) for path in arguments.crl]
    if arguments.time:
        make_present(arguments.time)
    for path in arguments.files:
        try:
            verdict = judge(path, arguments, roots)
        except Exception as error:  # whatever pyHanko raises is its verdict on the file
            verdict = {"file": path, "error": f"{type(error).__name__}: {error}", "signatures": [], "time_stamps": []}
        print(json.dumps(verdict, ensure_ascii=False))


if __name__ == "__main__":
    main()
