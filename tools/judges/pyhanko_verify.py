"""Judges the signatures of a PDF with pyHanko, for tests: pyhanko_verify.py FILE ROOT...

Trusts the given root certificates (PEM or DER) alone and fetches nothing. Prints one JSON object per signature. Its time is
that of the file's claim, so that fixed times can be tested.
"""

import json
import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

file, roots = sys.argv[1], sys.argv[2:]
with open(file, "rb") as stream:
    for signature in PdfFileReader(stream).embedded_signatures:
        context = ValidationContext(
            trust_roots=list(load_certs_from_pemder(roots)),
            moment=signature.self_reported_timestamp,
            best_signature_time=signature.self_reported_timestamp,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        status = validate_pdf_signature(signature, context)
        print(
            json.dumps(
                {
                    "intact": status.intact,
                    "valid": status.valid,
                    "trusted": status.trusted,
                    "bottom_line": status.bottom_line,
                    "coverage": status.coverage.name,
                    "modification_level": getattr(status.modification_level, "name", None),
                    "mechanism": status.pkcs7_signature_mechanism,
                    "subfilter": str(signature.sig_object.get("/SubFilter")),
                }
            )
        )
