//! Conditions of admission: a tree of all, any and not over single tests.

use std::ops::Range;

use super::raw;
use super::{QuotaKind, RulebookError};
use crate::{Ratio, Share};

/// A condition that a list meets or does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Every one of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this one.
    Not(Box<Condition>),
    /// A share of a named base.
    Share {
        /// The quantity: what the percentage is of.
        base: String,
        /// Where.
        scope: Scope,
        /// At least, or more than.
        strictness: Strictness,
        /// The share.
        share: Share,
    },
    /// A number of votes.
    Votes {
        /// Where.
        scope: Scope,
        /// The least number.
        at_least: u64,
    },
    /// Seats won in another stage.
    Seats {
        /// The stage.
        stage: String,
        /// The least number.
        at_least: u64,
    },
    /// As many votes as a base has for each seat of an earlier stage, on average, in some units.
    VotesPerSeat {
        /// The quantity that is divided by the seats.
        base: String,
        /// The stage that gave them.
        stage: String,
        /// The level of the units.
        level: String,
        /// In how many of them, at least. A unit without seats has no average.
        units: u64,
    },
    /// A multiple of the quota of all lists' votes.
    Quota {
        /// Which quota.
        quota: QuotaKind,
        /// The seats it is computed for.
        seats: u64,
        /// At least, or more than.
        strictness: Strictness,
        /// How many quotas.
        multiple: Ratio,
    },
    /// A fact about the list: present and not `"false"`, or within a range of whole numbers.
    Attribute {
        /// Its name.
        name: String,
        /// Its exact value.
        is: Option<String>,
        /// The least number, an absent attribute counting as 0.
        at_least: Option<u64>,
        /// The greatest number, an absent attribute counting as 0.
        at_most: Option<u64>,
    },
    /// A place among the lists by votes.
    Rank {
        /// Where.
        scope: Scope,
        /// The last place that passes.
        at_most: u64,
    },
}

/// Where a figure is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole.
    National,
    /// Each unit of this level that is not abroad.
    Every(String),
    /// At least one unit of this level.
    Any(String),
    /// The unit whose seats are being given.
    Own(String),
}

impl Condition {
    /// The level of the tests that are about the unit whose seats are given; none: the condition is
    /// asked once, for the whole. (A checked rulebook names one level at most.)
    pub fn own_level(&self) -> Option<&str> {
        match self {
            Self::All(branches) | Self::Any(branches) => branches.iter().find_map(Self::own_level),
            Self::Not(inner) => inner.own_level(),
            Self::Share { scope, .. } | Self::Votes { scope, .. } | Self::Rank { scope, .. } => match scope {
                Scope::Own(level) => Some(level),
                _ => None,
            },
            Self::Seats { .. } | Self::VotesPerSeat { .. } | Self::Quota { .. } | Self::Attribute { .. } => None,
        }
    }

    /// Whether every test about the unit whose seats are given names this level.
    pub(super) fn only_own_level(&self, level: &str) -> bool {
        match self {
            Self::All(branches) | Self::Any(branches) => branches.iter().all(|branch| branch.only_own_level(level)),
            Self::Not(inner) => inner.only_own_level(level),
            _ => self.own_level().is_none_or(|own| own == level),
        }
    }

    /// Whether only shares and numbers of votes are asked.
    pub(super) fn only_shares_and_votes(&self) -> bool {
        match self {
            Self::All(branches) | Self::Any(branches) => branches.iter().all(Self::only_shares_and_votes),
            Self::Not(inner) => inner.only_shares_and_votes(),
            Self::Share { .. } | Self::Votes { .. } => true,
            _ => false,
        }
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::National => f.write_str("national"),
            Self::Every(level) => write!(f, "every {level}"),
            Self::Any(level) => write!(f, "any {level}"),
            Self::Own(level) => f.write_str(level),
        }
    }
}

