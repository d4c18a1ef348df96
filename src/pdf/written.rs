//! Names as they are written, where not every reader takes them for the same. ISO 32000-2, 7.3.5 asks for `#80` and
//! `#FF`, and not every writer does so: names of fonts and colours stand there in UTF-8 or GBK. To a reader that takes
//! the bytes 80 and FF for white space such a name ends there, and what follows is a word of its own.
//!
//! FF is in no character of either. 80 is the last byte of some: what is cut off there has begun with a byte beyond
//! ASCII, so that it is no name that the standard knows, and as the value of a key nothing else is read otherwise.

/// Bytes of a name, the solidus left out, that every reader holds.
const HELD: usize = 255;

/// Whether the key of a dictionary is another to some readers.
pub(super) fn is_another_key(name: &[u8]) -> bool {
    name.len() > HELD || end(name).is_some()
}

/// Whether an element of an array goes on, for some readers, with a word that ends the array.
pub(super) fn is_broken(name: &[u8]) -> bool {
    end(name).is_some_and(|end| end + 1 < name.len())
}

/// Whether a value is to some readers a name that the standard may know, or one of no known characters.
pub(super) fn is_cut_to_a_word(name: &[u8]) -> bool {
    end(name).is_some_and(|end| name[..end].is_ascii() || memchr::memchr(0xff, name).is_some())
}

/// Where it ends for some readers before it does.
fn end(name: &[u8]) -> Option<usize> {
    memchr::memchr2(0x80, 0xff, name)
}
