//! `yinxin serve`: the service, until it is told to stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::interrupts::Interrupts;
use crate::cli::output::CliResult;
use crate::config::Config;
use crate::http;
use crate::service::Service;
use crate::service::error::ServiceError;
use crate::service::fetch::Fetcher;
use crate::telemetry::start_metrics;

/// How often lists and answers that are due are published again.
const MAINTENANCE: Duration = Duration::from_secs(15 * 60);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: InstanceArguments,
}

pub(super) async fn run(arguments: Arguments) -> CliResult {
    let (config, service) = arguments.instance.open().await?;
    service.prepare_faces().await?;
    let served = until_interrupted(&service, &config).await;
    service.close().await;
    served.map(|()| ExitCode::SUCCESS)
}

/// Refuses an address that is taken, before anything is done that takes its time.
pub(super) fn must_be_free(address: SocketAddr) -> Result<(), CliError> {
    TcpListener::bind(address).map(drop).map_err(not_served(address))
}

fn not_served(address: SocketAddr) -> impl FnOnce(io::Error) -> CliError {
    move |source| CliError::System {
        what: format!("serving on {address}"),
        source,
    }
}

/// Serves until the process is told to stop; requests under way are finished.
pub(super) async fn until_interrupted(service: &Arc<Service>, config: &Config) -> Result<(), CliError> {
    let fetcher = Fetcher::new(&config.fetch).map_err(ServiceError::explained)?;
    // Heard from before the first answer on.
    let mut interrupts = Interrupts::heard();
    let told_to_stop = async move {
        interrupts.next().await;
        tracing::info!("stopping");
    };
    let maintenance = tokio::spawn(maintain(Arc::clone(service), fetcher));
    let sealing = tokio::spawn(Arc::clone(service).keep_sealing());
    let router = http::router(Arc::clone(service), &config.limits, start_metrics());
    let host = service
        .public_url()
        .split_once("://")
        .map_or("localhost", |(_, host)| host);
    let listening = http::Listening {
        address: config.listen,
        tls: config.tls.as_ref(),
        public_host: host,
        limits: &config.limits,
    };
    let served = http::serve(router, &listening, told_to_stop).await;
    // Whoever closes the database next is not to close it under them.
    for task in [maintenance, sealing] {
        task.abort();
        // That it was broken off is what was asked for.
        let _ = task.await;
    }
    served.map_err(not_served(config.listen))
}

/// Publishes lists and answers about certificates before they grow old, looks for the lists of partners, and removes
/// what was kept of documents that came to nothing.
async fn maintain(service: Arc<Service>, fetcher: Fetcher) {
    loop {
        if let Err(error) = service.remove_abandoned_documents().await {
            tracing::error!(%error, "what was kept of documents that nothing names could not be removed");
        }
        if let Err(error) = service.renew_due_statuses().await {
            tracing::error!(%error, "answers about certificates that are due could not be renewed");
        }
        if let Err(error) = service.follow_partner_lists(&fetcher).await {
            tracing::error!(%error, "the lists of partners could not be looked for");
        }
        tokio::time::sleep(MAINTENANCE).await;
        if let Err(error) = service.publish_due_lists().await {
            tracing::error!(%error, "lists that are due could not be published");
        }
    }
}
