//! Judges certificate paths with certval.
//!
//!     certval-path bench FOLDER COUNT    processor milliseconds for each of four ways, one a line; FOLDER is what
//!                                        `yinxin bench path --keep FOLDER` leaves
//!     certval-path pkits DIR             the cases of the NIST path validation suite, as JSON
//!
//! Warm: certificates are decoded and the path is known beforehand, and certval remembers signatures and states in its
//! own caches. Cold: target, authorities and lists are decoded from DER and the path is searched each time; the root is
//! not.

use std::error::Error;
use std::fs;
use std::path::Path;

use certval::{
    CertFile, CertSource, CertVector, CertificationPath, CertificationPathResults, CertificationPathSettings,
    DefaultSignatureVerificationCache, MemoryCrlSource, PDVCertificate, PkiEnvironment, RevocationCache, TaSource,
    TimeOfInterest, check_revocation_local,
};
use cpu_time::ProcessTime;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bench", folder, count] => bench(folder.as_ref(), count.parse()?),
        ["pkits", folder] => pkits(folder.as_ref()),
        _ => Err("usage: certval-path bench FOLDER COUNT | certval-path pkits DIR".into()),
    }
}

/// Everything that a judgement needs, encoded.
struct Bag {
    root: Vec<u8>,
    authorities: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
}

impl Bag {
    /// What certval looks things up in.
    fn environment(&self, settings: &CertificationPathSettings, with_caches: bool) -> Result<PkiEnvironment> {
        let mut environment = PkiEnvironment::default();
        environment.populate_5280_pki_environment();
        let mut anchors = TaSource::new();
        anchors.push(file(&self.root));
        anchors.initialize().map_err(said)?;
        environment.add_trust_anchor_source(Box::new(anchors));
        let lists = MemoryCrlSource::new();
        for list in &self.lists {
            lists.add(list);
        }
        environment.add_crl_source(Box::new(lists));
        if with_caches {
            environment.add_signature_cache(Box::new(DefaultSignatureVerificationCache::new()));
            environment.add_revocation_cache(Box::new(RevocationCache::new()));
        }
        let mut authorities = CertSource::new();
        self.authorities.iter().for_each(|der| authorities.push(file(der)));
        authorities.initialize(settings).map_err(said)?;
        authorities.find_all_partial_paths(&environment, settings);
        environment.add_certificate_source(Box::new(authorities));
        Ok(environment)
    }
}

fn file(der: &[u8]) -> CertFile {
    CertFile {
        filename: String::new(),
        bytes: der.to_vec(),
    }
}

/// Its errors do not implement the trait of errors.
fn said(error: impl std::fmt::Debug) -> Box<dyn Error> {
    format!("{error:?}").into()
}

/// Whether one path holds.
fn holds(environment: &PkiEnvironment, settings: &CertificationPathSettings, path: &CertificationPath) -> bool {
    let mut results = CertificationPathResults::new();
    environment
        .validate_path(environment, settings, path, &mut results)
        .is_ok()
        && check_revocation_local(environment, settings, path, &mut results).is_ok()
}

/// The first path to the target that holds.
fn path_to(
    environment: &PkiEnvironment,
    settings: &CertificationPathSettings,
    target: &PDVCertificate,
) -> Option<CertificationPath> {
    let mut paths = Vec::new();
    let time = settings.get_time_of_interest();
    environment.get_paths_for_target(target, &mut paths, 0, time).ok()?;
    paths.into_iter().find(|path| holds(environment, settings, path))
}

fn settings(time: TimeOfInterest, with_lists: bool) -> CertificationPathSettings {
    let mut settings = CertificationPathSettings::new();
    settings.set_time_of_interest(time);
    settings.set_check_revocation_status(with_lists);
    settings.set_check_ocsp_from_aia(false);
    settings.set_check_crldp_http(false);
    settings.set_retrieve_from_aia_sia_http(false);
    settings
}

