//! An import that is killed a hundred times at any moment and started again: every row ends as one licence or one
//! refusal, what was acknowledged stays as it was told, and no number is used twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use yinxin::licence::identifier::Identifier;
use yinxin::licence::standing::Standing;
use yinxin::service::actor::Actor;
use yinxin::store::{Document, LicenceFilter, Store, StoredEvent, StoredLicence};
use yinxin::verify::Conclusion;

use crate::support::program::Program;
use crate::support::project;

/// How often the import is killed.
const KILLS: usize = 100;

/// One kill in so many comes while the program starts or is about to end, the others while it issues.
const STARTING: u64 = 4;

/// Most bytes that a licence may have.
const MAX_LICENCE_BYTES: usize = 40 * 1024;
/// Every so many licences one is judged whole; the digests of all are checked.
const JUDGED: usize = 20;

/// Rows that are read at a time.
const PAGE: u32 = 500;

/// What seeds the moments.
const SEED: u64 = 0x59_69_6e_78_69_6e;

#[test]
fn an_import_killed_a_hundred_times_issues_every_row_once() {
    let mut rows = rows();
    let before = rows.iter().position(|row| !row.is_refused).unwrap();
    let program = Program::new("killed", &rows.remove(before).line);
    let file = program.file(
        "rows.jsonl",
        rows.iter().map(|row| row.line.as_str()).collect::<String>(),
    );

    let mut acknowledged = BTreeMap::new();
    let kills = kill_until_tired(&program, &file, &mut acknowledged);
    assert_eq!(kills, KILLS, "the import came to its end");

    let last = program.run(&["licence", "import", &file, "--json"]);
    let told = last.json_lines();
    assert_eq!((last.code, told.len()), (Some(1), rows.len()), "{}", last.error);
    let (mut issued, mut refused) = (BTreeMap::new(), BTreeSet::new());
    for line in told {
        let row = line["row"].as_u64().unwrap();
        let is_new = match line["identifier"].as_str() {
            Some(identifier) => issued.insert(row, identifier.to_owned()).is_none(),
            None => refused.insert(row),
        };
        assert!(is_new, "row {row} came to two ends");
    }
    let stated = rows.iter().zip(1..).filter(|(row, _)| row.is_refused);
    assert_eq!(refused, stated.map(|(_, number)| number).collect());
    assert_eq!(issued.len() + refused.len(), rows.len());
    for (row, identifier) in &acknowledged {
        assert_eq!(issued.get(row), Some(identifier), "row {row} was acknowledged");
    }
    let runtime = Runtime::new().unwrap();
    runtime.block_on(whole(&program, &rows, &issued, refused.len()));
}

