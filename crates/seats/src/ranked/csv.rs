//! Preferences as a table: one line per group of papers, the preferences from left to right.
//!
//! ```text
//! count,1,2,3
//! 4,Anna,Bek,Chinara
//! 2,Chinara,,
//! ```
//! The header is `count` and the ranks from 1 on; without `count` every line is one paper. Empty cells
//! end a ranking: a gap before another preference is refused. Cells may stand in quotation marks.
//! Candidates are those who are named, in the order of their first mention.

use super::ballots::{Ballots, RankedCandidate};
use super::{BallotsError, PaperFault};

impl Ballots {
    /// Reads a CSV table of preferences.
    ///
    /// # Errors
    /// [`BallotsError`] with the line.
    pub fn parse_csv(text: &str) -> Result<Self, BallotsError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
        let mut lines = lines.by_ref().filter(|(_, line)| !line.trim().is_empty());
        let (at, header) = lines.next().ok_or_else(|| BallotsError::whole(PaperFault::Empty))?;
        let header = cells(at, header)?;
        let counted = header.first().is_some_and(|cell| cell == "count");
        let ranks = header.len() - usize::from(counted);
        let in_order =
            header.iter().skip(usize::from(counted)).enumerate().all(|(rank, cell)| *cell == (rank + 1).to_string());
        if ranks == 0 || !in_order {
            return Err(BallotsError::at(at, PaperFault::Header));
        }
        let mut ballots = Self::default();
        for (at, line) in lines {
            let cells = cells(at, line)?;
            if cells.len() > header.len() {
                return Err(BallotsError::at(at, PaperFault::Cells(cells.len(), header.len())));
            }
            let mut cells = cells.into_iter();
            let count = if counted { whole(at, &cells.next().unwrap_or_default())? } else { 1 };
            let ranking = ranking(at, cells)?;
            paper(&mut ballots, count, ranking).map_err(|error| error.on(at))?;
        }
        Ok(ballots)
    }
}

fn whole(at: usize, cell: &str) -> Result<u64, BallotsError> {
    let digits = cell.bytes().all(|byte| byte.is_ascii_digit());
    cell.parse().ok().filter(|_| digits).ok_or_else(|| BallotsError::at(at, PaperFault::NotPapers(cell.to_owned())))
}

/// The preferences up to the first empty cell.
fn ranking(at: usize, cells: impl Iterator<Item = String>) -> Result<Vec<String>, BallotsError> {
    let mut ranking = Vec::new();
    let mut ended = false;
    for cell in cells {
        if cell.is_empty() {
            ended = true;
        } else if ended {
            return Err(BallotsError::at(at, PaperFault::Gap(cell)));
        } else {
            ranking.push(cell);
        }
    }
    Ok(ranking)
}

fn paper(ballots: &mut Ballots, count: u64, ranking: Vec<String>) -> Result<(), BallotsError> {
    let mut places = Vec::with_capacity(ranking.len());
    for id in ranking {
        places.push(match ballots.place(&id) {
            Some(place) => place,
            None => ballots.stand(RankedCandidate { name: id.clone(), id, withdrawn: false })?,
        });
    }
    ballots.add_places(count, places)
}

/// The cells of one line; a doubled quotation mark inside quotation marks is one.
fn cells(at: usize, line: &str) -> Result<Vec<String>, BallotsError> {
    let mut cells = Vec::new();
    let mut rest = line.trim_end_matches('\r');
    loop {
        let (cell, after) = match rest.trim_start().strip_prefix('"') {
            Some(inside) => quoted(at, inside)?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (cell, after) = rest.split_at(end);
                (cell.trim().to_owned(), after)
            }
        };
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(cells),
            None => return Err(BallotsError::at(at, PaperFault::AfterQuote)),
        }
    }
}

/// The cell that starts after its quotation mark, and what follows it.
fn quoted(at: usize, inside: &str) -> Result<(String, &str), BallotsError> {
    let mut cell = String::new();
    let mut rest = inside;
    loop {
        let (part, after) = rest.split_once('"').ok_or_else(|| BallotsError::at(at, PaperFault::OpenQuote))?;
        cell.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Ok((cell.trim().to_owned(), after.trim_start())),
        }
    }
}
