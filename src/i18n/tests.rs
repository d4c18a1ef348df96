//! Both languages are complete: same keys, same parameters, and a text for every code that the program can say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_templates::fluent_bundle::FluentResource;

use super::bundles::files;
use super::*;
use crate::pdf::{LimitReached, PdfError};
use crate::problem::Explain;

/// The texts of one language: key (or `key.attribute`) with the parameters that its text quotes.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for (_, source) in files(language) {
        let mut message = String::new();
        for line in source
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        {
            let (name, text) = line.split_once(" = ").expect(line);
            let key = match name.strip_prefix("    .") {
                Some(attribute) => format!("{message}.{attribute}"),
                None => name.to_owned(),
            };
            if !key.contains('.') {
                message.clone_from(&key);
            }
            assert!(
                keys.insert(key.clone(), quoted(text)).is_none(),
                "{key} stands twice in {}",
                language.tag()
            );
        }
    }
    keys
}

fn quoted(text: &str) -> BTreeSet<String> {
    text.split("{$")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
        .collect()
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_parameters() {
    let (chinese, english) = (keys(Language::Zh), keys(Language::En));
    let only = |one: &BTreeMap<String, _>, other: &BTreeMap<String, _>| -> Vec<String> {
        one.keys().filter(|key| !other.contains_key(*key)).cloned().collect()
    };
    assert_eq!(only(&chinese, &english), [""; 0], "missing in English");
    assert_eq!(only(&english, &chinese), [""; 0], "missing in Chinese");
    for (key, params) in &chinese {
        assert_eq!(params, &english[key], "parameters of {key}");
    }
}

#[test]
fn every_text_is_parsed_and_found() {
    for language in Language::ALL {
        for (name, source) in files(language) {
            let parsed = FluentResource::try_new((*source).to_owned());
            assert!(parsed.is_ok(), "{name}: {:?}", parsed.err().map(|(_, errors)| errors));
        }
        for (key, params) in keys(language) {
            let params: Vec<(&str, &str)> = params.iter().map(|name| (name.as_str(), "X")).collect();
            let text = text(language, &key, &params);
            assert!(text != key && !text.contains(['{', '}']), "{key}: {text}");
        }
    }
}

#[test]
fn every_file_of_a_language_is_embedded() {
    for language in Language::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("templates/locales")
            .join(language.tag());
        let there = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let embedded = files(language).iter().map(|(name, _)| format!("{name}.ftl"));
        assert_eq!(there.collect::<BTreeSet<_>>(), embedded.collect::<BTreeSet<_>>());
    }
}

/// Every source file of the package but this one, without its tests.
fn sources() -> Vec<String> {
    texts_of("src", "rs")
        .into_iter()
        .map(|text| without_tests(&text))
        .collect()
}

fn without_tests(text: &str) -> String {
    text.split("\n#[cfg(test)]").next().unwrap_or_default().to_owned()
}

