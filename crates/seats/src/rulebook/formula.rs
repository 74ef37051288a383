//! Seat formulas as a rulebook names them.

use super::RulebookError;
use super::raw;
use crate::Ratio;

/// How votes become seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// Full quotas first, then remainders.
    Quota(QuotaRule),
    /// One seat after the other to the highest quotient.
    Divisor(Divisors),
}

/// A quota formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaRule {
    /// Which quota.
    pub quota: QuotaKind,
    /// Whose votes it divides.
    pub over: Over,
    /// How it is rounded.
    pub rounding: Rounding,
    /// Who takes the seats left over: phase by phase, until none is left. Empty: nobody at this stage.
    pub remainder: Vec<Remainder>,
    /// In the phase of the largest fractions only lists compete whose votes are at least this multiple
    /// of the quota (Dutch councils: 3/4). None: all do.
    pub remainder_at_least: Option<Ratio>,
    /// Whether seats beyond the house are taken back from the smallest remainders; if not, such a
    /// result is refused.
    pub subtract_smallest: bool,
}

impl QuotaRule {
    /// Whether the quota is a whole number of votes.
    pub fn is_whole(&self) -> bool {
        self.quota == QuotaKind::Droop || self.rounding != Rounding::Exact
    }
}

/// Which quota, with V votes and n seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaKind {
    /// V / n.
    Hare,
    /// The whole part of V / (n + 1), plus 1.
    Droop,
    /// V / (n + 1).
    HagenbachBischoff,
    /// V / (n + 2).
    Imperiali,
}

/// Whose votes are V.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Those who contend for these seats.
    Contenders,
    /// All lists of the contest.
    AllLists,
}

/// The rounding of a quota. Droop's is whole by definition and ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Not rounded: an exact fraction.
    Exact,
    /// To the nearest whole number, halves up.
    HalfUp,
    /// Down.
    Floor,
    /// Up.
    Ceil,
}

/// Who takes the seats that full quotas leave, in one phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remainder {
    /// The largest remainders, one seat each.
    LargestFraction,
    /// The highest averages v / (s + 1), at most one seat each in this phase.
    HighestAverageOnce,
    /// The highest averages, one seat after the other.
    HighestAverages,
    /// One seat each by falling votes, again and again. Whom its minimum lifted takes no part.
    MostVotesInTurn,
}

/// The divisors of a highest-averages formula; s seats are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Divisors {
    /// s + 1.
    DHondt,
    /// 2s + 1.
    SainteLague,
    /// 2s + 1, with another first divisor.
    ModifiedSainteLague(Ratio),
    /// 3s + 1.
    Danish,
    /// s: everybody's first seat comes before any second.
    Adams,
    /// The square root of s (s + 1): everybody's first seat comes before any second.
    HuntingtonHill,
    /// (s + 2) / 2.
    Imperiali,
    /// As listed, for the first, second ... seat.
    Listed(Vec<Ratio>),
}

const FAMILIES: &str = "use family = \"quota\" or family = \"divisor\"";
const PHASES: &str = "write remainder = \"largest_fraction\", \"highest_averages\", \"most_votes_in_turn\" or \"none\", or a \
     list of phases, each once: largest_fraction, highest_average_once, and last highest_averages or most_votes_in_turn";
const DIVISORS: &str = "use dhondt, sainte_lague, modified_sainte_lague (with first), danish, adams, \
     huntington_hill, imperiali or listed (with divisors)";

pub(super) fn formula(raw: raw::Spanned<raw::Formula>) -> Result<Formula, RulebookError> {
    let span = raw.span();
    let raw = raw.into_inner();
    match raw.family.as_ref().as_str() {
        "quota" => {
            unused(&raw.rule, "rule")?;
            unused(&raw.first, "first")?;
            unused(&raw.divisors, "divisors")?;
            quota(raw, span).map(Formula::Quota)
        }
        "divisor" => {
            unused(&raw.quota, "quota")?;
            unused(&raw.over, "over")?;
            unused(&raw.rounding, "rounding")?;
            unused(&raw.remainder, "remainder")?;
            unused(&raw.remainder_at_least, "remainder_at_least")?;
            unused(&raw.over_allocation, "over_allocation")?;
            divisor(raw, span).map(Formula::Divisor)
        }
        other => Err(RulebookError::at(raw.family.span(), format!("there is no formula family `{other}`"), FAMILIES)),
    }
}

fn unused<T>(field: &Option<raw::Spanned<T>>, name: &str) -> Result<(), RulebookError> {
    field.as_ref().map_or(Ok(()), |field| {
        Err(RulebookError::at(field.span(), format!("`{name}` has no meaning in this formula family"), "remove it"))
    })
}

