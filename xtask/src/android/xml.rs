//! XML as a tree, as far as manifests need it: elements and attributes, no text.

use crate::Failed;
use quick_xml::{
    Reader, Writer, XmlVersion,
    events::{BytesDecl, BytesEnd, BytesStart, Event},
};

/// An element with its attributes in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// Reads a document's root.
    pub(super) fn parse(text: &str) -> Result<Self, Failed> {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Self> = vec![Self::default()];
        loop {
            match reader.read_event()? {
                Event::Start(start) => open.push(Self::of(&start)?),
                Event::Empty(start) => close(&mut open, Self::of(&start)?)?,
                Event::End(_) => {
                    let ended = open.pop().ok_or("an element ends that never began")?;
                    close(&mut open, ended)?;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let mut document = open.pop().ok_or("no document")?;
        document.children.pop().ok_or_else(|| "no element".into())
    }

    fn of(start: &BytesStart<'_>) -> Result<Self, Failed> {
        let name = String::from_utf8(start.name().as_ref().to_vec())?;
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute?;
            let key = String::from_utf8(attribute.key.as_ref().to_vec())?;
            attributes.push((key, attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned()));
        }
        Ok(Self { name, attributes, children: Vec::new() })
    }

    /// An attribute's value.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The first child of a name.
    #[cfg(test)]
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Leaves out the attributes, here and below, for which `keep` says no.
    pub(super) fn retain(&mut self, keep: &dyn Fn(&str) -> bool) {
        self.attributes.retain(|(name, _)| keep(name));
        self.children.iter_mut().for_each(|child| child.retain(keep));
    }

    /// The document.
    pub(super) fn to_xml(&self) -> Result<Vec<u8>, Failed> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        self.write(&mut writer)?;
        Ok(writer.into_inner())
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> Result<(), Failed> {
        let mut start = BytesStart::new(&self.name);
        start.extend_attributes(self.attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        if self.children.is_empty() {
            return Ok(writer.write_event(Event::Empty(start))?);
        }
        writer.write_event(Event::Start(start))?;
        for child in &self.children {
            child.write(writer)?;
        }
        Ok(writer.write_event(Event::End(BytesEnd::new(&self.name)))?)
    }
}

fn close(open: &mut [Element], ended: Element) -> Result<(), Failed> {
    open.last_mut().ok_or("an element outside of the document")?.children.push(ended);
    Ok(())
}
