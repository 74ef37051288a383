//! Formulas: precedence, absence, overflow, errors with positions, and no panic on any text.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use recount_election::{Check, Columns, Figures, Formula, MAX_FIGURE};

fn protocol() -> (Columns, Figures) {
    let columns = Columns::new("c", ["x", "y", "z", "none"], ["p", "q-2", "against_all"]).unwrap();
    let mut figures = Figures::absent(&columns);
    for (line, figure) in [("x", 10), ("y", 3), ("z", MAX_FIGURE)] {
        figures.set_named(&columns, line, figure).unwrap();
    }
    for (list, figure) in [("p", 5), ("q-2", 7), ("against_all", 1)] {
        figures.set_votes(&columns, list, figure).unwrap();
    }
    (columns, figures)
}

fn check(text: &str) -> Check {
    let (columns, figures) = protocol();
    Formula::parse(text).unwrap().check(&columns, &figures)
}

fn explain(text: &str) -> String {
    let (columns, figures) = protocol();
    Formula::parse(text).unwrap().explain(&columns, &figures)
}

#[test]
fn arithmetic_is_the_usual_one() {
    for text in [
        "x = 10",
        "x - y - 1 = 6",
        "x - (y - 1) = 8",
        "2 * x + y = 23",
        "2 * (x + y) = 26",
        "-x + 20 = x",
        "min(x, y, 4) = y",
        "max(x, y, 4) = x",
        "sum(x, y) = 13",
        "votes = 12",
        "votes + against_all = 13",
        "votes.p = 5",
        "votes.q-2 = 7",
        "votes.q-2 - 7 = 0",
        "x != y",
        "y < x",
        "y <= 3",
        "x > y",
        "x >= 10",
        "or_zero(none) + or_zero(x) = 10",
        "or_zero(unheard_of) = 0",
        " ( ( x ) ) = 10 ",
    ] {
        assert_eq!(check(text), Check::Holds, "{text}");
    }
}

#[test]
fn a_break_states_both_sides() {
    assert_eq!(check("x - y = 8"), Check::Broken { left: 7, right: 8 });
    assert_eq!(check("y > x"), Check::Broken { left: 3, right: 10 });
    assert_eq!(check("y - x >= 0"), Check::Broken { left: -7, right: 0 });
}

#[test]
fn absence_is_named_and_never_a_break() {
    let missing = |names: &[&str]| Check::NotCheckable { missing: names.iter().map(ToString::to_string).collect() };
    assert_eq!(check("x = none"), missing(&["none"]));
    assert_eq!(check("none * 0 = other + none"), missing(&["none", "other"]));
    assert_eq!(check("votes.r = 1"), missing(&["votes.r"]));
    // An absent figure outweighs an overflow.
    assert_eq!(check("z * z * z + none = 1"), missing(&["none"]));
    let (columns, mut figures) = protocol();
    figures.clear(columns.list("q-2").unwrap());
    let votes = Formula::parse("x = votes").unwrap();
    assert_eq!(votes.check(&columns, &figures), missing(&["votes.q-2"]));
    let no_lists = Columns::new("c", ["x"], [""; 0]).unwrap();
    assert_eq!(votes.check(&no_lists, &Figures::absent(&no_lists)), missing(&["x", "votes"]));
}

#[test]
fn overflow_is_reported() {
    assert_eq!(check("z * z * z > 1"), Check::Overflow);
    assert_eq!(check("z * z = z * z"), Check::Holds);
}

#[test]
fn the_explanation_holds_the_figures() {
    assert_eq!(explain("x = y + none - votes"), "10 = 3 + ? - 12");
    assert_eq!(explain("-x + 2 * (y - 1) <= max(x, votes.p)"), "-10 + 2 * (3 - 1) <= max(10, 5)");
    assert_eq!(explain("x - (y + 1) != or_zero(none)"), "10 - (3 + 1) != 0");
}

#[test]
fn errors_have_positions() {
    for (text, position) in [
        ("", 0),
        ("x", 1),
        ("x == y", 3),
        ("x = ", 4),
        ("x = y = z", 6),
        ("x + = y", 4),
        ("x = (y", 6),
        ("x = y)", 5),
        ("x = 1.5", 4),
        ("x = 99999999999999999999", 4),
        ("x = 9007199254740992", 4),
        ("x = Y", 4),
        ("x = yY", 5),
        ("x = y.z", 5),
        ("votes. = 1", 6),
        ("min = 1", 4),
        ("x = or_zero(x + y)", 14),
        ("x = or_zero(1)", 12),
        ("x = ч", 4),
        ("x = y / 2", 6),
    ] {
        let error = Formula::parse(text).unwrap_err();
        assert_eq!(error.position, position, "{text:?}: {error}");
    }
}

#[test]
fn depth_and_length_are_capped() {
    let nested = |depth: usize| format!("{}x{} = 1", "(".repeat(depth), ")".repeat(depth));
    assert!(Formula::parse(&nested(32)).is_ok());
    assert!(Formula::parse(&nested(33)).is_err());
    assert!(Formula::parse(&nested(900)).is_err());
    assert!(Formula::parse(&"x".repeat(2_001)).is_err());
    let chain = format!("x{} = 1", "+x".repeat(900));
    assert_eq!(check(&chain), Check::Broken { left: 9_010, right: 1 });
}

#[test]
fn a_formula_is_written_as_its_text() {
    let formula = Formula::parse("x  =  y+1").unwrap();
    let json = serde_json::to_string(&formula).unwrap();
    assert_eq!(json, "\"x  =  y+1\"");
    assert_eq!(serde_json::from_str::<Formula>(&json).unwrap(), formula);
    assert!(serde_json::from_str::<Formula>("\"x ==\"").is_err());
    assert_eq!(Formula::parse("y + x = y - none + votes.p").unwrap().lines(), ["y", "x", "none"]);
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}|[xyz0-9()+*<>=!., -]{0,60}|(min|max|votes|or_zero|[(),.x=+-]){0,20}") {
        let (columns, figures) = protocol();
        if let Ok(formula) = Formula::parse(&text) {
            let _ = formula.check(&columns, &figures);
            let _ = formula.explain(&columns, &figures);
        }
    }

    /// What is explained is what was computed: the explanation of a linear relation, parsed
    /// again as a formula over constants, gives the same answer.
    #[test]
    fn the_explanation_computes_the_same(
        terms in proptest::collection::vec((any::<bool>(), 0u64..50), 1..6),
        right in 0u64..200,
    ) {
        let names: Vec<String> = (0..terms.len()).map(|n| format!("l{n}")).collect();
        let columns = Columns::new("c", names.clone(), [""; 0]).unwrap();
        let mut figures = Figures::absent(&columns);
        let mut text = String::from("0");
        for (name, (minus, figure)) in names.iter().zip(&terms) {
            figures.set_named(&columns, name, *figure).unwrap();
            text.push_str(if *minus { " - " } else { " + " });
            text.push_str(name);
        }
        text.push_str(&format!(" <= {right}"));
        let formula = Formula::parse(&text).unwrap();
        let expected: i128 = terms.iter().map(|(minus, figure)| {
            if *minus { -i128::from(*figure) } else { i128::from(*figure) }
        }).sum();
        let check = formula.check(&columns, &figures);
        prop_assert_eq!(check == Check::Holds, expected <= i128::from(right));
        let again = Formula::parse(&formula.explain(&columns, &figures)).unwrap();
        prop_assert_eq!(again.check(&columns, &figures), check);
    }
}
