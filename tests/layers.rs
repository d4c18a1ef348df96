//! The shape of the house: which module may import from which, what the pure ones do without, and where a thing has its
//! only place. Every rule is a function from a file to the lines that break it, tried here on a snippet that breaks it
//! and then on all of `src/`.

use std::collections::BTreeSet;

use crate::support::project::{ProjectFile, text_files};
use crate::support::rust_source::{Kind, Path, Source};

/// Longest file, in lines.
const LONGEST_FILE: usize = 800;
/// Columns that a line of a comment may have, as one of code.
const WIDEST_COMMENT: usize = 120;

/// The last module, in their order, that does without clock, network, files and async.
const LAST_PURE: &str = "verify";

/// A line that breaks a rule, as `file:line: what is wrong`.
type Violation = String;

/// A file of `src/`, split, with the modules in their order.
struct Examined<'a> {
    path: &'a str,
    source: Source,
    modules: &'a [String],
}

impl<'a> Examined<'a> {
    fn new(path: &'a str, text: &str, modules: &'a [String]) -> Self {
        Self {
            path,
            source: Source::new(text),
            modules,
        }
    }

    /// The top-level module that the file belongs to; `None` for `lib.rs` and `main.rs`, which may name all.
    fn module(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        let first = below.split('/').next()?;
        let name = first.strip_suffix(".rs").unwrap_or(first);
        (name != "lib" && name != "main").then_some(name)
    }

    fn place_in_order(&self, module: &str) -> Option<usize> {
        self.modules.iter().position(|known| known == module)
    }

    fn is_pure(&self) -> bool {
        let place = self.module().and_then(|module| self.place_in_order(module));
        place.is_some_and(|place| Some(place) <= self.place_in_order(LAST_PURE))
    }

