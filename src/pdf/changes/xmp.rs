//! What a metadata stream says (ISO 32000-2, 14.3.2; ISO 16684-1): the properties of the document, brought from the
//! many ways in which RDF writes them into one.
//!
//! Names count by their namespace and as they are written: some readers look for `dc:title` whatever `dc` stands for.
//! Left out: all of XML that such a packet has no need of. What is not understood says the same as itself alone.

use std::cell::RefCell;
use std::rc::Rc;

use crate::crypto::DigestAlgorithm;
use crate::pdf::limits::{LimitReached, Limits, Usage};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const META: &str = "adobe:ns:meta/";
const MANAGEMENT: &str = "http://ns.adobe.com/xap/1.0/mm/";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Properties that say when and by which program the file was written (ISO 16684-1, 8.4 and 8.7), as they are written.
const OF_THE_PROGRAM: [(&str, &str); 9] = [
    ("http://ns.adobe.com/xap/1.0/", "xmp:CreateDate"),
    ("http://ns.adobe.com/xap/1.0/", "xmp:ModifyDate"),
    ("http://ns.adobe.com/xap/1.0/", "xmp:MetadataDate"),
    ("http://ns.adobe.com/xap/1.0/", "xmp:CreatorTool"),
    ("http://ns.adobe.com/xap/1.0/", "xap:CreateDate"),
    ("http://ns.adobe.com/xap/1.0/", "xap:ModifyDate"),
    ("http://ns.adobe.com/xap/1.0/", "xap:MetadataDate"),
    ("http://ns.adobe.com/xap/1.0/", "xap:CreatorTool"),
    ("http://ns.adobe.com/pdf/1.3/", "pdf:Producer"),
];

/// Most bytes of a packet that are looked into: licences of ours have 4 KB, records of an editor some hundred.
const MAX_BYTES: usize = 4 << 20;
/// Most elements inside one another: a history of an editor has seven.
const MAX_DEPTH: usize = 32;
/// Most prefixes that an element knows, which are looked through for each name.
const MAX_PREFIXES: usize = 64;
/// Most bytes of a namespace, which each name of it is compared by.
const MAX_NAMESPACE: usize = 256;

/// The packets of a document, of which an update's new one is the next update's old one: the last that was looked into
/// is kept in mind.
#[derive(Default)]
pub(super) struct Packets(RefCell<Option<(Vec<u8>, Option<Said>)>>);

/// The digest of what a packet says.
type Said = [u8; 32];

impl Packets {
    /// Whether two packets say the same but for what concerns the program. Their bytes, elements and attributes count
    /// among what is read of the document.
    ///
    /// # Errors
    /// When a budget is used up.
    pub(super) fn say_the_same(
        &self,
        one: &[u8],
        other: &[u8],
        limits: &Limits,
        usage: &Usage,
    ) -> Result<bool, LimitReached> {
        if one == other {
            return Ok(true);
        }
        let (one, other) = (self.said(one, limits, usage)?, self.said(other, limits, usage)?);
        Ok(one.is_some() && one == other)
    }

    fn said(&self, packet: &[u8], limits: &Limits, usage: &Usage) -> Result<Option<Said>, LimitReached> {
        if let Some((last, said)) = &*self.0.borrow()
            && last == packet
        {
            return Ok(*said);
        }
        if packet.len() > MAX_BYTES {
            return Ok(None);
        }
        usage.lexed(limits, packet.len() as u64)?;
        let said = properties(packet, limits, usage)?.map(|properties| {
            let mut text = Vec::with_capacity(packet.len());
            digested(&properties, &mut text);
            DigestAlgorithm::Sha256.digest(&text).first_32()
        });
        *self.0.borrow_mut() = Some((packet.to_vec(), said));
        Ok(said)
    }
}

/// What names and nodes say, each part with its length before it.
fn digested(below: &[(Name<'_>, Node<'_>)], text: &mut Vec<u8>) {
    text.extend_from_slice(&below.len().to_be_bytes());
    for (name, node) in below {
        for part in [name.written, &*name.namespace, &*node.text] {
            text.extend_from_slice(&part.len().to_be_bytes());
            text.extend_from_slice(part.as_bytes());
        }
        digested(&node.below, text);
    }
}

