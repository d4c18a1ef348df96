//! Seal pictures drawn from data: round and oval seals with their text along the rim, square name seals
//! (国发〔1999〕25号).
//!
//! A design (`templates/seals`) has sizes in millimetres; a seal adds its texts. Characters are Song (宋体), condensed,
//! each standing on the rim's normal. The result is a vector picture small enough to travel inside the seal object. A
//! star may stand in the centre, never an emblem: who may use that one has it made. Left out: bilingual rings, whose
//! Mongolian has to be shaped first.

mod code;
mod design;
mod lettering;
mod ring;

pub use design::{PictureError, SealDesign, SealText, StandardDesign};
