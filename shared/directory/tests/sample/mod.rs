//! The sample directory of Baoshan.

use directory::Directory;
use duban_proto::common::v1::Organ;
use serde_json::Value;

pub(crate) fn baoshan() -> Directory {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/samples/directory.json");
    let organs: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Directory::new(organs.iter().map(|organ| Organ {
        code: text(&organ["code"]),
        name: text(&organ["name"]),
        short_name: text(&organ["short_name"]),
        aliases: organ["aliases"].as_array().unwrap().iter().map(text).collect(),
        parent: text(&organ["parent"]),
        successor: text(&organ["successor"]),
        ..Organ::default()
    }))
}