    fn is_test(&self, line: usize) -> bool {
        line >= self.source.tests_from || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    fn violation(&self, line: usize, rule: impl std::fmt::Display) -> Violation {
        format!("{}:{line}: {rule}", self.path)
    }

    /// Paths that begin at the crate, without `crate`; `super` in the file of a top-level module means the same.
    fn crate_paths(&self) -> Vec<Path> {
        let at_top = self.path.matches('/').count() == 1
            || self.path.matches('/').count() == 2 && self.path.ends_with("/mod.rs");
        let from_crate = |mut path: Path| {
            let first = path.segments.first()?;
            let named = path.segments.get(1).is_some_and(|name| self.modules.contains(name));
            let counts = first == "crate"
                || first == "yinxin"
                || first == "super" && at_top && named && !self.is_test(path.line);
            path.segments.remove(0);
            counts.then_some(path)
        };
        self.source.paths().into_iter().filter_map(from_crate).collect()
    }
}

fn imports_from_above_only(file: &Examined) -> Vec<Violation> {
    let Some(module) = file.module() else { return Vec::new() };
    let Some(own_place) = file.place_in_order(module) else {
        return vec![file.violation(1, format_args!("module `{module}` is not in the list of src/lib.rs"))];
    };
    let judge = |path: Path| {
        let target = path.segments.first()?;
        let Some(place) = file.place_in_order(target) else {
            return Some(file.violation(path.line, format_args!("`crate::{target}` is no module of src/lib.rs")));
        };
        let below = format_args!("`{module}` imports from `{target}`, which stands below it in src/lib.rs").to_string();
        (place > own_place).then(|| file.violation(path.line, below))
    };
    file.crate_paths().into_iter().filter_map(judge).collect()
}

fn climbs_one_module_at_most(file: &Examined) -> Vec<Violation> {
    let climbs = |path: &Path| {
        path.segments
            .windows(2)
            .any(|pair| pair[0] == "super" && pair[1] == "super")
    };
    let paths = file.source.paths().into_iter().filter(climbs);
    paths
        .map(|path| file.violation(path.line, "`super::super`: name the module from `crate`"))
        .collect()
}

/// Imports of one module from modules that it must know nothing of, by the beginning of their paths.
fn keeps_apart(file: &Examined, module: &str, forbidden: &[&str]) -> Vec<Violation> {
    if file.module() != Some(module) {
        return Vec::new();
    }
    let judge = |path: Path| {
        let full = path.segments.join("::");
        let reaches = |start: &&&str| full == ***start || full.starts_with(&format!("{start}::"));
        let start = forbidden.iter().find(reaches)?;
        Some(file.violation(path.line, format_args!("`{module}` may not import from `{start}`")))
    };
    file.crate_paths().into_iter().filter_map(judge).collect()
}

fn verification_cannot_sign(file: &Examined) -> Vec<Violation> {
    keeps_apart(file, "verify", &["sign", "ca", "store", "keystore", "crypto::key"])
}

fn faces_know_no_seals(file: &Examined) -> Vec<Violation> {
    keeps_apart(file, "face", &["seal", "credential", "trust"])
}

/// Signing keys are reached by the path `crypto::key` alone, so that the rule on verification can see them.
fn keys_have_one_path(file: &Examined) -> Vec<Violation> {
    if file.path != "src/crypto/mod.rs" {
        return Vec::new();
    }
    let tokens = &file.source.tokens;
    let exports = |path: &Path| {
        path.segments.first().is_some_and(|first| first == "key") && {
            let at = tokens.iter().position(|token| token.line == path.line).unwrap_or(0);
            tokens[at..]
                .iter()
                .take(2)
                .map(|token| token.text.as_str())
                .eq(["pub", "use"])
        }
    };
    let paths = file.source.paths().into_iter().filter(exports);
    paths
        .map(|path| {
            file.violation(
                path.line,
                "`crypto` may not export what `crypto::key` holds under another path",
            )
        })
        .collect()
}

/// What the pure modules may not name. `std::fs::File` by itself is allowed: an open file that comes as an argument.
const IMPURE: [&str; 10] = [
    "tokio",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread::sleep",
    "sqlx",
    "axum",
    "File",
    "OpenOptions",
];

fn pure_modules_touch_nothing(file: &Examined) -> Vec<Violation> {
    if !file.is_pure() {
        return Vec::new();
    }
    let judge = |path: &Path| {
        let full = path.segments.join("::");
        let start = IMPURE
            .iter()
            .find(|start| full == **start || full.starts_with(&format!("{start}::")));
        let start = start.filter(|_| full != "std::fs::File");
        let reads_clock = path
            .segments
            .iter()
            .any(|segment| ["SystemTime", "Instant"].contains(&segment.as_str()))
            || full.ends_with("Utc::now");
        let clock = (reads_clock && file.module() != Some("clock")).then_some("the clock");
        start.copied().or(clock).map(|what| (path.line, what.to_owned()))
    };
    let asynchronous = file
        .source
        .tokens
        .iter()
        .filter(|token| token.kind == Kind::Identifier && token.text == "async");
    let mut found: Vec<(usize, String)> = file.source.paths().iter().filter_map(judge).collect();
    found.extend(asynchronous.map(|token| (token.line, "async".to_owned())));
    let in_product = found.into_iter().filter(|(line, _)| !file.is_test(*line));
    let rule = |what| format!("{what}: up to `{LAST_PURE}` no module touches clock, network, files or the runtime");
    in_product
        .map(|(line, what)| file.violation(line, rule(what)))
        .collect()
}

/// Whether a literal is an object identifier in numbers: four arcs or more, the first 0 to 2, and no address such as
/// 0.0.0.0.
fn is_numeric_oid(text: &str) -> bool {
    let arcs: Vec<&str> = text.split('.').collect();
    let numeric = arcs
        .iter()
        .all(|arc| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()));
    arcs.len() >= 4 && numeric && ["0", "1", "2"].contains(&arcs[0]) && text != "0.0.0.0"
}

fn oids_stand_in_one_table(file: &Examined) -> Vec<Violation> {
    if file.path == "src/asn1/oid.rs" {
        return Vec::new();
    }
    let spelled = |token: &&crate::support::rust_source::Token| {
        token.kind == Kind::Text && is_numeric_oid(&token.text) && !file.is_test(token.line)
    };
    let tokens = file.source.tokens.iter().filter(spelled);
    tokens
        .map(|token| {
            file.violation(
                token.line,
                format_args!("\"{}\" belongs into src/asn1/oid.rs", token.text),
            )
        })
        .collect()
}