/// Whether the very edge passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// The edge passes.
    AtLeast,
    /// The edge does not pass.
    MoreThan,
}

/// What conditions may refer to.
pub(super) struct Names<'a> {
    pub levels: &'a [String],
    pub quantities: &'a dyn Fn(&str) -> bool,
    /// Stages before this one.
    pub earlier: &'a [String],
}

const ONE: &str = "write exactly one of all, any, not, share, votes, seats, votes_per_seat, quota, attribute, rank";

pub(super) fn condition(raw: raw::Spanned<raw::Condition>, names: &Names<'_>) -> Result<Condition, RulebookError> {
    let span = raw.span();
    let raw = raw.into_inner();
    let given = usize::from(raw.all.is_some())
        + usize::from(raw.any.is_some())
        + usize::from(raw.not.is_some())
        + usize::from(raw.share.is_some())
        + usize::from(raw.votes.is_some())
        + usize::from(raw.seats.is_some())
        + usize::from(raw.quota.is_some())
        + usize::from(raw.attribute.is_some())
        + usize::from(raw.rank.is_some())
        + usize::from(raw.votes_per_seat.is_some());
    if given != 1 {
        return Err(RulebookError::at(span, format!("a condition names {given} tests"), ONE));
    }
    if let Some(branches) = raw.all {
        return several(branches, span, names).map(Condition::All);
    }
    if let Some(branches) = raw.any {
        return several(branches, span, names).map(Condition::Any);
    }
    if let Some(inner) = raw.not {
        return condition(*inner, names).map(|inner| Condition::Not(Box::new(inner)));
    }
    single(raw, span, names)
}

fn several(
    branches: Vec<raw::Spanned<raw::Condition>>,
    span: Range<usize>,
    names: &Names<'_>,
) -> Result<Vec<Condition>, RulebookError> {
    if branches.is_empty() {
        return Err(RulebookError::at(span, "an empty list of conditions", ONE));
    }
    branches.into_iter().map(|branch| condition(branch, names)).collect()
}

fn single(raw: raw::Condition, span: Range<usize>, names: &Names<'_>) -> Result<Condition, RulebookError> {
    if let Some(share) = raw.share {
        return share_of(share.into_inner(), span, names);
    }
    if let Some(votes) = raw.votes {
        let votes = votes.into_inner();
        return Ok(Condition::Votes { scope: scope(votes.scope.as_ref(), names)?, at_least: votes.at_least });
    }
    if let Some(seats) = raw.seats {
        let seats = seats.into_inner();
        raw::known(&seats.stage, names.earlier, "stage before this one")?;
        return Ok(Condition::Seats { stage: seats.stage.into_inner(), at_least: seats.at_least });
    }
    if let Some(average) = raw.votes_per_seat {
        return votes_per_seat(average.into_inner(), names);
    }
    if let Some(quota) = raw.quota {
        return quota_multiple(quota.into_inner(), span);
    }
    if let Some(attribute) = raw.attribute {
        return Ok(match attribute.into_inner() {
            raw::TextOr::Text(name) => Condition::Attribute { name, is: None, at_least: None, at_most: None },
            raw::TextOr::Other(raw) => {
                Condition::Attribute { name: raw.name, is: raw.is, at_least: raw.at_least, at_most: raw.at_most }
            }
        });
    }
    let rank = raw.rank.ok_or_else(|| RulebookError::at(span, "an empty condition", ONE))?.into_inner();
    Ok(Condition::Rank { scope: scope(rank.scope.as_ref(), names)?, at_most: rank.at_most })
}

