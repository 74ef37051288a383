//! From text to the tree of a formula, by recursive descent with a capped depth.

use super::tree::{Expr, Function, Relation};
use super::{FormulaError, MAX_DEPTH, MAX_LENGTH, Name};
use crate::figures::MAX_FIGURE;
use crate::id::{check_id, is_id_char};
use crate::list::AGAINST_ALL;

type Parsed<T> = Result<T, FormulaError>;

/// Words that a line may not be called, because formulas use them.
pub(crate) const RESERVED: [&str; 6] = ["votes", AGAINST_ALL, "min", "max", "sum", "or_zero"];

pub(super) fn formula(text: &str) -> Parsed<(Expr<Name>, Relation, Expr<Name>)> {
    if text.len() > MAX_LENGTH {
        let message = format!("a formula has at most {MAX_LENGTH} characters");
        return Err(FormulaError { position: MAX_LENGTH, message });
    }
    let mut parser = Parser { text, position: 0 };
    let left = parser.sum(0)?;
    let relation = parser.relation()?;
    let right = parser.sum(0)?;
    parser.skip_blank();
    if parser.rest().is_empty() {
        Ok((left, relation, right))
    } else {
        Err(parser.error("the formula should end here; it has exactly one relation"))
    }
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or("")
    }

    fn error(&self, message: impl Into<String>) -> FormulaError {
        FormulaError { position: self.position, message: message.into() }
    }

    fn skip_blank(&mut self) {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.position += blank;
    }

    /// Consumes `sign` if it comes next, after blanks.
    fn take(&mut self, sign: &str) -> bool {
        self.skip_blank();
        let found = self.rest().starts_with(sign);
        if found {
            self.position += sign.len();
        }
        found
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.position += end;
        rest.get(..end).unwrap_or("")
    }

    fn relation(&mut self) -> Parsed<Relation> {
        // Longer signs first: "<=" begins with "<".
        const SIGNS: [(&str, Relation); 6] = [
            ("!=", Relation::NotEqual),
            ("<=", Relation::AtMost),
            (">=", Relation::AtLeast),
            ("<", Relation::Less),
            (">", Relation::More),
            ("=", Relation::Equal),
        ];
        let found = SIGNS.iter().find(|(sign, _)| self.take(sign));
        found
            .map(|&(_, relation)| relation)
            .ok_or_else(|| self.error("a relation should stand here: one of = != <= < >= > (or + - * before it)"))
    }

    fn sum(&mut self, depth: usize) -> Parsed<Expr<Name>> {
        if depth > MAX_DEPTH {
            return Err(self.error(format!("nested deeper than {MAX_DEPTH}")));
        }
        let mut terms = vec![(self.take("-"), self.product(depth)?)];
        loop {
            let minus = if self.take("+") {
                false
            } else if self.take("-") {
                true
            } else {
                break;
            };
            terms.push((minus, self.product(depth)?));
        }
        Ok(match <[_; 1]>::try_from(terms) {
            Ok([(false, term)]) => term,
            Ok(one) => Expr::Sum(one.into()),
            Err(terms) => Expr::Sum(terms),
        })
    }

    fn product(&mut self, depth: usize) -> Parsed<Expr<Name>> {
        let mut factors = vec![self.factor(depth)?];
        while self.take("*") {
            factors.push(self.factor(depth)?);
        }
        Ok(match <[_; 1]>::try_from(factors) {
            Ok([factor]) => factor,
            Err(factors) => Expr::Product(factors),
        })
    }

    fn factor(&mut self, depth: usize) -> Parsed<Expr<Name>> {
        if self.take("(") {
            let inner = self.sum(depth + 1)?;
            self.close()?;
            return Ok(inner);
        }
        match self.rest().chars().next() {
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_ascii_lowercase() => self.name_or_call(depth),
            Some(c) => {
                Err(self
                    .error(format!("{c:?} cannot begin an operand: write an integer, the code of a line, votes, or (")))
            }
            None => Err(self.error("the formula ends where an operand should stand")),
        }
    }

    fn close(&mut self) -> Parsed<()> {
        if self.take(")") { Ok(()) } else { Err(self.error("a closing ) is missing here")) }
    }

    fn number(&mut self) -> Parsed<Expr<Name>> {
        let start = self.position;
        let digits = self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
        match digits.parse::<u64>() {
            Ok(number) if number <= MAX_FIGURE => Ok(Expr::Number(i128::from(number))),
            _ => {
                let message = format!("{digits:?} is not an integer of at most {MAX_FIGURE}");
                Err(FormulaError { position: start, message })
            }
        }
    }

    fn name_or_call(&mut self, depth: usize) -> Parsed<Expr<Name>> {
        let start = self.position;
        let word = self.take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let function = match word {
            "min" => Function::Min,
            "max" => Function::Max,
            "sum" => Function::Sum,
            "or_zero" => return self.or_zero(),
            _ => return self.name(word, start).map(Expr::Leaf),
        };
        self.open(word)?;
        let mut arguments = vec![self.sum(depth + 1)?];
        while self.take(",") {
            arguments.push(self.sum(depth + 1)?);
        }
        self.close()?;
        Ok(Expr::Call(function, arguments))
    }

    fn open(&mut self, function: &str) -> Parsed<()> {
        if self.take("(") {
            Ok(())
        } else {
            Err(self.error(format!("{function} is a function: write {function}(...)")))
        }
    }

    fn or_zero(&mut self) -> Parsed<Expr<Name>> {
        self.open("or_zero")?;
        self.skip_blank();
        let start = self.position;
        let word = self.take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let is_name = word.starts_with(|c: char| c.is_ascii_lowercase());
        if !is_name || matches!(word, "min" | "max" | "sum" | "or_zero") {
            return Err(FormulaError { position: start, message: "or_zero takes the name of one figure".to_owned() });
        }
        let name = self.name(word, start)?;
        self.close()?;
        Ok(Expr::OrZero(name))
    }

    /// The name that begins with `word`; only `votes` may go on, with a dot and a list.
    fn name(&mut self, word: &str, start: usize) -> Parsed<Name> {
        let dotted = self.rest().starts_with('.');
        if word == "votes" && dotted {
            self.position += 1;
            let at = self.position;
            let id = self.take_while(is_id_char);
            check_id(id).map_err(|error| FormulaError {
                position: at,
                message: format!("after \"votes.\" stands the identifier of a list: {error}"),
            })?;
            return Ok(Name::List(id.to_owned()));
        }
        if dotted || self.rest().starts_with(is_word_end) {
            return Err(self.error(format!("{word:?} cannot go on like this")));
        }
        match word {
            "votes" => Ok(Name::Votes),
            AGAINST_ALL => Ok(Name::List(AGAINST_ALL.to_owned())),
            _ => check_id(word)
                .map(|()| Name::Line(word.to_owned()))
                .map_err(|error| FormulaError { position: start, message: error.to_string() }),
        }
    }
}

/// Characters that show that a name was meant to go on.
const fn is_word_end(c: char) -> bool {
    c.is_ascii_uppercase() || matches!(c, ':' | '/') || !c.is_ascii()
}
