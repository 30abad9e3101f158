//! The XML inside an Office file: whoever wrote or changed something is blanked.

use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

use super::CleanError;

/// Attributes that name a person or a person's place, in any part, by their local name.
const ANYWHERE: [&[u8]; 7] =
    [b"author", b"initials", b"userId", b"providerId", b"displayName", b"userName", b"lastModifiedBy"];
/// Elements whose text is a person's name: `<author>` of the comments of a workbook.
const NAMES: [&[u8]; 3] = [b"author", b"creator", b"lastModifiedBy"];

/// The same XML without people. `of_people`: a part that lists people, where `name` is a person's as well.
pub(super) fn copy(xml: &[u8], of_people: bool) -> Result<Vec<u8>, CleanError> {
    let mut reader = Reader::from_reader(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    let mut in_name = false;
    loop {
        let event = reader.read_event().map_err(|_| CleanError::Unreadable)?;
        let event = match event {
            Event::Eof => break,
            // No part of an Office file has one, and it can define what is shown elsewhere.
            Event::DocType(_) => return Err(CleanError::Unreadable),
            Event::Start(start) => {
                in_name = NAMES.contains(&start.local_name().as_ref());
                Event::Start(blanked(&start, of_people)?)
            }
            Event::Empty(start) => Event::Empty(blanked(&start, of_people)?),
            Event::End(end) => {
                in_name = false;
                Event::End(end)
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if in_name => {
                Event::Text(BytesText::new(""))
            }
            Event::Comment(_) | Event::PI(_) => continue,
            other => other,
        };
        writer.write_event(event).map_err(|_| CleanError::Unreadable)?;
    }
    Ok(writer.into_inner())
}

fn blanked(start: &BytesStart<'_>, of_people: bool) -> Result<BytesStart<'static>, CleanError> {
    let mut copy = start.to_owned();
    copy.clear_attributes();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| CleanError::Unreadable)?;
        let name = attribute.key.local_name();
        let name = name.as_ref();
        let is_place = name == b"url" && start.local_name().as_ref() == b"absPath";
        let is_person = ANYWHERE.contains(&name) || (of_people && name == b"name");
        let value: &[u8] = if is_place || is_person { b"" } else { &attribute.value };
        copy.push_attribute((attribute.key.as_ref(), value));
    }
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(xml: &str, of_people: bool) -> String {
        String::from_utf8(copy(xml.as_bytes(), of_people).unwrap()).unwrap()
    }

    #[test]
    fn people_are_blanked_and_everything_else_is_as_it_was() {
        let xml = r#"<w:p a="1 &amp; 2"><w:ins w:author="张三" w:date="2026"><w:t>投诉&amp;内容</w:t></w:ins><w:br/></w:p>"#;
        assert_eq!(copied(xml, false), xml.replace("张三", ""));
        assert_eq!(
            copied("<authors><author>张三</author></authors>", false),
            "<authors><author></author></authors>"
        );
        assert_eq!(copied(r#"<cmAuthor id="0" name="张三"/>"#, true), r#"<cmAuthor id="0" name=""/>"#);
        assert_eq!(copied(r#"<sheet name="一"/>"#, false), r#"<sheet name="一"/>"#);
        assert_eq!(copied(r#"<x15ac:absPath url="C:\张三\"/>"#, false), r#"<x15ac:absPath url=""/>"#);
    }

    #[test]
    fn what_defines_entities_is_refused() {
        assert_eq!(copy(b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", false), Err(CleanError::Unreadable));
    }
}
