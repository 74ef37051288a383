//! Small sums over stages, for what a list must have at least: `max(direct, ceil(proportional / 2))`.
//!
//! A name is a stage: outside a sum the list's seats in the whole, inside `sum over LEVEL of ...` its
//! seats in one unit. Known are whole numbers, `+`, `-`, `*`, `/`, `max`, `min`, `ceil`, `floor` and
//! brackets. `sum over LEVEL of` takes what stands next: a name, a call or a bracket.

mod value;

use std::fmt;

pub(crate) use value::Uncomputable;

/// How deep brackets, calls and sums may stand in each other.
const MOST_DEPTH: usize = 32;
/// The longest text that is read.
const MOST_LENGTH: usize = 2_000;

/// An expression over the seats of earlier stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A whole number.
    Number(u64),
    /// A list's seats in this stage: in the unit of the sum around it, or in the whole.
    Seats(String),
    /// The sum over the units of this level.
    SumOver {
        /// The level.
        level: String,
        /// What is summed.
        of: Box<Expression>,
    },
    /// Two values joined.
    Joined(Operator, Box<Expression>, Box<Expression>),
    /// The largest of these.
    Max(Vec<Expression>),
    /// The smallest of these.
    Min(Vec<Expression>),
    /// Rounded up to a whole number.
    Ceil(Box<Expression>),
    /// Rounded down to a whole number.
    Floor(Box<Expression>),
}

