"""Work per CPU second: yinxin and a peer on the same documents or certificates in the same run.

    target/tools/venv/bin/python tools/bench/compare.py sign|sign-lt|verify|path|large [--count N] [--peer-count N]

sign    a one-page PDF, PAdES B-B, P-256 with SHA-256
sign-lt the same at B-LT: stamped by an authority in the same process, chain and revocation list in the security store
verify  one licence and one page with one signature, with time stamp, chain and CRLs inside (PAdES B-LT), and a page with a hundred
        signatures; against their roots, nothing fetched
path    a path of four P-256 certificates, warm and cold, without and with revocation lists, against OpenSSL (path.c)
large   a page of 50 MiB verified, beside hashing it once; a page of 500 MiB signed and verified, and the memory that it took

`yinxin bench WORK --keep FOLDER` leaves the document that it worked on, and the peer works on that. The two take turns, three
times each; the best turn of each counts, since other work on the machine only ever slows one down. Both are warm: keys,
certificates and contexts are made once, before the clock starts.
"""

import argparse
import asyncio
import functools
import io
import json
import logging
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target" / "release" / "yinxin"
TURNS = 3


def bench(work, count, folder, *options):
    """What yinxin measured."""
    command = [PROGRAM, "bench", work, "--count", str(count), "--keep", folder, "--json", *options]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def ours(work, count, folder, *options):
    """Documents per CPU second of yinxin, by its own clock of the process."""
    report = bench(work, count, folder, *options)
    return report["count"] / report["cpu_s"]


def clocked(unit, count):
    """Documents per CPU second of a function, after one call to warm up."""
    unit()
    start = time.process_time()
    for _ in range(count):
        unit()
    return count / (time.process_time() - start)


class Office:
    """A root with a signer, a time-stamping authority and a revocation list, as pyHanko takes them."""

    def __init__(self):
        import datetime

        from asn1crypto import crl, keys
        from asn1crypto import x509 as asn1_x509
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, rsa

        encoding, pkcs8 = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=1)
        end = now + datetime.timedelta(days=8)
        names = {who: x509.Name.from_rfc4514_string(f"CN={who}") for who in ("root", "signer", "stamping")}
        private = {who: ec.generate_private_key(ec.SECP256R1()) for who in names}
        # The stamper that pyHanko brings signs with RSA alone: half a millisecond of what is measured.
        private["stamping"] = rsa.generate_private_key(65537, 2048)

        def certificate(who):
            builder = x509.CertificateBuilder().subject_name(names[who]).issuer_name(names["root"])
            builder = builder.public_key(private[who].public_key()).serial_number(x509.random_serial_number())
            is_root, stamps = who == "root", who == "stamping"
            usage = dict.fromkeys(["key_encipherment", "data_encipherment", "key_agreement", "encipher_only"], False)
            usage |= {"decipher_only": False, "key_cert_sign": is_root, "crl_sign": is_root}
            usage |= {"digital_signature": not is_root, "content_commitment": not is_root and not stamps}
            builder = builder.add_extension(x509.BasicConstraints(is_root, None), True)
            builder = builder.add_extension(x509.KeyUsage(**usage), True)
            if stamps:
                builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), True)
            if not is_root:
                point = x509.DistributionPoint([x509.UniformResourceIdentifier("http://localhost/a.crl")], None, None, None)
                builder = builder.add_extension(x509.CRLDistributionPoints([point]), False)
            made = builder.not_valid_before(now).not_valid_after(end).sign(private["root"], hashes.SHA256())
            return asn1_x509.Certificate.load(made.public_bytes(encoding))

        lists = x509.CertificateRevocationListBuilder().issuer_name(names["root"]).last_update(now).next_update(end)
        made = lists.add_extension(x509.CRLNumber(1), False).sign(private["root"], hashes.SHA256())
        self.crl = crl.CertificateList.load(made.public_bytes(encoding))
        self.certificates = {who: certificate(who) for who in names}
        secret = serialization.NoEncryption()
        self.keys = {who: keys.PrivateKeyInfo.load(key.private_bytes(encoding, pkcs8, secret)) for who, key in private.items()}


