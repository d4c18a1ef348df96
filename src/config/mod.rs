//! The configuration file: one TOML file, or flags and the environment, which go before it.
//!
//! Every setting has a default that suits a trial on one machine. Paths are taken from the data folder, so that a data
//! folder can be moved whole. Unknown keys are refused: a misspelt setting must not be silently ignored.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use crate::http::{LimitsConfig, TlsConfig};
pub use crate::keystore::token::TokenSettings;
use crate::problem::{Explain, Problem};
pub use crate::service::fetch::FetchConfig;
pub use crate::service::time_stamp_sources::TimeStampConfig;

/// What the program is told about where it runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of the database, the keys and what is exported; by default `yinxin-data`.
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; by default `yinxin.sqlite` in the data folder.
    pub database: Option<String>,
    /// File that holds the passphrase of the key files, mode 600; else the environment variable is read.
    pub passphrase_file: Option<PathBuf>,
    /// A PKCS#11 token that holds keys beside the files.
    pub token: Option<TokenSettings>,
    /// Folder of the fonts; by default `$YINXIN_FONTS`, else `~/.local/share/yinxin/fonts`.
    pub fonts: Option<PathBuf>,
    /// Folder of licence types that takes the place of those built in.
    pub licence_types: Option<PathBuf>,
    /// Folder of certificate profiles (`NAME.toml`) beside those delivered.
    pub certificate_profiles: Option<PathBuf>,
    /// Folder in which what is brought is kept while it is worked on, in files without names; by default that of the
    /// system for temporary files, which has to be on a disk.
    pub spool: Option<PathBuf>,
    /// Address that the service listens on.
    pub listen: SocketAddr,
    /// Address under which the public reaches the service, without a slash at the end: it is printed on licences.
    pub public_url: String,
    /// Certificate and key for TLS; without it the service speaks plain HTTP and expects a proxy in front.
    pub tls: Option<TlsConfig>,
    /// What strangers may ask.
    pub limits: LimitsConfig,
    /// How what partners publish is fetched.
    pub fetch: FetchConfig,
    /// Outside authorities that stamp the documents that are brought.
    pub time_stamping: TimeStampConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("yinxin-data"),
            database: None,
            passphrase_file: None,
            token: None,
            fonts: None,
            licence_types: None,
            certificate_profiles: None,
            spool: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://127.0.0.1:8080".to_owned(),
            tls: None,
            limits: LimitsConfig::default(),
            fetch: FetchConfig::default(),
            time_stamping: TimeStampConfig::default(),
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("configuration file \"{file}\": {source}")]
    File {
        /// The file.
        file: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is no configuration.
    #[error("configuration file \"{file}\": {reason}")]
    Syntax {
        /// The file.
        file: String,
        /// Line, column, key and what is wrong there.
        reason: String,
    },
    /// The public address is no address.
    #[error("public_url \"{value}\" must start with http:// or https:// and have no path")]
    PublicUrl {
        /// The setting.
        value: String,
    },
}

impl Explain for ConfigError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::File { file, source } => Problem::of_file(file, source).field("--config"),
            Self::Syntax { file, reason } => Problem::new("config-syntax")
                .param("file", file)
                .param("reason", reason),
            Self::PublicUrl { value } => Problem::new("config-public-url")
                .field("public_url")
                .param("value", value),
        }]
    }
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// Where it cannot be read, has an unknown key or a value of the wrong kind.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::File {
            file: file.clone(),
            source,
        })?;
        let config: Self = toml::from_str(&text).map_err(|error| ConfigError::Syntax {
            file,
            reason: located(&text, &error),
        })?;
        config.checked()
    }

    /// Checks what the types do not.
    ///
    /// # Errors
    /// Where the public address is none.
    pub fn checked(mut self) -> Result<Self, ConfigError> {
        let url = self.public_url.trim_end_matches('/').to_owned();
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if !host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', ' '])) {
            return Err(ConfigError::PublicUrl { value: self.public_url });
        }
        self.public_url = url;
        Ok(self)
    }

    /// Address of the database.
    pub fn database_url(&self) -> String {
        let default = || format!("sqlite:{}", self.data.join("yinxin.sqlite").display());
        self.database.clone().unwrap_or_else(default)
    }

    /// Folder of the key files.
    pub fn key_folder(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// Folder of the fonts.
    pub fn font_folder(&self) -> PathBuf {
        let variable = || std::env::var_os("YINXIN_FONTS").map(PathBuf::from);
        let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share/yinxin/fonts"));
        self.fonts
            .clone()
            .or_else(variable)
            .or_else(home)
            .unwrap_or_else(|| PathBuf::from("fonts"))
    }
}

