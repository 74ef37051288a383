//! Lists with votes, share, admission and seats.

use std::cmp::Reverse;

use recount_election::AGAINST_ALL;
use recount_seats::{Admission, ContestKind, Margin, Move, Outcome, Turning};
use recount_tally::base;
use recount_tally::claim::ContestIx;
use recount_tally::fold::ContestState;

use super::Fill;
use crate::data::{Cell, Column, DataError, Rows, Source};

pub(super) fn table(source: Source<'_>) -> (Vec<Column>, Fill<'_>) {
    let columns = vec![
        super::contest_column(),
        Column::text("list", "Identifier of the list or candidate; against_all: votes against all of them.").always(),
        Column::text("name", "Its name.").always(),
        Column::count("votes", "votes", "Votes in the whole; absent where nobody stated any."),
        Column::text(
            "share_of",
            "What the share is a share of: the first base that the law asks about, by the rulebook's word.",
        ),
        Column::count("denominator", "votes", "The value of that base."),
        Column::text("share", "Votes over denominator as an exact fraction, not reduced."),
        Column::decimal("percent", "percent", "The share in percent, rounded half up at six digits."),
        Column::flag("admitted", "Whether it may receive seats, by the last stage of admission that asks about it."),
        Column::count(
            "admission_margin",
            "votes",
            "By how many votes it passes the narrowest test of the whole, the base being fixed; negative: how many it lacks.",
        ),
        Column::count("seats", "seats", "Seats by every stage of the law; of candidates see the table of members."),
        Column::count(
            "votes_to_gain_a_seat",
            "votes",
            "How few new votes would give it one more seat for certain; absent where none would or it was not computed.",
        ),
        Column::count(
            "votes_to_lose_a_seat",
            "votes",
            "How few of its voters staying away would take a seat from it; absent where none would or it was not computed.",
        ),
        Column::count("expected", "stations", "Stations of the contest.").always(),
        Column::count("received", "stations", "Stations from which something was received.").always(),
        Column::count("countable", "stations", "Stations that the votes are the sum of.").always(),
    ];
    (columns, Box::new(move |rows| fill(&source, rows)))
}

fn fill(source: &Source<'_>, rows: &mut dyn Rows) -> Result<(), DataError> {
    source.each_contest().try_for_each(|(ix, state)| contest(source, ix, state, rows))
}

fn contest<'a>(
    source: &Source<'a>,
    ix: ContestIx,
    state: &'a ContestState,
    rows: &mut dyn Rows,
) -> Result<(), DataError> {
    let register = source.fold.ledger().register();
    let Some(root) = register.geography().root() else { return Ok(()) };
    let Some(total) = source.fold.total_of_unit(ix, source.view, root)? else { return Ok(()) };
    let base = base::of(source.fold, ix, &total.sums).into_iter().next();
    let names = register.all_lists(&state.id);
    let name = |id: &str| names.iter().find(|list| list.id == id).map(|list| list.name.as_str());
    let mut lists: Vec<(&str, Option<u64>)> =
        state.columns.lists().map(|(column, id)| (id, total.sums.at(column.index()))).collect();
    lists.sort_by_key(|(_, votes)| Reverse(*votes));
    for (id, votes) in lists {
        let shared = base.as_ref().filter(|base| id != AGAINST_ALL || base.with_against_all);
        let denominator = shared.and_then(|base| base.value);
        let share = votes.zip(denominator);
        let of = Of::new(source, &state.id, id);
        rows.row(&[
            Cell::text(state.id.as_str()),
            Cell::text(id),
            Cell::text(name(id).unwrap_or(if id == AGAINST_ALL { "against all" } else { id })),
            Cell::figure(votes),
            Cell::maybe(shared, |base| Cell::text(base.key.clone())),
            Cell::figure(denominator),
            Cell::maybe(share, |(votes, base)| Cell::text(format!("{votes}/{base}"))),
            Cell::maybe(share, |(votes, base)| Cell::percent(votes, base)),
            Cell::maybe(of.admission(), |own| Cell::Flag(own.admitted)),
            Cell::maybe(of.narrowest(), Cell::number),
            Cell::figure(of.seats()),
            Cell::figure(of.turns(&Turning::GainsSeat, &Move::GainedNew)),
            Cell::figure(of.turns(&Turning::LosesSeat, &Move::LostBaseFalls)),
            Cell::number(total.coverage.expected),
            Cell::number(total.coverage.received),
            Cell::number(total.coverage.countable),
        ])?;
    }
    Ok(())
}

/// What the outcome says of one list; nothing of candidates, whose identifiers may be those of lists too.
struct Of<'a> {
    outcome: Option<&'a Outcome>,
    list: &'a str,
    whole: &'a str,
}

impl<'a> Of<'a> {
    fn new(source: &Source<'a>, contest: &str, list: &'a str) -> Of<'a> {
        let law = source.fold.law();
        let kind = law.and_then(|law| law.rulebook.contests.get(contest)).map(|contest| contest.kind);
        let geography = source.fold.ledger().register().geography();
        let whole = geography.root().and_then(|root| geography.unit(root)).map_or("", |unit| &unit.id);
        Of { outcome: source.outcome.filter(|_| kind == Some(ContestKind::List)), list, whole }
    }

    fn admission(&self) -> Option<&'a Admission> {
        self.outcome?.admission.iter().rfind(|own| own.list == self.list)
    }

    fn narrowest(&self) -> Option<i64> {
        let tests = self.admission()?.tests.iter().filter(|test| test.unit == self.whole && test.needed > 0);
        tests.map(|test| test.margin).min()
    }

    fn seats(&self) -> Option<u64> {
        self.outcome?.seats.get(self.list).copied()
    }

    fn turns(&self, turning: &Turning, by: &Move) -> Option<u64> {
        let own = |margin: &&Margin| margin.list == self.list && margin.turning == *turning && margin.by == *by;
        self.outcome?.margins.iter().find(own)?.votes
    }
}
