//! Documents that are larger than what may be held of them: signed, verified and kept in pieces.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::Value;
use yinxin::cms::build::SigningIdentity;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::pdf::{Extended, Limits, PdfFile, ReadAt};
use yinxin::service::actor::Actor;
use yinxin::service::error::ServiceError;
use yinxin::service::sealings::batch::BroughtFile;
use yinxin::service::sealings::{Kept, Level, SealingTask};
use yinxin::service::spool::Source;
use yinxin::sign::document::sign;
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, ChangesAfter, Context, Indication};

use super::{batch, command, service};
use crate::support::app::{TestApp, app};
use crate::support::city::{City, now};
use crate::support::documents::claims;

/// Largest part of a document that is read at once: what hashing takes at a time, and the end in which the last section
/// is looked for.
const LARGEST_READ: u64 = 1 << 20;

/// In bytes.
const MEBIBYTE: u64 = 1 << 20;

/// A document whose page draws a stream of so many zeros, which lie nowhere.
struct Sparse {
    before: Vec<u8>,
    zeros: u64,
    after: Vec<u8>,
    largest_read: AtomicU64,
}

impl Sparse {
    fn new(zeros: u64) -> Self {
        let mut before = b"%PDF-1.7\n".to_vec();
        let mut offsets = Vec::new();
        let picture = format!("<</Length {zeros}>>\nstream\n");
        for (body, end) in [
            ("<</Type/Catalog/Pages 2 0 R>>", "\nendobj\n"),
            ("<</Type/Pages/Count 1/Kids[3 0 R]>>", "\nendobj\n"),
            (
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</P 4 0 R>>>>>>",
                "\nendobj\n",
            ),
            (&picture, ""),
        ] {
            offsets.push(before.len());
            before.extend(format!("{} 0 obj\n{body}{end}", offsets.len()).bytes());
        }
        // An object beyond the picture, and so beyond 100,000,000 bytes where that is as large.
        let end = "\nendstream\nendobj\n";
        let last = before.len() as u64 + zeros + end.len() as u64;
        let information = "5 0 obj\n<</Producer(large)>>\nendobj\n";
        let start = last + information.len() as u64;
        let entries: String = offsets
            .iter()
            .map(|offset| format!("{offset:010} 00000 n \n"))
            .collect();
        let table = format!("xref\n0 6\n0000000000 65535 f \n{entries}{last:010} 00000 n \n");
        let trailer = format!("trailer\n<</Size 6/Root 1 0 R/Info 5 0 R>>\nstartxref\n{start}\n%%EOF\n");
        Self {
            before,
            zeros,
            after: [end, information, &table, &trailer].concat().into_bytes(),
            largest_read: AtomicU64::new(0),
        }
    }
}

impl ReadAt for Sparse {
    fn len(&self) -> u64 {
        (self.before.len() + self.after.len()) as u64 + self.zeros
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = offset + buffer.len() as u64;
        assert!(end <= self.len(), "read beyond the end");
        self.largest_read.fetch_max(buffer.len() as u64, Ordering::Relaxed);
        buffer.fill(0);
        let after = self.before.len() as u64 + self.zeros;
        for (start, part) in [(0, &self.before), (after, &self.after)] {
            let (from, to) = (offset.max(start), end.min(start + part.len() as u64));
            if from < to {
                let there = &part[(from - start) as usize..(to - start) as usize];
                buffer[(from - offset) as usize..(to - offset) as usize].copy_from_slice(there);
            }
        }
        Ok(())
    }
}

#[test]
fn what_is_read_at_once_does_not_grow_with_the_document() {
    let city = City::new(Suite::International);
    let signer = city.organisation();
    let identity = SigningIdentity::new(signer.key, signer.certificate, std::slice::from_ref(&city.issuing)).unwrap();
    let mut document = Extended::new(Sparse::new(120_000_000));
    for signatures in 1..=2 {
        let revision = sign(&document, &identity, &claims()).unwrap();
        assert!(revision.len() < 100_000, "{} bytes", revision.len());
        document.append(&revision);
        let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
        assert_eq!(file.revisions().len(), signatures + 1);
        assert!(file.revisions()[signatures].range.start > 100_000_000 && file.tail().is_empty());
    }
    let anchor = Anchor::new("root", city.root.clone(), &Service::ALL);
    let snapshot = Snapshot::new(vec![anchor], Vec::new(), Vec::new());
    let report = verify::document(&document, None, &Context::new(&snapshot, now())).report;
    assert_eq!(report.signatures.len(), 2, "{report:?}");
    for signature in &report.signatures {
        assert_ne!(signature.indication, Indication::TotalFailed, "{signature:?}");
        assert_ne!(signature.changes_after, ChangesAfter::NotPermitted, "{signature:?}");
    }
    assert!(report.signatures[1].covers_whole_document && report.sha256.is_some());
    let (base, _) = document.into_parts();
    let largest = base.largest_read.into_inner();
    assert!((1..=LARGEST_READ).contains(&largest), "{largest} bytes at once");
}

