//! The tree of a formula, over names or over columns, and its arithmetic.

/// How the two sides of a formula must relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    AtMost,
    Less,
    AtLeast,
    More,
}

impl Relation {
    pub(super) const fn holds(self, left: i128, right: i128) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::AtMost => left <= right,
            Self::Less => left < right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }

    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Equal => " = ",
            Self::NotEqual => " != ",
            Self::AtMost => " <= ",
            Self::Less => " < ",
            Self::AtLeast => " >= ",
            Self::More => " > ",
        }
    }
}

/// A function of one or more expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Min,
    Max,
    Sum,
}

impl Function {
    const fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Sum => "sum",
        }
    }
}

/// An expression over leaves `L`. Sums and products are flat, so that depth is the depth of
/// parentheses, which the parser caps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expr<L> {
    Number(i128),
    Leaf(L),
    /// A leaf that is 0 where it is absent.
    OrZero(L),
    /// Each term with whether it is taken away.
    Sum(Vec<(bool, Expr<L>)>),
    Product(Vec<Expr<L>>),
    Call(Function, Vec<Expr<L>>),
}

/// What an expression came to.
pub(super) enum Evaluation {
    Value(i128),
    Absent,
    Overflow,
}

impl<L> Expr<L> {
    pub(super) fn map<M>(&self, leaf: &impl Fn(&L) -> M) -> Expr<M> {
        match self {
            Self::Number(number) => Expr::Number(*number),
            Self::Leaf(name) => Expr::Leaf(leaf(name)),
            Self::OrZero(name) => Expr::OrZero(leaf(name)),
            Self::Sum(terms) => Expr::Sum(terms.iter().map(|(minus, term)| (*minus, term.map(leaf))).collect()),
            Self::Product(factors) => Expr::Product(factors.iter().map(|f| f.map(leaf)).collect()),
            Self::Call(function, of) => Expr::Call(*function, of.iter().map(|e| e.map(leaf)).collect()),
        }
    }

    /// Visits every leaf from left to right, with whether it may be absent.
    pub(super) fn leaves<'a>(&'a self, visit: &mut impl FnMut(&'a L, bool)) {
        match self {
            Self::Number(_) => {}
            Self::Leaf(leaf) => visit(leaf, false),
            Self::OrZero(leaf) => visit(leaf, true),
            Self::Sum(terms) => terms.iter().for_each(|(_, term)| term.leaves(visit)),
            Self::Product(of) | Self::Call(_, of) => of.iter().for_each(|e| e.leaves(visit)),
        }
    }

    pub(super) fn evaluate(&self, value: &impl Fn(&L) -> Option<i128>) -> Evaluation {
        match self {
            Self::Number(number) => Evaluation::Value(*number),
            Self::Leaf(leaf) => value(leaf).map_or(Evaluation::Absent, Evaluation::Value),
            Self::OrZero(leaf) => Evaluation::Value(value(leaf).unwrap_or(0)),
            Self::Sum(terms) => {
                let signed = terms.iter().map(|(minus, term)| (*minus, term));
                fold(
                    0,
                    signed,
                    value,
                    |sum, minus, term| {
                        if minus { sum.checked_sub(term) } else { sum.checked_add(term) }
                    },
                )
            }
            Self::Product(factors) => {
                let factors = factors.iter().map(|factor| (false, factor));
                fold(1, factors, value, |product, _, factor| product.checked_mul(factor))
            }
            Self::Call(function, of) => {
                let arguments = of.iter().map(|argument| (false, argument));
                match function {
                    Function::Sum => fold(0, arguments, value, |a, _, b| a.checked_add(b)),
                    Function::Min => fold(i128::MAX, arguments, value, |a, _, b| Some(a.min(b))),
                    Function::Max => fold(i128::MIN, arguments, value, |a, _, b| Some(a.max(b))),
                }
            }
        }
    }

    /// Writes the expression with every leaf shown by `show`.
    pub(super) fn show(&self, text: &mut String, show: &impl Fn(&L) -> String) {
        match self {
            Self::Number(number) => text.push_str(&number.to_string()),
            Self::Leaf(leaf) => text.push_str(&show(leaf)),
            Self::OrZero(leaf) => {
                let shown = show(leaf);
                text.push_str(if shown == "?" { "0" } else { &shown });
            }
            Self::Sum(terms) => {
                for (position, (minus, term)) in terms.iter().enumerate() {
                    text.push_str(match (position, minus) {
                        (0, false) => "",
                        (0, true) => "-",
                        (_, false) => " + ",
                        (_, true) => " - ",
                    });
                    term.show_inner(text, show);
                }
            }
            Self::Product(factors) => {
                for (position, factor) in factors.iter().enumerate() {
                    text.push_str(if position == 0 { "" } else { " * " });
                    factor.show_inner(text, show);
                }
            }
            Self::Call(function, of) => {
                text.push_str(function.name());
                text.push('(');
                for (position, argument) in of.iter().enumerate() {
                    text.push_str(if position == 0 { "" } else { ", " });
                    argument.show(text, show);
                }
                text.push(')');
            }
        }
    }

    /// A sum inside a sum or product was written in parentheses, and is shown so.
    fn show_inner(&self, text: &mut String, show: &impl Fn(&L) -> String) {
        if matches!(self, Self::Sum(_)) {
            text.push('(');
            self.show(text, show);
            text.push(')');
        } else {
            self.show(text, show);
        }
    }
}

/// Folds terms; an absent one outweighs an overflow, because what is absent must be named.
fn fold<'a, L: 'a>(
    start: i128,
    terms: impl Iterator<Item = (bool, &'a Expr<L>)>,
    value: &impl Fn(&L) -> Option<i128>,
    step: impl Fn(i128, bool, i128) -> Option<i128>,
) -> Evaluation {
    let mut total = Some(start);
    for (minus, term) in terms {
        match term.evaluate(value) {
            Evaluation::Value(term) => total = total.and_then(|total| step(total, minus, term)),
            Evaluation::Overflow => total = None,
            Evaluation::Absent => return Evaluation::Absent,
        }
    }
    total.map_or(Evaluation::Overflow, Evaluation::Value)
}
