//! Figures and columns: absent is not zero, sums are checked, nothing changes on error.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use recount_election::{Columns, ColumnsError, FigureError, Figures, MAX_FIGURE};

const LINES: [&str; 3] = ["registered", "valid", "invalid"];
const LISTS: [&str; 2] = ["a", "against_all"];

fn columns() -> Columns {
    Columns::new("president", LINES, LISTS).unwrap()
}

fn figures(columns: &Columns, values: &[Option<u64>]) -> Figures {
    let mut figures = Figures::absent(columns);
    let all = columns.lines().chain(columns.lists());
    for ((column, _), value) in all.zip(values) {
        if let Some(value) = value {
            figures.set(column, *value).unwrap();
        }
    }
    figures
}

#[test]
fn absent_is_not_zero() {
    let columns = columns();
    let mut figures = Figures::absent(&columns);
    assert_eq!(figures.line(&columns, "valid"), None);
    figures.set_named(&columns, "valid", 0).unwrap();
    assert_eq!(figures.line(&columns, "valid"), Some(0));
    figures.clear(columns.line("valid").unwrap());
    assert_eq!(figures.line(&columns, "valid"), None);
}

#[test]
fn the_largest_figure_is_exact() {
    let columns = columns();
    let mut figures = Figures::absent(&columns);
    figures.set_votes(&columns, "a", MAX_FIGURE).unwrap();
    assert_eq!(figures.votes(&columns, "a"), Some(9_007_199_254_740_991));
    let error = figures.set_votes(&columns, "a", MAX_FIGURE + 1).unwrap_err();
    assert_eq!(error, FigureError::TooLarge { figure: MAX_FIGURE + 1 });
    let error = figures.set_votes(&columns, "a", u64::MAX).unwrap_err();
    assert_eq!(error, FigureError::TooLarge { figure: u64::MAX });
    let error = figures.set_votes(&columns, "b", 1).unwrap_err();
    assert_eq!(error, FigureError::NoColumn { name: "b".to_owned() });
}

#[test]
fn lines_and_lists_are_two_name_spaces() {
    let columns = Columns::new("c", ["x"], ["x"]).unwrap();
    assert_ne!(columns.line("x"), columns.list("x"));
    assert!(!columns.is_list(columns.line("x").unwrap()));
    assert!(columns.is_list(columns.list("x").unwrap()));
    let error = Columns::new("c", ["x", "x"], ["y"]).unwrap_err();
    assert_eq!(error, ColumnsError::Duplicate { name: "x".to_owned() });
    assert!(matches!(Columns::new("c d", ["x"], ["y"]), Err(ColumnsError::Id(_))));
    let many = (0..20_000).map(|n| n.to_string());
    assert_eq!(Columns::new("c", many, ["y"]).unwrap_err(), ColumnsError::TooMany);
}

#[test]
fn an_overflow_changes_nothing() {
    let columns = columns();
    let mut total = figures(&columns, &[Some(1), Some(MAX_FIGURE)]);
    let before = total.clone();
    let more = figures(&columns, &[Some(5), Some(1)]);
    assert_eq!(total.add_assign(&more), Err(FigureError::Overflow { column: 1 }));
    assert_eq!(total, before);
    let error = more.clone().sub_assign(&total).unwrap_err();
    assert_eq!(error, FigureError::Underflow { column: 1 });
    let other = Figures::absent(&Columns::new("c", ["x"], ["y"]).unwrap());
    assert_eq!(total.add_assign(&other), Err(FigureError::Shape { left: 5, right: 2 }));
}

fn values() -> impl Strategy<Value = Vec<Option<u64>>> {
    vec(option::of(0..=MAX_FIGURE / 2), 5)
}

proptest! {
    #[test]
    fn adding_is_the_sum_of_what_is_stated(left in values(), right in values()) {
        let columns = columns();
        let mut total = figures(&columns, &left);
        total.add_assign(&figures(&columns, &right)).unwrap();
        let expected: Vec<_> = left.iter().zip(&right).map(|pair| match pair {
            (None, None) => None,
            (a, b) => Some(a.unwrap_or(0) + b.unwrap_or(0)),
        }).collect();
        prop_assert_eq!(total.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn taking_away_undoes_adding(left in values(), right in values()) {
        let columns = columns();
        let mut total = figures(&columns, &left);
        total.add_assign(&figures(&columns, &right)).unwrap();
        total.sub_assign(&figures(&columns, &right)).unwrap();
        let back: Vec<_> = total.iter().map(|figure| figure.unwrap_or(0)).collect();
        let before: Vec<_> = left.iter().map(|figure| figure.unwrap_or(0)).collect();
        prop_assert_eq!(back, before);
    }
}
