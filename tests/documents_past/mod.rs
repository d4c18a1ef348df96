//! Uploaded documents of every level, judged years later from the file and a root alone: after the signer, the
//! time-stamping authorities and their certifying authorities have expired or were revoked (ETSI EN 319 102-1 clause
//! 5.6). The clock moves, the files do not.
//!
//! The signer's city certifies from 2026: signers to 2029, authorities to 2036. Three others stamp, each for five
//! years: from 2026, 2030 and 2034. Whoever judges knows the roots, and the lists of those alone whom a test names: an
//! authority that expired publishes no more.

mod carried;
mod expired;
mod levels;
mod pyhanko;
mod revoked;

use chrono::{DateTime, Utc};
use yinxin::ca::timestamp::{StampSerial, TimeStampAuthority};
use yinxin::cms::build::SigningIdentity;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::problem::Problem;
use yinxin::sign::document::{Act, Hand, Order, ValidationData, prepare, prepare_time_stamp};
use yinxin::sign::{Claims, SignatureForm};
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{Conclusion, Context, Indication, Report, SignatureReport, SubIndication, document};
use yinxin::x509::{Crl, RevocationReason, RevokedEntry, SerialNumber};

use crate::support::city::{City, Holder, ORGANISATION};
use crate::support::documents::of_objects;

fn date(text: &str) -> DateTime<Utc> {
    format!("{text}T02:00:00Z").parse().unwrap()
}

/// The day on which everything is signed.
const SIGNED: &str = "2026-06-01";

/// A city that stamps.
struct Stamping {
    city: City,
    authority: TimeStampAuthority,
    digest: DigestAlgorithm,
}

impl Stamping {
    fn from(suite: Suite, day: &str) -> Self {
        let city = City::founded_at(suite, date(day));
        Self {
            authority: city.time_stamping(),
            digest: match suite {
                Suite::International => DigestAlgorithm::Sha256,
                Suite::National => DigestAlgorithm::Sm3,
            },
            city,
        }
    }
}

/// Who signs, who stamps, and who judges.
struct World {
    office: City,
    signer: Holder,
    /// From 2026, 2030 and 2034, by turns of either suite.
    stamping: [Stamping; 3],
}

/// The suites of the signer and of those who stamp.
const SUITES: [(Suite, [Suite; 3]); 2] = [
    (
        Suite::International,
        [Suite::International, Suite::National, Suite::International],
    ),
    (
        Suite::National,
        [Suite::National, Suite::International, Suite::National],
    ),
];

impl World {
    fn all() -> impl Iterator<Item = Self> {
        SUITES.into_iter().map(|(suite, stamping)| Self::new(suite, stamping))
    }

    fn new(suite: Suite, [first, second, third]: [Suite; 3]) -> Self {
        let office = City::founded_at(suite, date(SIGNED));
        Self {
            signer: office.organisation(),
            office,
            stamping: [
                Stamping::from(first, SIGNED),
                Stamping::from(second, "2030-06-01"),
                Stamping::from(third, "2034-06-01"),
            ],
        }
    }

    /// Certificates and lists of these cities as of a day, as they are added to a file.
    fn validation(&self, cities: &[&City], day: &str) -> ValidationData {
        let mut added = ValidationData::default();
        for city in cities {
            added.certificates.push(city.issuing.der().to_vec());
            let lists = city.lists(date(day), &[]);
            added.crls.extend(lists.map(|list| list.der().to_vec()));
        }
        added
    }

    /// A page, signed and stamped by the first authority, with this beside it in the signed revision.
    fn signed_with(&self, validation: &ValidationData) -> Vec<u8> {
        let chain = [self.office.issuing.clone()];
        let identity = SigningIdentity::new(self.signer.key.clone(), self.signer.certificate.clone(), &chain).unwrap();
        let stamping = &self.stamping[0];
        let page = of_objects("1.7", &[CATALOG, PAGES, PAGE]);
        let order = Order {
            act: Act::Approve,
            form: SignatureForm::Pades,
            field: None,
            places: &[],
            claims: Claims {
                name: Some(ORGANISATION.0),
                reason: "签发",
                location: None,
                time: date(SIGNED),
            },
            validation,
            stamp_room: stamping.authority.max_token_len(stamping.digest),
        };
        let signed = prepare(&page, Hand::Key(&identity), &order).unwrap().sign().unwrap();
        let imprint = signed.imprint(stamping.digest);
        let token = stamping
            .authority
            .stamp(imprint, date(SIGNED), StampSerial::random().unwrap());
        let revision = signed.stamp(token.unwrap()).unwrap().into_revision();
        [page, revision].concat()
    }

