//! Issued licences of both suites, judged by more programs that are not ours: PDFBox preflight on the form of the file,
//! zxing on the code, gmssl-pyx and OpenSSL on the seal.

use std::fs;

use yinxin::asn1::oid;
use yinxin::cms::SignedData;
use yinxin::crypto::key::Suite;
use yinxin::pdf::signature::ByteRange;
use yinxin::pdf::{Limits, PdfFile};
use yinxin::seal::SesSignature;

use crate::support::TempFolder;
use crate::support::app::TestApp;
use crate::support::judges::{gmssl_accepts, node, preflight, run};

/// A licence of the suite in a folder: what was said when it was issued, and its bytes.
fn issued(suite: Suite, folder: &TempFolder) -> (serde_json::Value, Vec<u8>) {
    let app = TestApp::new(suite);
    let issued = app.issue(0);
    let bytes = app.document(&issued);
    fs::write(folder.path().join("licence.pdf"), &bytes).unwrap();
    (issued, bytes)
}

#[test]
fn preflight_finds_in_a_licence_nothing_that_pdf_a_3_forbids() {
    for suite in Suite::ALL {
        let folder = TempFolder::new("preflight");
        let (_, bytes) = issued(suite, &folder);
        let verdict = preflight(folder.path(), "licence.pdf");
        assert!(verdict.accepted, "{suite:?}: {}", verdict.said);

        // It does look: the second line has to say that the file is binary (ISO 19005-3 6.1.2).
        let mut broken = bytes;
        let second_line = broken.windows(2).position(|window| window == b"\n%").unwrap();
        broken[second_line + 2..][..4].copy_from_slice(b"text");
        fs::write(folder.path().join("broken.pdf"), broken).unwrap();
        let verdict = preflight(folder.path(), "broken.pdf");
        assert!(
            !verdict.accepted && verdict.said.contains("broken.pdf: "),
            "{}",
            verdict.said
        );
    }
}

#[test]
fn a_second_decoder_reads_the_same_code_from_the_page() {
    for suite in Suite::ALL {
        let folder = TempFolder::new("zxing");
        let (issued, _) = issued(suite, &folder);
        let arguments = ["-r", "150", "-png", "-singlefile", "licence.pdf", "page"];
        let drawn = run(folder.path(), "pdftoppm", &arguments);
        assert!(drawn.accepted, "{}", drawn.said);
        let read = node(folder.path(), "qr.mjs", &["page.png"]);
        let (form, text) = read
            .said
            .trim()
            .split_once(' ')
            .unwrap_or_else(|| panic!("{}", read.said));
        assert_eq!(text, issued["code"], "{suite:?}");
        let (version, level) = form.split_once('-').unwrap();
        // Larger ones are read less and less often from paper.
        assert!(version.parse::<u8>().unwrap() <= 13 && level == "M", "{form}");
    }
}

#[test]
fn the_seal_of_a_licence_and_its_signature_are_sm2_signatures_to_others() {
    for suite in Suite::ALL {
        let folder = TempFolder::new("licence-seal");
        let (_, bytes) = issued(suite, &folder);
        let (sealed, range) = seal_signature(&bytes);
        let seal = &sealed.seal;
        // eSealInfo by the maker, TBS_Sign by the signer (GB/T 38540-2020 7.1 and 6.1).
        for (certificate, signed, signature) in [
            (&seal.maker_certificate, seal.signed_bytes(), seal.signature()),
            (&sealed.signer_certificate, sealed.signed_bytes(), sealed.signature()),
        ] {
            assert!(gmssl_accepts(certificate, signed, signature));
            let mut altered = signed.to_vec();
            altered[signed.len() / 2] ^= 1;
            assert!(!gmssl_accepts(certificate, &altered, signature));
        }

        // What is sealed is the document: all of it but the signature itself.
        let part = |place: &std::ops::Range<u64>| {
            bytes[usize::try_from(place.start).unwrap()..usize::try_from(place.end).unwrap()].to_vec()
        };
        fs::write(
            folder.path().join("sealed"),
            [part(&range.first), part(&range.second)].concat(),
        )
        .unwrap();
        let digest = run(folder.path(), "openssl", &["dgst", "-sm3", "-r", "sealed"]);
        let expected: String = sealed.data_hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(digest.said.starts_with(&expected), "{} is not {expected}", digest.said);
        assert_eq!(range.second.end, bytes.len() as u64);
    }
}

/// The `SES_Signature` among the signed attributes, and the bytes that it covers.
fn seal_signature(document: &[u8]) -> (SesSignature, ByteRange) {
    let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
    let signature = file.signatures().unwrap()[0].clone();
    let message = SignedData::parse(signature.signature.as_ref().unwrap()).unwrap();
    let attribute = message.signers[0].signed(oid::SES_SIGNATURE).next().unwrap();
    let sealed = SesSignature::parse(&attribute.values[0]).unwrap();
    (sealed, signature.byte_range.unwrap())
}
