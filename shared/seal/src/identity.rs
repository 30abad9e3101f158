use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Who complains (articles 10 and 15): sealed at registration, never printed, wiped on drop.
///
/// An empty field means that it was not given. As it is wiped on drop, its fields can't be moved out, and
/// `..Identity::default()` can't be written: give every field, or change those of a default one. Encoded as JSON inside the seal; fields may be added, never renamed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Identity {
    /// Full name as given.
    #[serde(default)]
    pub name: String,
    /// Work unit as given; 无 is an answer.
    #[serde(default)]
    pub work_unit: String,
    /// Postal address.
    #[serde(default)]
    pub address: String,
    /// Telephone numbers, as given.
    #[serde(default)]
    pub phones: Vec<String>,
    /// Resident identity number.
    #[serde(default)]
    pub id_number: String,
    /// E-mail address.
    #[serde(default)]
    pub email: String,
    /// WeChat name.
    #[serde(default)]
    pub wechat: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}