fn bench(folder: &Path, count: u32) -> Result<()> {
    let decoded = |name: &str| -> Result<Vec<Vec<u8>>> {
        let blocks = pem::parse_many(fs::read(folder.join(name))?)?;
        Ok(blocks.into_iter().map(pem::Pem::into_contents).collect())
    };
    let first = |name: &str| -> Result<Vec<u8>> {
        let blocks = decoded(name)?;
        Ok(blocks.into_iter().next().ok_or_else(|| format!("{name} is empty"))?)
    };
    let (root, target) = (first("root.pem")?, first("target.pem")?);
    for with_lists in [false, true] {
        let bag = Bag {
            root: root.clone(),
            authorities: decoded("authorities.pem")?,
            lists: if with_lists { decoded("lists.pem")? } else { Vec::new() },
        };
        let settings = settings(TimeOfInterest::now(), with_lists);
        let lists = if with_lists { "-with-lists" } else { "" };
        let environment = bag.environment(&settings, true)?;
        let known = PDVCertificate::try_from(target.as_slice()).map_err(said)?;
        let path = path_to(&environment, &settings, &known).ok_or("the path does not hold")?;
        let warm = milliseconds(count, || Ok(holds(&environment, &settings, &path)))?;
        println!("warm{lists} {warm:.5}");
        let cold = milliseconds(count, || {
            let environment = bag.environment(&settings, false)?;
            let target = PDVCertificate::try_from(target.as_slice()).map_err(said)?;
            Ok(path_to(&environment, &settings, &target).is_some())
        })?;
        println!("cold{lists} {cold:.5}");
    }
    Ok(())
}

/// Processor milliseconds of a turn.
fn milliseconds(count: u32, mut turn: impl FnMut() -> Result<bool>) -> Result<f64> {
    let start = ProcessTime::now();
    for _ in 0..count {
        if !turn()? {
            return Err("the path does not hold".into());
        }
    }
    Ok(start.elapsed().as_secs_f64() * 1000.0 / f64::from(count))
}

fn pkits(folder: &Path) -> Result<()> {
    let suite: Value = serde_json::from_slice(&fs::read(folder.join("pkits.json"))?)?;
    let cases = suite["cases"].as_array().ok_or("cases is no list")?;
    let results: Result<Vec<Value>> = cases.iter().map(|case| judge(case, folder)).collect();
    println!("{}", json!({ "results": results? }));
    Ok(())
}

/// 2011-04-15, when the suite is to be judged, in seconds since 1970.
const VALIDATION_TIME: u64 = 1_302_825_600;

fn judge(case: &Value, folder: &Path) -> Result<Value> {
    let text = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
    let texts = |list: &Value| -> Vec<String> {
        let all = list.as_array().into_iter().flatten().filter_map(Value::as_str);
        all.map(str::to_owned).collect()
    };
    let read = |kind: &str, names: Vec<String>| -> Result<Vec<Vec<u8>>> {
        names
            .iter()
            .map(|name| Ok(fs::read(folder.join(kind).join(name))?))
            .collect()
    };
    let bag = Bag {
        root: fs::read(folder.join("certs").join(text("trust_anchor")))?,
        authorities: read("certs", texts(&case["intermediates"]))?,
        lists: read("crls", texts(&case["crls"]))?,
    };
    let mut settings = settings(TimeOfInterest::from_unix_secs(VALIDATION_TIME).map_err(said)?, true);
    settings.set_min_rsa_modulus_bits(1024);
    let initial = &case["initial"];
    let is_set = |name: &str| initial[name].as_bool().unwrap_or_default();
    settings.set_initial_explicit_policy_indicator(is_set("explicit_policy"));
    settings.set_initial_policy_mapping_inhibit_indicator(is_set("inhibit_policy_mapping"));
    settings.set_initial_inhibit_any_policy_indicator(is_set("inhibit_any_policy"));
    settings.set_initial_policy_set(texts(&initial["policy_set"]).into_iter().collect());
    let environment = bag.environment(&settings, false)?;
    let target = fs::read(folder.join("certs").join(text("target")))?;
    let valid = match PDVCertificate::try_from(target.as_slice()) {
        Ok(target) => path_to(&environment, &settings, &target).is_some(),
        Err(_) => false,
    };
    Ok(json!({ "id": text("id"), "valid": valid }))
}
