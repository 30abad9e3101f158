//! Tuples of options that are all there.

/// A tuple of `Option`s, up to eight.
pub trait AllPresent {
    /// The tuple without the `Option`s.
    type Values;

    /// All values, or `None` where one is absent.
    fn all_present(self) -> Option<Self::Values>;
}

macro_rules! all_present {
    ($($name:ident)+) => {
        impl<$($name),+> AllPresent for ($(Option<$name>,)+) {
            type Values = ($($name,)+);

            #[allow(non_snake_case)]
            fn all_present(self) -> Option<Self::Values> {
                let ($($name,)+) = self;
                Some(($($name?,)+))
            }
        }
    };
}

all_present!(A);
all_present!(A B);
all_present!(A B C);
all_present!(A B C D);
all_present!(A B C D E);
all_present!(A B C D E F);
all_present!(A B C D E F G);
all_present!(A B C D E F G H);
