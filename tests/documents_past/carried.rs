//! Revocation data inside the message: beside its signer (RFC 5652 section 10.2.1, RFC 5940), where nothing signs them,
//! or signed along by it (`adbe-revocationInfoArchival`, ISO 32000-2 section 12.8.3.3.2), where its time stamp proves
//! them.

use yinxin::asn1::oid;
use yinxin::asn1::read::{self, Reader, context};
use yinxin::asn1::write::{self, encode};
use yinxin::ca::ProfileKind;
use yinxin::ca::ocsp::StatusResponder;
use yinxin::ca::timestamp::StampSerial;
use yinxin::cms::build::{Content, SigningIdentity};
use yinxin::cms::timestamp::Imprint;
use yinxin::cms::{Attribute, Form};
use yinxin::crypto::key::Suite;
use yinxin::verify::{Conclusion, SubIndication};
use yinxin::x509::OcspStatus;

use super::{SIGNED, SUITES, World, assert_open, assert_passed, date};
use crate::support::city::service;
use crate::support::filled_field::filled;

/// The level of what tells of its signer by itself, and leaves it to others to tell of who stamped.
const OF_SIGNER_ALONE: &str = "PAdES-B-T";

/// The status of the signer, the list of the root, and that of the issuing authority, in DER.
struct Said {
    response: Vec<u8>,
    root_list: Vec<u8>,
    issuing_list: Vec<u8>,
}

impl Said {
    fn of(world: &World) -> Self {
        let [root, issuing] = world.office.lists(date(SIGNED), &[]);
        let status = world.office.status(&world.signer.certificate, date(SIGNED));
        Self {
            response: status.der().to_vec(),
            root_list: root.der().to_vec(),
            issuing_list: issuing.der().to_vec(),
        }
    }

    /// The attribute with the list of the root and, of the signer, the response.
    fn archival(&self) -> Attribute {
        let value = encode(|w| {
            w.sequence(|w| {
                for (number, member) in [(0, &self.root_list), (1, &self.response)] {
                    w.constructed(write::context(number), |w| w.sequence(|w| w.raw(member)));
                }
            });
        });
        Attribute::single(oid::ADOBE_REVOCATION_INFO, value)
    }
}

/// A response about the signer by a responder whose own certificate lasts a month.
fn delegated(world: &World) -> Vec<u8> {
    let responder = world.office.issue(ProfileKind::OcspResponder, &service("证书状态"));
    let responder = StatusResponder::new(responder.key, responder.certificate, &world.office.issuing).unwrap();
    let good = (world.signer.certificate.serial().clone(), OcspStatus::Good, None);
    responder.pre_sign(&good, date(SIGNED)).unwrap().der
}

/// A member of `RevocationInfoChoices` that is no list.
fn other(format: der::asn1::ObjectIdentifier, info: &[u8]) -> Vec<u8> {
    encode(|w| {
        w.constructed(write::context(1), |w| {
            w.oid(format);
            w.raw(info);
        });
    })
}

/// The `BasicOCSPResponse` in an `OCSPResponse`.
fn basic(response: &[u8]) -> Vec<u8> {
    let basic = read::sequence::<_, der::Error>(response, |r| {
        r.raw()?;
        r.nested(context(0, true), |r| {
            r.sequence(|r| {
                r.oid()?;
                Ok(r.octet_string()?.to_vec())
            })
        })
    });
    basic.unwrap()
}

/// A message with these members of `RevocationInfoChoices`, of the version that they ask for.
fn with_revocation_info(message: &[u8], members: &[Vec<u8>]) -> Vec<u8> {
    let fields = |contents: &[u8]| {
        let mut reader = Reader::new(contents).unwrap();
        let mut fields = Vec::new();
        while !reader.is_empty() {
            fields.push(reader.raw().unwrap().to_vec());
        }
        fields
    };
    let contents = |der: &[u8], tag| Reader::new(der).unwrap().contents(tag).unwrap().to_vec();
    let outer = fields(&contents(message, der::Tag::Sequence));
    let data = contents(&contents(&outer[1], context(0, true)), der::Tag::Sequence);
    let mut data = fields(&data);
    let is_other = |member: &Vec<u8>| member[0] == write::context(1);
    if members.iter().any(is_other) {
        data[0] = encode(|w| w.unsigned(5));
    }
    data.insert(4, encode(|w| w.set_of(write::context(1), members)));
    encode(|w| {
        w.sequence(|w| {
            w.raw(&outer[0]);
            w.constructed(write::context(0), |w| w.sequence(|w| w.raw(&data.concat())));
        });
    })
}

/// A page signed and stamped, with these signed attributes and members of `RevocationInfoChoices`.
fn signed(world: &World, attributes: &[Attribute], members: &[Vec<u8>]) -> Vec<u8> {
    signed_with_token(world, attributes, members, |token| token)
}

