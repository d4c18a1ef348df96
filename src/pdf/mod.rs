//! The PDF container (ISO 32000-2): revisions read lazily and strictly, signatures found, one revision appended.
//!
//! Reading repairs nothing: what does not follow the standard is a named error, because two readers that repair
//! differently see two documents. Work and memory are counted against [`Limits`]. Only the filters that a document's
//! structure may use are decoded. Page content is carried; it is interpreted as far as its text goes ([`page_text`]),
//! where a seal is placed on a word and where what form fields show is compared with what they hold, and drawn nowhere.
//! Documents that need a password are told apart and not opened.
//!
//! What the format says about a signature's hold on its document is judged here, too: what later revisions changed and
//! whether DocMDP, FieldMDP and locks permit it ([`changes`]), what may look otherwise without a change, and how much
//! of a page a seal may take. Whose signature it is, and whether to believe it, is not asked.

pub mod annotation_flags;
mod annotation_form;
mod appearance;
pub mod append;
pub mod changes;
mod characters;
pub mod cover;
mod error;
mod field_name;
mod file;
mod filter;
mod filter_names;
mod heads;
mod latent;
pub mod limits;
mod linearisation;
mod listings;
pub mod object;
mod object_stream;
mod other_names;
mod misleading;
mod page_box;
pub mod page_text;
mod page_tree;
mod parser;
mod places;
mod raisable;
mod reader;
mod revision;
mod sameness;
pub mod second_opinion;
mod serialize;
pub mod signature;
pub mod source;
mod survey;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
mod unsteady;
mod widgets;
mod view;
mod written;
mod xref;

pub use append::Update;
pub use changes::{Change, ChangeKind, ChangesAfter};
pub use error::PdfError;
pub(crate) use error::unless_stopped;
pub use file::{IndirectObject, PdfFile};
pub use latent::{Latent, LatentSearch, has_hidden_layers};
pub use limits::{LimitReached, Limits};
pub use misleading::Misleading;
pub use object::{Dictionary, Name, Object, Real, Reference, Stream, StreamData};
pub use page_box::Rectangle;
pub use page_tree::{BrokenTree, PageNode};
pub use raisable::Raisable;
pub use revision::Revision;
pub use second_opinion::{Disagreement, SecondOpinion};
pub use signature::SignatureField;
pub use source::{Extended, FileSource, ReadAt, in_pieces};
pub use unsteady::{Unsteady, has_undrawn_values};
pub use view::View;
pub use widgets::WidgetPlace;
pub use xref::Entry;