/// The name of an element or an attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name<'a> {
    written: &'a str,
    namespace: Rc<str>,
}

impl Name<'_> {
    fn is(&self, namespace: &str, local: &str) -> bool {
        let own = self.written.split_once(':').map_or(self.written, |(_, local)| local);
        *self.namespace == *namespace && own == local
    }

    fn is_of_the_program(&self) -> bool {
        let is_management = ["xmpMM:", "xapMM:"]
            .iter()
            .any(|prefix| self.written.starts_with(prefix));
        let is_known = |(namespace, written): &(&str, &str)| *self.namespace == **namespace && self.written == *written;
        OF_THE_PROGRAM.iter().any(is_known) || (is_management && *self.namespace == *MANAGEMENT)
    }
}

/// An element, or the value of an attribute.
#[derive(Debug, Default, PartialEq, Eq)]
struct Node<'a> {
    text: String,
    /// Attributes and then elements, in their order.
    below: Vec<(Name<'a>, Node<'a>)>,
}

type Properties<'a> = Vec<(Name<'a>, Node<'a>)>;

/// The properties of a packet by their names, those of one name in their order, without those of the program; `None`
/// where it is not understood.
fn properties<'a>(packet: &'a [u8], limits: &Limits, usage: &Usage) -> Result<Option<Properties<'a>>, LimitReached> {
    let Ok(text) = std::str::from_utf8(packet) else {
        return Ok(None);
    };
    let mut reader = Reader {
        rest: text,
        prefixes: vec![("xml", XML.into())],
        held: 0,
        limits,
        usage,
        stopped: None,
    };
    let read = read_properties(&mut reader);
    match reader.stopped {
        Some(reached) => Err(reached),
        None => Ok(read),
    }
}

fn read_properties<'a>(reader: &mut Reader<'a, '_>) -> Option<Properties<'a>> {
    reader.outside()?;
    let mut properties = Vec::new();
    if reader.rest.is_empty() {
        return Some(properties);
    }
    let (name, root) = reader.element(0)?;
    reader.outside()?;
    if !reader.rest.is_empty() {
        return None;
    }
    let rdf = if name.is(RDF, "RDF") {
        root
    } else {
        within_meta(&name, root)?
    };
    for (name, description) in rdf.below {
        if !name.is(RDF, "Description") {
            return None;
        }
        for (name, value) in description.below {
            if !name.is(RDF, "about") && !name.is_of_the_program() {
                properties.push((name, simple(value)));
            }
        }
    }
    properties.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(properties)
}

/// What stands in an element `xmpmeta`, beside which there are attributes of its toolkit.
fn within_meta<'a>(name: &Name<'a>, root: Node<'a>) -> Option<Node<'a>> {
    let is_meta = name.is(META, "xmpmeta") || name.is(META, "xapmeta");
    let mut below = root.below.into_iter().filter(|(name, _)| *name.namespace != *META);
    let (name, rdf) = below.next()?;
    (is_meta && name.is(RDF, "RDF") && below.next().is_none()).then_some(rdf)
}