    fn at_level_t(&self) -> Vec<u8> {
        self.signed_with(&ValidationData::default())
    }

    fn at_level_lt(&self) -> Vec<u8> {
        self.signed_with(&self.validation(&[&self.office, &self.stamping[0].city], SIGNED))
    }

    /// With an archive stamp of the first authority, on the same day.
    fn at_level_lta(&self) -> Vec<u8> {
        self.archived(self.at_level_lt(), 0, SIGNED)
    }

    /// Renewed by the second authority with the lists of the first, while that lives.
    fn renewed_once(&self) -> Vec<u8> {
        self.archived(self.at_level_lta(), 1, "2030-06-02")
    }

    /// And by the third with the lists of the second.
    fn renewed_twice(&self) -> Vec<u8> {
        self.archived(self.renewed_once(), 2, "2034-06-02")
    }

    /// With the present lists of the one before, and a document time stamp of an authority over all of it.
    fn archived(&self, bytes: Vec<u8>, by: usize, day: &str) -> Vec<u8> {
        let validation = self.validation(&[&self.stamping[by.saturating_sub(1)].city], day);
        self.archived_with(bytes, by, day, &validation)
    }

    fn archived_with(&self, bytes: Vec<u8>, by: usize, day: &str, validation: &ValidationData) -> Vec<u8> {
        let Stamping { authority, digest, .. } = &self.stamping[by];
        let room = authority.max_token_len(*digest);
        let reserved = prepare_time_stamp(&bytes, &validation.clone().into(), *digest, room, date(day)).unwrap();
        let serial = StampSerial::random().unwrap();
        let token = authority.stamp(reserved.imprint().clone(), date(day), serial).unwrap();
        let revision = reserved.stamp(&token).unwrap().into_revision();
        [bytes, revision].concat()
    }

    /// The roots, and these lists: all that whoever judges has beside the file.
    fn known(&self, lists: Vec<Crl>) -> Snapshot {
        let mut anchors = vec![Anchor::new(
            "office",
            self.office.root.clone(),
            &[Service::EnterpriseSigning],
        )];
        for (name, stamping) in ["first", "second", "third"].into_iter().zip(&self.stamping) {
            anchors.push(Anchor::new(name, stamping.city.root.clone(), &[Service::TimeStamping]));
        }
        Snapshot::new(anchors, Vec::new(), lists)
    }

    /// Judged on a day on which these time-stamping authorities publish their lists, and nobody else does.
    fn judged(&self, bytes: &[u8], day: &str, living: &[usize]) -> Report {
        let lists = living
            .iter()
            .flat_map(|&place| self.stamping[place].city.lists(date(day), &[]));
        report(bytes, &self.known(lists.collect()), day)
    }
}

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &str = "<</Type/Pages/Count 1/Kids[3 0 R]>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>";

fn report(bytes: &[u8], known: &Snapshot, day: &str) -> Report {
    document(&bytes.to_vec(), None, &Context::new(known, date(day))).report
}

fn signature(report: &Report) -> &SignatureReport {
    &report.signatures[0]
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code).collect()
}

#[track_caller]
fn assert_passed(report: &Report, level: &str) {
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:#?}");
    assert_eq!(signature(report).level, Some(level));
    assert!(signature(report).time_is_proven);
}

#[track_caller]
fn assert_open(report: &Report, sub: SubIndication, code: &str) {
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:#?}");
    let signature = signature(report);
    assert_eq!(
        (signature.indication, signature.sub_indication),
        (Indication::Indeterminate, Some(sub)),
        "{:#?}",
        signature.reasons
    );
    assert!(codes(&signature.reasons).contains(&code), "{:#?}", signature.reasons);
}

/// The entry of a list for the certificate of a holder.
fn entry(serial: &SerialNumber, day: &str, reason: RevocationReason) -> RevokedEntry {
    RevokedEntry {
        serial: serial.clone(),
        revoked_at: date(day),
        reason,
        invalidity_date: None,
    }
}
