//! Logs and metrics: what an operator sees of the running service.
//!
//! Logs are lines on standard error, for people or as JSON; the filter is `YINXIN_LOG` (where it is not set: `info`, of
//! the database only warnings, of the second reader of documents nothing). Metrics are kept in the process and given
//! out in the Prometheus text form. Neither ever holds a secret or personal data.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// The variable that filters the log.
const FILTER_VARIABLE: &str = "YINXIN_LOG";
/// What is logged where it is not set. PostgreSQL tells at every start which tables are there already; what the second
/// reader cannot read is said in the report.
const FILTER: &str = "info,sqlx=warn,lopdf=off";

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts the log. A second start in the same process changes nothing.
pub fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_env(FILTER_VARIABLE).unwrap_or_else(|_| EnvFilter::new(FILTER));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "the log was started before");
    }
}

/// Starts the collection of metrics; the handle renders them. `None` where another part of the process collects
/// already.
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}
