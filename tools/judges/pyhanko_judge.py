"""pyHanko's verdict on a signed PDF, as one JSON object a file and line.

    pyhanko_judge.py --root ROOT.pem [--root TSA_ROOT.pem] [--time RFC3339] FILE.pdf...

Nothing is fetched: certificates and revocation data come from the file alone, and every certificate below a root must have
revocation data (stricter than pyHanko's "hard-fail", which asks only where a certificate says where to look). The difference
analysis is pyHanko's own. Exit code 0 if every file has one signature that passes, covers the whole file and is followed by
nothing; 1 otherwise.
"""

import argparse
import asyncio
import datetime
import json
import logging
import sys

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult
from pyhanko.sign.validation.ades import ades_with_time_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer


def validation_spec(roots, knowledge):
    """Everything required, nothing fetched."""
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots),
        revinfo_policy=CertRevTrustPolicy(revocation_checking_policy=REQUIRE_REVINFO),
    )
    gathering = RevocationInfoGatheringSpec(
        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
        certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
    )
    return SignatureValidationSpec(
        cert_validation_policy=policy,
        ts_cert_validation_policy=policy,
        revinfo_gathering_policy=gathering,
        local_knowledge=knowledge,
    )


def knowledge_in_file(reader):
    """Certificates, lists and answers of the document security store."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return LocalKnowledge()
    crls = [CRLContainer(CertificateList.load(crl.get_object().data)) for crl in store.crls]
    responses = [OCSPResponse.load(response.get_object().data) for response in store.ocsps]
    ocsps = [container for response in responses for container in OCSPContainer.load_multi(response)]
    return LocalKnowledge(known_certs=list(store.load_certs()), known_crls=crls, known_ocsps=ocsps)


def timing_info(time):
    if time is None:
        return None
    return ValidationTimingInfo(validation_time=time, best_signature_time=time, point_in_time_validation=True)


async def judge_signature(signature, spec, time):
    signature.compute_integrity_info(diff_policy=DEFAULT_DIFF_POLICY)
    result = await ades_with_time_validation(
        signature.signed_data,
        spec,
        timing_info=timing_info(time),
        raw_digest=signature.compute_digest(),
        extra_status_kwargs=signature.summarise_integrity_info(),
        status_cls=PdfSignatureStatus,
    )
    status, changes = result.api_status, signature.diff_result
    stamp = status.timestamp_validity if status else None
    return {
        "field": signature.field_name,
        "signer": signature.signer_cert.subject.human_friendly,
        "indication": result.ades_subindic.status.name,
        "sub_indication": result.ades_subindic.name,
        "failure": result.failure_msg,
        "intact": bool(status and status.intact),
        "coverage": signature.coverage.name,
        "changes": changes.modification_level.name if isinstance(changes, DiffResult) else str(changes),
        "docmdp": signature.docmdp_level.name if signature.docmdp_level else None,
        "docmdp_ok": bool(status and status.docmdp_ok),
        "best_signature_time": result.best_signature_time.isoformat() if result.best_signature_time else None,
        "timestamp": bool(stamp and stamp.intact and stamp.valid and stamp.trusted),
    }


def passes(signature):
    """Passed with its time stamp, over the whole file, unchanged."""
    return (
        signature["sub_indication"] == "OK"
        and signature["coverage"] == "ENTIRE_FILE"
        and signature["changes"] == "NONE"
        and signature["docmdp_ok"]
        and signature["timestamp"]
    )


async def judge(path, roots, time):
    with open(path, "rb") as stream:
        reader = PdfFileReader(stream)
        spec = validation_spec(roots, knowledge_in_file(reader))
        signatures = [await judge_signature(each, spec, time) for each in reader.embedded_signatures]
    return {"file": path, "accepted": len(signatures) == 1 and passes(signatures[0]), "signatures": signatures}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", action="append", required=True)
    parser.add_argument("--time", type=datetime.datetime.fromisoformat)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    roots = [load_cert_from_pemder(root) for root in arguments.root]
    verdicts = []
    for path in arguments.files:
        try:
            verdicts.append(asyncio.run(judge(path, roots, arguments.time)))
        except Exception as error:  # whatever pyHanko raises is its verdict on the file
            verdicts.append({"file": path, "accepted": False, "error": f"{type(error).__name__}: {error}"})
        print(json.dumps(verdicts[-1], ensure_ascii=False))
    sys.exit(0 if all(verdict["accepted"] for verdict in verdicts) else 1)


if __name__ == "__main__":
    main()
