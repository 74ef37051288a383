//! Sums of figures of a protocol, for bounds and contents of boxes: `issued_early + issued_station - returned`.

use recount_election::{AGAINST_ALL, Columns, Figures};

use crate::{Refusal, record};

/// A sum of lines, of `votes` (for all lists) and `against_all`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    terms: Vec<(bool, String)>,
    text: String,
}

impl Sum {
    /// Reads it.
    ///
    /// # Errors
    /// [`Refusal::Record`] for anything but names joined by `+` and `-`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let spaced = text.replace('+', " + ").replace('-', " - ");
        let (mut terms, mut plus, mut wanted) = (Vec::new(), true, true);
        for word in spaced.split_whitespace() {
            match (word, wanted) {
                ("+" | "-", false) => {
                    plus = word == "+";
                    wanted = true;
                }
                ("+" | "-", true) => return record(format!("`{text}`: a name is missing before `{word}`")),
                (name, true) => {
                    terms.push((plus, name.to_owned()));
                    wanted = false;
                }
                (name, false) => return record(format!("`{text}`: a sign is missing before `{name}`")),
            }
        }
        if wanted {
            return record(format!("`{text}` is not a sum of lines"));
        }
        let text = terms.iter().enumerate().map(|(at, (plus, name))| match (at, plus) {
            (0, true) => name.clone(),
            (_, true) => format!(" + {name}"),
            (_, false) => format!(" - {name}"),
        });
        Ok(Self { text: text.collect(), terms })
    }

    /// As written in plans.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Refuses names that the contest does not have.
    ///
    /// # Errors
    /// [`Refusal::Record`] with the lines that there are.
    pub fn check(&self, columns: &Columns) -> Result<(), Refusal> {
        for (_, name) in &self.terms {
            if name != "votes" && name != AGAINST_ALL && columns.line(name).is_none() {
                let known: Vec<&str> = columns.lines().map(|(_, code)| code).collect();
                return record(format!("there is no line `{name}`; known are votes, {}", known.join(", ")));
            }
        }
        Ok(())
    }

    /// Its value for one station; lines that the protocol leaves out count nothing. None: none is stated, or the
    /// sum is below zero or too large.
    pub fn value(&self, columns: &Columns, figures: &Figures) -> Option<u64> {
        let (mut sum, mut stated) = (0_i128, false);
        for (plus, name) in &self.terms {
            let value = if name == "votes" {
                let mut all = columns.lists().filter(|(_, id)| *id != AGAINST_ALL).peekable();
                all.peek()?;
                Some(all.filter_map(|(column, _)| figures.get(column)).map(i128::from).sum())
            } else if name == AGAINST_ALL {
                figures.votes(columns, AGAINST_ALL).map(i128::from)
            } else {
                figures.line(columns, name).map(i128::from)
            };
            let Some(value) = value else { continue };
            stated = true;
            sum = sum.checked_add(if *plus { value } else { -value })?;
        }
        stated.then(|| u64::try_from(sum).ok()).flatten()
    }
}
