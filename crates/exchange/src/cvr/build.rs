//! Puts cards together: names become places, votes come in the order of the contests.

use std::collections::HashMap;

use super::{Card, CastVotes, Contest, CvrError, Mark, Vote, form};

/// The most contests, choices of one, batches or styles.
const NAMES_MAX: usize = 1 << 20;

/// Names with places, in order of first appearance.
#[derive(Debug, Default)]
struct Names {
    places: HashMap<String, u32>,
}

impl Names {
    /// The place of a name, and whether it is new.
    fn place(&mut self, name: &str) -> Result<(u32, bool), CvrError> {
        if let Some(at) = self.places.get(name) {
            return Ok((*at, false));
        }
        match u32::try_from(self.places.len()) {
            Ok(at) if self.places.len() < NAMES_MAX => {
                self.places.insert(name.to_owned(), at);
                Ok((at, true))
            }
            _ => form(format!("they hold more than {NAMES_MAX} different names")),
        }
    }
}

/// Cast-vote records that are being read.
#[derive(Debug, Default)]
pub(super) struct Builder {
    own: CastVotes,
    contests: Names,
    choices: Vec<Names>,
    batches: Names,
    styles: Names,
}

impl Builder {
    /// The place of a contest, which is entered if it is new.
    pub fn contest(&mut self, name: &str) -> Result<u32, CvrError> {
        let (at, is_new) = self.contests.place(name)?;
        if is_new {
            self.own.contests.push(Contest { name: name.to_owned(), ..Contest::default() });
            self.choices.push(Names::default());
        }
        Ok(at)
    }

    /// Says how many choices may be marked.
    pub fn vote_for(&mut self, contest: u32, n: Option<u32>) {
        if let Some(contest) = self.own.contests.get_mut(contest as usize) {
            contest.vote_for = contest.vote_for.or(n);
        }
    }

    /// How many choices may be marked, where it was said.
    pub fn allowed(&self, contest: u32) -> Option<u32> {
        self.own.contests.get(contest as usize)?.vote_for
    }

    /// The place of a choice in its contest, which is entered if it is new.
    pub fn choice(&mut self, contest: u32, name: &str) -> Result<u32, CvrError> {
        let (Some(names), Some(own)) =
            (self.choices.get_mut(contest as usize), self.own.contests.get_mut(contest as usize))
        else {
            return form("a choice of a contest that is not there");
        };
        let (at, is_new) = names.place(name)?;
        if is_new {
            own.choices.push(name.to_owned());
        }
        Ok(at)
    }

    /// Begins a card; empty names of batch and style stand for none.
    pub fn card(&mut self, id: &str, batch: &str, style: &str) -> Result<(), CvrError> {
        let batch = place(&mut self.batches, &mut self.own.batches, batch)?;
        let style = place(&mut self.styles, &mut self.own.styles, style)?;
        self.own.cards.push(Card { id: id.to_owned(), batch, style, votes: Vec::new() });
        Ok(())
    }

    /// Adds what the last card says in a contest.
    pub fn vote(&mut self, contest: u32, mut marks: Vec<Mark>, overvoted: bool) {
        marks.sort_by_key(|mark| (mark.rank, mark.choice));
        if let Some(card) = self.own.cards.last_mut() {
            card.votes.push(Vote { contest, marks: marks.into(), overvoted });
        }
    }

    /// The last card.
    pub fn last(&self) -> Option<&Card> {
        self.own.cards.last()
    }

    /// All of it.
    pub fn finish(mut self) -> Result<CastVotes, CvrError> {
        for card in &mut self.own.cards {
            card.votes.sort_by_key(|vote| vote.contest);
            if card.votes.windows(2).any(|pair| matches!(pair, [a, b] if a.contest == b.contest)) {
                return form(format!("card {:?} holds a contest twice", card.id));
            }
            card.votes.shrink_to_fit();
        }
        Ok(self.own)
    }
}

fn place(names: &mut Names, list: &mut Vec<String>, name: &str) -> Result<Option<u32>, CvrError> {
    if name.is_empty() {
        return Ok(None);
    }
    let (at, is_new) = names.place(name)?;
    if is_new {
        list.push(name.to_owned());
    }
    Ok(Some(at))
}

/// A mark without rank.
pub(super) const fn mark(choice: u32) -> Mark {
    Mark { choice, rank: 1 }
}