/// What is wrong with a configuration and where, in one line: a log and a terminal show it as it is.
fn located(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    let before = error.span().and_then(|span| text.get(..span.start));
    let Some(before) = before else { return message };
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_setting_is_told_in_one_line_with_its_place() {
        let told = |text: &str| located(text, &toml::from_str::<Config>(text).unwrap_err());
        let misspelt = told("data = \"x\"\n[limits]\n  anonymus_per_minute = 3\n");
        assert!(
            misspelt.starts_with("line 3, column 3: unknown field `anonymus_per_minute`"),
            "{misspelt}"
        );
        for wrong in ["data = \"city\n", "listen = 3", "= 1", "data ="] {
            let told = told(wrong);
            assert!(told.starts_with("line 1, column ") && !told.contains('\n'), "{told}");
        }
    }

    #[test]
    fn an_empty_file_gives_a_trial_on_one_machine() {
        let config: Config = toml::from_str("").unwrap();
        assert_eq!(config.database_url(), "sqlite:yinxin-data/yinxin.sqlite");
        assert!(config.listen.ip().is_loopback());
    }

    #[test]
    fn a_token_is_named_by_library_and_label() {
        let text = "[token]\nlibrary = \"/usr/lib/hsm.so\"\nlabel = \"city\"\nsm2_mechanism = 0x80000101";
        let token = toml::from_str::<Config>(text).unwrap().token.unwrap();
        assert_eq!((token.label.as_str(), token.sessions.get()), ("city", 8));
        assert_eq!(token.sm2_mechanism, Some(0x8000_0101));
        assert!(toml::from_str::<Config>(&format!("{text}\npin = \"1234\"")).is_err());
    }

    #[test]
    fn the_readme_has_every_setting_and_its_default() {
        let readme = include_str!("../../README.md");
        let section = readme.split("\n## Settings\n").nth(1).unwrap();
        let settings = section.split("```").nth(1).unwrap().strip_prefix("toml\n").unwrap();
        let read: Config = toml::from_str(settings).unwrap();
        assert_eq!(format!("{read:?}"), format!("{:?}", Config::default()));
        let all: Config = toml::from_str(&settings.replace("\n# ", "\n")).unwrap();
        let shown = format!("{all:?}");
        assert!(!shown.contains("None"), "{shown}");
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let error = toml::from_str::<Config>("listn = \"127.0.0.1:1\"").unwrap_err();
        assert!(error.to_string().contains("listn"), "{error}");
    }

    #[test]
    fn a_public_address_with_a_path_is_refused() {
        for url in [
            "licences.example",
            "ftp://a",
            "https://",
            "https://a.example/v",
            "https://a b",
        ] {
            let config = Config {
                public_url: url.to_owned(),
                ..Config::default()
            };
            assert!(matches!(config.checked(), Err(ConfigError::PublicUrl { .. })), "{url}");
        }
        let config = Config {
            public_url: "https://zz.example.gov.cn/".to_owned(),
            ..Config::default()
        };
        assert_eq!(config.checked().unwrap().public_url, "https://zz.example.gov.cn");
    }
}