fn votes_per_seat(raw: raw::VotesPerSeat, names: &Names<'_>) -> Result<Condition, RulebookError> {
    quantity(&raw.base, names)?;
    raw::known(&raw.stage, names.earlier, "stage before this one")?;
    let parts = names.levels.get(1..).unwrap_or_default();
    raw::known(&raw.level, parts, "level below the whole")?;
    if *raw.units.as_ref() == 0 {
        return Err(RulebookError::at(raw.units.span(), "in no unit is nothing asked", "write units = 1 or more"));
    }
    Ok(Condition::VotesPerSeat {
        base: raw.base.into_inner(),
        stage: raw.stage.into_inner(),
        level: raw.level.into_inner(),
        units: raw.units.into_inner(),
    })
}

fn quantity(base: &raw::Spanned<String>, names: &Names<'_>) -> Result<(), RulebookError> {
    if (names.quantities)(base.as_ref()) {
        return Ok(());
    }
    Err(RulebookError::at(
        base.span(),
        format!("there is no base `{}`", base.as_ref()),
        "declare it as [quantity.NAME] with line = \"...\" or sum = [...]",
    ))
}

fn share_of(raw: raw::Share, span: Range<usize>, names: &Names<'_>) -> Result<Condition, RulebookError> {
    let base = raw.base.ok_or_else(|| {
        RulebookError::at(
            span.clone(),
            "a share without its base",
            "name the denominator: base = \"...\", one of the [quantity.*]",
        )
    })?;
    quantity(&base, names)?;
    let (strictness, text) = strictness(raw.at_least, raw.more_than, &span)?;
    Ok(Condition::Share {
        base: base.into_inner(),
        scope: scope(raw.scope.as_ref(), names)?,
        strictness,
        share: raw::share(&text)?,
    })
}

pub(super) fn strictness(
    at_least: Option<raw::Spanned<String>>,
    more_than: Option<raw::Spanned<String>>,
    span: &Range<usize>,
) -> Result<(Strictness, raw::Spanned<String>), RulebookError> {
    match (at_least, more_than) {
        (Some(text), None) => Ok((Strictness::AtLeast, text)),
        (None, Some(text)) => Ok((Strictness::MoreThan, text)),
        _ => Err(RulebookError::at(
            span.clone(),
            "it must be said once whether the very edge passes",
            "write at_least = \"7/100\" or more_than = \"7/100\"",
        )),
    }
}

fn quota_multiple(raw: raw::QuotaMultiple, span: Range<usize>) -> Result<Condition, RulebookError> {
    let (strictness, text) = strictness(raw.at_least, raw.more_than, &span)?;
    Ok(Condition::Quota {
        quota: raw::one_of(
            &raw.quota,
            &[
                ("hare", QuotaKind::Hare),
                ("droop", QuotaKind::Droop),
                ("hagenbach_bischoff", QuotaKind::HagenbachBischoff),
                ("imperiali", QuotaKind::Imperiali),
            ],
        )?,
        seats: raw::seats(&raw.seats)?,
        strictness,
        multiple: raw::ratio(&text)?,
    })
}

/// `national`, `every LEVEL`, `any LEVEL` or `LEVEL`.
pub(super) fn scope(text: Option<&raw::Spanned<String>>, names: &Names<'_>) -> Result<Scope, RulebookError> {
    let Some(text) = text else {
        return Ok(Scope::National);
    };
    scope_of(text.as_ref(), names.levels).ok_or_else(|| {
        RulebookError::at(
            text.span(),
            format!("`{}` is not a place that a share can be taken in", text.as_ref()),
            "write \"national\", \"every LEVEL\", \"any LEVEL\" or a level of units.levels",
        )
    })
}

pub(crate) fn scope_of(text: &str, levels: &[String]) -> Option<Scope> {
    let known = |level: &str| levels.iter().any(|l| l == level).then(|| level.to_owned());
    if text == "national" || levels.first().is_some_and(|level| level == text) {
        return Some(Scope::National);
    }
    if let Some(level) = text.strip_prefix("every ") {
        return known(level).map(Scope::Every);
    }
    if let Some(level) = text.strip_prefix("any ") {
        return known(level).map(Scope::Any);
    }
    known(text).map(Scope::Own)
}
