//! Pictures of pages before and after a change: a page as it was signed, and the same page as the document shows it
//! now.
//!
//! A document with later changes holds both: its bytes up to the end of the signed revision are the document that was
//! signed (ISO 32000-2, 7.5.6), all of them are the document as it is now. Both are drawn, pages that look alike are
//! left out, and where two pages differ is framed in both pictures.
//!
//! Pictures explain a verdict and decide nothing. The renderer is not ours, and the bytes may be anybody's: what it is
//! asked to draw is bounded here, how long and in how much memory is not. Whoever draws what others sent does so in a
//! process of its own.

mod area;
mod comparison;
mod document;
mod exchange;
mod picture;

pub use area::{Area, MAX_AREAS};
pub use comparison::{MAX_EXAMINED, MAX_PICTURED, Order, PagePictures, PreviewError, Told, compare};
pub use document::{ChineseFont, DOTS_PER_INCH, MAX_PIXELS, MAX_SIDE};
pub use exchange::answer;
pub use picture::Png;