fn quota(raw: raw::Formula, span: std::ops::Range<usize>) -> Result<QuotaRule, RulebookError> {
    let quota = raw
        .quota
        .ok_or_else(|| RulebookError::at(span.clone(), "the quota is not named", "add quota = \"hare\" or another"))?;
    Ok(QuotaRule {
        quota: raw::one_of(
            &quota,
            &[
                ("hare", QuotaKind::Hare),
                ("droop", QuotaKind::Droop),
                ("hagenbach_bischoff", QuotaKind::HagenbachBischoff),
                ("imperiali", QuotaKind::Imperiali),
            ],
        )?,
        over: raw::one_of_or(
            raw.over.as_ref(),
            &[("contenders", Over::Contenders), ("all_lists", Over::AllLists)],
            Over::Contenders,
        )?,
        rounding: raw::one_of_or(
            raw.rounding.as_ref(),
            &[
                ("exact", Rounding::Exact),
                ("half_up", Rounding::HalfUp),
                ("floor", Rounding::Floor),
                ("ceil", Rounding::Ceil),
            ],
            Rounding::Exact,
        )?,
        remainder: match raw.remainder {
            Some(remainder) => phases(remainder)?,
            None => {
                return Err(RulebookError::at(span, "the formula does not say who takes the seats left over", PHASES));
            }
        },
        remainder_at_least: raw.remainder_at_least.as_ref().map(raw::ratio).transpose()?,
        subtract_smallest: raw::one_of_or(
            raw.over_allocation.as_ref(),
            &[("subtract_smallest_remainder", true), ("refuse", false)],
            false,
        )?,
    })
}

/// One word, or the phases in turn.
fn phases(raw: raw::Spanned<raw::OneOrMore>) -> Result<Vec<Remainder>, RulebookError> {
    let words = [
        ("largest_fraction", Remainder::LargestFraction),
        ("highest_average_once", Remainder::HighestAverageOnce),
        ("highest_averages", Remainder::HighestAverages),
        ("most_votes_in_turn", Remainder::MostVotesInTurn),
    ];
    let span = raw.span();
    let texts = raw.into_inner().0;
    if texts == ["none"] {
        return Ok(Vec::new());
    }
    let phase = |text: &String| {
        raw::one_of(&raw::Spanned::new(span.clone(), text.clone()), &words)
            .map_err(|error| RulebookError::at(span.clone(), error.message, PHASES))
    };
    let phases = texts.iter().map(phase).collect::<Result<Vec<_>, _>>()?;
    let repeated = phases.iter().enumerate().any(|(place, phase)| phases.iter().take(place).any(|p| p == phase));
    // These go on until no seat is left: nothing can follow.
    let endless = |phase: &Remainder| matches!(phase, Remainder::HighestAverages | Remainder::MostVotesInTurn);
    if repeated || phases.is_empty() || phases.iter().rev().skip(1).any(endless) {
        return Err(RulebookError::at(span, "these phases cannot follow each other", PHASES));
    }
    Ok(phases)
}

fn divisor(raw: raw::Formula, span: std::ops::Range<usize>) -> Result<Divisors, RulebookError> {
    let rule = raw.rule.ok_or_else(|| RulebookError::at(span, "the divisor rule is not named", DIVISORS))?;
    let name = rule.as_ref().as_str();
    if name != "modified_sainte_lague" {
        unused(&raw.first, "first")?;
    }
    if name != "listed" {
        unused(&raw.divisors, "divisors")?;
    }
    Ok(match name {
        "dhondt" => Divisors::DHondt,
        "sainte_lague" => Divisors::SainteLague,
        "danish" => Divisors::Danish,
        "adams" => Divisors::Adams,
        "huntington_hill" => Divisors::HuntingtonHill,
        "imperiali" => Divisors::Imperiali,
        "modified_sainte_lague" => {
            let first = raw.first.ok_or_else(|| {
                RulebookError::at(rule.span(), "the first divisor is not named", "add first = \"7/5\"")
            })?;
            Divisors::ModifiedSainteLague(first_divisor(&first)?)
        }
        "listed" => {
            let divisors = raw.divisors.ok_or_else(|| {
                RulebookError::at(rule.span(), "the divisors are not listed", "add divisors = [\"1\", \"3\", ...]")
            })?;
            Divisors::Listed(listed(&divisors)?)
        }
        other => {
            return Err(RulebookError::at(rule.span(), format!("there is no divisor rule `{other}`"), DIVISORS));
        }
    })
}

fn first_divisor(text: &raw::Spanned<String>) -> Result<Ratio, RulebookError> {
    let ratio = raw::ratio(text)?;
    // The second divisor is 3: from there on quotients must fall.
    if ratio.num() == 0 || ratio.num() >= 3 * ratio.den() {
        return Err(RulebookError::at(
            text.span(),
            format!("a first divisor of {ratio} is not between 0 and 3"),
            "write it as a ratio such as \"7/5\"",
        ));
    }
    Ok(ratio)
}

fn listed(texts: &raw::Spanned<Vec<raw::Spanned<String>>>) -> Result<Vec<Ratio>, RulebookError> {
    let ratios = texts.as_ref().iter().map(raw::ratio).collect::<Result<Vec<_>, _>>()?;
    let rising = ratios.windows(2).all(|pair| matches!(pair, [a, b] if a.num() * b.den() < b.num() * a.den()));
    if ratios.first().is_none_or(|first| first.num() == 0) || !rising {
        return Err(RulebookError::at(
            texts.span(),
            "divisors must be positive, and each greater than the one before",
            "list them as ratios, such as [\"7/5\", \"3\", \"5\"]",
        ));
    }
    Ok(ratios)
}