/// The same, with what becomes of the token of its time stamp.
fn signed_with_token(
    world: &World,
    attributes: &[Attribute],
    members: &[Vec<u8>],
    change: impl Fn(Vec<u8>) -> Vec<u8>,
) -> Vec<u8> {
    let (stamping, digest) = (&world.stamping[0].authority, world.stamping[0].digest);
    let chain = [world.office.issuing.clone()];
    let identity = SigningIdentity::new(world.signer.key.clone(), world.signer.certificate.clone(), &chain).unwrap();
    filled("ETSI.CAdES.detached", |bytes, _| {
        let extra: Vec<Vec<u8>> = attributes.iter().map(Attribute::to_der).collect();
        let content = identity.digest().digest(bytes);
        let unstamped = identity.sign(Form::Pkcs7, Content::Detached(&content), &extra).unwrap();
        let imprint = Imprint::of(digest, unstamped.signature());
        let token = stamping
            .stamp(imprint, date(SIGNED), StampSerial::random().unwrap())
            .unwrap();
        let stamp = Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, change(token));
        let message = unstamped.finish(&[stamp]);
        match members {
            [] => message,
            members => with_revocation_info(&message, members),
        }
    })
}

#[test]
fn responses_and_lists_beside_the_signer_tell_of_revocation() {
    for (suite, stamping) in SUITES {
        let world = World::new(suite, stamping);
        let said = Said::of(&world);
        let whole = other(oid::RI_OCSP_RESPONSE, &said.response);
        let basic = other(oid::OCSP_BASIC, &basic(&said.response));
        for members in [
            vec![said.root_list.clone(), whole],
            vec![said.root_list.clone(), basic],
            vec![said.root_list.clone(), said.issuing_list.clone()],
        ] {
            let report = world.judged(&signed(&world, &[], &members), SIGNED, &[0]);
            assert_passed(&report, OF_SIGNER_ALONE);
            assert!(report.signatures[0].encoding_notes.is_empty(), "{report:#?}");
        }
        let unknown = other(oid::OCSP_NONCE, &said.response);
        for members in [vec![], vec![said.root_list.clone(), unknown]] {
            let report = world.judged(&signed(&world, &[], &members), SIGNED, &[0]);
            assert_open(&report, SubIndication::TryLater, "no-revocation-data");
        }
    }
}

#[test]
fn what_is_signed_along_is_proved_by_the_stamp_and_what_stands_beside_the_signer_by_an_archive_stamp_alone() {
    let (suite, stamping) = SUITES[0];
    let world = World::new(suite, stamping);
    let said = Said::of(&world);
    let day = "2029-12-01";
    let archival = signed(&world, &[said.archival()], &[]);
    assert_passed(&world.judged(&archival, day, &[0]), OF_SIGNER_ALONE);

    let response = other(oid::RI_OCSP_RESPONSE, &said.response);
    let beside = signed(&world, &[], &[said.root_list.clone(), response]);
    let open = world.judged(&beside, day, &[0]);
    assert_open(&open, SubIndication::TryLater, "revocation-data-not-proven");
    let archived = world.archived(beside, 0, SIGNED);
    assert_passed(&world.judged(&archived, day, &[0]), "PAdES-B-LTA");
}

#[test]
fn a_response_of_a_responder_that_lived_a_month_is_believed_about_that_time_for_years() {
    for (suite, stamping) in SUITES {
        let world = World::new(suite, stamping);
        let said = Said {
            response: delegated(&world),
            ..Said::of(&world)
        };
        let archival = signed(&world, &[said.archival()], &[]);
        for day in ["2026-06-01", "2026-12-01", "2029-12-01"] {
            assert_passed(&world.judged(&archival, day, &[0]), OF_SIGNER_ALONE);
        }
    }
}

#[test]
fn what_a_time_stamp_carries_tells_of_its_own_authority() {
    for (suite, stamping) in SUITES {
        let world = World::new(suite, stamping);
        let lists = world.stamping[0].city.lists(date(SIGNED), &[]);
        let of_stamping = lists.map(|list| list.der().to_vec());
        let archival = [Said::of(&world).archival()];
        let complete = signed_with_token(&world, &archival, &[], |token| {
            with_revocation_info(&token, &of_stamping)
        });
        assert_passed(&world.judged(&complete, SIGNED, &[]), "PAdES-B-LT");
        let silent = world.judged(&signed(&world, &archival, &[]), SIGNED, &[]);
        assert!(!silent.signatures[0].time_is_proven, "{silent:#?}");
    }
}

#[test]
fn a_response_of_another_signer_beside_the_signer_proves_nothing() {
    let world = World::new(Suite::International, SUITES[0].1);
    let other_world = World::new(Suite::International, SUITES[0].1);
    let foreign = Said::of(&other_world).response;
    let members = [Said::of(&world).root_list, other(oid::RI_OCSP_RESPONSE, &foreign)];
    let report = world.judged(&signed(&world, &[], &members), SIGNED, &[0]);
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:#?}");
}
