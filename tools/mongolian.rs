//! Writes Mongolian words as a column of outlines for an `art.svg`: `cargo run --example mongolian -- EM_MM X_MM Y_MM
//! WORDS`.
//!
//! Prints one `<path>` whose column has its middle at X and begins at Y. The font is `NotoSansMongolian-Regular.ttf` of
//! `$YINXIN_FONTS`, by default `~/.local/share/yinxin/fonts`.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use yinxin::draw::font::shape::column;
use yinxin::draw::simplify::simplify;
use yinxin::draw::{Affine, Color, Picture, Shape};

const FONT: &str = "NotoSansMongolian-Regular.ttf";
/// Finer than a printed dot.
const TOLERANCE_MM: f64 = 0.03;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [em, x, y, words] = arguments.as_slice() else {
        return Err("EM_MM X_MM Y_MM WORDS".into());
    };
    let (em, x, y): (f64, f64, f64) = (em.parse()?, x.parse()?, y.parse()?);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/share/yinxin/fonts");
    let folder = std::env::var_os("YINXIN_FONTS").map_or_else(home, PathBuf::from);
    let font: Arc<[u8]> = Arc::from(std::fs::read(folder.join(FONT))?);
    let path = column(FONT, &font, words)?.transform(Affine::scale(em, em).then(Affine::translate(x, y)));
    let mut picture = Picture::new(1.0, 1.0);
    picture
        .shapes
        .push(Shape::filled(simplify(&path, TOLERANCE_MM), Color::BLACK));
    let svg = picture.to_svg();
    let data = svg
        .split_once(" d=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .ok_or("nothing was drawn")?
        .0;
    println!("<!-- {words} -->\n<path transform=\"scale(.02)\" fill=\"#000000\" d=\"{data}\"/>");
    Ok(())
}
