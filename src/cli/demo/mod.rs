//! `yinxin demo`: a whole sample city in one process. It founds the authorities in both suites, equips the bodies of
//! the data set, gives their systems tokens, issues the licences, recognises the centres of other places and judges
//! what they sealed, serves on loopback, and says what to try. Everything is kept in one folder; a second start goes on
//! there.

mod centres;
mod city;
mod guide;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::cli::demo::centres::Centres;
use crate::cli::error::CliError;
use crate::cli::instance::{self, InstanceArguments};
use crate::cli::output::{CliResult, line, say};
use crate::cli::serve;
use crate::keystore::Passphrase;

/// Where the data set lies, seen from the folder that the demo is started in.
const FIXTURES: &str = "fixtures";

/// Region of all bodies of the data set, as the fixtures have them.
const REGION: &str = "159900";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder for everything that the city keeps
    #[arg(long, default_value = "target/demo")]
    data: PathBuf,
    /// Address to serve on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of the data set
    #[arg(long, default_value = FIXTURES)]
    fixtures: PathBuf,
    /// Make the city and stop
    #[arg(long)]
    no_serve: bool,
}

pub(super) async fn run(arguments: Arguments) -> CliResult {
    if !arguments.no_serve {
        serve::must_be_free(arguments.listen)?;
    }
    make_private(&arguments.data)?;
    Passphrase::from_file_or_new(&arguments.data.join("passphrase"))?;
    let mut config = InstanceArguments::of_data(arguments.data.clone()).config()?;
    config.listen = arguments.listen;
    config.public_url = format!("http://{}", arguments.listen);
    let service = instance::open(&config).await?;
    let city = city::make(&service, &arguments.fixtures, &arguments.data).await?;
    let told = match Centres::read(&arguments.fixtures)? {
        Some(centres) => {
            let own = vec![REGION.parse().map_err(CliError::failed)?];
            centres::recognise(&service, &centres, &arguments.fixtures, own).await?;
            let judged = centres::judge(&service, &centres, &arguments.fixtures).await?;
            Some(centres::table(&centres, &judged))
        }
        None => None,
    };
    let guide = guide::write(&service, &city, &arguments.data).await?;
    if let Some(told) = told {
        line(&format!("\n{}\n\n{told}", say("cli-centres-title", &[])));
        line(&guide::centres(&service, &arguments.fixtures, &arguments.data));
    }
    line(&guide);
    let served = match arguments.no_serve {
        true => Ok(()),
        false => serve::until_interrupted(&service, &config).await,
    };
    service.close().await;
    served.map(|()| ExitCode::SUCCESS)
}

/// The folder holds keys and a passphrase: it is its owner's alone.
fn make_private(folder: &Path) -> Result<(), CliError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(CliError::file(folder))
}
