//! Closed lists of codes: what the program can carry out, and nothing else.

/// A closed list of codes as they stand in a file.
pub(crate) trait Choice: Copy {
    /// Every code, in order.
    const CODES: &'static [&'static str];

    /// The value a code stands for.
    fn of(code: &str) -> Option<Self>;
}

/// Declares an enum whose variants are codes of a regulation file (and of the serde form).
macro_rules! choices {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $code)] $variant),+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code in files and contracts.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The value of a code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::choice::Choice for $name {
            const CODES: &'static [&'static str] = &[$($code),+];

            fn of(code: &str) -> Option<Self> {
                Self::from_code(code)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

pub(crate) use choices;
