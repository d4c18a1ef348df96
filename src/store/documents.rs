//! Documents: kept once by their SHA-256, in chunks, read a chunk at a time.

use crate::crypto::{DigestAlgorithm, Hasher};
use crate::hex;
use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{FromRow, Row, Step, args, step};

/// Bytes of a chunk at most: 1 MiB, so that no statement binds or reads more.
pub const CHUNK_SIZE: usize = 1 << 20;

/// A document to be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    sha256: [u8; 32],
    bytes: Vec<u8>,
}

impl Document {
    /// Takes the document and its digest.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            sha256: DigestAlgorithm::Sha256.digest(&bytes).first_32(),
            bytes,
        }
    }

    /// SHA-256 of the document: its key.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// The document.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl std::fmt::Debug for Document {
    /// Leaves out the content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} bytes)", self.bytes.len())
    }
}

impl Write for Document {
    fn steps(&self) -> Vec<Step<'_>> {
        chunk_steps(&self.sha256, self.bytes.len() as u64, 0, &self.bytes)
    }
}

/// Writes the chunks from `first` on of a document of so many bytes.
pub(super) fn chunk_steps<'a>(sha256: &'a [u8; 32], size: u64, first: u64, bytes: &'a [u8]) -> Vec<Step<'a>> {
    // A chunk that is there already is written again only in name, so that every statement writes its row.
    const SQL: &str = "INSERT INTO document_chunk (sha256, number, size, bytes) VALUES ($1, $2, $3, $4)
        ON CONFLICT (sha256, number) DO UPDATE SET size = excluded.size";
    // An empty document has one empty chunk, so that it can be told from one that is not there.
    let empty = bytes.is_empty().then_some(&[][..]);
    let chunks = bytes.chunks(CHUNK_SIZE).chain(empty).enumerate();
    chunks
        .map(|(place, chunk)| step!(SQL, sha256, first + place as u64, size, chunk))
        .collect()
}

struct Chunk {
    size: u64,
    bytes: Vec<u8>,
}

impl FromRow for Chunk {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            size: row.count("size")?,
            bytes: row.get("bytes")?,
        })
    }
}

/// Reads a document a chunk at a time, and holds it to its digest.
pub struct DocumentReader {
    store: Store,
    sha256: [u8; 32],
    size: u64,
    read: u64,
    next_number: u64,
    /// The first chunk, which was read to find the document.
    first: Option<Vec<u8>>,
    hasher: Hasher,
}

impl DocumentReader {
    /// Bytes of the whole document.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The next chunk; `None` after the last. The last is given only when the whole has the digest that it is kept by.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        if self.next_number > 0 && self.read == self.size {
            return Ok(None);
        }
        let bytes = match self.first.take() {
            Some(bytes) => bytes,
            None => {
                self.store
                    .chunk(&self.sha256, self.next_number)
                    .await?
                    .ok_or_else(|| self.damage("a chunk is missing"))?
                    .bytes
            }
        };
        self.hasher.update(&bytes);
        self.next_number += 1;
        self.read += bytes.len() as u64;
        if self.read > self.size || (bytes.is_empty() && self.read < self.size) {
            return Err(self.damage("its chunks are not of its size"));
        }
        if self.read == self.size && self.hasher.clone().finish().first_32() != self.sha256 {
            return Err(self.damage("its digest is not the one that it is kept by"));
        }
        Ok(Some(bytes))
    }

    /// The whole document: for those that are small by their kind, as licences are.
    pub async fn read_to_end(mut self) -> Result<Vec<u8>, StoreError> {
        let mut whole = self.next().await?.unwrap_or_default();
        while let Some(chunk) = self.next().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole)
    }

    fn damage(&self, reason: &str) -> StoreError {
        let key = hex::encode(&self.sha256);
        StoreError::corrupt(format!("document {key}"), reason)
    }
}

impl Store {
    /// The document of a digest, ready to be read.
    pub async fn document(&self, sha256: &[u8; 32]) -> Result<Option<DocumentReader>, StoreError> {
        let first = self.chunk(sha256, 0).await?;
        Ok(first.map(|chunk| DocumentReader {
            store: self.clone(),
            sha256: *sha256,
            size: chunk.size,
            read: 0,
            next_number: 0,
            first: Some(chunk.bytes),
            hasher: DigestAlgorithm::Sha256.hasher(),
        }))
    }

    async fn chunk(&self, sha256: &[u8; 32], number: u64) -> Result<Option<Chunk>, StoreError> {
        const SQL: &str = "SELECT size, bytes FROM document_chunk WHERE sha256 = $1 AND number = $2";
        self.optional_of_document(SQL, args![sha256, number]).await
    }
}
