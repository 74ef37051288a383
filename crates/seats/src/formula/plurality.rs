//! Seats to those with most votes, with a limit on how many may share one value of an attribute.
//!
//! One goes down by votes; whoever would be one too many of their value is passed over (Kyrgyzstan
//! 2025: of three seats at most two to one gender). Equal votes are a tie only where they decide: a
//! group is seated whole if all of it fits. Where a limit binds inside a group, the draw goes seat by
//! seat, so that each draw is among those who can still be seated.

/// One who stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stander {
    /// Votes.
    pub votes: u64,
    /// The value of the limited attribute, by its number; none: no limit on this one.
    pub value: Option<usize>,
}

/// Who is elected.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Elected {
    /// By position, in the order of election.
    pub elected: Vec<usize>,
    /// Those who had the votes and were passed over because of the limit.
    pub passed_over: Vec<usize>,
    /// Those who were drawn by lot, of the elected.
    pub drawn: Vec<usize>,
    /// Seats that nobody can take.
    pub vacant: u64,
    /// Seats that an open tie holds back.
    pub open: u64,
}

/// A tie that nothing settles: who, and how many seats.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tied {
    pub between: Vec<usize>,
    pub seats: u64,
}

/// What is known about a tie: who is drawn (nobody: it stays open), or none: it must be asked.
pub(crate) type Settle<'a> = dyn FnMut(&[usize], u64) -> Option<Vec<usize>> + 'a;

/// Elects `seats` of those who stand; nobody without a vote is elected.
pub(crate) fn elect(
    standers: &[Stander],
    seats: u64,
    max_per_value: Option<u64>,
    settle: &mut Settle<'_>,
) -> Result<Elected, Tied> {
    let mut poll = Poll { standers, max_per_value, left: seats, result: Elected::default() };
    let mut order: Vec<usize> = (0..standers.len()).filter(|who| poll.votes(*who) > 0).collect();
    order.sort_by_key(|who| (std::cmp::Reverse(poll.votes(*who)), *who));
    let mut rest = order.as_slice();
    while let Some(first) = rest.first() {
        let size = rest.iter().take_while(|who| poll.votes(**who) == poll.votes(*first)).count();
        let (group, after) = rest.split_at_checked(size).unwrap_or((rest, &[]));
        rest = after;
        if poll.left == 0 || !poll.group(group.to_vec(), settle)? {
            break;
        }
    }
    poll.result.vacant = if poll.result.open == 0 { poll.left } else { 0 };
    Ok(poll.result)
}

struct Poll<'a> {
    standers: &'a [Stander],
    max_per_value: Option<u64>,
    left: u64,
    result: Elected,
}

impl Poll<'_> {
    fn votes(&self, who: usize) -> u64 {
        self.standers.get(who).map_or(0, |one| one.votes)
    }

    fn value(&self, who: usize) -> Option<usize> {
        self.standers.get(who).and_then(|one| one.value)
    }

    /// How many more of this value can be seated.
    fn room(&self, value: Option<usize>) -> u64 {
        let (Some(value), Some(most)) = (value, self.max_per_value) else {
            return u64::MAX;
        };
        let held = self.result.elected.iter().filter(|who| self.value(**who) == Some(value)).count();
        most.saturating_sub(u64::try_from(held).unwrap_or(u64::MAX))
    }

    /// Those of `group` of the same value as `who`.
    fn alike(&self, group: &[usize], who: usize) -> Vec<usize> {
        group.iter().copied().filter(|other| self.value(*other) == self.value(who)).collect()
    }

    /// Seats those of equal votes. False: a tie stays open, and nothing below it is known.
    fn group(&mut self, mut group: Vec<usize>, settle: &mut Settle<'_>) -> Result<bool, Tied> {
        loop {
            let (can, over): (Vec<usize>, Vec<usize>) = group.iter().partition(|who| self.room(self.value(**who)) > 0);
            self.result.passed_over.extend(over);
            if can.is_empty() || self.left == 0 {
                return Ok(true);
            }
            // Those whose value has room for fewer than there are.
            let bound: Vec<usize> = can
                .iter()
                .copied()
                .filter(|who| count(&self.alike(&can, *who)) > self.room(self.value(*who)))
                .collect();
            if self.capacity(&can) <= self.left {
                let sure: Vec<usize> = can.iter().copied().filter(|who| !bound.contains(who)).collect();
                self.seat(&sure);
                return self.each_value(bound, settle);
            }
            let seats = if bound.is_empty() { self.left } else { 1 };
            let Some(drawn) = self.draw(&can, seats, settle)? else {
                return Ok(false);
            };
            if bound.is_empty() {
                return Ok(true);
            }
            group = can.into_iter().filter(|who| !drawn.contains(who)).collect();
        }
    }

    /// How many of the group can be seated as far as the limit goes.
    fn capacity(&self, can: &[usize]) -> u64 {
        let mut sum = 0u64;
        for (place, who) in can.iter().enumerate() {
            let first = can.iter().position(|other| self.value(*other) == self.value(*who)) == Some(place);
            let alike = count(&self.alike(can, *who));
            sum = sum.saturating_add(if first { alike.min(self.room(self.value(*who))) } else { 0 });
        }
        sum
    }

    /// Those of one value compete only with each other.
    fn each_value(&mut self, mut bound: Vec<usize>, settle: &mut Settle<'_>) -> Result<bool, Tied> {
        let mut clear = true;
        while let Some(first) = bound.first() {
            let alike = self.alike(&bound, *first);
            bound.retain(|who| !alike.contains(who));
            let room = self.room(alike.first().and_then(|who| self.value(*who)));
            match self.draw(&alike, room, settle)? {
                Some(drawn) => self.result.passed_over.extend(alike.iter().filter(|who| !drawn.contains(who))),
                None => clear = false,
            }
        }
        Ok(clear)
    }

    /// Those drawn, seated; none: the tie stays open.
    fn draw(&mut self, between: &[usize], seats: u64, settle: &mut Settle<'_>) -> Result<Option<Vec<usize>>, Tied> {
        let Some(drawn) = settle(between, seats) else {
            return Err(Tied { between: between.to_vec(), seats });
        };
        if drawn.is_empty() {
            self.result.open = self.result.open.saturating_add(seats);
            self.left = self.left.saturating_sub(seats);
            return Ok(None);
        }
        self.seat(&drawn);
        self.result.drawn.extend(&drawn);
        Ok(Some(drawn))
    }

    fn seat(&mut self, who: &[usize]) {
        self.left = self.left.saturating_sub(count(who));
        self.result.elected.extend(who);
    }
}

