//! The flags of an annotation (ISO 32000-2, 12.5.3, table 167): whether it is shown, on a screen and on paper, and how.

/// Not shown where it is of a type that the reader does not know; some show it so of no type.
pub const INVISIBLE: i64 = 1;
/// Neither shown nor printed.
pub const HIDDEN: i64 = 1 << 1;
/// Printed with its page.
pub const PRINT: i64 = 1 << 2;
/// As large as ever where the page is made larger or smaller.
pub const NO_ZOOM: i64 = 1 << 3;
/// Upright where the page is turned.
pub const NO_ROTATE: i64 = 1 << 4;
/// Not shown on a screen.
pub const NO_VIEW: i64 = 1 << 5;
/// Nothing is done with it.
pub const READ_ONLY: i64 = 1 << 6;
/// It is neither removed nor moved.
pub const LOCKED: i64 = 1 << 7;
/// `NO_VIEW` is the other way round under the mouse.
pub const TOGGLE_NO_VIEW: i64 = 1 << 8;
/// Its contents are not changed.
pub const LOCKED_CONTENTS: i64 = 1 << 9;
