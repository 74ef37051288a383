//! Identifiers of units, stations, lists, contests, lines and everything else that is named.

use thiserror::Error;

/// The longest identifier, in bytes.
pub const MAX_ID: usize = 64;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// The text is empty.
    #[error("an identifier may not be empty")]
    Empty,
    /// The text is longer than [`MAX_ID`] bytes.
    #[error("an identifier has at most {MAX_ID} characters, this one has {length}")]
    Long {
        /// Its length in bytes.
        length: usize,
    },
    /// A character outside `A-Z a-z 0-9 . _ : / -`.
    #[error(
        "the character {character:?} at position {position} of {id:?} is not allowed in an identifier; allowed are A-Z a-z 0-9 . _ : / -"
    )]
    Character {
        /// The text.
        id: String,
        /// The first character that is not allowed.
        character: char,
        /// Its position, counted in bytes from 0.
        position: usize,
    },
}

/// Whether `c` may stand in an identifier.
#[must_use]
pub const fn is_id_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '/' | '-')
}

/// Checks that `text` is an identifier: 1 to 64 characters of `A-Za-z0-9._:/-`.
///
/// # Errors
/// Which rule is violated, and where.
///
/// ```
/// use recount_election::check_id;
/// assert!(check_id("r01-t0001-u1").is_ok());
/// assert!(check_id("Чүй").is_err());
/// ```
pub fn check_id(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAX_ID {
        return Err(IdError::Long { length: text.len() });
    }
    match text.char_indices().find(|&(_, c)| !is_id_char(c)) {
        None => Ok(()),
        Some((position, character)) => Err(IdError::Character { id: text.to_owned(), character, position }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_exact() {
        assert_eq!(check_id(""), Err(IdError::Empty));
        assert_eq!(check_id(&"a".repeat(64)), Ok(()));
        assert_eq!(check_id(&"a".repeat(65)), Err(IdError::Long { length: 65 }));
        assert_eq!(check_id("A9._:/-"), Ok(()));
        let error = check_id("ab c").unwrap_err();
        assert!(matches!(error, IdError::Character { character: ' ', position: 2, .. }));
    }
}
