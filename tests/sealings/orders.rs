//! Signers of one form in every order, after every kind of certification and with every kind of lock: whoever signs
//! breaks nobody's signature before, and who would is refused with the reason.

use std::fs;

use yinxin::sign::document::Act;
use yinxin::sign::{DocumentFault, Permission, SignError};
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, ChangesAfter, Context};

use super::judged::all_pass;
use super::{Office, Wish, at, corpus};
use crate::support::TempFolder;
use crate::support::city::now;

/// Where somebody signs: in a field that waits, or in a new one.
const PLACES: [Option<&str>; 3] = [Some("Clerk"), Some("office.Head"), None];

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// What the field `Clerk` locks.
const LOCKS: [&str; 5] = [
    "",
    "/Lock<</Type/SigFieldLock/Action/All>>",
    "/Lock<</Type/SigFieldLock/Action/Include/Fields[(office)]>>",
    "/Lock<</Type/SigFieldLock/Action/Exclude/Fields[(office.Head)]>>",
    "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Name)]/P 1>>",
];

const ACTS: [Act; 4] = [
    Act::Approve,
    Act::Certify(Permission::NoChanges),
    Act::Certify(Permission::Forms),
    Act::Certify(Permission::Annotations),
];

/// Whether this is a reason that an earlier signature gives.
fn is_by_an_earlier_one(error: &SignError) -> bool {
    matches!(
        error,
        SignError::Document(
            DocumentFault::CertifiedNoChanges
                | DocumentFault::CertifiedFieldsOnly
                | DocumentFault::FieldLocked { .. }
                | DocumentFault::NewFieldLocked { .. }
        )
    )
}

/// Signs in this order; gives the document and how many signed.
fn signed(office: &Office, lock: &str, first: Act, order: [usize; 3]) -> (Vec<u8>, usize) {
    let (mut document, mut count) = (corpus::form(true, lock), 0);
    for place in order {
        let wish = Wish {
            act: if count == 0 { first } else { Act::Approve },
            field: PLACES[place],
            places: if PLACES[place].is_none() {
                at(150.0, 60.0)
            } else {
                Vec::new()
            },
            ..Wish::default()
        };
        match office.seal(&document, &wish) {
            Ok(sealed) => (document, count) = (sealed, count + 1),
            Err(error) => assert!(
                count > 0 && is_by_an_earlier_one(&error),
                "{lock} {first:?} {order:?}: {error}"
            ),
        }
    }
    (document, count)
}

#[test]
fn in_no_order_does_one_signer_break_what_another_signed() {
    let office = Office::new();
    let anchor = Anchor::new("root", office.city.root.clone(), &Service::ALL);
    let snapshot = Snapshot::new(vec![anchor], Vec::new(), Vec::new());
    let folder = TempFolder::new("sealed-orders");
    let (mut files, mut counts) = (Vec::new(), Vec::new());
    for lock in LOCKS {
        for first in ACTS {
            for order in ORDERS {
                let (document, count) = signed(&office, lock, first, order);
                let report = verify::document(&document, None, &Context::new(&snapshot, now())).report;
                assert_eq!(report.signatures.len(), count);
                for signature in &report.signatures {
                    let kept = matches!(signature.changes_after, ChangesAfter::None | ChangesAfter::Permitted);
                    let changes = &signature.change_list;
                    assert!(kept, "{lock} {first:?} {order:?}: {:?} {changes:?}", signature.field);
                }
                counts.push(count);
                if count > 1 {
                    let file = format!("{}.pdf", files.len());
                    fs::write(folder.path().join(&file), document).unwrap();
                    files.push((file, count));
                }
            }
        }
    }
    // Nobody is kept out without need: all sign where nothing is certified or locked, and one alone where all is
    // closed.
    assert_eq!(counts[..6], [3; 6]);
    assert_eq!(counts[6..12], [1; 6]);
    let (files, counts): (Vec<_>, Vec<_>) = files.into_iter().unzip();
    for (verdict, count) in office.pyhanko(folder.path(), "bb", &files).iter().zip(counts) {
        assert!(all_pass(verdict, count), "{verdict}");
    }
}
