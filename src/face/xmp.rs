//! Metadata of the file: PDF/A identification, title and the record of GB/T 36903 under its pinyin names.
//!
//! ISO 19005-3, 6.6.2.3: a name outside the predefined schemas is declared in an extension schema inside the same
//! packet. The declarations are the same for all licences of a type and come first, so that they are compressed once.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::FaceError;
use crate::clock::rfc3339;
use crate::draw::deflate::Shared;

/// The beginning of every packet: what kind of PDF/A it is.
const HEAD: &str = "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
     xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
     xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"><pdfaid:part>3</pdfaid:part><pdfaid:conformance>B\
     </pdfaid:conformance></rdf:Description>";
/// Its end.
const TAIL: &str = "</rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>";
/// Namespace of the names of GB/T 36903.
const NAMESPACE: &str = "urn:x-gbt:36903:2018#";
/// Names of GB/T 36903 that every licence may have: 证照名称, 类型名称, 类型代码, 编号, 标识, 颁发机构, its 代码,
/// 颁发日期; 持证主体, its 代码, 代码类型, 代码类型代码; 有效期起始日期, 截止日期.
pub const STANDARD_METADATA: [&str; 14] = [
    "ZZMC",
    "ZZLXMC",
    "ZZLXDM",
    "ZZBH",
    "ZZBS",
    "ZZBFJG",
    "ZZBFJGDM",
    "ZZBFRQ",
    "CZZT",
    "CZZTDM",
    "CZZTDMLX",
    "CZZTDMLXDM",
    "ZZYXQQSRQ",
    "ZZYXQJZRQ",
];

/// The packet of a licence type.
pub(super) struct Schema {
    names: Vec<String>,
    shared: Shared,
}

/// What differs from licence to licence.
pub(super) struct Entries<'a> {
    pub(super) title: &'a str,
    pub(super) created: DateTime<Utc>,
    pub(super) metadata: &'a [(String, String)],
}

impl Schema {
    /// Declares the standard names and those of a type's own items.
    pub(super) fn new(own: impl Iterator<Item = String>) -> Self {
        let names: Vec<String> = STANDARD_METADATA.into_iter().map(str::to_owned).chain(own).collect();
        let mut packet = String::from(HEAD);
        packet.push_str(
            "<rdf:Description rdf:about=\"\" \
             xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
             xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
             xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\"><pdfaExtension:schemas><rdf:Bag>\
             <rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>GB/T 36903</pdfaSchema:schema>",
        );
        let _ = write!(
            packet,
            "<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>zz</pdfaSchema:prefix>\
             <pdfaSchema:property><rdf:Seq>"
        );
        for name in &names {
            let _ = write!(
                packet,
                "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>\
                 Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>\
                 <pdfaProperty:description>GB/T 36903</pdfaProperty:description></rdf:li>"
            );
        }
        packet
            .push_str("</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>");
        Self {
            names,
            shared: Shared::new(packet.into_bytes()),
        }
    }

    /// The compressed packet of one licence.
    pub(super) fn packet(&self, entries: &Entries<'_>, level: u32) -> Result<Vec<u8>, FaceError> {
        let date = rfc3339(entries.created);
        let mut rest = String::with_capacity(2048);
        let _ = write!(
            rest,
            "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:zz=\"{NAMESPACE}\">\
             <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title>\
             <xmp:CreateDate>{date}</xmp:CreateDate>",
            escape(entries.title)
        );
        for (name, value) in entries.metadata {
            if !self.names.contains(name) {
                return Err(FaceError::MetadataUndeclared(name.clone()));
            }
            let _ = write!(rest, "<zz:{name}>{}</zz:{name}>", escape(value));
        }
        rest.push_str("</rdf:Description>");
        rest.push_str(TAIL);
        Ok(self.shared.join(&[], rest.as_bytes(), level))
    }
}

/// A packet with a title alone.
pub(super) fn plain(title: &str, created: DateTime<Utc>) -> String {
    format!(
        "{HEAD}<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt>\
         </dc:title><xmp:CreateDate>{}</xmp:CreateDate></rdf:Description>{TAIL}",
        escape(title),
        rfc3339(created)
    )
}

/// Text for XML; characters that XML 1.0 cannot hold become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' | '\r' => escaped.push(character),
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn entries(metadata: &[(String, String)]) -> Entries<'_> {
        Entries {
            title: "A & <B>",
            created: DateTime::UNIX_EPOCH,
            metadata,
        }
    }

    #[test]
    fn values_are_escaped_and_names_declared() {
        let schema = Schema::new(["KZ_domicile".to_owned()].into_iter());
        let metadata = [
            ("ZZMC".to_owned(), "营业执照".to_owned()),
            ("KZ_domicile".to_owned(), "1<2\u{1}".to_owned()),
        ];
        let mut packet = String::new();
        let stream = schema.packet(&entries(&metadata), 6).unwrap();
        flate2::read::ZlibDecoder::new(stream.as_slice())
            .read_to_string(&mut packet)
            .unwrap();
        assert!(
            packet.contains("<zz:ZZMC>营业执照</zz:ZZMC><zz:KZ_domicile>1&lt;2\u{FFFD}</zz:KZ_domicile>"),
            "{packet}"
        );
        assert!(packet.contains("<pdfaProperty:name>KZ_domicile</pdfaProperty:name>"));
        assert!(packet.contains(">A &amp; &lt;B&gt;<"));
    }

    #[test]
    fn an_undeclared_name_is_refused() {
        let metadata = [("KZ_other".to_owned(), String::new())];
        let refused = Schema::new(std::iter::empty()).packet(&entries(&metadata), 6);
        assert_eq!(refused, Err(FaceError::MetadataUndeclared("KZ_other".to_owned())));
    }
}
