//! BLT, the exchange format of STV programs: numbers, then names in quotation marks.
//!
//! ```text
//! 3 1            three candidates, one seat
//! -2             the second has withdrawn (optional)
//! 4 1 2 3 0      four papers that rank them 1, 2, 3
//! 2 3 0
//! 0              end of the papers
//! "Anna"
//! "Bek"
//! "Chinara"
//! "Title"
//! ```
//! Candidates are keyed by their names. `#` starts a comment. An id in brackets before a paper is read
//! over. Equal ranks (`1=2`), skipped ranks (`-`) and papers of a fractional weight are refused: no
//! count here gives them a meaning.

use super::ballots::{Ballots, RankedCandidate};
use super::{BallotsError, PaperFault};

impl Ballots {
    /// Reads a BLT text.
    ///
    /// # Errors
    /// [`BallotsError`] with the line.
    pub fn parse_blt(text: &str) -> Result<Self, BallotsError> {
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, before_comment(line).trim()));
        let mut lines = lines.by_ref().filter(|(_, line)| !line.is_empty());
        let (at, first) = lines.next().ok_or_else(|| BallotsError::whole(PaperFault::Empty))?;
        let head: Vec<u64> = numbers(at, first)?;
        let &[candidates, seats] = head.as_slice() else {
            return Err(BallotsError::at(at, PaperFault::Head));
        };
        let candidates = usize::try_from(candidates).ok().filter(|number| *number <= super::ballots::MOST_CANDIDATES);
        let candidates =
            candidates.ok_or_else(|| BallotsError::at(at, PaperFault::Candidates(super::ballots::MOST_CANDIDATES)))?;
        // Names come last, so papers are read under numbers first.
        let numbered = (1..=candidates).map(|number| RankedCandidate { id: number.to_string(), ..Default::default() });
        let mut ballots = Self::new(numbered.collect())?;
        let mut last = at;
        let mut ended = false;
        for (at, line) in lines.by_ref() {
            last = at;
            if line.starts_with('-') && !line.starts_with("- ") {
                withdrawn(&mut ballots, at, line)?;
            } else if paper(&mut ballots, at, line)? {
                ended = true;
                break;
            }
        }
        if !ended {
            return Err(BallotsError::at(last, PaperFault::NoEnd));
        }
        let mut names = Vec::new();
        for (at, line) in lines {
            names.extend(quoted(at, line)?.into_iter().map(|name| (at, name)));
        }
        named(ballots, names, seats, last)
    }

    /// Writes the papers as BLT, with `seats` (or those that were read, or 1). Reading it back gives
    /// the same papers in the same order, under the candidates' names.
    pub fn to_blt(&self, seats: Option<u64>) -> String {
        use std::fmt::Write;
        let mut text = format!("{} {}\n", self.candidates().len(), seats.or(self.seats).unwrap_or(1));
        for (place, _) in self.candidates().iter().enumerate().filter(|(_, candidate)| candidate.withdrawn) {
            let _ = writeln!(text, "-{}", place + 1);
        }
        for group in 0..self.groups() {
            let _ = write!(text, "{}", self.size(group));
            for who in self.ranking(group) {
                let _ = write!(text, " {}", usize::from(*who) + 1);
            }
            text.push_str(" 0\n");
        }
        text.push_str("0\n");
        let plain = |name: &str| name.replace(['"', '\n', '\r'], " ");
        for candidate in self.candidates() {
            let _ = writeln!(text, "\"{}\"", plain(&candidate.id));
        }
        if let Some(title) = &self.title {
            let _ = writeln!(text, "\"{}\"", plain(title));
        }
        text
    }
}

/// What stands before a `#` outside quotation marks.
fn before_comment(line: &str) -> &str {
    let mut inside = false;
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => inside = !inside,
            '#' if !inside => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    line
}

fn numbers(at: usize, line: &str) -> Result<Vec<u64>, BallotsError> {
    line.split_whitespace().map(|word| number(at, word)).collect()
}

fn number(at: usize, word: &str) -> Result<u64, BallotsError> {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|_| digits).ok_or_else(|| BallotsError::at(at, refusal_of(word)))
}

/// What is wrong with a word that is not a whole number.
fn refusal_of(word: &str) -> PaperFault {
    if word.contains('=') {
        PaperFault::Equal(word.to_owned())
    } else if word == "-" {
        PaperFault::Skip
    } else if word.contains('.') {
        PaperFault::Fractional(word.to_owned())
    } else {
        PaperFault::NotWhole(word.to_owned())
    }
}

fn withdrawn(ballots: &mut Ballots, at: usize, line: &str) -> Result<(), BallotsError> {
    if ballots.groups() > 0 {
        return Err(BallotsError::at(at, PaperFault::LateWithdrawal));
    }
    for word in line.split_whitespace() {
        let who = number(at, word.strip_prefix('-').unwrap_or(word))?;
        if !ballots.withdraw(&who.to_string()) {
            return Err(BallotsError::at(at, PaperFault::WithdrawnUnknown(who)));
        }
    }
    Ok(())
}

/// Reads one paper; true at the `0` that ends them.
fn paper(ballots: &mut Ballots, at: usize, line: &str) -> Result<bool, BallotsError> {
    if line.starts_with('"') {
        return Err(BallotsError::at(at, PaperFault::EarlyNames));
    }
    let mut line = line;
    if let Some(rest) = line.strip_prefix('(') {
        let (_, rest) = rest.split_once(')').ok_or_else(|| BallotsError::at(at, PaperFault::OpenBracket))?;
        line = rest;
    }
    let words = numbers(at, line)?;
    let (count, ranking) = match words.as_slice() {
        [0] => return Ok(true),
        [count, ranking @ .., 0] => (*count, ranking),
        _ => return Err(BallotsError::at(at, PaperFault::NoZero)),
    };
    // Position 0 would be candidate 1: a 0 inside wraps to a position that nobody has.
    let places = ranking.iter().map(|number| usize::try_from(*number).unwrap_or(usize::MAX).wrapping_sub(1));
    ballots.add_places(count, places).map_err(|error| error.on(at))?;
    Ok(false)
}

/// The texts in quotation marks on this line.
fn quoted(at: usize, line: &str) -> Result<Vec<String>, BallotsError> {
    let mut names = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let inside = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        let (name, after) = inside.ok_or_else(|| BallotsError::at(at, PaperFault::Unquoted))?;
        names.push(name.trim().to_owned());
        rest = after.trim_start();
    }
    Ok(names)
}

/// The same papers under the candidates' names.
fn named(numbered: Ballots, names: Vec<(usize, String)>, seats: u64, last: usize) -> Result<Ballots, BallotsError> {
    let standing = numbered.candidates().len();
    if names.len() != standing && names.len() != standing + 1 {
        return Err(BallotsError::at(last, PaperFault::Names(names.len(), standing)));
    }
    let mut names = names.into_iter();
    let mut ballots = Ballots::default();
    for (candidate, (at, name)) in numbered.candidates().iter().zip(names.by_ref()) {
        let renamed = RankedCandidate { id: name.clone(), name, withdrawn: candidate.withdrawn };
        ballots.stand(renamed).map_err(|error| error.on(at))?;
    }
    let title = names.next().map(|(_, title)| title);
    Ok(numbered.with_candidates_of(ballots, Some(seats), title))
}
