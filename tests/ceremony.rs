//! A root offline: the script, the two people, the transcript, and what outside programs find of what was made.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use yinxin::ca::{Subject, request};
use yinxin::clock::ManualClock;
use yinxin::crypto::key::{KeyAlgorithm, Signer, SoftwareKey};
use yinxin::keystore::{Keystore, Passphrase};
use yinxin::service::actor::Actor;
use yinxin::service::ceremony::{Agenda, CeremonyError, Happening, Made, Participants, Transcript, perform};
use yinxin::service::offline_roots::AdmittedAuthority;
use yinxin::service::proposals::Act;

use crate::proposals::house::{House, code};
use crate::support::TempFolder;
use crate::support::judges::run;
use crate::support::program;

/// A step for scripts whose people are refused before any step.
const EXPORT: &str = "[[step]]\ndo = \"export\"\nout = \"all.pem\"\n";

/// Puts something of another root, whose files are given by name, in place of what belongs there.
type Spoil = fn(&mut AdmittedAuthority, &dyn Fn(&str) -> String);

/// What stands ready before a ceremony.
struct Room {
    folder: TempFolder,
    people: Vec<Arc<dyn Signer>>,
    issuing: SoftwareKey,
    /// A request from elsewhere.
    request: Option<Vec<u8>>,
}

impl Room {
    fn new() -> Self {
        let person = |algorithm| Arc::new(SoftwareKey::generate(algorithm).unwrap()) as Arc<dyn Signer>;
        Self {
            folder: TempFolder::new("ceremony"),
            people: vec![person(KeyAlgorithm::Sm2), person(KeyAlgorithm::P256)],
            issuing: SoftwareKey::generate(KeyAlgorithm::P384).unwrap(),
            request: None,
        }
    }

    /// A script with these people, by name and number of the key, and steps.
    fn script(&self, people: &[(&str, usize)], steps: &str) -> String {
        use base64::Engine as _;
        let person = |(name, key): &(&str, usize)| {
            let spki = base64::engine::general_purpose::STANDARD.encode(self.people[*key].public_key().spki());
            format!("[[person]]\nname = \"{name}\"\norganisation = \"云州市密码管理局\"\npublic-key = \"{spki}\"\n")
        };
        let people: String = people.iter().map(person).collect();
        format!("name = \"云州市根 CA\"\nca = \"root\"\npublic-url = \"http://pki.example\"\n{people}{steps}")
    }

    /// A root with an authority under it and a first list.
    fn first(&self, algorithm: &str) -> String {
        let steps = format!(
            "[[step]]\ndo = \"make-root\"\nalgorithm = \"{algorithm}\"\norganisation = \"云州市\"\ncommon-name = \"根 CA\"
            out = \"root.crt\"\n[[step]]\ndo = \"issue\"\nrequest = \"issuing.csr\"\nout = \"issuing.crt\"
            [[step]]\ndo = \"publish-crl\"\nnumber = 1\ndays = 365\nout = \"root.crl\"
            [[step]]\ndo = \"export\"\nout = \"all.pem\"\n"
        );
        self.script(&[("王一", 0), ("李二", 1)], &steps)
    }

    fn agenda(&self, script: &str) -> Result<Agenda, CeremonyError> {
        let subject = Subject::service("云州市", "签发 CA").unwrap();
        let request = match &self.request {
            Some(request) => request.clone(),
            None => request(&subject, &self.issuing).unwrap().der().to_vec(),
        };
        let read = |file: &str| match file {
            "issuing.csr" => Ok(request.clone()),
            file => std::fs::read(self.folder.path().join(file)).map_err(|error| error.to_string()),
        };
        Agenda::new(script, read)
    }

    fn keys(&self) -> Keystore {
        let passphrase = Passphrase::new("a passphrase for tests alone".to_owned()).unwrap();
        Keystore::open(self.folder.path().join("keys"), passphrase).unwrap()
    }

    fn hold(&self, script: &str, people: &[Arc<dyn Signer>]) -> Result<Made, CeremonyError> {
        let made = perform(
            &self.agenda(script)?,
            &Participants {
                people,
                keys: &self.keys(),
                clock: &ManualClock::at("2026-11-01T02:00:00Z".parse().unwrap()),
            },
        )?;
        for (file, bytes) in &made.outputs {
            std::fs::write(self.folder.path().join(file), bytes).unwrap();
        }
        Ok(made)
    }

    fn openssl(&self, arguments: &str) -> (bool, String) {
        let arguments: Vec<_> = arguments.split_whitespace().collect();
        let verdict = run(self.folder.path(), "openssl", &arguments);
        (verdict.accepted, verdict.said)
    }
}

