//! Messages that are not valid protobuf of their type.
//!
//! tonic answers them with INTERNAL, as the gRPC documents have it; but they are the client's fault, and the client
//! needs the field.

use tonic::{Code, Status};

use super::{Error, Reason};

/// How prost begins: `failed to decode Protobuf message: Inner.field: Outer.field: what`.
const PREFIX: &str = "failed to decode Protobuf message: ";

/// The rejection, where this status is tonic's for a message that can't be decoded. Handlers of client streams use it
/// on what the stream of requests gives.
pub fn malformed(status: &Status) -> Option<Error> {
    if status.code() != Code::Internal {
        return None;
    }
    let (field, what) = field_and_cause(status.message().strip_prefix(PREFIX)?);
    let zh = format!("请求报文格式不正确:{}", if field.is_empty() { "无法解析" } else { &field });
    let en = format!("The message is not valid for its type: {}{what}", separated(&field));
    Some(Error::new(Reason::MalformedMessage, zh, en).meta("field", field))
}

fn separated(field: &str) -> String {
    if field.is_empty() { String::new() } else { format!("{field}: ") }
}

/// `Complainant.name: Complaint.complainant: invalid …` → `Complaint.complainant.name` and `invalid …`.
fn field_and_cause(text: &str) -> (String, &str) {
    let mut steps: Vec<(&str, &str)> = Vec::new();
    let mut rest = text;
    while let Some((step, tail)) = rest.split_once(": ") {
        match step.split_once('.') {
            Some((message, field)) if is_name(message) && is_name(field) => steps.push((message, field)),
            _ => break,
        }
        rest = tail;
    }
    // prost notes the innermost field first.
    let mut path = steps.last().map(|(message, _)| (*message).to_owned()).unwrap_or_default();
    for (_, field) in steps.iter().rev() {
        path.push('.');
        path.push_str(field);
    }
    (path, rest)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
