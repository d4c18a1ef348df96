//! Seals and signatures with them, judged by gmssl-pyx over the bytes that GB/T 38540 says are signed.

use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::seal::SesSignature;

use crate::support::city::{City, now};
use crate::support::judges::gmssl_accepts as accepted;

#[test]
fn the_maker_signed_the_information_and_the_signer_what_is_to_be_signed() {
    let holder = City::new(Suite::National).seal("<svg/>");
    let seal = holder.seal();
    assert!(accepted(&seal.maker_certificate, seal.signed_bytes(), seal.signature()));
    // eSealInfo is the first field of SESeal, and nothing else is signed.
    assert!(!accepted(&seal.maker_certificate, seal.der(), seal.signature()));

    let digest = DigestAlgorithm::Sm3.digest(b"document");
    let der = holder.sign(&digest, "ByteRange 0 1 2 3", now()).unwrap();
    let signature = SesSignature::parse(&der).unwrap();
    assert!(accepted(
        &signature.signer_certificate,
        signature.signed_bytes(),
        signature.signature()
    ));
    let mut changed = signature.signed_bytes().to_vec();
    changed[40] ^= 1;
    assert!(!accepted(
        &signature.signer_certificate,
        &changed,
        signature.signature()
    ));
}
