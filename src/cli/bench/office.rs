//! An office for benchmarks: a signer and a time-stamping authority below a root of its own making, and pages for it to
//! sign.

use std::io::{self, Write};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use pdf_writer::Finish as _;

use crate::ca::crl::{self, CrlOrder};
use crate::ca::timestamp::{StampSerial, TimeStampAuthority};
use crate::ca::{Issuer, Order, Profile, ProfileKind, Subject, SubjectKey, new_serial, prepare};
use crate::cms::build::SigningIdentity;
use crate::cms::timestamp::Accuracy;
use crate::crypto::key::{Signer, SoftwareKey, Suite};
use crate::pdf::ReadAt;
use crate::service::sealings::Level;
use crate::sign::document::{Act, Hand, ValidationData};
use crate::sign::{Claims, SignError, SignatureForm, document};
use crate::trust::{Anchor, Service, Snapshot};
use crate::x509::{Certificate, Crl};

/// A signer, and what level B-LT needs beside it.
pub(super) struct Office {
    root: Certificate,
    pub(super) identity: SigningIdentity,
    stamping: TimeStampAuthority,
    list: Crl,
}

impl Office {
    /// A signer and a time-stamping authority below a root of its own making.
    pub(super) fn new(key: &Arc<SoftwareKey>, now: DateTime<Utc>) -> Result<Self, Box<dyn std::error::Error>> {
        let suite = Suite::of(key.kind());
        let root_key = SoftwareKey::generate(suite)?;
        let root_profile = Profile::standard(ProfileKind::Root)?;
        let root = prepare(&Order {
            profile: &root_profile,
            subject: &Subject::service("Benchmark", "Root")?,
            key: &SubjectKey::of(&root_key),
            issuer: Issuer::Itself {
                algorithm: root_key.algorithm(),
            },
            not_before: now,
            serial: new_serial()?,
        })?
        .issue(&root_key)?
        .into_certificate();
        let publication = crate::ca::Publication::under("http://localhost", "benchmark");
        let issue = |kind, subject: &Subject, key: &SoftwareKey| -> Result<Certificate, Box<dyn std::error::Error>> {
            let profile = Profile::standard(kind)?;
            let prepared = prepare(&Order {
                profile: &profile,
                subject,
                key: &SubjectKey::of(key),
                issuer: Issuer::Authority {
                    certificate: &root,
                    algorithm: root_key.algorithm(),
                    publication: &publication,
                },
                not_before: now,
                serial: new_serial()?,
            })?;
            Ok(prepared.issue(&root_key)?.into_certificate())
        };
        let subject = Subject::organisation("Benchmark", "11159900MB0000211R")?;
        let certificate = issue(ProfileKind::OrganisationSigner, &subject, key)?;
        let signer: Arc<dyn Signer> = Arc::clone(key) as Arc<dyn Signer>;
        let stamping_key = SoftwareKey::generate(suite)?;
        let stamping = issue(
            ProfileKind::Tsa,
            &Subject::service("Benchmark", "Time stamping")?,
            &stamping_key,
        )?;
        let accuracy = Accuracy { micros: 500_000 };
        let list = crl::build(&root, &root_key, &CrlOrder::complete(1, now, TimeDelta::days(8), &[]))?;
        Ok(Self {
            root,
            identity: SigningIdentity::new(signer, certificate, &[])?,
            stamping: TimeStampAuthority::new(Arc::new(stamping_key), stamping, &[], accuracy)?,
            list,
        })
    }

    /// What whoever relies on the root judges against, with the revocation list at hand.
    pub(super) fn snapshot(&self) -> Snapshot {
        let anchor = Anchor::new("benchmark", self.root.clone(), &Service::ALL);
        Snapshot::new(vec![anchor], Vec::new(), vec![self.list.clone()])
    }

    /// Signs at level B-B, or at B-LT: the list in the signed revision, a time stamp on the signature. Gives the
    /// revision to append.
    pub(super) fn sign(&self, level: Level, page: &dyn ReadAt, claims: &Claims<'_>) -> Result<Vec<u8>, SignError> {
        if level == Level::B {
            return document::sign(page, &self.identity, claims);
        }
        let algorithm = self.identity.digest();
        let validation = ValidationData {
            certificates: Vec::new(),
            crls: vec![self.list.der().to_vec()],
            ocsp_responses: Vec::new(),
        };
        let order = document::Order {
            act: Act::Approve,
            form: SignatureForm::Pades,
            field: None,
            places: &[],
            claims: claims.clone(),
            validation: &validation,
            stamp_room: self.stamping.max_token_len(algorithm),
        };
        let signed = document::prepare(page, Hand::Key(&self.identity), &order)?.sign()?;
        let token = self
            .stamping
            .stamp(signed.imprint(algorithm), claims.time, StampSerial::random()?)?;
        Ok(signed.stamp(token)?.into_revision())
    }
}

/// What is claimed in a signature.
pub(super) fn claims(time: DateTime<Utc>) -> Claims<'static> {
    Claims {
        name: Some("Benchmark"),
        reason: "Benchmark",
        location: None,
        time,
    }
}

/// A page with one line of text.
pub(super) fn one_page() -> Vec<u8> {
    use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};
    let [catalog, pages, page, content, font] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut made = pdf.page(page);
    made.parent(pages)
        .media_box(Rect::new(0.0, 0.0, 595.0, 842.0))
        .contents(content);
    made.resources().fonts().pair(Name(b"F"), font);
    made.finish();
    let mut text = Content::new();
    text.begin_text()
        .set_font(Name(b"F"), 14.0)
        .next_line(72.0, 770.0)
        .show(Str(b"One page."))
        .end_text();
    pdf.stream(content, &text.finish());
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    pdf.finish()
}

/// Writes a page with a picture of so many mebibytes, a piece after the other.
pub(super) fn write_large_page(out: &mut impl Write, mebibytes: u64) -> io::Result<()> {
    const MEBIBYTE: usize = 1 << 20;
    let length = mebibytes << 20;
    let picture = format!(
        "<</Type/XObject/Subtype/Image/Width 1024/Height {}/ColorSpace/DeviceGray/BitsPerComponent 8/Length {length}>>\nstream\n",
        length / 1024
    );
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>",
        "<</Length 30>>\nstream\nq 400 0 0 600 90 90 cm /P Do Q\nendstream",
        &picture,
    ];
    let mut text = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, body) in (1..).zip(bodies) {
        offsets.push(text.len());
        text.extend(format!("{number} 0 obj\n{body}").bytes());
        text.extend(if number < bodies.len() {
            b"\nendobj\n".as_slice()
        } else {
            b""
        });
    }
    out.write_all(&text)?;
    // Pixels like noise, by a generator of Marsaglia's (xorshift).
    let mut state = 88_172_645_463_325_252_u64;
    let mut pixels = Vec::with_capacity(MEBIBYTE);
    while pixels.len() < MEBIBYTE {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        pixels.extend(state.to_le_bytes());
    }
    (0..mebibytes).try_for_each(|_| out.write_all(&pixels))?;
    let end = b"\nendstream\nendobj\n";
    let start = text.len() as u64 + length + end.len() as u64;
    let entries: String = offsets
        .iter()
        .map(|offset| format!("{offset:010} 00000 n \n"))
        .collect();
    out.write_all(end)?;
    write!(
        out,
        "xref\n0 6\n0000000000 65535 f \n{entries}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    )
}
