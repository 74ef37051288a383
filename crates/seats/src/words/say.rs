//! Sentences that are values: an enum whose variants carry their sentence in every language.

use std::fmt::{self, Display, Formatter};

use super::Language;
use super::phrase;

/// Something that can be put into a sentence of any language.
pub(crate) trait Say {
    /// In this language.
    fn said(&self, language: Language) -> String;
}

impl Say for String {
    fn said(&self, _: Language) -> String {
        self.clone()
    }
}

impl Say for u64 {
    fn said(&self, language: Language) -> String {
        phrase::number(language, u128::from(*self))
    }
}

impl Say for usize {
    fn said(&self, language: Language) -> String {
        u64::try_from(*self).unwrap_or(u64::MAX).said(language)
    }
}

/// Ids that are named one after another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named(pub Vec<String>);

impl<'a> FromIterator<&'a String> for Named {
    fn from_iter<I: IntoIterator<Item = &'a String>>(ids: I) -> Self {
        Self(ids.into_iter().cloned().collect())
    }
}

impl Say for Named {
    fn said(&self, _: Language) -> String {
        self.to_string()
    }
}

impl Display for Named {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

/// Declares an enum of reasons: each variant with its sentence in every language. A language that is missing, or a
/// figure in braces that the variant does not hold, does not compile. What a variant holds is said in the
/// language asked. Its `Display` is the English sentence.
macro_rules! reasons {
    ($(#[$head:meta])* $name:ident { $(
        $(#[$meta:meta])* $variant:ident $(($($argument:ident: $kind:ty),*))? {
            en: $en:literal,
            ru: $ru:literal,
            ky: $ky:literal $(,)?
        }
    )* }) => {
        $(#[$head])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name { $( $(#[$meta])* $variant $(($($kind),*))? ),* }

        impl $name {
            /// The sentence in this language.
            pub fn say(&self, language: $crate::words::Language) -> String {
                match self { $(
                    Self::$variant $(($($argument),*))? => {
                        $($( let $argument = $crate::words::say::Say::said($argument, language); )*)?
                        match language {
                            $crate::words::Language::English => format!($en),
                            $crate::words::Language::Russian => format!($ru),
                            $crate::words::Language::Kyrgyz => format!($ky),
                        }
                    }
                )* }
            }
        }

        impl $crate::words::say::Say for $name {
            fn said(&self, language: $crate::words::Language) -> String {
                self.say(language)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.say($crate::words::Language::English))
            }
        }
    };
}
pub(crate) use reasons;
