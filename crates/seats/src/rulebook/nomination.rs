//! `[nomination]` and `[vacancy]`: rules about lists and seats beside the count.

use super::{RulebookError, Stage, StageKind, raw};
use crate::Share;

/// What a list must look like to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nomination {
    /// The key of the law.
    pub law: Option<String>,
    /// The fewest and the most candidates.
    pub list_length: Option<(u64, u64)>,
    /// The most that any one value of an attribute may have.
    pub share_limits: Vec<ShareLimit>,
    /// The least share that has an attribute.
    pub share_minimums: Vec<ShareMinimum>,
    /// The least number that has an attribute.
    pub count_minimums: Vec<CountMinimum>,
}

/// At most this share of the candidates with the same value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLimit {
    /// The attribute, such as `gender`.
    pub attribute: String,
    /// The share.
    pub max: Share,
    /// How many candidates with the same value may follow each other.
    pub max_gap_in_order: Option<u64>,
}

/// At least this share of the candidates has the attribute (present and not `false`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareMinimum {
    /// The attribute.
    pub attribute: String,
    /// The share.
    pub min: Share,
}

/// At least so many candidates have the attribute (present and not `false`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountMinimum {
    /// The attribute.
    pub attribute: String,
    /// The number.
    pub min: u64,
    /// How many of them stand among the first 50.
    pub of_which_in_first_50: Option<u64>,
}

/// How a seat is filled that becomes vacant later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacancy {
    /// The stage whose seats it is about; none: all seats that no other rule names.
    pub of: Option<String>,
    /// The key of the law.
    pub law: Option<String>,
    /// The rule.
    pub rule: VacancyRule,
    /// What follows if the rule finds nobody.
    pub if_none: IfNone,
}

/// Who follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VacancyRule {
    /// The next on the same list, in the order of the list.
    NextOnList,
    /// The next in the order in which the last stage of kind `candidates` seats a list.
    NextInOrder,
    /// The next by votes, in the same unit or on the same list.
    NextByVotes {
        /// First those with the same value of this attribute.
        same: Option<String>,
        /// Whether, if nobody has it, the next of the others follows.
        else_other: bool,
    },
    /// The papers that the one who left held when they were elected are counted again, each for the one whom it
    /// prefers among those who may follow.
    Countback,
    /// The voters decide.
    ByElection,
}

/// What follows if the rule finds nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfNone {
    /// The seat stays vacant.
    Vacant,
    /// The voters decide.
    ByElection,
}

pub(super) fn nomination(raw: raw::Nomination) -> Result<Nomination, RulebookError> {
    if let Some(length) = &raw.list_length
        && length.as_ref().first() > length.as_ref().last()
    {
        return Err(RulebookError::at(
            length.span(),
            "the fewest candidates are more than the most",
            "write list_length = [fewest, most]",
        ));
    }
    let limit = |limit: raw::ShareLimit| {
        Ok(ShareLimit {
            attribute: limit.attribute,
            max: raw::share(&limit.max)?,
            max_gap_in_order: limit.max_gap_in_order,
        })
    };
    let minimum =
        |minimum: raw::ShareMinimum| Ok(ShareMinimum { attribute: minimum.attribute, min: raw::share(&minimum.min)? });
    let count = |count: raw::CountMinimum| CountMinimum {
        attribute: count.attribute,
        min: count.min,
        of_which_in_first_50: count.of_which_in_first_50,
    };
    Ok(Nomination {
        law: raw.law.map(raw::Spanned::into_inner),
        list_length: raw.list_length.map(|length| {
            let [fewest, most] = length.into_inner();
            (fewest, most)
        }),
        share_limits: raw.share_limits.into_iter().map(limit).collect::<Result<_, RulebookError>>()?,
        share_minimums: raw.share_minimums.into_iter().map(minimum).collect::<Result<_, RulebookError>>()?,
        count_minimums: raw.count_minimums.into_iter().map(count).collect(),
    })
}

/// All rules; each seat has one.
pub(super) fn vacancies(raw: Vec<raw::Vacancy>, stages: &[Stage]) -> Result<Vec<Vacancy>, RulebookError> {
    let mut rules: Vec<Vacancy> = Vec::new();
    for raw in raw {
        let span = raw.of.as_ref().map_or_else(|| raw.rule.span(), raw::Spanned::span);
        let rule = vacancy(raw)?;
        if let Some(of) = &rule.of {
            elects_people(of, &rule.rule, stages).map_err(|what| {
                let help =
                    "name a stage of kind candidates, plurality, runoff or rank; countback needs one of kind rank";
                RulebookError::at(span.clone(), what, help)
            })?;
        }
        if rules.iter().any(|other| other.of == rule.of) {
            let help = "name another stage with `of = \"...\"`, or remove it";
            return Err(RulebookError::at(span, "two rules for the same vacant seats", help));
        }
        rules.push(rule);
    }
    Ok(rules)
}

/// Whether a stage puts people on seats, in a way that the rule can follow.
fn elects_people(of: &str, rule: &VacancyRule, stages: &[Stage]) -> Result<(), String> {
    let stage = stages.iter().find(|stage| stage.id == of).ok_or_else(|| format!("there is no stage `{of}`"))?;
    match (&stage.kind, rule) {
        (StageKind::Rank(_), _) => Ok(()),
        (_, VacancyRule::Countback) => Err(format!("stage `{of}` counts no ranked ballots")),
        (StageKind::Candidates(_) | StageKind::Plurality(_) | StageKind::Runoff(_), _) => Ok(()),
        _ => Err(format!("stage `{of}` puts nobody on seats")),
    }
}

fn vacancy(raw: raw::Vacancy) -> Result<Vacancy, RulebookError> {
    let by_votes = VacancyRule::NextByVotes { same: None, else_other: true };
    let words = [
        ("next_on_list", VacancyRule::NextOnList),
        ("next_in_order", VacancyRule::NextInOrder),
        ("next_by_votes", by_votes.clone()),
        ("countback", VacancyRule::Countback),
        ("by_election", VacancyRule::ByElection),
    ];
    let mut rule = raw::one_of(&raw.rule, &words)?;
    let others = raw::one_of_or(raw.others.as_ref(), &[("next", true), ("none", false)], true)?;
    match &mut rule {
        VacancyRule::NextByVotes { same, else_other } => {
            *same = raw.same.map(raw::Spanned::into_inner);
            *else_other = others;
        }
        _ => {
            if let Some(text) = raw.same.as_ref().or(raw.others.as_ref()) {
                return Err(RulebookError::at(
                    text.span(),
                    "`same` and `others` have a meaning only with rule = \"next_by_votes\"",
                    "remove it",
                ));
            }
        }
    }
    let if_none = [("vacant", IfNone::Vacant), ("by_election", IfNone::ByElection)];
    Ok(Vacancy {
        of: raw.of.map(raw::Spanned::into_inner),
        law: raw.law.map(raw::Spanned::into_inner),
        rule,
        if_none: raw::one_of_or(raw.if_none.as_ref(), &if_none, IfNone::Vacant)?,
    })
}
