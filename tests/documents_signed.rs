//! Plain signatures of ours on other people's documents, judged by pyHanko, pdfsig and qpdf.

use std::path::Path;
use std::process::Command;

use yinxin::cms::build::SigningIdentity;
use yinxin::crypto::key::Suite;
use yinxin::sign::{Claims, SignError};

use crate::support::city::{City, now};
use crate::support::documents::{claims, of_objects, signed as signed_document};
use crate::support::{TempFolder, python};

/// A page with an annotation, as a table or as streams.
fn document(folder: &Path, streams: bool) -> Vec<u8> {
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>/Annots 5 0 R>>",
        "<</Length 23>>stream\n1 0 0 rg 9 9 80 80 re f\nendstream",
        "[6 0 R]",
        "<</Type/Annot/Subtype/Square/Rect[9 9 20 20]/F 4>>",
    ];
    let bytes = of_objects("1.7", &bodies);
    if !streams {
        return bytes;
    }
    std::fs::write(folder.join("table.pdf"), bytes).unwrap();
    let arguments = ["--object-streams=generate", "table.pdf", "streams.pdf"];
    assert!(
        Command::new("qpdf")
            .args(arguments)
            .current_dir(folder)
            .status()
            .unwrap()
            .success()
    );
    std::fs::read(folder.join("streams.pdf")).unwrap()
}

#[test]
fn pyhanko_and_qpdf_accept_a_signed_document_with_either_kind_of_cross_references() {
    let city = City::new(Suite::International);
    let signer = city.organisation();
    let chain = [city.issuing.clone()];
    let identity = SigningIdentity::new(signer.key, signer.certificate, &chain).unwrap();
    for streams in [false, true] {
        let folder = TempFolder::new("document-signed");
        let (root, signed) = (folder.path().join("root.der"), folder.path().join("signed.pdf"));
        std::fs::write(&root, city.root.der()).unwrap();
        let bytes = signed_document(document(folder.path(), streams), &identity, &claims()).unwrap();
        std::fs::write(&signed, &bytes).unwrap();

        let output = python::judge("pyhanko_verify.py", &[signed.as_os_str(), root.as_os_str()]);
        let error = String::from_utf8_lossy(&output.stderr);
        let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
        assert_eq!(verdict["bottom_line"], true, "{verdict} {error}");
        assert_eq!(verdict["coverage"], "ENTIRE_FILE", "{verdict}");
        assert_eq!(verdict["subfilter"], "/ETSI.CAdES.detached");
        let check = Command::new("qpdf").arg("--check").arg(&signed).output().unwrap();
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    }
}

#[test]
fn pdfsig_finds_the_signature_whole_and_finds_a_change() {
    let city = City::new(Suite::International);
    let signer = city.organisation();
    let identity = SigningIdentity::new(signer.key, signer.certificate, &[]).unwrap();
    let folder = TempFolder::new("document-pdfsig");
    let mut bytes = signed_document(document(folder.path(), false), &identity, &claims()).unwrap();
    let pdfsig = |bytes: &[u8]| {
        std::fs::write(folder.path().join("signed.pdf"), bytes).unwrap();
        let output = Command::new("pdfsig")
            .args(["-nocert", "signed.pdf"])
            .current_dir(folder.path())
            .output();
        String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
    };
    let text = pdfsig(&bytes);
    assert!(
        text.contains("Signature is Valid.") && text.contains("Total document signed"),
        "{text}"
    );
    let at = bytes.windows(10).position(|window| window == b"1 0 0 rg 9").unwrap();
    bytes[at] = b'0';
    assert!(pdfsig(&bytes).contains("Digest Mismatch."));
}

#[test]
fn a_damaged_document_is_not_signed_nor_before_the_certificate_is_valid() {
    let city = City::new(Suite::National);
    let signer = city.organisation();
    let identity = SigningIdentity::new(signer.key, signer.certificate, &[]).unwrap();
    let folder = TempFolder::new("document-damaged");
    let unsigned = document(folder.path(), false);
    let cut = signed_document(unsigned[..unsigned.len() - 40].to_vec(), &identity, &claims());
    assert!(matches!(cut, Err(SignError::Unreadable(_))), "{cut:?}");
    let early = Claims {
        time: now() - chrono::TimeDelta::days(2),
        ..claims()
    };
    let refused = signed_document(unsigned, &identity, &early);
    assert!(
        matches!(refused, Err(SignError::CertificateNotValid { .. })),
        "{refused:?}"
    );
}
