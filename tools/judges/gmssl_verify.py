"""Verifies one SM2 signature with gmssl-pyx, for tests: gmssl_verify.py KEY MESSAGE SIGNATURE

KEY is a file of 64 octets (the point without its leading 04), MESSAGE a file of any octets, SIGNATURE a file with the DER
SEQUENCE of r and s. The signer's identifier is the usual 1234567812345678. Exit code 0 where it fits, 3 where it does not.
"""

import sys
from pathlib import Path

import gmssl_pyx

key, message, signature = (Path(name).read_bytes() for name in sys.argv[1:4])
sys.exit(0 if gmssl_pyx.sm2_verify(key, message, signature) else 3)