/// How two values are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The sum.
    Plus,
    /// The difference, which may not fall below zero.
    Minus,
    /// The product.
    Times,
    /// The quotient, exact.
    Over,
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let several = |f: &mut fmt::Formatter<'_>, name: &str, parts: &[Self]| {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            write!(f, "{name}({})", parts.join(", "))
        };
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Seats(stage) => f.write_str(stage),
            Self::SumOver { level, of } if matches!(**of, Self::Joined(..)) => write!(f, "sum over {level} of ({of})"),
            Self::SumOver { level, of } => write!(f, "sum over {level} of {of}"),
            Self::Joined(operator, left, right) => {
                let sign = match operator {
                    Operator::Plus => "+",
                    Operator::Minus => "-",
                    Operator::Times => "*",
                    Operator::Over => "/",
                };
                let side = |side: &Self| match side {
                    Self::Joined(..) => format!("({side})"),
                    _ => side.to_string(),
                };
                write!(f, "{} {sign} {}", side(left), side(right))
            }
            Self::Max(parts) => several(f, "max", parts),
            Self::Min(parts) => several(f, "min", parts),
            Self::Ceil(inner) => write!(f, "ceil({inner})"),
            Self::Floor(inner) => write!(f, "floor({inner})"),
        }
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// The byte at which it stops making sense, and why.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        if text.len() > MOST_LENGTH {
            return Err((MOST_LENGTH, format!("an expression has at most {MOST_LENGTH} characters")));
        }
        let mut reader = Reader { text, at: 0, depth: 0 };
        let whole = reader.sum()?;
        reader.skip();
        if reader.at < text.len() {
            return reader.wrong("nothing may follow here");
        }
        Ok(whole)
    }

    /// Every stage it names, with the level of the sum around it.
    pub fn stages(&self) -> Vec<(&str, Option<&str>)> {
        let mut found = Vec::new();
        self.collect(None, &mut found);
        found
    }

    /// The levels it sums over.
    pub fn levels(&self) -> Vec<&str> {
        match self {
            Self::Number(_) | Self::Seats(_) => Vec::new(),
            Self::SumOver { level, of } => std::iter::once(level.as_str()).chain(of.levels()).collect(),
            Self::Joined(_, left, right) => left.levels().into_iter().chain(right.levels()).collect(),
            Self::Max(parts) | Self::Min(parts) => parts.iter().flat_map(Self::levels).collect(),
            Self::Ceil(inner) | Self::Floor(inner) => inner.levels(),
        }
    }

    /// Whether a sum stands inside another.
    pub(super) fn has_sum_in_sum(&self) -> bool {
        match self {
            Self::Number(_) | Self::Seats(_) => false,
            Self::SumOver { of, .. } => !of.levels().is_empty(),
            Self::Joined(_, left, right) => left.has_sum_in_sum() || right.has_sum_in_sum(),
            Self::Max(parts) | Self::Min(parts) => parts.iter().any(Self::has_sum_in_sum),
            Self::Ceil(inner) | Self::Floor(inner) => inner.has_sum_in_sum(),
        }
    }

    fn collect<'a>(&'a self, level: Option<&'a str>, found: &mut Vec<(&'a str, Option<&'a str>)>) {
        match self {
            Self::Number(_) => {}
            Self::Seats(stage) => found.push((stage, level)),
            Self::SumOver { level, of } => of.collect(Some(level), found),
            Self::Joined(_, left, right) => {
                left.collect(level, found);
                right.collect(level, found);
            }
            Self::Max(parts) | Self::Min(parts) => parts.iter().for_each(|part| part.collect(level, found)),
            Self::Ceil(inner) | Self::Floor(inner) => inner.collect(level, found),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

type Read<T> = Result<T, (usize, String)>;

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn wrong<T>(&self, why: &str) -> Read<T> {
        Err((self.at, why.to_owned()))
    }

    fn takes(&mut self, sign: char) -> bool {
        self.skip();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len_utf8();
        }
        found
    }

    fn expects(&mut self, sign: char) -> Read<()> {
        if self.takes(sign) { Ok(()) } else { self.wrong(&format!("`{sign}` is expected")) }
    }

    /// A name of letters, digits, `_` and `-` that starts with a letter.
    fn word(&mut self) -> Option<&'a str> {
        self.skip();
        let rest = self.rest();
        let stops = |c: char| !(c.is_alphanumeric() || c == '_');
        let end = rest.find(stops).unwrap_or(rest.len());
        let word = rest.get(..end).filter(|word| word.starts_with(char::is_alphabetic))?;
        self.at += end;
        Some(word)
    }

    fn sum(&mut self) -> Read<Expression> {
        self.joined(&[('+', Operator::Plus), ('-', Operator::Minus)], Self::product)
    }

    fn product(&mut self) -> Read<Expression> {
        self.joined(&[('*', Operator::Times), ('/', Operator::Over)], Self::single)
    }

    fn joined(&mut self, signs: &[(char, Operator)], part: fn(&mut Self) -> Read<Expression>) -> Read<Expression> {
        let mut left = part(self)?;
        let before = self.depth;
        while let Some((_, operator)) = signs.iter().find(|(sign, _)| self.takes(*sign)) {
            // A long chain is a deep tree.
            self.deeper()?;
            left = Expression::Joined(*operator, Box::new(left), Box::new(part(self)?));
        }
        self.depth = before;
        Ok(left)
    }

    fn deeper(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            self.wrong(&format!("more than {MOST_DEPTH} parts inside each other"))
        } else {
            Ok(())
        }
    }

    fn single(&mut self) -> Read<Expression> {
        self.deeper()?;
        let found = self.single_inside();
        self.depth -= 1;
        found
    }

    fn single_inside(&mut self) -> Read<Expression> {
        if self.takes('(') {
            let inner = self.sum()?;
            self.expects(')')?;
            return Ok(inner);
        }
        let start = self.at;
        if let Some(number) = self.number()? {
            return Ok(Expression::Number(number));
        }
        match self.word() {
            Some("sum") => self.sum_over(),
            Some("max") => self.several().map(Expression::Max),
            Some("min") => self.several().map(Expression::Min),
            Some("ceil") => self.bracket().map(Expression::Ceil),
            Some("floor") => self.bracket().map(Expression::Floor),
            Some(name) => {
                if self.takes('(') {
                    return Err((start, format!("there is no function `{name}`; use max, min, ceil, floor")));
                }
                Ok(Expression::Seats(name.to_owned()))
            }
            None => self.wrong("a number, a stage, a function or a bracket is expected"),
        }
    }

    fn sum_over(&mut self) -> Read<Expression> {
        let form = "write `sum over LEVEL of ...`";
        if self.word() != Some("over") {
            return self.wrong(form);
        }
        let Some(level) = self.word() else { return self.wrong(form) };
        if self.word() != Some("of") {
            return self.wrong(form);
        }
        let of = Box::new(self.single()?);
        Ok(Expression::SumOver { level: level.to_owned(), of })
    }

    fn number(&mut self) -> Read<Option<u64>> {
        self.skip();
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let Some(digits) = rest.get(..end).filter(|digits| !digits.is_empty()) else { return Ok(None) };
        let Ok(number) = digits.parse() else { return self.wrong("the number is too large") };
        self.at += end;
        Ok(Some(number))
    }

    fn bracket(&mut self) -> Read<Box<Expression>> {
        self.expects('(')?;
        let inner = self.sum()?;
        self.expects(')')?;
        Ok(Box::new(inner))
    }

    fn several(&mut self) -> Read<Vec<Expression>> {
        self.expects('(')?;
        let mut parts = vec![self.sum()?];
        while self.takes(',') {
            parts.push(self.sum()?);
        }
        self.expects(')')?;
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two units: direct 4 and 1, list 2 and 3.
    fn value(text: &str) -> Result<(u128, u128), Uncomputable> {
        let seats = |stage: &str, at: Option<(&str, usize)>| {
            let cells = if stage == "direct" { [4, 1] } else { [2, 3] };
            Ok::<u64, Uncomputable>(at.map_or(5, |(_, unit)| cells[unit]))
        };
        Expression::parse(text).unwrap().value(&seats, &|_| 2, None)
    }

    #[test]
    fn the_minimum_of_the_german_act_of_2020() {
        let text = "max(sum over land of max(direct, ceil((direct + first) / 2)), sum over land of first)";
        // max(4, 3) + max(1, 2) against 2 + 3.
        assert_eq!(value(text), Ok((6, 1)));
        assert_eq!(Expression::parse(text).unwrap().to_string(), text);
        assert_eq!(Expression::parse(text).unwrap().levels(), ["land", "land"]);
    }

    #[test]
    fn products_before_sums_and_exact_quotients() {
        assert_eq!(value("1 + 2 * 3 - 4 / 8"), Ok((13, 2)));
        assert_eq!(value("floor(7 / 2) + min(3, 2)"), Ok((5, 1)));
        assert_eq!(value("sum over land of (direct + 1)"), Ok((7, 1)));
        assert_eq!(value("sum over land of direct + 1"), Ok((6, 1)));
        assert_eq!(value("1 - 2"), Err(Uncomputable::BelowZero));
        assert_eq!(value("1 / (direct - 5)"), Err(Uncomputable::DivisionByZero));
        assert_eq!(value("18446744073709551615 * 18446744073709551615 * 2"), Err(Uncomputable::TooLarge));
    }

    #[test]
    fn mistakes_are_refused_where_they_stand() {
        let bad = [
            ("", 0, "expected"),
            ("direct +", 8, "expected"),
            ("direct direct", 7, "nothing may follow"),
            ("max(direct", 10, "`)`"),
            ("avg(direct, 1)", 0, "no function `avg`"),
            ("sum of direct", 6, "sum over"),
            ("99999999999999999999", 0, "too large"),
            ("-1", 0, "expected"),
        ];
        for (text, at, why) in bad {
            let (place, said) = Expression::parse(text).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
            assert_eq!(place, at, "{text}");
        }
        let deep = format!("{}1{}", "(".repeat(900), ")".repeat(900));
        assert!(Expression::parse(&deep).unwrap_err().1.contains("inside each other"));
        let long = vec!["1"; 900].join("+");
        assert!(Expression::parse(&long).unwrap_err().1.contains("inside each other"));
        assert!(Expression::parse(&"1".repeat(5_000)).is_err());
    }
}
