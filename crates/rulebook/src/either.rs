//! Values that a rulebook writes in a short or a long form. Visited by hand, so that a mistake inside
//! keeps its place in the text.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};

/// A text, or a table.
pub enum TextOr<T> {
    Text(String),
    Other(T),
}

/// A whole number, or a table.
pub enum NumberOr<T> {
    Number(u64),
    Other(T),
}

struct OrVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for TextOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrVisitor::<TextOr<T>>(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for OrVisitor<TextOr<T>> {
    type Value = TextOr<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a table")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(TextOr::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Other)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for NumberOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrVisitor::<NumberOr<T>>(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for OrVisitor<NumberOr<T>> {
    type Value = NumberOr<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number that is not negative, or a table")
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        u64::try_from(number).map(NumberOr::Number).map_err(|_| E::custom("a number of seats is not negative"))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(NumberOr::Number(number))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(NumberOr::Other)
    }
}

/// A whole number, or a text.
pub enum NumberOrText {
    Number(u64),
    Text(String),
}

struct NumberOrTextVisitor;

impl<'de> Deserialize<'de> for NumberOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrTextVisitor)
    }
}

impl Visitor<'_> for NumberOrTextVisitor {
    type Value = NumberOrText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number that is not negative, or a text")
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        u64::try_from(number).map(NumberOrText::Number).map_err(|_| E::custom("the number is negative"))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(NumberOrText::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(NumberOrText::Text(text.to_owned()))
    }
}

/// A text, or a list of texts.
pub struct OneOrMore(pub Vec<String>);

struct OneOrMoreVisitor;

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMoreVisitor)
    }
}

impl<'de> Visitor<'de> for OneOrMoreVisitor {
    type Value = OneOrMore;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(OneOrMore(vec![text.to_owned()]))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(OneOrMore(texts))
    }
}

/// A table, or a list of tables.
pub struct OneOrMoreTables<T>(pub Vec<T>);

impl<T> Default for OneOrMoreTables<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMoreTables<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrVisitor::<OneOrMoreTables<T>>(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for OrVisitor<OneOrMoreTables<T>> {
    type Value = OneOrMoreTables<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table or a list of tables")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(OneOrMoreTables(vec![T::deserialize(MapAccessDeserializer::new(map))?]))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut tables = Vec::new();
        while let Some(table) = items.next_element()? {
            tables.push(table);
        }
        Ok(OneOrMoreTables(tables))
    }
}