/// Starts the import and kills it until it was killed often enough or ends by itself; gives how often. Every licence
/// that is told goes into `acknowledged`.
fn kill_until_tired(program: &Program, file: &str, acknowledged: &mut BTreeMap<u64, String>) -> usize {
    let mut chance = Chance(SEED);
    // How long a start takes, from the runs before.
    let mut start = Duration::from_millis(500);
    for kills in 0..KILLS {
        let begun = Instant::now();
        let mut child = program
            .command(&["licence", "import", file, "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut issued = 0;
        if chance.below(STARTING) == 0 {
            std::thread::sleep(start.mul_f64(chance.below(1_000) as f64 / 1_000.0));
        } else {
            let (wanted, after) = (1 + chance.below(4), Duration::from_micros(chance.below(8_000)));
            while issued < wanted && next_line(&mut lines, acknowledged, &mut issued) {}
            start = begun.elapsed();
            std::thread::sleep(after);
        }
        if !kill(&mut child) {
            return kills;
        }
        while next_line(&mut lines, acknowledged, &mut issued) {}
    }
    KILLS
}

/// Reads a line of the import, counts it where it tells a new licence; false at the end.
fn next_line(lines: &mut impl BufRead, acknowledged: &mut BTreeMap<u64, String>, issued: &mut u64) -> bool {
    let mut text = String::new();
    // A process that is killed may leave half a line: that acknowledges nothing.
    if lines.read_line(&mut text).unwrap() == 0 || !text.ends_with('\n') {
        return false;
    }
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    let row = line["row"].as_u64().unwrap();
    if let Some(identifier) = line["identifier"].as_str() {
        let earlier = acknowledged.insert(row, identifier.to_owned());
        assert!(earlier.is_none_or(|earlier| earlier == identifier), "row {row}");
        *issued += u64::from(line["before"] == false);
    }
    true
}

/// Kills the process (SIGKILL); false where it had ended by itself.
fn kill(child: &mut Child) -> bool {
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Holds the store against what was told: licences, their numbers and documents, the events.
async fn whole(program: &Program, rows: &[Row], issued: &BTreeMap<u64, String>, refused: usize) {
    let store = program.store().await;
    let licences = licences(&store).await;
    // One more was issued when the city was made.
    assert_eq!(licences.len(), issued.len() + 1);
    assert_unique(licences.values().map(|one| one.licence.status_index.unwrap()));
    for (row, identifier) in issued {
        let licence = &licences[&key(identifier)].licence;
        assert_eq!(licence.number, rows[*row as usize - 1].number, "row {row}");
        let document = store.document(&licence.document_sha256).await.unwrap().unwrap();
        let bytes = document.read_to_end().await.unwrap();
        assert!(bytes.len() <= MAX_LICENCE_BYTES, "row {row}: {} bytes", bytes.len());
        assert_eq!(Document::new(bytes).sha256(), &licence.document_sha256, "row {row}");
    }
    assert_recorded(&events(&store).await, &licences, refused);
    store.close().await;
    judge(program, issued.values().step_by(JUDGED)).await;
}

/// Each licence and each refusal is recorded once, and every record is as it was made.
fn assert_recorded(events: &[StoredEvent], licences: &BTreeMap<String, StoredLicence>, refused: usize) {
    assert!(events.is_sorted_by(|one, next| one.row < next.row));
    for event in events {
        assert!(event.is_intact(), "{event:?}");
    }
    let of = |action| events.iter().filter(move |event| event.action == action);
    let subjects: BTreeSet<_> = of("licence.issue").map(|event| key(&event.subject)).collect();
    assert_eq!(subjects, licences.keys().cloned().collect());
    assert_eq!(of("licence.issue").count(), licences.len());
    assert_unique(of("import.refuse-row").map(|event| &event.subject));
    assert_eq!(of("import.refuse-row").count(), refused);
}

/// Verifies licences as anybody may.
async fn judge(program: &Program, identifiers: impl Iterator<Item = &String>) {
    let service = program.service().await;
    for identifier in identifiers {
        let identifier = identifier.parse().unwrap();
        let document = service.licence_document(&Actor::Operator, &identifier).await.unwrap();
        let report = service.verify_document(document, None).await.unwrap();
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        assert_eq!(report.licence.unwrap().state, Standing::Current);
    }
    service.close().await;
}

/// All licences of the store by their keys; no two have the same.
async fn licences(store: &Store) -> BTreeMap<String, StoredLicence> {
    let (mut all, mut after) = (BTreeMap::new(), None);
    loop {
        let page = store.licences(&LicenceFilter::default(), after, PAGE).await.unwrap();
        for licence in page.licences {
            let key = licence.licence.key.to_string();
            assert!(all.insert(key, licence).is_none());
        }
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

async fn events(store: &Store) -> Vec<StoredEvent> {
    let mut all: Vec<StoredEvent> = Vec::new();
    loop {
        let after = all.last().map_or(0, |event| event.row);
        let page = store.events(after, PAGE).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// The key under which the store has the licence of an identifier.
fn key(identifier: &str) -> String {
    let identifier: Identifier = identifier.parse().unwrap();
    let Identifier {
        type_code,
        issuer,
        serial,
        version,
    } = &identifier;
    format!("{type_code}.{issuer}.{serial}.{:03}", version.number())
}

fn assert_unique<T: Ord + Debug>(values: impl Iterator<Item = T>) {
    let mut seen = BTreeSet::new();
    for value in values {
        let told = format!("{value:?}");
        assert!(seen.insert(value), "{told} is there twice");
    }
}

/// An application of the fixtures.
struct Row {
    line: String,
    authority: String,
    number: String,
    is_refused: bool,
}

/// Applications for licences without an end of their own, so that they are in force whenever the test runs. Those of
/// one authority stand together: a start opens the keys of the few that it has come to, which is most of its time.
fn rows() -> Vec<Row> {
    let fixtures = project::root().join("fixtures");
    let all = std::fs::read_to_string(fixtures.join("licences/all.jsonl")).unwrap();
    let refused = std::fs::read_to_string(fixtures.join("refused.csv")).unwrap();
    let row = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        value["expiringDate"].is_null().then(|| Row {
            line: format!("{line}\n"),
            authority: text("authority"),
            number: text("licenceNumber"),
            is_refused: refused.contains(&text("reference")),
        })
    };
    let mut rows: Vec<_> = all.lines().filter_map(row).collect();
    rows.sort_by(|one, other| one.authority.cmp(&other.authority));
    rows
}

/// Numbers that look like chance and are the same in every run (SplitMix64, by Steele, Lea and Flood).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
