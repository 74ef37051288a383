//! Who of one list's candidates takes its seats: the first in an order, with seats reserved for those
//! who have an attribute. Equal rank across the last seat is a tie.

use super::plurality::{Settle, Tied};

/// One candidate, in the order of seating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InOrder {
    /// Candidates of equal rank have equal numbers; smaller comes first.
    pub rank: u64,
    /// Whether a seat may be reserved for this one.
    pub reserved_for: bool,
}

/// Who is seated, by position, and how many seats stay open or empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seated {
    /// In the order of seating.
    pub who: Vec<usize>,
    /// Of them, those who would not be seated without the reservation.
    pub by_reservation: Vec<usize>,
    /// Of them, those drawn by lot.
    pub drawn: Vec<usize>,
    /// Seats that nobody is left for.
    pub vacant: u64,
    /// Seats that an open tie holds back.
    pub open: u64,
}

/// Seats the first `seats` of those in order, among them at least `reserve` for whom seats are
/// reserved, as far as there are so many.
pub(crate) fn seat(order: &[InOrder], seats: u64, reserve: u64, settle: &mut Settle<'_>) -> Result<Seated, Tied> {
    let all: Vec<usize> = (0..order.len()).collect();
    let (sure, _, _) = first(order, &all, seats);
    let reserved = |who: &usize| order.get(*who).is_some_and(|one| one.reserved_for);
    let among = count(&sure.iter().copied().filter(|who| reserved(who)).collect::<Vec<_>>());
    let mut seated = Seated::default();
    if among < reserve.min(seats) {
        let those: Vec<usize> = all.iter().copied().filter(reserved).collect();
        take(order, &those, reserve.min(seats), settle, &mut seated)?;
    }
    let rest: Vec<usize> = all.into_iter().filter(|who| !seated.who.contains(who)).collect();
    let before = count(&seated.who).saturating_add(seated.open);
    take(order, &rest, seats.saturating_sub(before), settle, &mut seated)?;
    seated.vacant = seats.saturating_sub(count(&seated.who).saturating_add(seated.open));
    let plain = count(&seated.who);
    seated.by_reservation = match before {
        0 => Vec::new(),
        // Those whose place in the order is behind as many as there are seats.
        _ => seated.who.iter().copied().filter(|who| u64::try_from(*who).is_ok_and(|place| place >= plain)).collect(),
    };
    seated.by_reservation.retain(reserved);
    seated.who.sort_by_key(|who| order.get(*who).map(|one| (one.rank, *who)));
    Ok(seated)
}

/// The first `seats` of some in order: those who are sure, those tied for the rest, and how many that is.
fn first(order: &[InOrder], of: &[usize], seats: u64) -> (Vec<usize>, Vec<usize>, u64) {
    let number = usize::try_from(seats).unwrap_or(usize::MAX);
    let rank = |who: &usize| order.get(*who).map(|one| one.rank);
    let (Some(last), Some(next)) = (number.checked_sub(1).and_then(|last| of.get(last)), of.get(number)) else {
        return (of.iter().copied().take(number).collect(), Vec::new(), 0);
    };
    let edge = rank(last);
    if edge != rank(next) {
        return (of.iter().copied().take(number).collect(), Vec::new(), 0);
    }
    let sure: Vec<usize> = of.iter().copied().take_while(|who| rank(who) != edge).collect();
    let left = seats.saturating_sub(count(&sure));
    (sure, of.iter().copied().filter(|who| rank(who) == edge).collect(), left)
}

fn take(order: &[InOrder], of: &[usize], seats: u64, settle: &mut Settle<'_>, seated: &mut Seated) -> Result<(), Tied> {
    let (sure, between, left) = first(order, of, seats);
    seated.who.extend(sure);
    if between.is_empty() {
        return Ok(());
    }
    let drawn = settle(&between, left).ok_or(Tied { between, seats: left })?;
    if drawn.is_empty() {
        seated.open = seated.open.saturating_add(left);
    }
    seated.who.extend(&drawn);
    seated.drawn.extend(&drawn);
    Ok(())
}

fn count(of: &[usize]) -> u64 {
    u64::try_from(of.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(of: &[(u64, char)]) -> Vec<InOrder> {
        of.iter().map(|(rank, sex)| InOrder { rank: *rank, reserved_for: *sex == 'f' }).collect()
    }

    fn ask(order: &[InOrder], seats: u64, reserve: u64) -> Result<Seated, Tied> {
        seat(order, seats, reserve, &mut |_, _| None)
    }

    #[test]
    fn reserved_seats_take_the_last_places_of_the_others() {
        let list = order(&[(1, 'm'), (2, 'm'), (3, 'f'), (4, 'm'), (5, 'f'), (6, 'f')]);
        assert_eq!(ask(&list, 3, 0).unwrap().who, [0, 1, 2]);
        assert_eq!(ask(&list, 3, 1).unwrap().who, [0, 1, 2]);
        let two = ask(&list, 3, 2).unwrap();
        assert_eq!((two.who, two.by_reservation), (vec![0, 2, 4], vec![4]));
        // Not so many stand: the others take the rest.
        let four = ask(&list, 5, 4).unwrap();
        assert_eq!((four.who, four.by_reservation, four.vacant), (vec![0, 1, 2, 4, 5], vec![5], 0));
        assert_eq!(ask(&list, 8, 1).unwrap().vacant, 2);
    }

    #[test]
    fn equal_rank_is_a_tie_only_across_the_last_seat() {
        let list = order(&[(1, 'm'), (2, 'm'), (2, 'f'), (2, 'm')]);
        assert_eq!(ask(&list, 4, 0).unwrap().who, [0, 1, 2, 3]);
        assert_eq!(ask(&list, 2, 0), Err(Tied { between: vec![1, 2, 3], seats: 1 }));
        // The reserved seat is sure, so the tie is about the rest.
        assert_eq!(ask(&list, 2, 1).unwrap().who, [0, 2]);
        let drawn = seat(&list, 3, 0, &mut |_, _| Some(vec![3, 2])).unwrap();
        assert_eq!((drawn.who, drawn.drawn), (vec![0, 2, 3], vec![3, 2]));
        let open = seat(&list, 3, 0, &mut |_, _| Some(Vec::new())).unwrap();
        assert_eq!((open.who, open.open, open.vacant), (vec![0], 2, 0));
    }
}
