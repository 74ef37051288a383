//! Controls checked per second, their names looked up once per contest.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use divan::Bencher;
use divan::counter::ItemsCount;
use recount_election::{Check, Columns, Figures, Formula};

const LINES: [&str; 7] = ["received", "early", "issued", "outside", "cancelled", "lost", "unaccounted"];

fn main() {
    divan::main();
}

/// The longest control of the post-Soviet protocol on 1,000 protocols.
#[divan::bench]
fn ballots_balance(bencher: Bencher<'_, '_>) {
    let columns = Columns::new("c", LINES, ["a", "b"]).unwrap();
    let protocols: Vec<Figures> = (0..1_000_u64)
        .map(|n| {
            let mut figures = Figures::absent(&columns);
            for (line, figure) in LINES.iter().zip([n + 20, 1, n, 2, 17, 0, 0]) {
                figures.set_named(&columns, line, figure).unwrap();
            }
            figures
        })
        .collect();
    let formula = "received = early + issued + outside + cancelled + lost - unaccounted";
    let bound = Formula::parse(formula).unwrap().bind(&columns);
    bencher
        .counter(ItemsCount::new(protocols.len()))
        .bench(|| protocols.iter().filter(|figures| bound.check(figures) == Check::Holds).count());
}
