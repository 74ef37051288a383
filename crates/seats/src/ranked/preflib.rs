//! PrefLib (preflib.github.io): `.soc` and `.soi`, strict orders, complete or not.
//!
//! Lines `# ALTERNATIVE NAME 1: Anna` name the candidates; each other line is `count: 1,3,2`. Other
//! `#` lines are read over, except that `# TITLE:` gives the title and `# NUMBER VOTERS:` must agree.
//! Ties in braces (`.toc`, `.toi`) are refused: no count here gives equal ranks a meaning.

use super::ballots::{Ballots, RankedCandidate};
use super::{BallotsError, PaperFault};

impl Ballots {
    /// Reads a PrefLib text. Candidates are keyed by their names.
    ///
    /// # Errors
    /// [`BallotsError`] with the line.
    pub fn parse_preflib(text: &str) -> Result<Self, BallotsError> {
        let mut ballots = Self::default();
        let mut voters = None;
        for (at, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
            if line.is_empty() {
                continue;
            }
            match line.strip_prefix('#') {
                Some(fact) => fact_line(&mut ballots, &mut voters, at, fact.trim())?,
                None => paper(&mut ballots, at, line)?,
            }
        }
        if ballots.candidates().is_empty() {
            return Err(BallotsError::whole(PaperFault::NoAlternatives));
        }
        match voters {
            Some((at, voters)) if voters != ballots.papers() => {
                Err(BallotsError::at(at, PaperFault::Voters(voters, ballots.papers())))
            }
            _ => Ok(ballots),
        }
    }
}

fn fact_line(
    ballots: &mut Ballots,
    voters: &mut Option<(usize, u64)>,
    at: usize,
    fact: &str,
) -> Result<(), BallotsError> {
    let Some((key, value)) = fact.split_once(':') else { return Ok(()) };
    let value = value.trim();
    if let Some(number) = key.trim().strip_prefix("ALTERNATIVE NAME") {
        let expected = ballots.candidates().len() + 1;
        if number.trim().parse() != Ok(expected) {
            return Err(BallotsError::at(at, PaperFault::Alternative(expected)));
        }
        if ballots.groups() > 0 {
            return Err(BallotsError::at(at, PaperFault::LateNames));
        }
        let candidate = RankedCandidate { id: value.to_owned(), name: value.to_owned(), withdrawn: false };
        return ballots.stand(candidate).map(drop).map_err(|error| error.on(at));
    }
    match key.trim() {
        "TITLE" => ballots.title = Some(value.to_owned()).filter(|title| !title.is_empty()),
        "NUMBER VOTERS" => {
            let number = value.parse().map_err(|_| BallotsError::at(at, PaperFault::NotVoters(value.to_owned())))?;
            *voters = Some((at, number));
        }
        _ => {}
    }
    Ok(())
}

fn paper(ballots: &mut Ballots, at: usize, line: &str) -> Result<(), BallotsError> {
    if line.contains(['{', '}']) {
        return Err(BallotsError::at(at, PaperFault::Braces));
    }
    let (count, ranking) = line.split_once(':').ok_or_else(|| BallotsError::at(at, PaperFault::NoColon))?;
    let whole = |word: &str| {
        let word = word.trim();
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        word.parse::<u64>()
            .ok()
            .filter(|_| digits)
            .ok_or_else(|| BallotsError::at(at, PaperFault::NotWhole(word.to_owned())))
    };
    let places: Vec<usize> = ranking
        .split(',')
        .map(|word| whole(word).map(|number| usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1)))
        .collect::<Result<_, _>>()?;
    ballots.add_places(whole(count)?, places).map_err(|error| error.on(at))
}
