//! The commands of the README run as they are written.

use std::path::Path;
use std::process::Command;

use crate::support::{TempFolder, project};

/// What a reader has before these sections: a city, here with one root.
const CITY: &str = r#"
mkdir city
(umask 077; openssl rand -base64 32 > city/passphrase)
printf 'data = "city"\npublic_url = "https://zz.example.gov.cn"\n' > city.toml
export YINXIN_CONFIG=city.toml
yinxin ca root root-international --organisation 示例市政务服务局 --common-name "Root CA"
"#;

/// The commands of a section.
fn commands(section: &str) -> String {
    let readme = std::fs::read_to_string(project::root().join("README.md")).unwrap();
    let section = readme.split(&format!("\n## {section}\n")).nth(1).expect(section);
    let block = section.split("```sh\n").nth(1).unwrap();
    block.split("```").next().unwrap().to_owned()
}

/// Runs a script in a folder; gives what it printed.
fn run(folder: &Path, script: &str) -> String {
    let program = env!("CARGO_BIN_EXE_yinxin");
    let script = format!("set -euo pipefail\nyinxin() {{ {program} \"$@\"; }}\n{script}");
    let mut bash = Command::new("bash");
    let ours = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("YINXIN_")));
    for (name, _) in ours.filter(|(name, _)| name != "YINXIN_FONTS") {
        bash.env_remove(name);
    }
    let output = bash
        .args(["-c", &script])
        .env("YINXIN_LANG", "en")
        .current_dir(folder)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{said:?}");
    said.concat()
}

#[test]
fn two_people_found_an_authority_as_the_readme_says() {
    let folder = TempFolder::new("readme-two-people");
    let said = run(folder.path(), &format!("{CITY}{}", commands("Two people")));
    for part in ["carried out", "proposed: 王一", "approved: 李二", "业务量增加"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let shown = run(
        folder.path(),
        "export YINXIN_CONFIG=city.toml; yinxin ca show issuing-2; yinxin officer list",
    );
    assert!(
        shown.contains("issued by root-international") && shown.contains("李二"),
        "{shown}"
    );
    let alone = "export YINXIN_CONFIG=city.toml
        yinxin ca root another --organisation X --common-name Y && exit 9 || test $? = 1
        sed 's/issuing-2/issuing-9/' record.json > forged.json
        yinxin proposal check forged.json && exit 9 || test $? = 1";
    let refused = run(folder.path(), alone);
    assert!(refused.contains("approval of another"), "{refused}");
}

#[test]
fn a_root_is_made_offline_as_the_readme_says() {
    let folder = TempFolder::new("readme-ceremony");
    let said = run(
        folder.path(),
        &format!("{CITY}{}{}", commands("Two people"), commands("Root offline")),
    );
    assert!(said.contains("holds: confirmed and signed by 王一, 李二"), "{said}");
    let judged = "cd offline
        openssl x509 -inform DER -in root.crt -out root.pem
        openssl crl -inform DER -in root.crl -out crl.pem
        openssl x509 -inform DER -in issuing-3.crt | openssl verify -crl_check -CAfile root.pem -CRLfile crl.pem
        (cd ..; YINXIN_CONFIG=city.toml yinxin ca show issuing-3) | grep 'issued by offline-root'
        sed 's/365/366/' transcript.json > forged.json
        yinxin ca ceremony check forged.json && exit 9 || test $? = 1
        cd ..; cp issuing-3.csr kept; openssl req -new -newkey ed25519 -nodes -keyout x -subj /CN=X -outform DER -out issuing-3.csr
        yinxin ca ceremony ceremony.toml --agenda \"$(grep -o 'agenda\":\"[0-9a-f]*' offline/transcript.json | tail -c 65)\" \
            --folder other --passphrase-file offline.pass && exit 9 || test $? = 1";
    let judged = run(folder.path(), judged);
    assert!(
        judged.contains("was changed, left out or put in") && judged.contains("What was confirmed"),
        "{judged}"
    );
}

#[test]
fn an_officer_signs_for_the_interface_away_from_the_service() {
    let folder = TempFolder::new("readme-sign");
    run(folder.path(), &format!("{CITY}{}", commands("Two people")));
    let script = r#"
        export YINXIN_CONFIG=city.toml
        instance=$(grep -o 'instance\\":\\"[0-9a-f]*' record.json | head -1 | grep -o '[0-9a-f]*$')
        by="--by wang.key --by-passphrase-file wang.pass"
        yinxin proposal sign read --instance-id "$instance" $by
        printf '{"act":"remove-officer","officer":"019a3d6c-0000-7000-8000-000000000000"}' > act.json
        yinxin proposal sign propose --instance-id "$instance" --act act.json --out body.json --reason 离任 $by
        yinxin proposal sign approve --record record.json $by
    "#;
    let said = run(folder.path(), script);
    assert_eq!(said.matches("Authorization: Officer ").count(), 3, "{said}");
    let body = String::from_utf8(folder.read("body.json")).unwrap();
    yinxin::service::proposals::Content::parse(&body).unwrap();
}