/// A page with so many bytes that no two chunks have alike.
fn of_bytes(count: usize) -> Vec<u8> {
    let Sparse { before, after, .. } = Sparse::new(count as u64);
    let noise = (0..count as u64).map(|place| (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8);
    before.into_iter().chain(noise).chain(after).collect()
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:?}", DigestAlgorithm::Sha256.digest(bytes))
}

#[test]
fn a_large_document_is_sealed_alone_or_with_others_and_given_out_whole() {
    // Two parts in the store, the second of chunks of which the last is short.
    let document = of_bytes((6 << 20) + 12_345);
    let (sealing, made) = service::sealed(app(), &service::order("b-b"), &document);
    assert_eq!(sealing["sourceSha256"], sha256(&document));
    assert_eq!(sealing["documentSha256"], sha256(&made));
    assert!(made.starts_with(&document) && made.len() > document.len());

    let together = [("large.pdf", document.as_slice()), ("small.pdf", &of_bytes(9))];
    let brought = batch::bring(app(), &app().token, &batch::order("b-b"), &together, None);
    assert_eq!(brought.status, StatusCode::ACCEPTED, "{}", brought.text());
    app().wait(app().service.seal_waiting()).unwrap();
    let progress: Value = batch::progress(app(), &brought.json());
    assert_eq!(batch::states(&progress), ["sealed"; 2], "{progress}");
    assert_eq!(progress["results"][0]["sourceSha256"], sha256(&document));
}

/// What cannot be read.
struct Unreadable;

