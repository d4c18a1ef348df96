"""Holds the answers of Yinxin to the NIST path validation suite against those of certval.

    python tools/judges/certval_pkits.py DIR

DIR is the folder of the suite. Fails where the two differ in a case that is not named below, or agree in one that is.
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What certval 0.2 leaves out, with the cases that need it. But for 4.15.4 it refuses what is valid.
GAPS = {
    "dates before 1970": "4.2.3",
    "self-issued certificates, which its search for paths passes over":
        "4.4.19 4.5.1 4.5.4 4.5.6 4.6.15 4.6.17 4.9.6 4.11.7 4.12.7 4.12.9 4.13.19",
    "distribution points with relative names or reasons, and indirect lists":
        "4.14.4 4.14.5 4.14.7 4.14.18 4.14.19 4.14.24 4.14.25 4.14.28 4.14.29 4.14.30 4.14.33",
    "delta lists: what only they revoke is valid to it, what only they release is not": "4.15.4 4.15.5",
}


def answers(command):
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return {case["id"]: case["valid"] for case in json.loads(out)["results"]}


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    ours = answers(["cargo", "run", "--quiet", "--release", "--example", "pkits", "--", folder])
    build = ["--manifest-path", "tools/peers/certval/Cargo.toml", "--target-dir", "target/peers"]
    theirs = answers(["cargo", "run", "--quiet", "--release", *build, "--", "pkits", folder])
    known = {case for cases in GAPS.values() for case in cases.split()}
    differ = {case for case in ours if ours[case] != theirs.get(case)}
    for case in sorted(differ ^ known):
        print(f"{case}: yinxin {ours.get(case)}, certval {theirs.get(case)}, {'a gap' if case in known else 'no gap'}")
    print(f"{len(ours) - len(differ)} of {len(ours)} cases alike, {len(known)} gaps known")
    sys.exit(bool(differ ^ known))


if __name__ == "__main__":
    main()
