//! What stands on a receipt around the pictures of changed pages, in Chinese and English.

use super::receipt::{both, heading_of, told_as};
use crate::face::paper::{Block, Panel, Sign};
use crate::service::receipt_pictures::{PageImages, ReceiptPictures};

/// The pages that changed, each as it was signed and as it is now, and why there are not more.
pub(super) fn blocks(pictures: &ReceiptPictures) -> Vec<Block> {
    let mut blocks = vec![heading_of("result-pictures", &[])];
    let said = match (pictures.pages.is_empty(), pictures.remarks.is_empty()) {
        (false, _) => Some("receipt-pictures-what"),
        (true, true) => Some("receipt-pictures-none"),
        (true, false) => None,
    };
    blocks.extend(said.map(|key| Block::Text(both(key, &[]))));
    blocks.extend(pictures.pages.iter().map(page));
    let remarks = pictures.remarks.iter();
    blocks.extend(remarks.map(|remark| told_as("receipt-pictures-remark", remark)));
    blocks
}

fn page(images: &PageImages) -> Block {
    let number = images.page.to_string();
    let panel = |sign, caption, missing, image: &Option<_>| Panel {
        sign,
        caption: both(caption, &[("page", &number)]),
        image: image.clone(),
        missing: both(missing, &[]),
    };
    Block::Panels(Box::new([
        panel(
            Sign::Check,
            "receipt-pictures-signed",
            "result-pictures-no-signed",
            &images.before,
        ),
        panel(
            Sign::Exclamation,
            "receipt-pictures-now",
            "result-pictures-no-now",
            &images.after,
        ),
    ]))
}