/// The files under a folder of the package with that ending.
fn texts_of(folder: &str, ending: &str) -> Vec<String> {
    fn walk(folder: PathBuf, ending: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("src/i18n/tests.rs") {
                continue;
            }
            if path.is_dir() {
                walk(path, ending, found);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    found
}

/// A code as [`Problem`] defines it: lower case, hyphenated.
fn is_code(text: &str) -> bool {
    text.contains('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        || matches!(text, "internal" | "unavailable" | "template")
}

fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// Codes that stand where a problem is made, and those that a `fn code` gives in a file that makes problems of it.
fn codes() -> BTreeSet<String> {
    codes_in(&sources())
}

fn codes_in(sources: &[String]) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for source in sources {
        for (call, end) in [
            ("Problem::new(", ')'),
            ("refused_because(", ','),
            ("said(", ')'),
            ("let code = ", ';'),
            ("const REASON: &str = ", ';'),
        ] {
            for call in source.split(call).skip(1) {
                let call = call.split(end).next().unwrap_or_default();
                codes.extend(literals(call).filter(|text| is_code(text)).map(str::to_owned));
            }
        }
        if source.contains(".code())") {
            for function in source.split("fn code(").skip(1) {
                let end = function.find("\n    }").unwrap_or(function.len());
                codes.extend(
                    literals(&function[..end])
                        .filter(|text| is_code(text))
                        .map(str::to_owned),
                );
            }
        }
    }
    codes
}

#[test]
fn every_code_of_a_problem_has_a_text_in_both_languages() {
    let codes = codes();
    assert!(codes.len() > 50, "{} codes found in the sources", codes.len());
    for language in Language::ALL {
        let keys = keys(language);
        let without: Vec<_> = codes
            .iter()
            .filter(|code| !keys.contains_key(&format!("problem-{code}")))
            .collect();
        assert!(without.is_empty(), "without a text in {}: {without:?}", language.tag());
    }
}

#[test]
fn every_reason_of_a_certificate_path_says_what_to_do() {
    let reasons = include_str!("../trust/reason.rs");
    let function = reasons.split("fn code(").nth(1).unwrap();
    let codes: Vec<_> = literals(&function[..function.find("\n    }").unwrap()])
        .filter(|text| is_code(text))
        .collect();
    assert!(codes.len() > 20, "{codes:?}");
    for language in Language::ALL {
        let keys = keys(language);
        let without = codes
            .iter()
            .filter(|code| !keys.contains_key(&format!("problem-{code}.action")));
        assert_eq!(without.collect::<Vec<_>>(), [&""; 0], "{}", language.tag());
    }
}

#[test]
fn every_reason_of_a_verification_says_what_to_do() {
    let mut sources: Vec<_> = texts_of("src/verify", "rs")
        .iter()
        .map(|text| without_tests(text))
        .collect();
    let others = [include_str!("../pdf/error.rs"), include_str!("../service/verify.rs")];
    sources.extend(others.map(without_tests));
    let mut codes = codes_in(&sources);
    // What changed after a signature, and what is to be known beside it, is no reason by itself.
    codes.retain(|code| {
        !["change-", "shadow-", "note-"]
            .iter()
            .any(|start| code.starts_with(start))
    });
    assert!(
        codes.len() > 40 && codes.contains("own-body-certified-elsewhere"),
        "{codes:?}"
    );
    for language in Language::ALL {
        let keys = keys(language);
        let without = codes
            .iter()
            .filter(|code| !keys.contains_key(&format!("problem-{code}.action")));
        assert_eq!(without.collect::<Vec<_>>(), [""; 0], "{}", language.tag());
    }
}

#[test]
fn every_rule_of_certificates_has_a_text_and_every_text_a_rule() {
    let named: BTreeSet<_> = crate::ca::lint::rules()
        .map(|rule| format!("rule-{}", rule.name))
        .collect();
    let keys = keys(Language::Zh);
    let texts: BTreeSet<_> = keys.keys().filter(|key| key.starts_with("rule-")).cloned().collect();
    assert_eq!(named, texts);
    for (key, params) in keys.iter().filter(|(key, _)| key.starts_with("rule-")) {
        assert!(params.iter().all(|name| name == "value"), "{key} quotes {params:?}");
    }
}

#[test]
fn every_silence_about_revocation_has_a_text_and_every_text_is_of_one() {
    let source = include_str!("../trust/revocation/silence.rs");
    let named: BTreeSet<_> = literals(source.split("fn name(").nth(1).unwrap())
        .map(|name| format!("why-{name}"))
        .collect();
    let keys = keys(Language::Zh).into_keys();
    let texts: BTreeSet<_> = keys.filter(|key| key.starts_with("why-")).collect();
    assert_eq!(named, texts);
    let silent = Problem::new("no-revocation-data")
        .param("subject", "赤峰 CA")
        .param("why", "no-list");
    assert_eq!(
        problem(Language::Zh, &silent),
        "暂时查不到 赤峰 CA 的证书状态：没有其签发机构的吊销列表"
    );
}

#[test]
fn every_thing_that_a_refusal_names_has_a_word() {
    // Where the thing is the first argument, written out.
    let calls = [
        "not_found(",
        "::exists(",
        "Conflict::state(",
        "Counter::new(",
        "NoPlace(",
    ];
    let sources = sources();
    let after = |call| sources.iter().flat_map(move |source| source.split(call).skip(1));
    let named = calls
        .into_iter()
        .flat_map(after)
        .filter_map(|rest| rest.trim_start().strip_prefix('"'));
    let things: BTreeSet<_> = named.filter_map(|rest| rest.split('"').next()).collect();
    assert!(things.len() > 30, "{things:?}");
    for language in Language::ALL {
        let keys = keys(language);
        let key = |thing: &str| format!("what-{}", thing.replace(' ', "-"));
        let without: Vec<_> = things.iter().filter(|thing| !keys.contains_key(&key(thing))).collect();
        assert!(without.is_empty(), "without a word in {}: {without:?}", language.tag());
    }
}

#[test]
fn a_part_of_a_document_is_named_with_the_value_that_its_word_quotes() {
    for source in sources() {
        for rest in source.split(".param(\"part\", ").skip(1) {
            let next = rest.split_once(')').unwrap().1;
            assert!(next.starts_with(".param(\"value\", "), "{next:.80}");
        }
    }
}

#[test]
fn every_budget_of_a_document_has_its_unit_in_words_and_every_unit_is_of_one() {
    // Where the unit is what follows, or what the line ends with that spends of the budget.
    let calls = ["unit: ", "unit = ", "(unit, allowed) = (", "within(", "reached("];
    let sources: Vec<_> = texts_of("src/pdf", "rs")
        .iter()
        .map(|text| without_tests(text))
        .collect();
    let after = |call| sources.iter().flat_map(move |source| source.split(call).skip(1));
    let named = calls
        .into_iter()
        .flat_map(after)
        .filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
    let limits = without_tests(include_str!("../pdf/limits.rs"));
    let spent = literals(limits.split("impl Usage {").nth(1).unwrap());
    let key = |unit: &str| format!("unit-{}", unit.replace(' ', "-"));
    let units: BTreeSet<_> = named.chain(spent).map(key).collect();
    assert!(units.len() > 20, "{units:?}");
    for language in Language::ALL {
        let keys = keys(language).into_keys();
        let texts: BTreeSet<_> = keys.filter(|key| key.starts_with("unit-")).collect();
        assert_eq!(units, texts, "{}", language.tag());
    }
    let reached = LimitReached {
        unit: "form fields",
        allowed: 100_000,
    };
    let told = PdfError::from(reached).problems().remove(0);
    assert_eq!(
        problem(Language::Zh, &told),
        "PDF 文件过于复杂，超过 100000 个表单域的上限"
    );
}

#[test]
fn no_text_is_left_of_a_code_that_is_gone() {
    let sources = sources().concat();
    let keys = keys(Language::Zh);
    let problems = keys.keys().filter_map(|key| key.strip_prefix("problem-"));
    let problems = problems.filter(|code| !code.contains('.'));
    let gone: Vec<_> = problems
        .filter(|code| *code != "without-text" && !sources.contains(&format!("\"{code}\"")))
        .collect();
    assert!(gone.is_empty(), "{gone:?}");
}

/// Beginnings of keys that the program completes by the name of a state, a verdict, a status; problems have a test of
/// their own.
const COMPLETED: &[&str] = &[
    "check-",
    "cli-trust-cross-",
    "cross-",
    "file-",
    "level-",
    "licence-",
    "material-",
    "month-",
    "part-",
    "path-",
    "permission-",
    "problem-",
    "proposal-",
    "qr-",
    "reason-",
    "recognised-",
    "recognition-",
    "role-",
    "rule-",
    "severity-",
    "shape-",
    "state-",
    "status-",
    "sub-",
    "transition-",
    "unit-",
    "what-",
    "why-",
];

#[test]
fn every_text_is_used() {
    let users = [sources(), texts_of("templates/pages", "html")].concat().concat();
    let is_used = |key: &String| {
        key.contains('.')
            || COMPLETED.iter().any(|start| key.starts_with(start))
            || users.contains(&format!("\"{key}\""))
    };
    let unused: Vec<_> = keys(Language::Zh).into_keys().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn a_text_quotes_only_what_the_program_gives_it() {
    let given: String = sources().concat();
    for (key, params) in keys(Language::Zh).iter().filter(|(key, _)| key.starts_with("problem-")) {
        for name in params {
            assert!(
                given.contains(&format!("\"{name}\"")),
                "{key} quotes {name}, which no problem has"
            );
        }
    }
}

#[test]
fn states_and_steps_are_told_in_words() {
    let refused = Problem::new("transition-not-from-state")
        .param("state", "revoked")
        .param("transition", "cancel");
    assert_eq!(problem(Language::Zh, &refused), "状态为“已吊销”的证照不能注销");
}

#[test]
fn a_revocation_is_told_with_its_reason_in_words_and_its_day_in_beijing() {
    let revoked = Problem::new("certificate-revoked-before")
        .param("subject", "赤峰 CA")
        .param("since", "2027-03-01T16:30:00+00:00")
        .param("reason", "keyCompromise")
        .param("proven_at", "2027-05-28T00:30:15.5+00:00");
    assert_eq!(
        problem(Language::Zh, &revoked),
        "赤峰 CA 的证书已于 2027-03-02 00:30:00 因密钥泄露被撤销；签名在此之后（2027-05-28 08:30:15 起才有证明）"
    );
    assert_eq!(
        problem(Language::En, &revoked),
        "The certificate of 赤峰 CA was revoked on 2027-03-02 00:30:00 +08:00 for keyCompromise; the signature is later \
         (proved to exist since 2027-05-28 08:30:15 +08:00)"
    );
}

#[test]
fn a_broken_rule_is_told_with_its_value() {
    let broken = Problem::new("certificate-rule")
        .param("rule", "dns-name-syntax")
        .param("clause", "RFC 1034 section 3.5")
        .param("value", "DNS -a");
    assert_eq!(
        problem(Language::En, &broken),
        "The certificate breaks RFC 1034 section 3.5: DNS -a is no host name"
    );
    assert_eq!(
        problem(Language::Zh, &broken),
        "证书违反 RFC 1034 section 3.5：“DNS -a”不是主机名"
    );
}

#[test]
fn an_authority_that_is_no_longer_recognised_is_told_from_one_that_never_was() {
    let never = Problem::new("authority-not-recognised")
        .param("anchor", "赤峰")
        .param("service", "government-seals")
        .param("at", "2026-09-10T02:00:00+00:00");
    assert_eq!(
        problem(Language::Zh, &never),
        "赤峰 在 2026-09-10 10:00:00 未被认可用于“机关印章”"
    );
    let ended = never.param("ended", "2026-06-01T00:00:00+00:00");
    assert_eq!(
        problem(Language::Zh, &ended),
        "赤峰 自 2026-06-01 08:00:00 起不再被认可用于“机关印章”，而签名在此之后（2026-09-10 10:00:00）"
    );
}

#[test]
fn a_problem_quotes_its_values() {
    let cut = Problem::new("code-too-long").param("limit", 796);
    assert!(problem(Language::Zh, &cut).contains("796"));
    assert!(problem(Language::En, &cut).contains("796"));
}

#[test]
fn a_problem_without_a_text_still_says_its_code() {
    for language in Language::ALL {
        assert!(problem(language, &Problem::new("never-heard-of")).contains("never-heard-of"));
    }
}
