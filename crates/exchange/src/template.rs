//! Templates: how a map makes an identifier or a name from the cells of a row.
//!
//! ```text
//! "district-{district_id}"        text and the cell of a column
//! "{ubigeo|first:2}"              its first two characters
//! "{station_id|field:1:-}"        its first field, where "-" divides fields
//! "{country|slug}"                its letters without accents, in lower case: "cote-d-ivoire"
//! ```
//!
//! Filters may follow one another. A template without columns is a constant.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest template, in bytes.
const MAX_TEMPLATE: usize = 512;

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// A `{` without `}`, or a `}` without `{`.
    #[error("the braces of the template {0:?} do not match")]
    Braces(String),
    /// A `{}` without a column.
    #[error("the template {0:?} has braces without the name of a column")]
    NoColumn(String),
    /// A filter that does not exist, or with a wrong argument.
    #[error("{0:?} is no filter; there are first:N, field:N:SEPARATOR and slug")]
    Filter(String),
    /// The template is too long.
    #[error("a template has at most {MAX_TEMPLATE} characters")]
    Long,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Filter {
    First(usize),
    Field(usize, String),
    Slug,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Cell { column: String, filters: Vec<Filter> },
}

/// A parsed template. It is written and read as its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.len() > MAX_TEMPLATE {
            return Err(TemplateError::Long);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (before, after) = rest.split_once('{').unwrap_or((rest, ""));
            if before.contains('}') {
                return Err(TemplateError::Braces(text.to_owned()));
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            if before.len() == rest.len() {
                break;
            }
            let (inside, next) = after.split_once('}').ok_or_else(|| TemplateError::Braces(text.to_owned()))?;
            pieces.push(cell(inside, text)?);
            rest = next;
        }
        Ok(Self { text: text.to_owned(), pieces })
    }

    /// The template as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether every row gives the same.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.columns().next().is_none()
    }

    /// The columns that it reads.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Cell { column, .. } => Some(column.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// Fills the template in; `cell` gives the text of a column, or the error to return.
    ///
    /// # Errors
    /// The error of `cell`.
    pub fn fill<'a, E>(&self, mut cell: impl FnMut(&str) -> Result<&'a str, E>) -> Result<String, E> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Cell { column, filters } => {
                    let value = cell(column)?;
                    if filters.is_empty() {
                        filled.push_str(value);
                    } else {
                        filled.push_str(&filters.iter().fold(value.to_owned(), apply));
                    }
                }
            }
        }
        Ok(filled)
    }
}

fn cell(inside: &str, whole: &str) -> Result<Piece, TemplateError> {
    let mut parts = inside.split('|');
    let column = parts.next().unwrap_or("");
    if column.is_empty() || column.contains('{') {
        return Err(TemplateError::NoColumn(whole.to_owned()));
    }
    let filters = parts.map(filter).collect::<Result<_, _>>()?;
    Ok(Piece::Cell { column: column.to_owned(), filters })
}

fn filter(text: &str) -> Result<Filter, TemplateError> {
    let unknown = || TemplateError::Filter(text.to_owned());
    let number = |digits: &str| match digits.parse::<usize>() {
        Ok(number) if (1..=64).contains(&number) => Ok(number),
        _ => Err(unknown()),
    };
    match text.splitn(3, ':').collect::<Vec<_>>().as_slice() {
        ["slug"] => Ok(Filter::Slug),
        ["first", count] => number(count).map(Filter::First),
        ["field", position, separator] if !separator.is_empty() => {
            number(position).map(|position| Filter::Field(position, (*separator).to_owned()))
        }
        _ => Err(unknown()),
    }
}

fn apply(value: String, filter: &Filter) -> String {
    match filter {
        Filter::First(count) => value.chars().take(*count).collect(),
        Filter::Field(position, separator) => {
            let field = value.split(separator.as_str()).nth(position.saturating_sub(1));
            field.unwrap_or("").to_owned()
        }
        Filter::Slug => slug(&value),
    }
}

/// Letters without accents and digits, in lower case; everything else becomes one hyphen.
fn slug(value: &str) -> String {
    let mut slug = String::new();
    // ASCII has no marks to take off, and most names are ASCII.
    let bare: Box<dyn Iterator<Item = char>> = if value.is_ascii() {
        Box::new(value.chars())
    } else {
        Box::new(value.nfd().filter(|&c| !is_combining_mark(c)))
    };
    for c in bare {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str, cell: &str) -> String {
        let template = Template::parse(text).unwrap();
        template.fill(|_| Ok::<_, ()>(cell)).unwrap()
    }

    #[test]
    fn filters_cut_and_fold() {
        assert_eq!(fill("d-{a}.", "7"), "d-7.");
        assert_eq!(fill("{a|first:2}", "010203"), "01");
        assert_eq!(fill("{a|first:9}", "Чүй"), "Чүй");
        assert_eq!(fill("{a|field:2:-}", "r01-t0007-u3"), "t0007");
        assert_eq!(fill("{a|field:9:-}", "r01"), "");
        assert_eq!(fill("{a|slug}", "  Côte d'Ivoire "), "cote-d-ivoire");
        assert_eq!(fill("{a|slug}", "Бургас"), "");
        assert_eq!(fill("{a|field:1:/|slug}", "Ñu/x"), "nu");
        assert!(Template::parse("constant").unwrap().is_constant());
        let template = Template::parse("{a}{b|slug}").unwrap();
        assert_eq!(template.columns().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn errors_say_what_is_wrong() {
        assert!(matches!(Template::parse("{a"), Err(TemplateError::Braces(_))));
        assert!(matches!(Template::parse("a}"), Err(TemplateError::Braces(_))));
        assert!(matches!(Template::parse("{}"), Err(TemplateError::NoColumn(_))));
        assert!(matches!(Template::parse("{{a}}"), Err(TemplateError::NoColumn(_))));
        for filter in ["{a|upper}", "{a|first}", "{a|first:0}", "{a|first:65}", "{a|field:1:}"] {
            assert!(matches!(Template::parse(filter), Err(TemplateError::Filter(_))), "{filter}");
        }
        assert_eq!(Template::parse(&"a".repeat(513)), Err(TemplateError::Long));
    }
}
