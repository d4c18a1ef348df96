//! The translation files, parsed once and kept for the life of the program.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_templates::LanguageIdentifier;
use fluent_templates::fluent_bundle::concurrent::FluentBundle;
use fluent_templates::fluent_bundle::{FluentArgs, FluentResource};

use super::Language;

/// The files of one language by their names.
macro_rules! files {
    ($folder:literal: $($name:literal)+) => {
        &[$(($name, include_str!(concat!("../../templates/locales/", $folder, "/", $name, ".ftl")))),+]
    };
}

/// Every file of a language: name and contents.
pub(super) fn files(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::Zh => files!["zh-CN": "cli" "page" "problems" "rules" "verdicts"],
        Language::En => files!["en": "cli" "page" "problems" "rules" "verdicts"],
    }
}

static BUNDLES: LazyLock<BTreeMap<&'static str, FluentBundle<FluentResource>>> = LazyLock::new(|| {
    Language::ALL
        .into_iter()
        .map(|language| (language.tag(), bundle(language)))
        .collect()
});

/// The text of a key, or of its attribute as `key.attribute`; none where there is no such text. A parameter that the
/// text asks for and that is not given stands in it by its name.
pub(super) fn format<'a>(
    language: Language,
    key: &str,
    params: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Option<String> {
    let bundle = BUNDLES.get(language.tag())?;
    let (name, attribute) = key
        .split_once('.')
        .map_or((key, None), |(name, attribute)| (name, Some(attribute)));
    let message = bundle.get_message(name)?;
    let pattern = match attribute {
        Some(attribute) => message.get_attribute(attribute)?.value(),
        None => message.value()?,
    };
    let mut args = FluentArgs::new();
    for (name, value) in params {
        // As text: an identifier or "001" is not a number to be formatted.
        args.set(name, value);
    }
    let mut unresolved = Vec::new();
    Some(
        bundle
            .format_pattern(pattern, Some(&args), &mut unresolved)
            .into_owned(),
    )
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // The marks around parameters are for texts that mix writing directions; ours run from left to right.
    bundle.set_use_isolating(false);
    for (_, source) in files(language) {
        // A text that cannot be parsed or stands twice is left out; a test finds it.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        let _doubled = bundle.add_resource(resource);
    }
    bundle
}