fn count(of: &[usize]) -> u64 {
    u64::try_from(of.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standers(of: &[(u64, &str)]) -> Vec<Stander> {
        let value = |text: &str| ["m", "f"].iter().position(|known| *known == text);
        of.iter().map(|(votes, text)| Stander { votes: *votes, value: value(text) }).collect()
    }

    fn ask(standers: &[Stander], seats: u64, most: Option<u64>) -> Result<Elected, Tied> {
        elect(standers, seats, most, &mut |_, _| None)
    }

    #[test]
    fn the_limit_passes_over() {
        let three_men = standers(&[(9000, "m"), (8000, "m"), (7000, "m"), (1500, "f"), (1200, "f")]);
        let result = ask(&three_men, 3, Some(2)).unwrap();
        assert_eq!((result.elected, result.passed_over, result.vacant), (vec![0, 1, 3], vec![2], 0));
        let only_men = standers(&[(9000, "m"), (8000, "m"), (7000, "m")]);
        let result = ask(&only_men, 3, Some(2)).unwrap();
        assert_eq!((result.elected, result.vacant), (vec![0, 1], 1));
        assert_eq!(ask(&only_men, 3, None).unwrap().elected, [0, 1, 2]);
    }

    #[test]
    fn equal_votes_decide_only_where_they_must() {
        let four = standers(&[(50, ""), (40, ""), (40, ""), (40, "")]);
        assert_eq!(ask(&four, 4, None).unwrap().elected, [0, 1, 2, 3]);
        assert_eq!(ask(&four, 2, None), Err(Tied { between: vec![1, 2, 3], seats: 1 }));
        assert_eq!(ask(&four, 3, None), Err(Tied { between: vec![1, 2, 3], seats: 2 }));
        let drawn = elect(&four, 3, None, &mut |_, _| Some(vec![3, 1])).unwrap();
        assert_eq!((drawn.elected, drawn.drawn), (vec![0, 3, 1], vec![3, 1]));
        // Nobody without a vote is elected.
        assert_eq!(ask(&standers(&[(5, ""), (0, "")]), 2, None).unwrap().vacant, 1);
    }

    #[test]
    fn a_limit_inside_a_group_is_drawn_seat_by_seat() {
        // One man is seated; of the tied, one more man can be, and the woman is sure.
        let tied = standers(&[(9, "m"), (5, "m"), (5, "m"), (5, "f")]);
        assert_eq!(ask(&tied, 3, Some(2)), Err(Tied { between: vec![1, 2], seats: 1 }));
        let result = elect(&tied, 3, Some(2), &mut |_, _| Some(vec![2])).unwrap();
        assert_eq!((result.elected, result.passed_over, result.drawn), (vec![0, 3, 2], vec![1], vec![2]));
        // Two seats for three: whoever is drawn first changes who can be drawn next.
        let more = standers(&[(9, "m"), (9, "f"), (5, "m"), (5, "m"), (5, "f"), (5, "f")]);
        assert_eq!(ask(&more, 3, Some(2)), Err(Tied { between: vec![2, 3, 4, 5], seats: 1 }));
        let mut draws = vec![vec![2]];
        let result = elect(&more, 3, Some(2), &mut |_, _| draws.pop()).unwrap();
        assert_eq!((result.elected, result.vacant), (vec![0, 1, 2], 0));
        // An open tie holds its seats back.
        let open = elect(&more, 3, Some(2), &mut |_, _| Some(Vec::new())).unwrap();
        assert_eq!((open.elected, open.open, open.vacant), (vec![0, 1], 1, 0));
    }
}