def pyhanko_signing(folder, is_lt=False):
    """A function that signs the kept page once, in memory."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    office = Office()
    signer = signers.SimpleSigner(
        signing_cert=office.certificates["signer"],
        signing_key=office.keys["signer"],
        cert_registry=SimpleCertificateStore(),
    )
    stamper = DummyTimeStamper(tsa_cert=office.certificates["stamping"], tsa_key=office.keys["stamping"])
    page = (pathlib.Path(folder) / "page.pdf").read_bytes()

    def unit():
        validation = {}
        if is_lt:
            context = ValidationContext(
                trust_roots=[office.certificates["root"]],
                crls=[office.crl],
                allow_fetching=False,
                revocation_mode="hard-fail",
            )
            validation = {"validation_context": context, "embed_validation_info": True}
        metadata = signers.PdfSignatureMetadata(
            field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, **validation
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(page))
        return signers.sign_pdf(writer, metadata, signer=signer, timestamper=stamper if is_lt else None)

    return unit


def pyhanko_verifying(folder, name="licence.pdf"):
    """A function that verifies all signatures of the kept document once, in a context made beforehand; it fails if pyHanko does not
    accept one."""
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    document = (pathlib.Path(folder) / name).read_bytes()
    roots = list(load_certs_from_pemder([pathlib.Path(folder) / "roots.pem"]))
    store = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(document)))
    context = store.as_validation_context({"trust_roots": roots, "allow_fetching": False, "revocation_mode": "require"})

    def unit():
        for signature in PdfFileReader(io.BytesIO(document)).embedded_signatures:
            check = async_validate_pdf_signature(
                signature, signer_validation_context=context, ts_validation_context=context
            )
            if not asyncio.run(check).bottom_line:
                raise SystemExit(f"pyHanko does not accept {name}")

    return unit


def openssl_path(folder, count):
    """Milliseconds of OpenSSL for each kind of path."""
    with tempfile.TemporaryDirectory() as built:
        program = pathlib.Path(built) / "path"
        source = ROOT / "tools" / "bench" / "path.c"
        subprocess.run(["cc", "-O2", "-o", program, source, "-lcrypto"], check=True)
        out = subprocess.run([program, folder, str(count)], check=True, capture_output=True, text=True).stdout
    return figures(out)


def certval_path(folder, count):
    """Milliseconds of certval for each kind of path; it remembers what it verified in its own caches, as ours does."""
    build = ["--manifest-path", "tools/peers/certval/Cargo.toml", "--target-dir", "target/peers"]
    command = ["cargo", "run", "--quiet", "--release", *build, "--", "bench", folder, str(count)]
    return figures(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def figures(out):
    return {kind: float(each) for kind, each in (line.split() for line in out.splitlines())}


def compare_paths(count, peer_count):
    """The best turn of each, in milliseconds, beside the floor: the bare signature checks."""
    best, peers = {}, {"OpenSSL": {}, "certval": {}}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(TURNS):
            command = [PROGRAM, "bench", "path", "--count", str(count), "--keep", folder, "--json"]
            report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            turn = {**report["parts_ms"], "warm-with-lists": report["cpu_ms_each"]}
            best = {kind: min(each, best.get(kind, each)) for kind, each in turn.items()}
            for name, judge in [("OpenSSL", openssl_path), ("certval", certval_path)]:
                turn = judge(folder, peer_count)
                peers[name] = {kind: min(each, peers[name].get(kind, each)) for kind, each in turn.items()}
    for kind in ["warm", "warm-with-lists", "cold", "cold-with-lists"]:
        floor = best[kind.replace("cold", "floor").replace("warm", "floor")]
        print(f"{kind:16} yinxin {best[kind]:.4f} ms; floor {floor:.4f} ms, {best[kind] / floor:.2f} of it", end="")
        for name, peer in peers.items():
            print(f"; {name} {peer[kind]:.4f} ms, {peer[kind] / best[kind]:.1f} times as much", end="")
        print()


# What is verified: its name, the file that is kept of it, the options of ours, and the share of the counts that it gets.
VERIFIED = [
    ("licence", "licence.pdf", [], 1),
    ("page", "signed.pdf", ["--document", "page"], 1),
    ("hundred", "signed.pdf", ["--document", "page", "--signatures", "100"], 50),
]


def compare_turns(work, unit_of, counts, options=()):
    """The best of each in turns, printed."""
    best = {"yinxin": 0.0, "pyHanko": 0.0}
    count, peer_count = counts
    with tempfile.TemporaryDirectory() as folder:
        best["yinxin"] = ours(work, count, folder, *options)
        unit = unit_of(folder)
        for _ in range(TURNS):
            best["pyHanko"] = max(best["pyHanko"], clocked(unit, peer_count))
            best["yinxin"] = max(best["yinxin"], ours(work, count, folder, *options))
    for name, rate in best.items():
        print(f"{name:8} {rate:10.1f} documents per CPU second ({1000 / rate:.3f} ms each)")
    print(f"ratio    {best['yinxin'] / best['pyHanko']:10.1f}")


def compare_verifying(counts):
    """Each kind of document, one after the other."""
    for name, file, options, share in VERIFIED:
        print(f"{name}:")
        part = [max(1, count // share) for count in counts]
        compare_turns("verify", lambda folder, file=file: pyhanko_verifying(folder, file), part, options)


def large():
    """Large pages, beside hashing them once."""
    with tempfile.TemporaryDirectory() as folder:
        for mebibytes in [50, 500]:
            report = bench("verify", 3, folder, "--document", "page", "--mebibytes", str(mebibytes))
            hashed = report["parts_ms"]["sha-256"]
            print(
                f"{mebibytes} MiB: verified in {report['cpu_ms_each']:.0f} ms, hashed in {hashed:.0f} ms, ratio "
                f"{report['cpu_ms_each'] / hashed:.2f}; at most {report['peak_rss_mib']:.0f} MiB held to sign and verify it"
            )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=["sign", "sign-lt", "verify", "path", "large"])
    parser.add_argument("--count", type=int, default=5000, help="units a turn of yinxin")
    parser.add_argument("--peer-count", type=int, default=60, help="units a turn of the peer")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    if arguments.work == "path":
        compare_paths(arguments.count, arguments.peer_count)
        return
    counts = [arguments.count, arguments.peer_count]
    if arguments.work == "large":
        large()
    elif arguments.work == "verify":
        compare_verifying(counts)
    elif arguments.work == "sign-lt":
        at_lt = functools.partial(pyhanko_signing, is_lt=True)
        compare_turns("sign", at_lt, counts, ["--level", "b-lt"])
    else:
        compare_turns("sign", pyhanko_signing, counts)


if __name__ == "__main__":
    main()
