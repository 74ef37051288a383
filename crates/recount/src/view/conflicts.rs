//! Conflicts: statements that contradict what stands, and the result if each of them stood instead.

use recount_tally::Fold;
use recount_tally::rivals::Rival;
use serde_json::{Value, json};

use super::names;
use crate::show;

/// Conflicts whose result is computed: each costs a whole count.
pub const MOST: usize = 50;
/// Columns named beside a conflict.
const COLUMNS_SHOWN: usize = 4;

/// A list whose seats would differ: list, now, then.
pub type Moved = (String, u64, u64);

/// One conflict with the result under its alternative.
pub struct Alternative<'a> {
    /// The conflict.
    pub rival: Rival<'a>,
    /// Columns that differ: name, as it stands, as the rival says.
    pub columns: Vec<(String, u64, u64)>,
    /// Whether what stands there enters the count by law at all.
    pub decides: bool,
    /// Lists whose seats would differ: list, now, then; or why there is no result. `None`: not computed.
    pub seats: Option<Result<Vec<Moved>, String>>,
}

/// Every conflict, the first [`MOST`] of those that decide with their results.
pub fn alternatives(fold: &Fold) -> Vec<Alternative<'_>> {
    let now = fold.outcome(recount_tally::View::LAW).ok();
    let mut computed = 0;
    let each = fold.rivals().into_iter().map(|rival| {
        let columns = fold.differing_columns(rival.slot.contest, rival.standing, rival.figures);
        let decides = fold.decides(&rival);
        let compute = decides && computed < MOST && now.is_some();
        computed += usize::from(compute);
        let seats = now.as_ref().filter(|_| compute).map(|now| match fold.outcome_under(&[rival]) {
            Err(why) => Err(why.to_string()),
            Ok(then) => {
                let changed =
                    then.seats.iter().map(|(list, n)| (list.clone(), now.seats.get(list).copied().unwrap_or(0), *n));
                Ok(changed.filter(|(_, before, after)| before != after).collect())
            }
        });
        Alternative { rival, columns, decides, seats }
    });
    each.collect()
}

/// Prints every conflict with its alternative.
pub fn print(fold: &Fold, alternatives: &[Alternative<'_>]) {
    if alternatives.is_empty() {
        return;
    }
    show::heading("Conflicts, and the result by law if the other stood");
    for own in alternatives.iter().take(MOST) {
        let Rival { station, slot, stands, index, .. } = own.rival;
        let station = names::station_id(fold, station);
        let shown = own.columns.iter().take(COLUMNS_SHOWN);
        let figures: Vec<String> =
            shown.map(|(name, x, y)| format!("{name} {} against {}", show::number(*x), show::number(*y))).collect();
        let more = if own.columns.len() > COLUMNS_SHOWN { ", ..." } else { "" };
        let result = match &own.seats {
            None if !own.decides => "It does not enter the count by law.".to_owned(),
            None => String::new(),
            Some(Err(why)) => format!("If {index} stood: {why}."),
            Some(Ok(changed)) if changed.is_empty() => format!("If {index} stood: the same seats."),
            Some(Ok(changed)) => {
                let changed: Vec<String> = changed.iter().map(|(list, x, y)| format!("{list} {x} -> {y}")).collect();
                format!("If {index} stood: {}.", changed.join(", "))
            }
        };
        show::item(format!(
            "station {station}, {}: {stands} stands, {index} says otherwise: {}{more}. {result}",
            names::slot(fold, slot),
            figures.join(", ")
        ));
    }
    if alternatives.len() > MOST {
        show::paragraph(format!(
            "{} conflicts in all; the first {MOST} are shown, and results are computed for the first {MOST} that decide.",
            alternatives.len()
        ));
    }
}

/// The same for scripts, all of them.
pub fn json(fold: &Fold, alternatives: &[Alternative<'_>]) -> Value {
    let each = alternatives.iter().map(|own| {
        let Rival { station, slot, stands, index, .. } = own.rival;
        let columns = own.columns.iter().map(|(name, x, y)| json!({ "column": name, "stands": x, "says": y }));
        let (seats, why) = match &own.seats {
            Some(Ok(changed)) => {
                let of = changed.iter().map(|(list, x, y)| json!({ "list": list, "now": x, "then": y }));
                (Some(of.collect::<Vec<_>>()), None)
            }
            Some(Err(why)) => (None, Some(why.clone())),
            None => (None, None),
        };
        json!({
            "station": names::station_id(fold, station),
            "contest": fold.contest(slot.contest).map(|state| state.id.clone()),
            "poll": slot.poll,
            "source": fold.source_name(slot),
            "part": slot.part.map(|part| fold.parts().get(part)),
            "stands": stands,
            "statement": index,
            "columns": columns.collect::<Vec<_>>(),
            "decides": own.decides,
            "seats_changed": seats,
            "no_result": why,
        })
    });
    Value::Array(each.collect())
}
