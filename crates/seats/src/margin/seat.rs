//! placeholder
use crate::lots::Lots;
use crate::outcome::Margin;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::run::RunOptions;
use crate::run::view::View;

pub(crate) fn of_seats(
    _rulebook: &Rulebook,
    _view: &View<'_>,
    _lots: &Lots,
    _options: &RunOptions,
) -> Result<Vec<Margin>, Refusal> {
    Ok(Vec::new())
}
