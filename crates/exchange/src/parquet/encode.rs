//! The values of a chunk as bytes: plain, or a dictionary with indices, whichever is smaller.

use std::collections::HashMap;

use super::column::Physical;
use super::hybrid;

/// Longer texts are left out of the statistics.
const STATISTIC_BYTES: usize = 64;

/// Values of one column that wait for their group to be full.
#[derive(Debug)]
pub(super) enum Held {
    Text { bytes: Vec<u8>, ends: Vec<usize> },
    Integer(Vec<i64>),
    Boolean(Vec<bool>),
}

/// Distinct values in order of first appearance, and the index of each value among them.
fn dictionary<T: std::hash::Hash + Eq + Copy>(values: impl Iterator<Item = T>) -> (Vec<T>, Vec<u32>) {
    let mut known: HashMap<T, u32> = HashMap::new();
    let mut distinct = Vec::new();
    let mut indices = Vec::new();
    for value in values {
        // A group has far fewer rows than there are numbers.
        let next = u32::try_from(distinct.len()).unwrap_or(u32::MAX);
        let index = *known.entry(value).or_insert(next);
        if index == next {
            distinct.push(value);
        }
        indices.push(index);
    }
    (distinct, indices)
}

/// The values of a chunk, encoded: the dictionary page if one pays, and the data.
pub(super) struct Encoded {
    /// How many values the dictionary has, and its page.
    pub dictionary: Option<(usize, Vec<u8>)>,
    /// Plain values, or indices with their width before them.
    pub data: Vec<u8>,
    /// The least and the greatest value.
    pub range: Option<(Vec<u8>, Vec<u8>)>,
}

impl Encoded {
    /// The smaller of plain values and a dictionary with indices.
    fn smaller(plain: Vec<u8>, entries: usize, entry_bytes: Vec<u8>, indices: &[u32]) -> Encoded {
        let width = hybrid::width_of(entries);
        let mut data = vec![u8::try_from(width).unwrap_or(32)];
        hybrid::encode(indices, width, &mut data);
        if indices.is_empty() || data.len() + entry_bytes.len() >= plain.len() {
            return Encoded { dictionary: None, data: plain, range: None };
        }
        Encoded { dictionary: Some((entries, entry_bytes)), data, range: None }
    }
}

impl Held {
    /// Nothing yet.
    pub fn of(physical: Physical) -> Held {
        match physical {
            Physical::Text => Held::Text { bytes: Vec::new(), ends: Vec::new() },
            Physical::Integer | Physical::Decimal(_) => Held::Integer(Vec::new()),
            Physical::Boolean => Held::Boolean(Vec::new()),
        }
    }

    /// The values, which are held no longer.
    pub fn encode(&mut self) -> Encoded {
        match self {
            Held::Integer(held) => encode_integers(&std::mem::take(held)),
            Held::Boolean(held) => encode_booleans(&std::mem::take(held)),
            Held::Text { bytes, ends } => encode_texts(&std::mem::take(bytes), &std::mem::take(ends)),
        }
    }
}

fn encode_integers(values: &[i64]) -> Encoded {
    let (distinct, indices) = dictionary(values.iter().copied());
    let range = values.iter().min().zip(values.iter().max());
    let bytes_of = |values: &[i64]| values.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let range = range.map(|(least, most)| (least.to_le_bytes().to_vec(), most.to_le_bytes().to_vec()));
    Encoded { range, ..Encoded::smaller(bytes_of(values), distinct.len(), bytes_of(&distinct), &indices) }
}

fn encode_booleans(values: &[bool]) -> Encoded {
    let packed =
        values.chunks(8).map(|eight| eight.iter().enumerate().fold(0u8, |byte, (n, yes)| byte | (u8::from(*yes) << n)));
    let range = values.iter().min().zip(values.iter().max());
    let range = range.map(|(least, most)| (vec![u8::from(*least)], vec![u8::from(*most)]));
    Encoded { dictionary: None, data: packed.collect(), range }
}

fn encode_texts(bytes: &[u8], ends: &[usize]) -> Encoded {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let texts: Vec<&[u8]> = starts.zip(ends).map(|(from, to)| bytes.get(from..*to).unwrap_or_default()).collect();
    let (distinct, indices) = dictionary(texts.iter().copied());
    // A group holds some megabytes of text, so that each length fits four bytes.
    let length = |text: &[u8]| u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
    let bytes_of = |texts: &[&[u8]]| {
        let mut all = Vec::new();
        for text in texts {
            all.extend(length(text));
            all.extend_from_slice(text);
        }
        all
    };
    // The order of UTF-8 bytes is the order that readers assume.
    let range = distinct.iter().min().zip(distinct.iter().max());
    let range = range.filter(|(least, most)| least.len().max(most.len()) <= STATISTIC_BYTES);
    let range = range.map(|(least, most)| (least.to_vec(), most.to_vec()));
    Encoded { range, ..Encoded::smaller(bytes_of(&texts), distinct.len(), bytes_of(&distinct), &indices) }
}
