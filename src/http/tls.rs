//! The certificate of the interface. Where the configured one is not there, one is made for the host and this run
//! alone, for a trial; browsers warn of it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::http::settings::TlsConfig;

/// Protocols offered in the handshake (RFC 7301), the preferred one first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// What a handshake needs.
///
/// # Errors
/// Where the certificate or its key cannot be used.
pub(super) fn server_config(tls: &TlsConfig, host: &str) -> io::Result<ServerConfig> {
    let (chain, key) = if tls.certificate.exists() || tls.key.exists() {
        read(&tls.certificate, &tls.key)?
    } else {
        tracing::warn!(host, "no TLS certificate configured is there: one is made for this run");
        trial(host)?
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(io::Error::other)?;
    config.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
    Ok(config)
}

type Chain = Vec<CertificateDer<'static>>;

fn read(certificate: &Path, key: &Path) -> io::Result<(Chain, PrivateKeyDer<'static>)> {
    let named = |path: &Path, error: rustls::pki_types::pem::Error| {
        io::Error::new(io::ErrorKind::InvalidData, format!("\"{}\": {error}", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| named(certificate, error))?;
    let key_der = PrivateKeyDer::from_pem_file(key).map_err(|error| named(key, error))?;
    Ok((chain, key_der))
}

/// A certificate for this host by nobody but itself.
fn trial(host: &str) -> io::Result<(Chain, PrivateKeyDer<'static>)> {
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).map_err(io::Error::other)?;
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(io::Error::other)?;
    Ok((vec![made.cert.der().clone()], key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_certificate_is_made_for_the_host_without_its_port() {
        let (chain, _) = trial("licences.example:8443").unwrap();
        let (_, certificate) = x509_parser::parse_x509_certificate(&chain[0]).unwrap();
        let names = certificate.subject_alternative_name().unwrap().unwrap();
        assert_eq!(
            format!("{:?}", names.value.general_names),
            r#"[DNSName("licences.example")]"#
        );
    }

    #[test]
    fn a_certificate_without_its_key_is_named_in_the_error() {
        let folder = std::env::temp_dir();
        let certificate = folder.join(format!("yinxin-{}.pem", std::process::id()));
        std::fs::write(&certificate, trial("a.example").unwrap().0[0].as_ref()).unwrap();
        let tls = TlsConfig {
            key: folder.join("yinxin-no-such-key.pem"),
            certificate: certificate.clone(),
        };
        let error = server_config(&tls, "a.example").unwrap_err().to_string();
        std::fs::remove_file(&certificate).unwrap();
        assert!(error.contains("yinxin-"), "{error}");
    }
}