#[test]
fn openssl_accepts_root_authority_and_list_and_sees_what_a_later_ceremony_revokes() {
    let room = Room::new();
    let made = room.hold(&room.first("p-384"), &room.people).unwrap();
    for file in ["root", "issuing"] {
        assert!(
            room.openssl(&format!("x509 -inform DER -in {file}.crt -out {file}.pem"))
                .0
        );
    }
    assert!(room.openssl("crl -inform DER -in root.crl -out crl.pem").0);
    const VERIFY: &str =
        "verify -attime 1793500000 -x509_strict -crl_check -CAfile root.pem -CRLfile crl.pem issuing.pem";
    let (accepted, said) = room.openssl(VERIFY);
    assert!(accepted, "{said}");
    let exported = std::fs::read_to_string(room.folder.path().join("all.pem")).unwrap();
    assert_eq!(exported.matches("-----BEGIN").count(), 3);
    assert_eq!(made.transcript.check().unwrap().der(), room.folder.read("root.crt"));

    let serial = room.openssl("x509 -in issuing.pem -noout -serial").1;
    let serial = serial.trim().trim_start_matches("serial=");
    let steps = format!(
        "[[step]]\ndo = \"open-root\"\ncertificate = \"root.crt\"\n[[step]]\ndo = \"publish-crl\"\nnumber = 2\ndays = 365
        out = \"second.crl\"\nrevoked = [{{ serial = \"{serial}\", reason = \"cACompromise\", since = 2026-10-31T00:00:00Z }}]"
    );
    let second = room.script(&[("王一", 0), ("李二", 1)], &steps);
    room.hold(&second, &room.people).unwrap().transcript.check().unwrap();
    assert!(room.openssl("crl -inform DER -in second.crl -out crl.pem").0);
    let (accepted, said) = room.openssl(VERIFY);
    assert!(!accepted && said.contains("revoked"), "{said}");
}

#[test]
fn a_ceremony_of_one_person_is_not_held_and_leaves_no_key() {
    let room = Room::new();
    let alone = room.hold(&room.script(&[("王一", 0)], EXPORT), &room.people);
    assert!(matches!(alone, Err(CeremonyError::People(1))), "{alone:?}");
    let absent = room.hold(&room.first("sm2"), &room.people[..1]);
    assert!(
        matches!(&absent, Err(CeremonyError::Absent(name)) if name == "李二"),
        "{absent:?}"
    );
    assert!(room.keys().key("root").is_err());
}

#[test]
fn a_ceremony_that_could_not_be_held_to_its_end_is_not_begun() {
    let mut room = Room::new();
    let too_long = room.first("p-256").replace("days = 365", "days = 36500");
    let refused = room.hold(&too_long, &room.people);
    assert!(
        matches!(refused, Err(CeremonyError::Crl { step: 3, .. })),
        "{refused:?}"
    );
    room.request = Some(b"no request".to_vec());
    let refused = room.hold(&room.first("p-256"), &room.people);
    assert!(
        matches!(refused, Err(CeremonyError::Request { step: 2, .. })),
        "{refused:?}"
    );
    assert!(
        room.keys().key("root").is_err(),
        "no key is left that nobody wrote down"
    );
}

