//! Holding the ceremony.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use crate::ca::crl::{self, CrlOrder};
use crate::ca::{Issuer, Order, Profile, ProfileKind, Publication, Subject, SubjectKey, new_serial, prepare};
use crate::clock::Clock;
use crate::crypto::key::Signer;
use crate::keystore::Keystore;
use crate::service::ceremony::script::{Agenda, Revoked, Step};
use crate::service::ceremony::transcript::{
    CONTEXT, Happening, Header, Item, ROOT, Transcript, confirmation_text, sign,
};
use crate::service::ceremony::{CeremonyError, Person, rehearsal};
use crate::x509::Certificate;

/// Who is there, and with what.
pub struct Participants<'a> {
    /// The keys of the people who are there.
    pub people: &'a [Arc<dyn Signer>],
    /// Where the root's key is kept.
    pub keys: &'a Keystore,
    /// What time it is.
    pub clock: &'a dyn Clock,
}

/// What a ceremony made.
#[derive(Debug)]
pub struct Made {
    /// The transcript.
    pub transcript: Transcript,
    /// The files to write, by name.
    pub outputs: Vec<(String, Vec<u8>)>,
}

/// The root with its key.
struct Root {
    certificate: Certificate,
    key: Arc<dyn Signer>,
}

/// A ceremony under way.
struct Ceremony<'a> {
    agenda: &'a Agenda,
    participants: &'a Participants<'a>,
    root: Option<Root>,
    /// What was made so far: label in PEM, file, DER.
    made: Vec<(&'static str, String, Vec<u8>)>,
}

/// Holds a ceremony: both people of the script confirm its hash, the steps are done, the root and both people sign.
///
/// # Errors
/// Before anything is done: where a person of the script is not there. Then where a step cannot be done that could be
/// read; a key that was made by then stays.
pub fn perform(agenda: &Agenda, participants: &Participants<'_>) -> Result<Made, CeremonyError> {
    let people = present(agenda, participants)?;
    let started = now(participants);
    let mut transcript = Transcript::begin(Header {
        context: CONTEXT.to_owned(),
        program: format!("yinxin {}", env!("CARGO_PKG_VERSION")),
        script: agenda.text.clone(),
        agenda: agenda.hash(),
        started,
    });
    for (person, key) in &people {
        let time = now(participants);
        let what = Happening::Confirmation {
            name: person.name.clone(),
            signature: sign(&***key, &confirmation_text(&transcript.header.agenda, time))?,
        };
        transcript.append(time, what);
    }
    let mut ceremony = Ceremony {
        agenda,
        participants,
        root: None,
        made: Vec::new(),
    };
    let mut outputs = Vec::new();
    for (number, step) in agenda.script.steps.iter().enumerate() {
        let output = ceremony.carry_out(number + 1, step)?;
        let input = step
            .input()
            .and_then(|file| Some(Item::new(file, agenda.inputs.get(file)?)));
        let what = Happening::Step {
            step: step.name().to_owned(),
            inputs: input.into_iter().collect(),
            outputs: output.iter().map(|(file, bytes)| Item::new(file, bytes)).collect(),
        };
        transcript.append(now(participants), what);
        outputs.extend(output);
    }
    let root = ceremony.root.ok_or(CeremonyError::RootOrder(0))?;
    transcript.close(ROOT, &*root.key)?;
    for (person, key) in &people {
        transcript.close(&person.name, &***key)?;
    }
    // What was just made is held to what a third will ask of it.
    transcript.check()?;
    Ok(Made { transcript, outputs })
}

/// A person of the script with the key.
type Present<'a> = (&'a Person, &'a Arc<dyn Signer>);

/// Both people of the script with their keys.
fn present<'a>(agenda: &'a Agenda, participants: &'a Participants<'_>) -> Result<Vec<Present<'a>>, CeremonyError> {
    let with_key = |person: &'a Person| {
        let named = person.key()?;
        let mut keys = participants.people.iter();
        let key = keys.find(|key| key.public_key() == &named);
        key.map(|key| (person, key))
            .ok_or_else(|| CeremonyError::Absent(person.name.clone()))
    };
    agenda.script.people.iter().map(with_key).collect()
}

fn now(participants: &Participants<'_>) -> DateTime<Utc> {
    participants.clock.now().trunc_subsecs(0)
}

