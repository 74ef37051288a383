//! `minimum`: what each list must have at least.

use super::grid::{Given, Grid};
use super::machine::{Pass, Stop, Work, outcome_of};
use crate::outcome::StageOutcome;
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{Minimum, Stage, Uncomputable};

/// Why an expression has no value here.
enum Trouble {
    Figures(Uncomputable),
    Refused(Refusal),
}

impl From<Uncomputable> for Trouble {
    fn from(why: Uncomputable) -> Self {
        Self::Figures(why)
    }
}

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Minimum, pass: &mut Pass) -> Result<(), Stop> {
    let grids = grids(work, stage, rule, pass)?;
    let units = |level: &str| work.view.units(level).len();
    let mut seats = Vec::with_capacity(work.view.lists.len());
    for (who, list) in work.view.lists.iter().enumerate() {
        let figure = |of: &str, at: Option<(&str, usize)>| -> Result<u64, Trouble> {
            match at {
                None => Ok(pass.given.get(of).and_then(|given| given.seats.get(who)).copied().unwrap_or(0)),
                Some((level, unit)) => {
                    let grid = grids.iter().find(|(stage, grid)| stage == of && grid.level == level);
                    let row = grid.and_then(|(_, grid)| grid.cells.get(unit));
                    row.and_then(|row| row.get(who)).copied().ok_or_else(|| Trouble::Refused(by_unit(stage, of, level)))
                }
            }
        };
        let refuse = |trouble: Trouble| match trouble {
            Trouble::Refused(refusal) => refusal,
            Trouble::Figures(why) => Refusal::Uncomputable {
                stage: stage.id.clone(),
                list: list.id.clone(),
                reason: match why {
                    Uncomputable::BelowZero => Reason::BelowZero,
                    Uncomputable::DivisionByZero => Reason::DivisionByZero,
                    Uncomputable::TooLarge => Reason::FigureTooLarge,
                },
            },
        };
        let (num, den) = rule.per_party.value(&figure, &units, None).map_err(refuse)?;
        let whole = (den == 1).then(|| u64::try_from(num).ok()).flatten();
        seats.push(whole.ok_or_else(|| Refusal::Uncomputable {
            stage: stage.id.clone(),
            list: list.id.clone(),
            reason: if den == 1 { Reason::FigureTooLarge } else { Reason::NotWhole },
        })?);
    }
    if work.trace {
        pass.stages.push(StageOutcome { seats: work.by_id(&seats), ..outcome_of(stage, "minimum") });
    }
    // It gives no seats: the last stage that did stays the last.
    pass.given.insert(stage.id.clone(), Given { seats, ..Given::default() });
    Ok(())
}

/// The seats of the stages that are asked unit by unit, at the level asked.
fn grids(work: &Work<'_>, stage: &Stage, rule: &Minimum, pass: &Pass) -> Result<Vec<(String, Grid)>, Refusal> {
    let mut grids: Vec<(String, Grid)> = Vec::new();
    for (of, level) in rule.per_party.stages() {
        let Some(level) = level else { continue };
        if grids.iter().any(|(stage, grid)| stage == of && grid.level == level) {
            continue;
        }
        let grid = pass.given.get(of).and_then(|given| given.grid.as_ref()).and_then(|grid| grid.up(work.view, level));
        grids.push((of.to_owned(), grid.ok_or_else(|| by_unit(stage, of, level))?));
    }
    Ok(grids)
}

fn by_unit(stage: &Stage, of: &str, level: &str) -> Refusal {
    Refusal::SeatsNotByUnit { stage: stage.id.clone(), of: of.to_owned(), level: level.to_owned() }
}
