//! Recognising the centres: what they published is kept, their roots are put on the list, and what came since is
//! decided.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::{Centre, Centres, FOLDER, Lost};
use crate::cli::error::CliError;
use crate::licence::region::RegionCode;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::proposals::Act;
use crate::service::recognition::{ListPublication, NewRecognition, StatusChange};
use crate::service::validation_data::KnownValidationData;
use crate::trust::list::{Bounds, Names, Status, StatusReason};
use crate::trust::{self};
use crate::x509::{Certificate, Crl};

/// What a root is recognised for where the time stamping is recognised by itself.
const ALL_BUT_STAMPING: [trust::Service; 3] = [
    trust::Service::Credentials,
    trust::Service::EnterpriseSigning,
    trust::Service::GovernmentSeals,
];

/// Recognises all of them, unless the list has them already; `own` are the regions of our own bodies.
pub(in crate::cli::demo) async fn recognise(
    service: &Service,
    centres: &Centres,
    fixtures: &Path,
    own: Vec<RegionCode>,
) -> Result<(), CliError> {
    let list = service.recognition_list().await?;
    let listed = || centres.all.iter().filter(|centre| !centre.roots.is_empty());
    if list.is_some_and(|list| listed().all(|centre| list.entity(&centre.slug).is_some())) {
        return Ok(());
    }
    let published = published(centres, &fixtures.join(FOLDER))?;
    service.keep_validation_data(&Actor::Operator, &published).await?;
    let publication = ListPublication {
        regions: Some(own),
        ..ListPublication::default()
    };
    act(service, Act::PublishList(publication)).await?;
    for centre in listed() {
        let of_roots = match centre.stamping {
            Some(_) => &ALL_BUT_STAMPING[..],
            None => &trust::Service::ALL,
        };
        let roots = centre.roots.iter().map(|root| (root, of_roots));
        let stamping = centre
            .stamping
            .iter()
            .map(|ca| (ca, &[trust::Service::TimeStamping][..]));
        for (ca, services) in roots.chain(stamping) {
            let file = fixtures.join(FOLDER).join(&centre.slug).join(format!("{ca}.crt"));
            let new = recognition(centres, centre, services, &read_certificate(&file)?);
            act(service, Act::Recognise(new)).await?;
        }
        let Some(lost) = &centre.lost else { continue };
        let change = loss(centre, lost);
        match lost.status {
            Status::Suspended => act(service, Act::Suspend(change)).await?,
            Status::Withdrawn => act(service, Act::Withdraw(change)).await?,
            Status::Granted => {}
        }
    }
    Ok(())
}

/// Does an act as the operator who founds the city.
async fn act(service: &Service, act: Act) -> Result<(), CliError> {
    let mandate = service.mandate_for(&Actor::Operator, act).await?;
    service.carry_out(mandate).await?;
    Ok(())
}

fn recognition(
    centres: &Centres,
    centre: &Centre,
    services: &[trust::Service],
    certificate: &Certificate,
) -> NewRecognition {
    let name = certificate.subject().organization().unwrap_or(&centre.place);
    NewRecognition {
        entity: centre.slug.clone(),
        names: Some(Names::new(
            name,
            &format!("{} Public Resource Trading Centre", centre.english),
        )),
        certificate: BASE64_STANDARD.encode(certificate.der()),
        services: services.to_vec(),
        since: Some(centres.agreed),
        bounds: Some(Bounds {
            regions: centre.speaks_for.clone(),
            ..Bounds::default()
        }),
        note: String::new(),
    }
}

fn loss(centre: &Centre, lost: &Lost) -> StatusChange {
    StatusChange {
        entity: centre.slug.clone(),
        services: ALL_BUT_STAMPING.to_vec(),
        since: Some(lost.since),
        // The only reason for which it may reach back to what exists.
        reason: StatusReason::Compromise,
        note: lost.note.clone(),
        cross_certificates: Vec::new(),
    }
}

/// The certificates between authorities and the lists that the centres and their bridge published.
fn published(centres: &Centres, folder: &Path) -> Result<KnownValidationData, CliError> {
    let mut found = KnownValidationData::default();
    let slugs = centres.all.iter().map(|centre| &centre.slug).chain([&centres.bridge]);
    for slug in slugs {
        for file in files(&folder.join(slug))? {
            match file.extension().and_then(|ending| ending.to_str()) {
                Some("crt") => {
                    let certificate = read_certificate(&file)?;
                    if !certificate.is_self_issued() {
                        found.certificates.push(certificate);
                    }
                }
                Some("crl") => found.crls.push(
                    Crl::from_der(&read(&file)?)
                        .map_err(|error| CliError::unreadable("--fixtures", file.display(), error))?,
                ),
                _ => {}
            }
        }
    }
    Ok(found)
}

/// The files of a folder in the order of their names.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(CliError::file(folder))? {
        files.push(entry.map_err(CliError::file(folder))?.path());
    }
    files.sort();
    Ok(files)
}

fn read_certificate(path: &Path) -> Result<Certificate, CliError> {
    Certificate::from_der(&read(path)?).map_err(|error| CliError::unreadable("--fixtures", path.display(), error))
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(CliError::file(path))
}