impl ReadAt for Unreadable {
    fn len(&self) -> u64 {
        1
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<()> {
        Err(io::ErrorKind::Other.into())
    }
}

#[test]
fn of_documents_that_are_brought_together_only_a_part_is_held_and_all_go_where_one_is_not_kept() {
    let app = TestApp::new(Suite::International);
    let brought = |documents: &[Vec<u8>], is_sound: bool| {
        let file = |document: Source| {
            let digest =
                DigestAlgorithm::Sha256.digest(&document.window(0, document.len() as usize).unwrap_or_default());
            BroughtFile::new("a.pdf", document, digest.first_32())
        };
        let mut files: Vec<_> = documents.iter().map(|one| file(Arc::new(one.clone()))).collect();
        if !is_sound {
            files.push(file(Arc::new(Unreadable)));
        }
        let task = SealingTask::Seal(service::sealing(Level::B));
        app.wait(app.service.bring_documents(&Actor::Operator, &task, files, None))
    };
    // Of three chunks and a little: the first fits into the change that names all, and each other is in the database
    // before it.
    let of_chunks = |kind: u8| [vec![kind; 3 << 20], b"end".to_vec()].concat();
    let documents: Vec<_> = (1..=5).map(of_chunks).collect();
    let before = app.count_rows("document_chunk");
    assert!(brought(&documents, false).is_err());
    assert_eq!(app.count_rows("document_chunk"), before + 4 * 3);
    assert_eq!(app.count_rows("document_intake WHERE length(first) = 1048576"), 4);
    assert_eq!(app.count_rows("sealing_batch"), 0);
    app.clock.set(app.service.now() + TimeDelta::hours(2));
    app.wait(app.service.remove_abandoned_documents()).unwrap();
    assert_eq!(
        (app.count_rows("document_chunk"), app.count_rows("document_intake")),
        (before, 0)
    );

    // The same one several times, too.
    let documents = [documents.as_slice(), &documents[3..]].concat();
    let state = brought(&documents, true).unwrap();
    assert_eq!(app.count_rows("document_chunk"), before + 5 * 4);
    assert_eq!(app.count_rows("document_intake"), 0);
    let store = app.store();
    for (document, file) in documents.iter().zip(&state.files) {
        let reader = app.wait(store.document(&file.source_sha256)).unwrap().unwrap();
        assert!(app.wait(reader.read_to_end()).unwrap() == *document);
    }
}

#[test]
fn what_was_kept_of_a_large_document_goes_where_nothing_came_to_name_it() {
    let app = TestApp::new(Suite::International);
    let document = of_bytes(6 << 20);
    let brought = batch::bring(&app, &app.token, &batch::order("b-b"), &[("a.pdf", &document)], None);
    assert_eq!(brought.status, StatusCode::ACCEPTED, "{}", brought.text());
    let claimed = app.wait(app.store().claim_sealing(app.service.now())).unwrap().unwrap();
    // Whoever held the file took too long, and another sealed it meanwhile.
    app.clock.set(app.service.now() + TimeDelta::minutes(10));
    app.wait(app.service.seal_waiting()).unwrap();
    let chunks = app.count_rows("document_chunk");
    let task = SealingTask::Seal(service::sealing(Level::B));
    let kept = Some(Kept::OfBatch(claimed));
    let sealing = app
        .service
        .treat_document(&Actor::Operator, &task, Arc::new(document), kept);
    let refused = app.wait(sealing).unwrap_err();
    assert!(matches!(refused, ServiceError::Conflict(_)), "{refused:?}");
    app.wait(app.service.remove_abandoned_documents()).unwrap();
    assert!(app.count_rows("document_chunk") > chunks, "it may still be under way");
    // Also by a program that was started again.
    app.clock.set(app.service.now() + TimeDelta::hours(2));
    app.wait(app.another_program().remove_abandoned_documents()).unwrap();
    assert_eq!(app.count_rows("document_chunk"), chunks);
    assert_eq!(app.count_rows("document_intake"), 0);
}

/// Writes a document of so many pages, each with a picture of so many zeros of its own, which take no place on the
/// disk.
fn write_book(path: &Path, pages: usize, zeros: u64) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut offsets = Vec::new();
    let mut at = file.write(b"%PDF-1.7\n").unwrap() as u64;
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 3 + 2 * page)).collect();
    let heads = [
        "<</Type/Catalog/Pages 2 0 R>>\nendobj\n".to_owned(),
        format!("<</Type/Pages/Count {pages}/MediaBox[0 0 595 842]/Kids[{kids}]>>\nendobj\n"),
    ];
    let of_page = |page: usize| {
        let resources = format!("/Resources<</XObject<</P {} 0 R>>>>", 4 + 2 * page);
        [
            format!("<</Type/Page/Parent 2 0 R{resources}>>\nendobj\n"),
            format!("<</Length {zeros}>>\nstream\n"),
        ]
    };
    for body in heads.into_iter().chain((0..pages).flat_map(of_page)) {
        offsets.push(at);
        let object = format!("{} 0 obj\n{body}", offsets.len());
        file.write_all(object.as_bytes()).unwrap();
        at += object.len() as u64;
        if body.ends_with("stream\n") {
            file.seek(SeekFrom::Current(zeros as i64)).unwrap();
            let end = b"\nendstream\nendobj\n";
            file.write_all(end).unwrap();
            at += zeros + end.len() as u64;
        }
    }
    let entries: String = offsets
        .iter()
        .map(|offset| format!("{offset:010} 00000 n \n"))
        .collect();
    let size = offsets.len() + 1;
    let table = format!("xref\n0 {size}\n0000000000 65535 f \n{entries}");
    let trailer = format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n");
    file.write_all([table, trailer].concat().as_bytes()).unwrap();
    file.flush().unwrap();
}

#[test]
fn a_book_of_five_hundred_mebibytes_is_sealed_and_verified_in_a_hundred_of_memory() {
    let program = command::city("book");
    let book = program.path("book.pdf");
    write_book(&book, 5_000, 500 * MEBIBYTE / 5_000);
    assert!(book.metadata().unwrap().len() > 500 * MEBIBYTE);
    let [book, sealed] = [book, program.path("sealed.pdf")].map(|path| path.to_str().unwrap().to_owned());
    let order = [&command::sealing(&book)[..], &["--level", "b-lta", "--out", &sealed]].concat();
    for arguments in [&order[..], &["verify", &sealed]] {
        let (run, memory) = program.measured(arguments);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(
            (MEBIBYTE..100 * MEBIBYTE).contains(&memory),
            "{}: {memory} bytes",
            arguments[0]
        );
    }
}