impl Ceremony<'_> {
    /// Does a step; gives the file to write.
    fn carry_out(&mut self, number: usize, step: &Step) -> Result<Option<(String, Vec<u8>)>, CeremonyError> {
        let (label, der) = match step {
            Step::MakeRoot {
                algorithm,
                organisation,
                common_name,
                ..
            } => {
                self.must_have_no_root(number)?;
                let subject = rehearsal::subject(number, organisation, common_name)?;
                let key = self.participants.keys.create(&self.agenda.script.ca, *algorithm)?;
                let certificate = self.make_root(&subject, &*key)?;
                let der = certificate.der().to_vec();
                self.root = Some(Root { certificate, key });
                ("CERTIFICATE", der)
            }
            Step::OpenRoot { certificate } => {
                self.must_have_no_root(number)?;
                self.open_root(certificate)?;
                return Ok(None);
            }
            Step::Issue { request, profile, .. } => ("CERTIFICATE", self.issue(number, request, profile)?),
            Step::PublishCrl {
                number: list,
                days,
                revoked,
                ..
            } => ("X509 CRL", self.publish_crl(number, *list, *days, revoked)?),
            Step::Export { out } => return Ok(Some((out.clone(), self.export().into_bytes()))),
        };
        let file = step.output().unwrap_or_default().to_owned();
        self.made.push((label, file.clone(), der.clone()));
        Ok(Some((file, der)))
    }

    fn must_have_no_root(&self, number: usize) -> Result<(), CeremonyError> {
        match self.root {
            Some(_) => Err(CeremonyError::RootOrder(number)),
            None => Ok(()),
        }
    }

    fn root(&self, number: usize) -> Result<&Root, CeremonyError> {
        self.root.as_ref().ok_or(CeremonyError::RootOrder(number))
    }

    fn make_root(&self, subject: &Subject, key: &dyn Signer) -> Result<Certificate, CeremonyError> {
        let profile = Profile::standard(ProfileKind::Root)?;
        let prepared = prepare(&Order {
            profile: &profile,
            subject,
            key: &SubjectKey::of(key),
            issuer: Issuer::Itself {
                algorithm: key.algorithm(),
            },
            not_before: now(self.participants),
            serial: new_serial().map_err(|error| CeremonyError::Signing(error.to_string()))?,
        })?;
        Ok(prepared.issue(key)?.into_certificate())
    }

    fn open_root(&mut self, file: &str) -> Result<(), CeremonyError> {
        let certificate = self.agenda.certificate(file)?;
        let key = self.participants.keys.key(&self.agenda.script.ca)?;
        if key.public_key().identity() != certificate.key_identity() {
            return Err(CeremonyError::OtherRoot);
        }
        self.root = Some(Root { certificate, key });
        Ok(())
    }

    fn issue(&self, number: usize, request: &str, profile: &str) -> Result<Vec<u8>, CeremonyError> {
        let root = self.root(number)?;
        let (request, key) = self.agenda.request(number, request)?;
        let script = &self.agenda.script;
        let prepared = prepare(&Order {
            profile: &rehearsal::issuing_profile(number, profile)?,
            subject: &Subject::named(request.subject().clone(), None),
            key: &key,
            issuer: Issuer::Authority {
                certificate: &root.certificate,
                algorithm: root.key.algorithm(),
                publication: &Publication::under(&script.public_url, &script.ca),
            },
            not_before: now(self.participants),
            serial: new_serial().map_err(|error| CeremonyError::Signing(error.to_string()))?,
        })?;
        Ok(prepared.issue(&*root.key)?.into_certificate().der().to_vec())
    }

    fn publish_crl(&self, number: usize, list: u64, days: u16, revoked: &[Revoked]) -> Result<Vec<u8>, CeremonyError> {
        let root = self.root(number)?;
        let entries = rehearsal::entries(number, revoked)?;
        let lifetime = rehearsal::lifetime(number, days)?;
        let order = CrlOrder::complete(list, now(self.participants), lifetime, &entries);
        let list = crl::build(&root.certificate, &*root.key, &order);
        let list = list.map_err(|source| CeremonyError::Crl { step: number, source })?;
        Ok(list.der().to_vec())
    }

    /// Everything that was made, PEM (RFC 7468), each with the name of its file before it.
    fn export(&self) -> String {
        let block = |(label, file, der): &(&str, String, Vec<u8>)| {
            // A label of this file and bytes always encode.
            let pem = der::pem::encode_string(label, der::pem::LineEnding::LF, der).unwrap_or_default();
            format!("{file}\n{pem}")
        };
        self.made.iter().map(block).collect()
    }
}
