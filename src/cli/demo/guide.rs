//! What to try in the sample city: files to open and to upload, links, a call, how to stop.

use std::path::Path;

use crate::cli::demo::centres::FOLDER;
use crate::cli::demo::city::City;
use crate::cli::error::CliError;
use crate::cli::output::say;
use crate::cli::trust::{refused, write_pin};
use crate::licence::identifier::Identifier;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::trust::list::Follower;

/// A licence type of which a copy is tampered with.
const TAMPERED: &str = "business-licence";

/// Writes the files of the guide and gives its text.
pub(super) async fn write(service: &Service, city: &City, data: &Path) -> Result<String, CliError> {
    let folder = data.join("licences");
    std::fs::create_dir_all(&folder).map_err(CliError::file(&folder))?;
    for (slug, identifier) in &city.samples {
        let identifier: Identifier = identifier.parse().map_err(CliError::failed)?;
        let document = service.licence_document(&Actor::Operator, &identifier).await?;
        let path = folder.join(format!("{slug}.pdf"));
        std::fs::write(&path, &document).map_err(CliError::file(&path))?;
        if slug == TAMPERED {
            let path = data.join("tampered.pdf");
            std::fs::write(&path, tampered(document)).map_err(CliError::file(&path))?;
        }
    }
    write_trust(service, &data.join("trust")).await?;
    Ok(guide(service, city, data))
}

/// A copy with one byte of its content changed.
fn tampered(mut document: Vec<u8>) -> Vec<u8> {
    let middle = document.len() / 3;
    document[middle] ^= 0x01;
    document
}

/// What somebody needs to verify without the service: the recognition list with its pin, roots, authorities under them,
/// what others published, revocation lists, the states of seals.
async fn write_trust(service: &Service, folder: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(folder).map_err(CliError::file(folder))?;
    for authority in service.certificate_authorities().await? {
        let certificate = folder.join(format!("{}.crt", authority.name));
        std::fs::write(&certificate, &authority.certificate).map_err(CliError::file(&certificate))?;
        let list = folder.join(format!("{}.crl", authority.name));
        std::fs::write(&list, service.crl(&authority.name).await?).map_err(CliError::file(&list))?;
    }
    let others = service.known_validation_data().await?;
    let certificates = others.certificates.iter().map(|one| ("crt", one.der()));
    let crls = others.crls.iter().map(|one| ("crl", one.der()));
    for (number, (ending, der)) in certificates.chain(crls).enumerate() {
        let file = folder.join(format!("other-{number:02}.{ending}"));
        std::fs::write(&file, der).map_err(CliError::file(&file))?;
    }
    let (signed, _) = service.numbered_recognition_list(None).await?;
    let list = folder.join("trust.jws");
    std::fs::write(&list, signed.to_compact()).map_err(CliError::file(&list))?;
    write_pin(
        &folder.join("trust.pin"),
        &Follower::trusting_first(&signed).map_err(refused)?,
    )?;
    let seals = folder.join("seals.p7m");
    std::fs::write(&seals, service.signed_seal_status().await?).map_err(CliError::file(&seals))?;
    Ok(())
}

/// Where to look at the centres: the list, the page of verdicts, the command.
pub(super) fn centres(service: &Service, fixtures: &Path, data: &Path) -> String {
    let (url, folder) = (service.public_url(), fixtures.join(FOLDER));
    let (folder, data) = (folder.display(), data.display());
    let places = [
        ("cli-centres-see-list", format!("{url}/trust")),
        (
            "cli-centres-see-verdict",
            format!("{url}/v   {folder}/chifeng/licence.pdf"),
        ),
        (
            "cli-centres-see-offline",
            format!("yinxin verify --trust {data}/trust {folder}/*/licence*.pdf"),
        ),
    ];
    let lines = places.map(|(key, place)| format!("   {}\n      {place}\n", say(key, &[])));
    format!("\n{}", lines.concat())
}

/// Five things to try, and how to verify without the service, in the language of the terminal.
fn guide(service: &Service, city: &City, data: &Path) -> String {
    let (url, data) = (service.public_url(), data.display());
    let (issued, refused, docs) = (
        city.issued.to_string(),
        city.refused.to_string(),
        format!("{url}/api/docs"),
    );
    let mut things = vec![
        (say("cli-demo-open", &[]), format!("{data}/licences/{TAMPERED}.pdf")),
        (say("cli-demo-link", &[]), format!("{url}/v")),
    ];
    if let Some((authority, secret)) = &city.token {
        let label = say("cli-demo-call", &[("authority", authority.as_str()), ("docs", &docs)]);
        let call = format!("curl -H 'Authorization: Bearer {secret}' '{url}/api/v1/licences?limit=3'");
        things.push((label, call));
    }
    things.push((say("cli-demo-tampered", &[]), format!("{data}/tampered.pdf")));
    let offline = format!("yinxin verify --trust {data}/trust {data}/licences/*.pdf --allow-unknown-state");
    things.push((say("cli-demo-offline", &[]), offline));
    let things = things
        .into_iter()
        .zip(1..)
        .map(|((label, thing), number)| format!("{number}  {label}\n   {thing}\n"));
    let ready = say("cli-demo-ready", &[("issued", &issued), ("refused", &refused)]);
    format!(
        "\n{ready}\n\n{}\n{}\n",
        things.collect::<String>(),
        say("cli-demo-stop", &[])
    )
}
