//! Checking a transcript by itself: the chain, the people, the steps, what they made.

use std::collections::BTreeMap;

use crate::ca::SubjectKey;
use crate::crypto::PublicKey;
use crate::service::ceremony::CeremonyError;
use crate::service::ceremony::script::{Agenda, Person, Script, Step};
use crate::service::ceremony::transcript::{
    CONTEXT, Entry, Happening, Item, ROOT, Transcript, closing_text, confirmation_text, verifies,
};
use crate::x509::{Certificate, CertificationRequest, Crl};

impl Transcript {
    /// Checks all that it says, and gives the root's certificate.
    ///
    /// # Errors
    /// The first thing that does not hold: a changed, missing or added entry; a person who did not confirm or sign, or
    /// is the same as the other; a step that the script does not ask for; a certificate or list that the root did not
    /// sign.
    pub fn check(&self) -> Result<Certificate, CeremonyError> {
        if self.header.context != CONTEXT {
            return Err(CeremonyError::Unreadable(self.header.context.clone()));
        }
        let script = Script::parse(&self.header.script)?;
        self.check_chain()?;
        let (confirmations, steps) = self.entries.split_at(script.people.len().min(self.entries.len()));
        self.check_agenda()?;
        for (at, person) in script.people.iter().enumerate() {
            self.check_confirmation(confirmations.get(at), person)?;
        }
        let root = check_steps(&script, steps, confirmations.len())?;
        self.check_closing(&script, &root)?;
        Ok(root)
    }

    fn check_chain(&self) -> Result<(), CeremonyError> {
        let mut latest = self.header.started;
        for (number, entry) in self.entries.iter().enumerate() {
            if entry.previous != self.hash_before(number) || entry.time < latest {
                return Err(CeremonyError::Chain(number + 1));
            }
            latest = entry.time;
        }
        Ok(())
    }

    /// The agenda that was confirmed is the script with the inputs that the entries show.
    fn check_agenda(&self) -> Result<(), CeremonyError> {
        let inputs: BTreeMap<&str, Vec<u8>> = self
            .items()
            .filter_map(|item| Some((item.file.as_str(), item.bytes()?)))
            .collect();
        let read = |file: &str| {
            inputs
                .get(file)
                .cloned()
                .ok_or_else(|| "is not in the transcript".to_owned())
        };
        let found = Agenda::new(&self.header.script, read)?.hash();
        match found == self.header.agenda {
            true => Ok(()),
            false => Err(CeremonyError::OtherAgenda {
                expected: self.header.agenda.clone(),
                found,
            }),
        }
    }

    /// What the steps read.
    fn items(&self) -> impl Iterator<Item = &Item> {
        self.entries.iter().flat_map(|entry| match &entry.what {
            Happening::Step { inputs, .. } => inputs.as_slice(),
            Happening::Confirmation { .. } => &[],
        })
    }

    fn check_confirmation(&self, entry: Option<&Entry>, person: &Person) -> Result<(), CeremonyError> {
        let confirmed = match entry {
            Some(Entry {
                time,
                what: Happening::Confirmation { name, signature },
                ..
            }) if *name == person.name => verifies(
                &person.key()?,
                &confirmation_text(&self.header.agenda, *time),
                signature,
            ),
            _ => false,
        };
        match confirmed {
            true => Ok(()),
            false => Err(CeremonyError::Confirmation(person.name.clone())),
        }
    }

    fn check_closing(&self, script: &Script, root: &Certificate) -> Result<(), CeremonyError> {
        let text = closing_text(&self.hash_before(self.entries.len()));
        let closed = |by: &str, key: &PublicKey| {
            let mut signatures = self.signatures.iter().filter(|signature| signature.by == by);
            match signatures.any(|signature| verifies(key, &text, &signature.signature)) {
                true => Ok(()),
                false => Err(CeremonyError::Closing(by.to_owned())),
            }
        };
        closed(ROOT, &public_key(root)?)?;
        script
            .people
            .iter()
            .try_for_each(|person| closed(&person.name, &person.key()?))
    }
}

fn public_key(certificate: &Certificate) -> Result<PublicKey, CeremonyError> {
    PublicKey::from_spki(certificate.public_key_info()).map_err(|source| CeremonyError::Key {
        name: certificate.subject().to_string(),
        source,
    })
}

/// Holds the entries to the steps of the script; gives the root. `before` entries stand before them.
fn check_steps(script: &Script, entries: &[Entry], before: usize) -> Result<Certificate, CeremonyError> {
    let mut root = None;
    for (at, step) in script.steps.iter().enumerate() {
        let number = before + at + 1;
        let (inputs, outputs) = match entries.get(at).map(|entry| &entry.what) {
            Some(Happening::Step {
                step: name,
                inputs,
                outputs,
            }) if name == step.name() => (inputs, outputs),
            _ => return Err(CeremonyError::OtherStep(number)),
        };
        let names = |items: &[Item]| items.iter().map(|item| item.file.clone()).collect::<Vec<_>>();
        if names(inputs) != step.input().into_iter().collect::<Vec<_>>()
            || names(outputs) != step.output().into_iter().collect::<Vec<_>>()
        {
            return Err(CeremonyError::OtherStep(number));
        }
        check_items(step, inputs, outputs, &mut root, number)?;
    }
    match (entries.len() == script.steps.len(), root) {
        (true, Some(root)) => Ok(root),
        _ => Err(CeremonyError::OtherStep(before + entries.len())),
    }
}

/// Whether what a step made is of the root, and of the request where there is one.
fn check_items(
    step: &Step,
    inputs: &[Item],
    outputs: &[Item],
    root: &mut Option<Certificate>,
    entry: usize,
) -> Result<(), CeremonyError> {
    let item = outputs.first().or(inputs.first());
    let file = item.map(|item| item.file.clone()).unwrap_or_default();
    let wrong = || CeremonyError::Item {
        entry,
        file: file.clone(),
    };
    let bytes = item.and_then(Item::bytes).ok_or_else(wrong)?;
    let input = inputs.iter().map(Item::bytes).next().unwrap_or(Some(Vec::new()));
    let input = input.ok_or_else(wrong)?;
    let held = match (step, &*root) {
        (Step::MakeRoot { .. } | Step::OpenRoot { .. }, None) => {
            let certificate = Certificate::from_der(&bytes).map_err(|_| wrong())?;
            let held = certificate.verify_signed_by(&public_key(&certificate)?).is_ok();
            *root = Some(certificate);
            held
        }
        (Step::Issue { .. }, Some(root)) => {
            let certificate = Certificate::from_der(&bytes).map_err(|_| wrong())?;
            let request = CertificationRequest::from_der(&input).map_err(|_| wrong())?;
            certificate.verify_signed_by(&public_key(root)?).is_ok()
                && certificate.issuer() == root.subject()
                && SubjectKey::from_request(&request).is_ok()
                && request.key_identity() == certificate.key_identity()
                && request.subject() == certificate.subject()
        }
        (Step::PublishCrl { revoked, .. }, Some(root)) => {
            let list = Crl::from_der(&bytes).map_err(|_| wrong())?;
            list.verify_signed_by(&public_key(root)?).is_ok() && list.len() == revoked.len()
        }
        (Step::Export { .. }, Some(_)) => true,
        _ => false,
    };
    match held {
        true => Ok(()),
        false => Err(wrong()),
    }
}