/// A value in the one form of it: a structure (ISO 16684-1, 7.4) is its fields, whether they are attributes, elements,
/// or elements in a description of their own.
fn simple(node: Node<'_>) -> Node<'_> {
    let mut below = Vec::new();
    for (name, node) in node.below {
        let is_structure = name.is(RDF, "parseType") && node.text == "Resource";
        if name.is(RDF, "Description") {
            below.extend(simple(node).below);
        } else if !is_structure {
            below.push((name, simple(node)));
        }
    }
    below.sort_by(|(one, _), (other, _)| one.cmp(other));
    let text = node.text.trim().to_owned();
    Node { text, below }
}

/// Reads a packet from its beginning.
struct Reader<'a, 'u> {
    rest: &'a str,
    /// The prefixes that are known here, with their namespaces.
    prefixes: Vec<(&'a str, Rc<str>)>,
    /// Bytes of memory of what was read.
    held: u64,
    limits: &'u Limits,
    usage: &'u Usage,
    /// The budget that ended the reading.
    stopped: Option<LimitReached>,
}

impl<'a> Reader<'a, '_> {
    /// Counts an element or an attribute.
    fn count(&mut self) -> Option<()> {
        self.held += size_of::<(Name<'_>, Node<'_>)>() as u64;
        let counted = self.usage.values(self.limits, 1);
        let counted = counted.and_then(|()| self.usage.may_hold(self.limits, self.held));
        counted.map_err(|reached| self.stopped = Some(reached)).ok()
    }

    /// Goes past what may stand around the root: comments, and marks of the packet in UTF-8.
    fn outside(&mut self) -> Option<()> {
        loop {
            self.rest = self
                .rest
                .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if self.skip("<?") {
                let instruction = self.until("?>")?;
                let target = instruction.split_whitespace().next()?;
                let is_utf_8 = instruction.to_ascii_lowercase().contains("utf-8") || !instruction.contains("encoding");
                let is_mark = matches!(target, "xpacket" | "adobe-xap-filters");
                if !is_mark && (target != "xml" || !is_utf_8) {
                    return None;
                }
            } else if self.skip("<!--") {
                self.until("-->")?;
            } else {
                return Some(());
            }
        }
    }

    fn element(&mut self, depth: usize) -> Option<(Name<'a>, Node<'a>)> {
        self.count()?;
        if depth > MAX_DEPTH || !self.skip("<") {
            return None;
        }
        let outer = self.prefixes.len();
        let written = self.name()?;
        let mut attributes = Vec::new();
        let is_empty = loop {
            self.space();
            if self.skip("/>") {
                break true;
            }
            if self.skip(">") {
                break false;
            }
            let (key, value) = self.attribute()?;
            match key.strip_prefix("xmlns") {
                Some(prefix) if prefix.is_empty() || prefix.starts_with(':') => {
                    self.bind(prefix.trim_start_matches(':'), &value)?;
                }
                _ => attributes.push((key, value)),
            }
        };
        let name = self.expanded(written, true)?;
        let mut node = Node::default();
        for (key, text) in attributes {
            let attribute = self.expanded(key, false)?;
            node.below.push((
                attribute,
                Node {
                    text,
                    below: Vec::new(),
                },
            ));
        }
        node.below.sort_by(|(one, _), (other, _)| one.cmp(other));
        if node.below.windows(2).any(|two| two[0].0 == two[1].0) {
            return None;
        }
        if !is_empty {
            self.content(&mut node, written, depth)?;
        }
        self.prefixes.truncate(outer);
        Some((name, node))
    }

    /// What stands between the tags of an element, and the later tag.
    fn content(&mut self, node: &mut Node<'a>, written: &str, depth: usize) -> Option<()> {
        loop {
            let length = self.rest.find('<')?;
            let (text, rest) = self.rest.split_at(length);
            node.text.push_str(&unescaped(text)?);
            self.rest = rest;
            if self.skip("</") {
                let is_its_own = self.name()? == written;
                self.space();
                return (is_its_own && self.skip(">")).then_some(());
            }
            if self.skip("<!--") {
                self.until("-->")?;
            } else if self.skip("<![CDATA[") {
                node.text.push_str(self.until("]]>")?);
            } else {
                node.below.push(self.element(depth + 1)?);
            }
        }
    }

    fn attribute(&mut self) -> Option<(&'a str, String)> {
        self.count()?;
        let key = self.name()?;
        self.space();
        let is_valued = self.skip("=");
        self.space();
        let quote = ["\"", "'"].into_iter().find(|quote| self.rest.starts_with(quote))?;
        self.skip(quote);
        let value = self.until(quote)?;
        (is_valued && !value.contains('<')).then_some((key, unescaped(value)?))
    }

    fn bind(&mut self, prefix: &'a str, namespace: &str) -> Option<()> {
        let is_room = self.prefixes.len() < MAX_PREFIXES && namespace.len() <= MAX_NAMESPACE;
        is_room.then(|| self.prefixes.push((prefix, namespace.into())))
    }

    /// A name with its namespace; an attribute without a prefix has none (Namespaces in XML, 6.2).
    fn expanded(&self, written: &'a str, is_element: bool) -> Option<Name<'a>> {
        let known = |prefix: &str| {
            let namespaces = self.prefixes.iter().rev();
            namespaces
                .into_iter()
                .find(|(known, _)| *known == prefix)
                .map(|(_, namespace)| Rc::clone(namespace))
        };
        let namespace = match written.split_once(':') {
            Some((prefix, _)) => known(prefix)?,
            None if is_element => known("").unwrap_or_default(),
            None => Rc::default(),
        };
        Some(Name { written, namespace })
    }

    fn name(&mut self) -> Option<&'a str> {
        let ends = |c: char| c.is_whitespace() || "<>/='\"&?!".contains(c);
        let (name, rest) = self.rest.split_at(self.rest.find(ends)?);
        self.rest = rest;
        (!name.is_empty()).then_some(name)
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn skip(&mut self, start: &str) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What stands before `end`, which is gone past.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(before)
    }
}

/// A text with the characters that its entities stand for; there are no others than those of XML itself.
fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';')?;
        plain.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = entity.strip_prefix('#')?;
                let number = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(number.ok()?)?
            }
        });
        plain.push_str(rest);
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATES: &str = "<xmp:ModifyDate>2026-01-02</xmp:ModifyDate><pdf:Producer>a</pdf:Producer>";
    const TITLE: &str = "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">Draft</rdf:li></rdf:Alt></dc:title>";

    fn packet(attributes: &str, properties: &str) -> String {
        let spaces = "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
                      xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"";
        let description =
            format!("<rdf:Description rdf:about=\"\" {spaces} {attributes}>{properties}</rdf:Description>");
        format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0\"?>\n<x:xmpmeta xmlns:x=\"{META}\" x:xmptk=\"t\"><rdf:RDF \
             xmlns:rdf=\"{RDF}\">{description}</rdf:RDF></x:xmpmeta>\n  <?xpacket end=\"w\"?>"
        )
    }

    fn are_same(one: &str, other: &str) -> bool {
        Packets::default()
            .say_the_same(one.as_bytes(), other.as_bytes(), &Limits::UPLOAD, &Usage::default())
            .unwrap()
    }

    fn is_understood(packet: &str) -> bool {
        let packets = Packets::default();
        let said = packets.said(packet.as_bytes(), &Limits::UPLOAD, &Usage::default());
        said.unwrap().is_some()
    }

    #[test]
    fn a_packet_counts_by_its_elements_and_attributes_once_for_the_updates_on_both_its_sides() {
        let many = |date: &str| {
            packet(
                "",
                &format!("<xmp:ModifyDate>{date}</xmp:ModifyDate>{}", "<dc:a b='1'/>".repeat(100)),
            )
        };
        let (packets, usage) = (Packets::default(), Usage::default());
        for (one, other) in [("1", "2"), ("2", "3"), ("3", "4")] {
            let same = packets.say_the_same(many(one).as_bytes(), many(other).as_bytes(), &Limits::UPLOAD, &usage);
            assert_eq!(same, Ok(true));
        }
        let of_one = usage.values_so_far() / 4;
        assert!((200..230).contains(&of_one), "{of_one}");
        let limits = Limits {
            parsed_values: 200,
            ..Limits::UPLOAD
        };
        let same = packets.say_the_same(b"", many("5").as_bytes(), &limits, &Usage::default());
        assert!(
            matches!(same, Err(reached) if reached.unit == "parsed values"),
            "{same:?}"
        );
    }

    #[test]
    fn dates_and_programs_may_be_others() {
        let before = packet("", &format!("{TITLE}{DATES}"));
        let dated = DATES.replace("2026", "2027").replace(">a<", ">b &amp; c<");
        let history = "<xmpMM:History><rdf:Seq><rdf:li rdf:parseType=\"Resource\"/></rdf:Seq></xmpMM:History>";
        assert!(are_same(&before, &packet("", &format!("{dated}{history}{TITLE}"))));
        assert!(are_same(&before, &packet("xmpMM:InstanceID='uuid:1'", TITLE)));
        assert!(are_same("", &packet("", DATES)), "nothing was there");
    }

    #[test]
    fn a_title_an_author_or_a_licence_is_content() {
        let before = packet("", &format!("{TITLE}{DATES}"));
        for other in [
            packet("", &format!("{}{DATES}", TITLE.replace("Draft", "Final permit"))),
            packet("", DATES),
            packet("dc:creator='A'", TITLE),
            packet("pdf:Keywords='a'", TITLE),
            packet("", &TITLE.replace("x-default", "en")),
            packet("", &format!("{TITLE}{TITLE}")),
        ] {
            assert!(!are_same(&before, &other), "{other}");
        }
        assert!(!are_same("", &packet("", TITLE)), "nothing was there");
    }

    #[test]
    fn what_is_written_in_another_way_is_the_same() {
        let fields = |text: &str| packet("", &format!("<dc:relation{text}</dc:relation>"));
        let one = fields(" rdf:parseType=\"Resource\"> <xmp:A>1</xmp:A> <xmp:B>&#50;</xmp:B>");
        assert!(are_same(&one, &fields(" xmp:B='2' xmp:A=\"1\">")));
        assert!(are_same(
            &one,
            &fields("><rdf:Description xmp:A='1'><xmp:B><![CDATA[2]]></xmp:B></rdf:Description>")
        ));
        assert!(!are_same(&one, &fields(" xmp:B='1' xmp:A=\"1\">")));
        assert!(are_same(
            &packet("dc:format='a'", ""),
            &packet("", "<!-- b --><dc:format>a</dc:format>")
        ));
    }

    #[test]
    fn a_name_that_means_something_else_by_its_namespace_is_content() {
        let before = packet(
            "",
            &TITLE
                .replace("dc:", "d:")
                .replace("<d:title", "<d:title xmlns:d='urn:d'"),
        );
        let hidden = format!("{}<dc:title xmlns:dc=\"{MANAGEMENT}\">Final</dc:title>", &TITLE);
        assert!(!are_same(&packet("", TITLE), &packet("", &hidden)));
        assert!(!are_same(
            &before,
            &packet("", &TITLE.replace("<dc:title", "<dc:title xmlns:dc='urn:d'"))
        ));
    }

    #[test]
    fn what_is_not_understood_says_the_same_as_itself_alone() {
        let wide: String = (0..MAX_PREFIXES)
            .map(|number| format!(" xmlns:n{number}='urn:n'"))
            .collect();
        let deep = |depth: usize| format!("{}{}", "<dc:a>".repeat(depth), "</dc:a>".repeat(depth));
        let plain = packet("", DATES);
        for odd in [
            plain.replace("<?xpacket end", "<!DOCTYPE a><?xpacket end"),
            plain.replace(
                "<?xpacket begin",
                "<?xml version='1.0' encoding='ISO-8859-1'?><?xpacket begin",
            ),
            plain.replace(">a<", ">&a;<"),
            plain.replace("</x:xmpmeta>", "</x:xmpmeta><a/>"),
            plain.replace("</pdf:Producer>", ""),
            plain.replace("rdf:Description", "rdf:Other"),
            packet("dc:a='1' dc:a='1'", ""),
            packet("q:a='1'", ""),
            packet("", &format!("<pdf:Producer{wide}/>")),
            packet(
                "",
                &format!("<pdf:Producer xmlns:n='{}'/>", "n".repeat(MAX_NAMESPACE + 1)),
            ),
            packet("", &deep(MAX_DEPTH)),
            format!("{plain}{}", " ".repeat(MAX_BYTES)),
        ] {
            assert!(!is_understood(&odd), "{odd:.999}");
            assert!(are_same(&odd, &odd) && !are_same(&plain, &odd));
        }
        assert!(is_understood(&packet("", &deep(MAX_DEPTH - 3))));
    }
}
