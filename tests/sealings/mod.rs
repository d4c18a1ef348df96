//! Documents that are brought and sealed: in the core, over the command line and the API, judged by programs that are
//! not ours.

mod archive;
mod batch;
mod command;
pub(crate) mod corpus;
mod gm_form;
mod holds;
mod interrupted;
mod judged;
mod kept;
mod large;
mod orders;
mod read_alike;
mod refused;
pub(crate) mod service;
mod stamping;
mod status;

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::Value;
use yinxin::ca::timestamp::{StampSerial, TimeStampAuthority};
use yinxin::cms::build::SigningIdentity;
use yinxin::crypto::key::Suite;
use yinxin::draw::{FontSet, svg};
use yinxin::seal::picture::{SealDesign, SealText, StandardDesign};
use yinxin::sign::document::{Act, Hand, Order, PageList, Place, SealPicture, ValidationData, prepare};
use yinxin::sign::{SealingKeys, SignError, SignatureForm};

use crate::support::app::fonts;
use crate::support::city::{City, ORGANISATION, now};
use crate::support::documents::claims;
use crate::support::python;

/// An organisation with its keys, its seal and the time stamping of its city.
struct Office {
    /// Issues certificates of the suite of its keys.
    city: City,
    keys: SealingKeys,
    picture: SealPicture,
    stamping: TimeStampAuthority,
}

impl Office {
    fn new() -> Self {
        Self::of(Suite::International)
    }

    /// One whose documents are signed with keys of this suite.
    fn of(suite: Suite) -> Self {
        let city = City::new(suite);
        let signer = city.organisation();
        let chain = [city.issuing.clone()];
        let identity = SigningIdentity::new(signer.key, signer.certificate, &chain).unwrap();
        let text = SealText {
            name: ORGANISATION.0,
            purpose: None,
            code: Some("1501000000001"),
        };
        let design = SealDesign::standard(StandardDesign::Round42Star).unwrap();
        let fonts = FontSet::load(fonts()).unwrap();
        let picture = svg::parse(&design.draw(&text, &fonts).unwrap().to_svg()).unwrap();
        let holder = City::new(Suite::National).seal(&picture.to_svg());
        Self {
            keys: SealingKeys::new(identity, holder).unwrap(),
            picture: SealPicture::new(&picture),
            stamping: city.time_stamping(),
            city,
        }
    }

    fn hand(&self) -> Hand<'_> {
        Hand::Seal(&self.keys, &self.picture)
    }

    /// The document with a sealed signature of level B-T at its end.
    fn seal(&self, document: &[u8], order: &Wish<'_>) -> Result<Vec<u8>, SignError> {
        let algorithm = self.keys.document().digest();
        let order = Order {
            act: order.act,
            form: order.form,
            field: order.field,
            places: &order.places,
            claims: claims(),
            validation: &order.validation,
            stamp_room: self.stamping.max_token_len(algorithm),
        };
        let signed = prepare(&document, self.hand(), &order)?.sign()?;
        let serial = StampSerial::random().unwrap();
        let token = self.stamping.stamp(signed.imprint(algorithm), now(), serial).unwrap();
        Ok([document, &signed.stamp(token)?.into_revision()].concat())
    }

    /// pyHanko on files of a folder, one verdict each.
    fn pyhanko(&self, folder: &Path, level: &str, files: &[String]) -> Vec<Value> {
        fs::write(folder.join("root.der"), self.city.root.der()).unwrap();
        pyhanko(folder, (&["root.der".to_owned()], &[]), (level, None), files)
    }
}

/// pyHanko on files of a folder by the roots and further revocation lists there, at a level and as of a time.
fn pyhanko(
    folder: &Path,
    (roots, lists): (&[String], &[String]),
    (level, time): (&str, Option<&str>),
    files: &[String],
) -> Vec<Value> {
    let mut arguments = vec!["--level".to_owned(), level.to_owned()];
    let path = |name: &String| folder.join(name).to_str().unwrap().to_owned();
    arguments.extend(time.into_iter().flat_map(|time| ["--time".to_owned(), time.to_owned()]));
    arguments.extend(roots.iter().flat_map(|root| ["--root".to_owned(), path(root)]));
    arguments.extend(lists.iter().flat_map(|list| ["--crl".to_owned(), path(list)]));
    arguments.extend(files.iter().map(path));
    let arguments: Vec<_> = arguments.iter().map(OsStr::new).collect();
    let output = python::judge("pyhanko_sealed.py", &arguments);
    let said = String::from_utf8(output.stdout).unwrap();
    let verdicts: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        verdicts.len(),
        files.len(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    verdicts
}

/// What a test wants of a sealing.
struct Wish<'a> {
    act: Act,
    form: SignatureForm,
    field: Option<&'a str>,
    places: Vec<Place>,
    validation: ValidationData,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Self {
            act: Act::Approve,
            form: SignatureForm::Pades,
            field: None,
            places: Vec::new(),
            validation: ValidationData::default(),
        }
    }
}

/// The seal once, with its centre at this point of the first page.
fn at(x_mm: f64, y_mm: f64) -> Vec<Place> {
    let pages: PageList = "1".parse().unwrap();
    vec![Place::At { pages, x_mm, y_mm }]
}
