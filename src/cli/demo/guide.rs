//! What to try in the sample city: files to open and to upload, links, a call, how to stop.

use std::fmt::Write;
use std::path::Path;

use crate::cli::demo::city::City;
use crate::cli::output::CliError;
use crate::licence::identifier::Identifier;
use crate::service::Service;
use crate::service::actor::Actor;

/// A licence type of which a copy is tampered with.
const TAMPERED: &str = "business-licence";

/// Writes the files of the guide and gives its text.
pub(super) async fn write(service: &Service, city: &City, data: &Path) -> Result<String, CliError> {
    let folder = data.join("licences");
    std::fs::create_dir_all(&folder).map_err(CliError::file(&folder))?;
    for (slug, identifier) in &city.samples {
        let identifier: Identifier = identifier
            .parse()
            .map_err(|error| CliError::value("identifier", identifier, error))?;
        let document = service.licence_document(&Actor::Operator, &identifier).await?;
        let path = folder.join(format!("{slug}.pdf"));
        std::fs::write(&path, &document).map_err(CliError::file(&path))?;
        if slug == TAMPERED {
            let path = data.join("tampered.pdf");
            std::fs::write(&path, tampered(document)).map_err(CliError::file(&path))?;
        }
    }
    write_trust(service, &data.join("trust")).await?;
    Ok(text(service, city, data))
}

/// A copy with one byte of its content changed.
fn tampered(mut document: Vec<u8>) -> Vec<u8> {
    let middle = document.len() / 3;
    document[middle] ^= 0x01;
    document
}

/// What somebody needs to verify without the service: roots, authorities under them, revocation lists.
async fn write_trust(service: &Service, folder: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(folder).map_err(CliError::file(folder))?;
    for authority in service.certificate_authorities().await? {
        let certificate = folder.join(format!("{}.crt", authority.name));
        std::fs::write(&certificate, &authority.certificate).map_err(CliError::file(&certificate))?;
        let list = folder.join(format!("{}.crl", authority.name));
        std::fs::write(&list, service.crl(&authority.name).await?).map_err(CliError::file(&list))?;
    }
    Ok(())
}

fn text(service: &Service, city: &City, data: &Path) -> String {
    let (url, data) = (service.public_url(), data.display());
    let mut text = String::new();
    let mut add = |line: std::fmt::Arguments<'_>| {
        // Writing into a String does not fail.
        let _ = writeln!(text, "{line}");
    };
    add(format_args!(
        "\n{} licences are issued, {} rows were refused. Things to try:\n",
        city.issued, city.refused
    ));
    add(format_args!("1  open a licence:        {data}/licences/{TAMPERED}.pdf"));
    add(format_args!(
        "2  verify it:             {url}/v   (drop the file on the page)"
    ));
    if let Some((authority, secret)) = &city.token {
        add(format_args!(
            "3  ask as a department:   curl -H 'Authorization: Bearer {secret}' '{url}/api/v1/licences?limit=3'"
        ));
        add(format_args!(
            "                          (authority {authority}; the interface is described at {url}/api/docs)"
        ));
    }
    add(format_args!(
        "4  try a forgery:         {data}/tampered.pdf   (drop it on the page)"
    ));
    add(format_args!(
        "5  stop:                  Ctrl-C; start again to go on with the same city\n"
    ));
    add(format_args!(
        "without the service:      yinxin verify --trust {data}/trust {data}/licences/*.pdf --allow-unknown-state"
    ));
    text
}
