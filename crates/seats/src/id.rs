//! Shared short texts: ids, keys of laws, shares as written. A trace names the same few thousands of times.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A short text that is never changed and costs little to copy: the id of a list, unit or stage, the key of a
/// law, a share as the rulebook writes it. It reads, compares, sorts and serialises as its text.
#[derive(Clone)]
pub struct Id(Text);

/// Texts of this many bytes stand in the id itself: copies of them ask nobody. Most ids are that short.
const SHORT: usize = 22;

#[derive(Clone)]
enum Text {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(Arc<str>),
}

impl Id {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Short { .. } => std::str::from_utf8(self.bytes()).unwrap_or_default(),
            Text::Long(text) => text,
        }
    }

    /// The bytes of the text, which order as the text does.
    #[inline]
    fn bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Text::Long(text) => text.as_bytes(),
        }
    }

    /// This id if it has that text, else a new one: saves a copy where the same is asked again and again.
    pub(crate) fn again(&mut self, text: &str) -> Self {
        if self.bytes() != text.as_bytes() {
            *self = Self::from(text);
        }
        self.clone()
    }
}

impl Default for Id {
    #[inline]
    fn default() -> Self {
        Self::from("")
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

// Equality, order and hash of an id are those of its text.
impl PartialEq for Id {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Id {}

impl Ord for Id {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Id {
    #[inline]
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                Self(Text::Short { length, bytes })
            }
            _ => Self(Text::Long(text.into())),
        }
    }
}

impl From<&String> for Id {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.as_str().to_owned()
    }
}

impl PartialEq<str> for Id {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        self.bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Id {
    #[inline]
    fn eq(&self, other: &&str) -> bool {
        self.bytes() == other.as_bytes()
    }
}

impl PartialEq<String> for Id {
    fn eq(&self, other: &String) -> bool {
        self.bytes() == other.as_bytes()
    }
}

impl PartialEq<Id> for &str {
    fn eq(&self, other: &Id) -> bool {
        self.as_bytes() == other.bytes()
    }
}

impl PartialEq<Id> for String {
    fn eq(&self, other: &Id) -> bool {
        self.as_bytes() == other.bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_texts_are_alike() {
        let texts =
            ["", "a", "ab", "Кыргыз эли", "twenty-two bytes long!", "twenty-three bytes long", "я".repeat(40).as_str()]
                .map(str::to_owned);
        for (place, text) in texts.iter().enumerate() {
            let id = Id::from(text);
            assert_eq!(id.as_str(), text);
            assert_eq!(id.clone(), id);
            assert_eq!(String::from(id.clone()), *text);
            assert!(id == *text);
            assert!(id == text.as_str());
            assert!(*text == id);
            for (other_place, other) in texts.iter().enumerate() {
                assert_eq!(id.cmp(&Id::from(other)), text.cmp(other));
                assert_eq!(id == *other, place == other_place);
                assert_eq!(id.clone().again(other), *other);
            }
        }
        assert_eq!(size_of::<Id>(), 24);
        assert_eq!(size_of::<Option<Id>>(), 24);
    }
}