#[test]
fn a_later_ceremony_signs_nothing_where_it_could_not_keep_it() {
    let room = TempFolder::new("later-ceremony");
    let path = |name: &str| room.path().join(name).to_str().unwrap().to_owned();
    let keys = ["wang", "li"].map(|name| {
        std::fs::write(path(&format!("{name}.pass")), "a passphrase for tests alone").unwrap();
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path(&format!("{name}.pass")), private).unwrap();
        let key = path(&format!("{name}.key"));
        let made = [
            "officer",
            "key",
            &key,
            "--passphrase-file",
            &path(&format!("{name}.pass")),
        ];
        assert_eq!(program::run(&made.map(str::to_owned)).code, Some(0));
        let public = std::fs::read_to_string(path(&format!("{name}.pub.pem"))).unwrap();
        public.lines().filter(|line| !line.starts_with('-')).collect::<String>()
    });
    let script = |name: &str, steps: &str| {
        let people = ["王一", "李二"].iter().zip(&keys).map(|(person, key)| {
            format!("[[person]]\nname = \"{person}\"\norganisation = \"云州市\"\npublic-key = \"{key}\"\n")
        });
        let head = "name = \"根\"\nca = \"root\"\npublic-url = \"http://pki.example\"\n";
        std::fs::write(path(name), format!("{head}{}{steps}", people.collect::<String>())).unwrap();
        path(name)
    };
    let list =
        |number: u8| format!("[[step]]\ndo = \"publish-crl\"\nnumber = {number}\ndays = 365\nout = \"{number}.crl\"\n");
    let root = "[[step]]\ndo = \"make-root\"\nalgorithm = \"p-256\"\norganisation = \"云州市\"\ncommon-name = \"根 CA\"\n\
        out = \"root.crt\"\n";
    let first = script("first.toml", &format!("{root}{}", list(1)));
    let open = "[[step]]\ndo = \"open-root\"\ncertificate = \"folder/root.crt\"\n";
    let second = script("second.toml", &format!("{open}{}", list(2)));
    let hold = |script: &str, more: &[&str]| {
        let read = program::run(&["ca", "ceremony", script, "--json"].map(str::to_owned));
        let agenda = read.json_lines()[0]["agenda"].as_str().unwrap().to_owned();
        let (folder, passphrase) = (path("folder"), path("root.pass"));
        let mut arguments = vec!["ca", "ceremony", script, "--agenda", &agenda, "--folder", &folder];
        arguments.extend(["--passphrase-file", &passphrase]);
        let people = ["wang", "li"].map(|name| [path(&format!("{name}.key")), path(&format!("{name}.pass"))]);
        for [key, passphrase] in &people {
            arguments.extend(["--person", key, "--person-passphrase-file", passphrase]);
        }
        arguments.extend(more);
        program::run(&arguments.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let held = hold(&first, &[]);
    assert_eq!(held.code, Some(0), "{held:?}");
    let refused = hold(&second, &[]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.error.contains("transcript.json"), "{refused:?}");
    assert!(!room.path().join("folder/2.crl").exists(), "nothing was signed");
    let named = hold(&second, &["--transcript", &path("second.json")]);
    assert_eq!(named.code, Some(0), "{named:?}");
    let holds = program::run(&["ca", "ceremony", "check", &path("second.json")].map(str::to_owned));
    assert_eq!(holds.code, Some(0), "{holds:?}");
}

#[test]
fn the_same_person_twice_is_not_two_people() {
    let room = Room::new();
    for twice in [[("王一", 0), ("李二", 0)], [("王一", 0), ("王一", 1)]] {
        let refused = room.hold(&room.script(&twice, EXPORT), &room.people);
        assert!(matches!(refused, Err(CeremonyError::SamePerson(_))), "{refused:?}");
    }
}

#[test]
fn another_request_is_another_agenda() {
    let (room, other) = (Room::new(), Room::new());
    let script = room.first("sm2");
    let confirmed = room.agenda(&script).unwrap().hash();
    assert_eq!(room.agenda(&script).unwrap().inputs.len(), 1);
    assert_ne!(other.agenda(&script).unwrap().hash(), confirmed);
}

#[test]
fn steps_without_a_root_and_roots_that_are_not_of_the_key_are_refused() {
    let room = Room::new();
    let people = [("王一", 0), ("李二", 1)];
    let crl = "[[step]]\ndo = \"publish-crl\"\nnumber = 1\ndays = 9\nout = \"x.crl\"";
    let refused = room.hold(&room.script(&people, crl), &room.people);
    assert!(matches!(refused, Err(CeremonyError::RootOrder(1))), "{refused:?}");
    room.hold(&room.first("p-256"), &room.people).unwrap();
    let open = "[[step]]\ndo = \"open-root\"\ncertificate = \"issuing.crt\"\n";
    let refused = room.hold(&room.script(&people, open), &room.people);
    assert!(matches!(refused, Err(CeremonyError::OtherRoot)), "{refused:?}");
    let leaf = "[[step]]\ndo = \"open-root\"\ncertificate = \"root.crt\"
        [[step]]\ndo = \"issue\"\nrequest = \"issuing.csr\"\nprofile = \"tsa\"\nout = \"t.crt\"\n";
    let refused = room.hold(&room.script(&people, leaf), &room.people);
    assert!(
        matches!(refused, Err(CeremonyError::Profile { step: 2, .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_authority_of_a_root_offline_is_taken_into_service_by_two_officers() {
    let (house, first, second) = House::with_two().await;
    let service = &house.service;
    let key = service.create_key(&Actor::Operator, "issuing-9", KeyAlgorithm::P384);
    key.await.unwrap();
    let request = service
        .request_certificate(&Actor::Operator, "issuing-9", "云州市", "签发 CA 9")
        .await;
    let room = Room {
        request: Some(request.unwrap().der().to_vec()),
        ..Room::new()
    };
    room.hold(&room.first("p-384"), &room.people).unwrap();
    let other = Room::new();
    other.hold(&other.first("p-384"), &other.people).unwrap();
    let base64 = |room: &Room, file: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(room.folder.read(file))
    };
    let good = AdmittedAuthority {
        name: "issuing-9".to_owned(),
        certificate: base64(&room, "issuing.crt"),
        root: "root-9".to_owned(),
        root_certificate: base64(&room, "root.crt"),
        root_crl: base64(&room, "root.crl"),
    };
    let bad: [(&str, Spoil); 4] = [
        ("offline-of-another-root", |new, other| {
            new.certificate = other("issuing.crt")
        }),
        ("offline-no-root", |new, _| {
            new.root_certificate = new.certificate.clone()
        }),
        ("offline-crl-of-another", |new, other| new.root_crl = other("root.crl")),
        ("offline-other-key", |new, other| {
            new.certificate = other("issuing.crt");
            new.root_certificate = other("root.crt");
            new.root_crl = other("root.crl");
        }),
    ];
    for (expected, change) in bad {
        let mut new = good.clone();
        change(&mut new, &|file| base64(&other, file));
        let refused = house.agree(Act::AdmitCa(new), &first, &second).await;
        assert_eq!(code(refused), expected);
    }
    house.agree(Act::AdmitCa(good), &first, &second).await.unwrap();
    assert!(house.has("issuing-9").await && house.has("root-9").await);
    service.publish_due_lists().await.unwrap();
    service.renew_due_statuses().await.unwrap();
    assert_eq!(
        code(service.publish_crl(&Actor::Operator, "root-9").await),
        "ca-offline"
    );
    let same = room.folder.read("root.crl");
    assert_eq!(
        code(service.import_crl(&Actor::Operator, "root-9", &same).await),
        "offline-crl-not-newer"
    );
    let steps = "[[step]]\ndo = \"open-root\"\ncertificate = \"root.crt\"
        [[step]]\ndo = \"publish-crl\"\nnumber = 2\ndays = 365\nout = \"second.crl\"";
    room.hold(&room.script(&[("王一", 0), ("李二", 1)], steps), &room.people)
        .unwrap();
    let later = service
        .import_crl(&Actor::Operator, "root-9", &room.folder.read("second.crl"))
        .await;
    assert_eq!(later.unwrap().number, 2);
}

#[test]
fn a_transcript_that_was_changed_in_any_way_does_not_hold() {
    let room = Room::new();
    let good = room.hold(&room.first("sm2"), &room.people).unwrap().transcript;
    Transcript::parse(&good.text()).unwrap().check().unwrap();
    let changed = |change: fn(&mut Transcript)| {
        let mut transcript = good.clone();
        change(&mut transcript);
        transcript.check().unwrap_err()
    };
    let script = changed(|t| t.header.script = t.header.script.replace("365", "999"));
    assert!(matches!(script, CeremonyError::Chain(1)), "{script}");
    let time = changed(|t| t.entries[3].time += chrono::TimeDelta::seconds(1));
    assert!(matches!(time, CeremonyError::Chain(5)), "{time}");
    let left_out = changed(|t| _ = t.entries.remove(4));
    assert!(matches!(left_out, CeremonyError::Chain(5)), "{left_out}");
    let cut = changed(|t| _ = t.entries.pop());
    assert!(matches!(cut, CeremonyError::OtherStep(_)), "{cut}");
    let added = changed(|t| {
        let last = t.entries.last().unwrap().clone();
        t.entries.push(last);
    });
    assert!(matches!(added, CeremonyError::Chain(7)), "{added}");
    let content = changed(|t| {
        let Some(Happening::Step { outputs, .. }) = t.entries.last_mut().map(|entry| &mut entry.what) else {
            panic!()
        };
        outputs[0].content = outputs[0].content.replacen('L', "M", 1);
    });
    assert!(matches!(content, CeremonyError::Item { .. }), "{content}");
    let confirmation = changed(|t| {
        let Happening::Confirmation { signature, .. } = &mut t.entries[0].what else {
            panic!()
        };
        signature.replace_range(10..11, if &signature[10..11] == "A" { "B" } else { "A" });
    });
    assert!(matches!(confirmation, CeremonyError::Chain(2)), "{confirmation}");
    for (at, name) in ["root", "王一", "李二"].into_iter().enumerate() {
        let mut unsigned = good.clone();
        unsigned.signatures.remove(at);
        let refused = unsigned.check().unwrap_err();
        assert!(
            matches!(&refused, CeremonyError::Closing(by) if by == name),
            "{refused}"
        );
    }
}

#[test]
fn a_transcript_of_other_people_or_another_time_of_confirming_does_not_hold() {
    let room = Room::new();
    let good = room.hold(&room.first("sm2"), &room.people).unwrap().transcript;
    let mut swapped = good.clone();
    swapped.header.script = good.header.script.replace("王一", "另一人");
    assert!(matches!(swapped.check(), Err(CeremonyError::Chain(1))));
    // The last entry stands under the closing signatures alone.
    let mut later = good.clone();
    later.entries.last_mut().unwrap().time += chrono::TimeDelta::seconds(1);
    assert!(matches!(later.check(), Err(CeremonyError::Closing(_))));
}
