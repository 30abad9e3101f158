/// An event of the contracts: what an entry holds.
pub trait Event: prost::Message + Default + Clone + Send + Sync + 'static {
    /// The type's name in an `Any`: `type.googleapis.com/duban.intake.v1.Event`.
    const TYPE_URL: &'static str;

    /// The name of what happened: "case_accepted".
    fn kind(&self) -> &'static str;
}

/// Makes a contract's `Event` message one of the ledger's: a type of the service's own around it, with the name of each
/// kind.
///
/// ```text
/// ledger::event! {
///     /// What can happen at intake.
///     pub struct Event(wire::Event): "duban.intake.v1.Event" by wire::event::Kind {
///         ComplaintReceived => "complaint_received",
///     }
/// }
/// ```
#[macro_export]
macro_rules! event {
    (
        $(#[$doc:meta])*
        pub struct $event:ident($wire:path): $type:literal by $kinds:path {
            $($kind:ident => $name:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $event(pub $wire);

        impl $event {
            /// That this happened.
            pub fn new(kind: $kinds) -> Self {
                type Wire = $wire;
                Self(Wire { kind: Some(kind) })
            }
        }

        impl $crate::Event for $event {
            const TYPE_URL: &'static str = concat!("type.googleapis.com/", $type);

            fn kind(&self) -> &'static str {
                use $kinds as Kind;
                match &self.0.kind {
                    $(Some(Kind::$kind(_)) => $name,)+
                    // Only of a kind that a later version added.
                    None => "unknown",
                }
            }
        }

        impl ::prost::Message for $event {
            fn encode_raw(&self, buffer: &mut impl ::prost::bytes::BufMut) {
                self.0.encode_raw(buffer);
            }

            fn merge_field(
                &mut self,
                tag: u32,
                wire_type: ::prost::encoding::WireType,
                buffer: &mut impl ::prost::bytes::Buf,
                context: ::prost::encoding::DecodeContext,
            ) -> Result<(), ::prost::DecodeError> {
                self.0.merge_field(tag, wire_type, buffer, context)
            }

            fn encoded_len(&self) -> usize {
                self.0.encoded_len()
            }

            fn clear(&mut self) {
                self.0.clear();
            }
        }
    };
}
