//! Reading import files: CSV with a line of column names, or one JSON object a line; UTF-8 or GB 18030.
//!
//! A row that cannot be read is a row with a problem, so that it is told with its number; only a file that is no table
//! at all is refused whole.

use std::collections::BTreeMap;

use encoding_rs::GB18030;
use serde_json::{Map, Value};

use crate::licence::application::{Application, Photo};
use crate::problem::Problem;

/// Most rows of one file: the licences that one node issues in an hour.
pub const MAX_ROWS: usize = 3_000_000;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a line of column names (RFC 4180).
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// The format of a file name's ending.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// One row of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number, from 1, without the line of column names.
    pub number: u32,
    /// The department's own number of it.
    pub reference: Option<String>,
    /// Credit code of the issuing authority, where the row has it.
    pub authority: Option<String>,
    /// Name of the file with the photo.
    pub photo_file: Option<String>,
    /// What is applied for, or why the row cannot be read.
    pub application: Result<Application, Problem>,
}

/// Columns that are no field of a face.
const COMMON: [&str; 10] = [
    "licenceType",
    "holderName",
    "holderCategory",
    "holderCodeType",
    "holderCode",
    "licenceNumber",
    "issuedDate",
    "effectiveDate",
    "expiringDate",
    "serial",
];

/// Columns that the import takes for itself.
const OWN: [&str; 3] = ["reference", "authority", "photoFile"];

/// Reads a file.
///
/// # Errors
/// Where its characters are neither UTF-8 nor GB 18030, it has no column names, or too many rows.
pub fn read(bytes: &[u8], format: Format) -> Result<Vec<Row>, Problem> {
    let text = decode(bytes)?;
    let rows: Vec<Row> = match format {
        Format::Csv => csv_rows(&text)?,
        Format::JsonLines => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            lines.zip(1..).map(|(line, number)| json_row(line, number)).collect()
        }
    };
    match rows.len() {
        0 => Err(Problem::new("import-empty")),
        count if count > MAX_ROWS => Err(Problem::new("import-too-long")
            .param("count", count)
            .param("limit", MAX_ROWS)),
        _ => Ok(rows),
    }
}

/// UTF-8 where the bytes are that, else GB 18030.
fn decode(bytes: &[u8]) -> Result<String, Problem> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.trim_start_matches('\u{feff}').to_owned());
    }
    match GB18030.decode_without_bom_handling(bytes) {
        (text, false) => Ok(text.into_owned()),
        (_, true) => Err(Problem::new("import-encoding")),
    }
}

fn csv_rows(text: &str) -> Result<Vec<Row>, Problem> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| Problem::new("import-unreadable").param("reason", error);
    let columns: Vec<String> = reader
        .headers()
        .map_err(unreadable)?
        .iter()
        .map(|name| name.trim().to_owned())
        .collect();
    if !columns.iter().any(|name| name == "licenceType") {
        return Err(Problem::new("import-columns").param("missing", "licenceType"));
    }
    let rows = reader.records().zip(1..).map(|(record, number)| match record {
        Ok(record) if record.len() == columns.len() => {
            let values = columns
                .iter()
                .zip(record.iter())
                .filter(|(_, value)| !value.trim().is_empty());
            of_values(
                number,
                values
                    .map(|(name, value)| (name.clone(), Value::String(value.trim().to_owned())))
                    .collect(),
            )
        }
        Ok(record) => {
            let problem = Problem::new("import-row-length")
                .param("count", record.len())
                .param("expected", columns.len());
            refused(number, problem)
        }
        Err(error) => refused(number, unreadable(error)),
    });
    Ok(rows.collect())
}

fn json_row(line: &str, number: u32) -> Row {
    match serde_json::from_str::<Map<String, Value>>(line) {
        Ok(values) => of_values(number, values),
        Err(error) => refused(number, Problem::new("import-unreadable").param("reason", error)),
    }
}

fn refused(number: u32, problem: Problem) -> Row {
    Row {
        number,
        reference: None,
        authority: None,
        photo_file: None,
        application: Err(problem),
    }
}

/// A row from its values: common ones, the import's own, and the fields, which may stand under `fields` or beside.
fn of_values(number: u32, mut values: Map<String, Value>) -> Row {
    let mut own: BTreeMap<&str, String> = BTreeMap::new();
    for name in OWN {
        if let Some(Value::String(text)) = values.remove(name) {
            own.insert(name, text);
        }
    }
    let mut fields = match values.remove("fields") {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (common, beside): (Map<_, _>, Map<_, _>) = values
        .into_iter()
        .partition(|(name, _)| COMMON.contains(&name.as_str()) || name == "photo");
    fields.extend(beside);
    let mut application = common;
    application.insert("fields".to_owned(), Value::Object(fields));
    let application = complete(application);
    Row {
        number,
        reference: own.remove("reference"),
        authority: own.remove("authority"),
        photo_file: own.remove("photoFile"),
        application: serde_json::from_value(Value::Object(application))
            .map_err(|error| Problem::new("import-unreadable").param("reason", error)),
    }
}

/// What an application must have is there, empty where the row leaves it out: what is missing is the type's to tell.
fn complete(mut application: Map<String, Value>) -> Map<String, Value> {
    for name in [
        "licenceType",
        "holderName",
        "holderCodeType",
        "holderCode",
        "licenceNumber",
    ] {
        application.entry(name).or_insert_with(|| Value::String(String::new()));
    }
    application
}

/// Gives an application the photo of its row.
pub(super) fn with_photo(mut application: Application, photo: Option<Vec<u8>>) -> Application {
    if let Some(photo) = photo {
        application.photo = Some(Photo::Bytes(photo));
    }
    application
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "reference,licenceType,holderName,holderCodeType,holderCode,licenceNumber,address\n\
                       R1,t,甲,001,c,1,\"路, 1号\"\nR2,t,乙\n";

    #[test]
    fn the_same_table_reads_alike_in_both_encodings_and_both_formats() {
        let gb = GB18030.encode(CSV).0;
        let utf8 = read(CSV.as_bytes(), Format::Csv).unwrap();
        assert_eq!(read(&gb, Format::Csv).unwrap(), utf8);
        let json = r#"{"reference":"R1","licenceType":"t","holderName":"甲","holderCodeType":"001","holderCode":"c","licenceNumber":"1","fields":{"address":"路, 1号"}}"#;
        assert_eq!(read(json.as_bytes(), Format::JsonLines).unwrap()[0], utf8[0]);
    }

    #[test]
    fn a_row_of_another_length_is_refused_alone() {
        let rows = read(CSV.as_bytes(), Format::Csv).unwrap();
        assert_eq!(rows[0].application.as_ref().unwrap().fields["address"], "路, 1号");
        assert_eq!(rows[1].application.as_ref().unwrap_err().code, "import-row-length");
    }

    #[test]
    fn a_file_that_is_no_table_is_refused_whole() {
        assert_eq!(read(b"", Format::JsonLines).unwrap_err().code, "import-empty");
        assert_eq!(read(b"a,b\n1,2\n", Format::Csv).unwrap_err().code, "import-columns");
        assert_eq!(
            read(&[0xff, 0xff, 0xff], Format::Csv).unwrap_err().code,
            "import-encoding"
        );
    }
}