fn cryptography_has_one_home(file: &Examined) -> Vec<Violation> {
    let Some(module) = file.module().filter(|module| *module != "crypto") else {
        return Vec::new();
    };
    let crates: &[&str] = match module {
        "keystore" => &["ring", "sm2", "sm3", "p256", "elliptic_curve"],
        _ => &["ring", "sm2", "sm3", "p256", "elliptic_curve", "pkcs8"],
    };
    let judge = |path: Path| {
        let first = path.segments.first()?;
        let rule = format_args!("crate `{first}` is named in `crypto` alone").to_string();
        crates
            .contains(&first.as_str())
            .then(|| file.violation(path.line, rule))
    };
    file.source.paths().into_iter().filter_map(judge).collect()
}

/// The modules in their order, as `src/lib.rs` declares them.
fn modules_in_order(library: &str) -> Vec<String> {
    let declared = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    declared.map(str::to_owned).collect()
}

fn source_files() -> (Vec<String>, Vec<ProjectFile>) {
    let files: Vec<ProjectFile> = text_files("src")
        .into_iter()
        .filter(|file| file.path.ends_with(".rs"))
        .collect();
    let library = files.iter().find(|file| file.path == "src/lib.rs").unwrap();
    (modules_in_order(&library.text), files)
}

fn assert_none(violations: &[Violation]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

/// Holds all of `src/` to a rule.
fn hold(rule: fn(&Examined) -> Vec<Violation>) {
    let (modules, files) = source_files();
    assert!(modules.len() > 20 && files.len() > 20, "src/ was not found whole");
    let examine = |file: &ProjectFile| rule(&Examined::new(&file.path, &file.text, &modules));
    assert_none(&files.iter().flat_map(examine).collect::<Vec<_>>());
}

/// The lines of a snippet that break a rule.
fn lines_found(rule: fn(&Examined) -> Vec<Violation>, path: &str, text: &str) -> Vec<usize> {
    let (modules, _) = source_files();
    let line = |violation: Violation| violation.split(':').nth(1).unwrap().parse().unwrap();
    rule(&Examined::new(path, text, &modules))
        .into_iter()
        .map(line)
        .collect()
}

#[test]
fn a_module_imports_only_from_those_above_it() {
    let text = "//! A file.\nuse crate::{x509::Name, ca::{self, Profile}};\n// crate::http\nfn f() { crate::cli::run(\"crate::http\") }";
    assert_eq!(
        lines_found(imports_from_above_only, "src/trust/list.rs", text),
        [2, 2, 4]
    );
    assert_eq!(
        lines_found(
            imports_from_above_only,
            "src/trust/mod.rs",
            "use super::ca;\nuse super::x509;"
        ),
        [1]
    );
    assert_eq!(lines_found(imports_from_above_only, "src/cli/mod.rs", text), [0; 0]);
    hold(imports_from_above_only);
}

#[test]
fn a_path_climbs_one_module_at_most() {
    assert_eq!(
        lines_found(
            climbs_one_module_at_most,
            "src/x509/a.rs",
            "use super::b;\nuse super::super::ca;"
        ),
        [2]
    );
    hold(climbs_one_module_at_most);
}

#[test]
fn verification_holds_no_way_to_sign() {
    let text = "use crate::crypto::{PublicKey, key::Signer};\nuse crate::cms;\nuse crate::ca;";
    assert_eq!(
        lines_found(verification_cannot_sign, "src/verify/report.rs", text),
        [1, 3]
    );
    assert_eq!(
        lines_found(
            keys_have_one_path,
            "src/crypto/mod.rs",
            "pub mod key;\npub use key::Signer;\nuse key::Suite;"
        ),
        [2]
    );
    hold(verification_cannot_sign);
    hold(keys_have_one_path);
}

#[test]
fn a_face_knows_nothing_of_seals_credentials_and_trust() {
    let text = "use crate::draw::Picture;\nuse crate::{licence, credential::Payload};";
    assert_eq!(lines_found(faces_know_no_seals, "src/face/fill.rs", text), [2]);
    hold(faces_know_no_seals);
}

#[test]
fn the_pure_modules_touch_no_clock_network_file_or_runtime() {
    let text = "use std::{collections::BTreeMap, fs};\nasync fn f() {}\nfn g() { chrono::Utc::now(); std::fs::File::open(); }\nimpl ReadAt for std::fs::File {}\n#[cfg(test)]\nmod tests { use std::fs; }";
    assert_eq!(
        lines_found(pure_modules_touch_nothing, "src/pdf/read.rs", text),
        [1, 3, 3, 2]
    );
    assert_eq!(
        lines_found(pure_modules_touch_nothing, "src/store/mod.rs", text),
        [0; 0]
    );
    hold(pure_modules_touch_nothing);
}

#[test]
fn object_identifiers_are_spelled_in_one_table() {
    let text =
        "const A: &str = \"1.2.840.113549.1.7.2\";\nconst B: &str = \"127.0.0.1\";\nconst C: &str = r#\"2.25.7.1\"#;";
    assert_eq!(lines_found(oids_stand_in_one_table, "src/cms/mod.rs", text), [1, 3]);
    hold(oids_stand_in_one_table);
}

#[test]
fn cryptography_is_named_in_one_module() {
    let text = "use ring::digest;\nfn f<'a>(c: char) { let _ = c == '\"'; sm3::Sm3::new(); }\nuse pkcs8::EncryptedPrivateKeyInfo;";
    assert_eq!(
        lines_found(cryptography_has_one_home, "src/x509/mod.rs", text),
        [1, 2, 3]
    );
    assert_eq!(
        lines_found(cryptography_has_one_home, "src/keystore/mod.rs", text),
        [1, 2]
    );
    assert_eq!(
        lines_found(cryptography_has_one_home, "src/crypto/mod.rs", text),
        [0; 0]
    );
    hold(cryptography_has_one_home);
}

#[test]
fn every_file_says_what_it_is_and_none_is_long() {
    let (_, files) = source_files();
    let mut violations = Vec::new();
    for file in files
        .iter()
        .chain(&text_files("tests"))
        .filter(|file| file.path.ends_with(".rs"))
    {
        if !file.text.starts_with("//!") {
            violations.push(format!("{}:1: a file opens with `//!` and says what it is", file.path));
        }
        let lines = file.text.lines().count();
        if lines > LONGEST_FILE {
            violations.push(format!(
                "{}:{lines}: no file is longer than {LONGEST_FILE} lines",
                file.path
            ));
        }
    }
    assert_none(&violations);
}

#[test]
fn no_comment_is_wider_than_the_code() {
    let wide = |line: &&str| line.trim_start().starts_with("//") && line.chars().count() > WIDEST_COMMENT;
    let mut violations = Vec::new();
    for file in source_files().1 {
        let wide = file.text.lines().filter(wide);
        violations.extend(wide.map(|line| format!("{}: {line}", file.path)));
    }
    assert_none(&violations);
}

#[test]
fn a_module_of_several_files_is_a_folder_with_mod_rs() {
    let (_, files) = source_files();
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let folders: BTreeSet<&str> = paths.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
    let lacking = folders
        .into_iter()
        .filter(|folder| *folder != "src" && !paths.contains(format!("{folder}/mod.rs").as_str()));
    assert_none(
        &lacking
            .map(|folder| format!("{folder}:1: holds no mod.rs"))
            .collect::<Vec<_>>(),
    );
}

/// Beginnings of paths that exist on one machine only, and of hosts from which packages come. Written in halves, so
/// that this list does not find itself.
const MACHINE_PLACES: [(&str, &str); 9] = [
    ("/wo", "rk/"),
    ("/tmp", "/yx"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("crates", ".io"),
    ("pypi", ".org"),
    ("npmjs", ".org"),
    ("debian", ".org"),
    ("../", "shared"),
];

/// Whether a text names a place, and not merely a longer path that has it in the middle.
fn names_place(text: &str, place: &str) -> bool {
    let stands_alone = |(at, _): (usize, &str)| {
        let before = text[..at].chars().next_back();
        !place.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || "_-.}/~".contains(c))
    };
    text.match_indices(place).any(stands_alone)
}

#[test]
fn the_project_names_no_machine_and_no_registry() {
    assert!(names_place("see /opt/x and /srv/y", "/srv/") && !names_place("target/srv/y", "/srv/"));
    let mut violations = Vec::new();
    for file in text_files("").iter().filter(|file| !file.path.ends_with("Cargo.lock")) {
        for (number, line) in file.text.lines().enumerate() {
            let named = MACHINE_PLACES
                .map(|(start, end)| format!("{start}{end}"))
                .into_iter()
                .find(|place| names_place(line, place));
            violations.extend(named.map(|place| format!("{}:{}: names `{place}`", file.path, number + 1)));
        }
    }
    assert_none(&violations);
}
