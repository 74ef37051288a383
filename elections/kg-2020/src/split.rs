//! Splitting whole numbers so that every margin is met exactly.
//!
//! Shares are fitted to their margins by proportional fitting in fixed point, cut to integers, and repaired unit by unit:
//! what the repair cannot place is an error, never an approximation.

use crate::GenerateError;

/// A table of counts: one row per place, one column per list.
pub(crate) type Table = Vec<Vec<u64>>;

/// Binary places of the fixed-point shares.
const POINT: u32 = 20;

/// Splits `total` in proportion to `weights` by largest remainder; equal remainders go to the earlier place.
pub(crate) fn apportion(what: &'static str, total: u64, weights: &[u64]) -> Result<Vec<u64>, GenerateError> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if sum == 0 {
        let empty = vec![0; weights.len()];
        return if total == 0 { Ok(empty) } else { Err(GenerateError::Infeasible(what)) };
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (place, &weight) in weights.iter().enumerate() {
        let product = u128::from(total) * u128::from(weight);
        parts.push(narrow(product / sum)?);
        remainders.push((product % sum, place));
    }
    let left = total - parts.iter().sum::<u64>();
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, place) in remainders.into_iter().take(usize_of(left)?) {
        parts[place] += 1;
    }
    Ok(parts)
}

/// As [`apportion`], with no part above its cap: what does not fit is split over the places that have room.
pub(crate) fn apportion_capped(
    what: &'static str,
    total: u64,
    weights: &[u64],
    caps: &[u64],
) -> Result<Vec<u64>, GenerateError> {
    let mut parts = vec![0_u64; weights.len()];
    let mut left = total;
    while left > 0 {
        let open: Vec<u64> =
            (0..weights.len()).map(|place| if parts[place] < caps[place] { weights[place] } else { 0 }).collect();
        let more = apportion(what, left, &open)?;
        let before = left;
        for (place, part) in parts.iter_mut().enumerate() {
            let fits = more[place].min(caps[place] - *part);
            *part += fits;
            left -= fits;
        }
        if left == before {
            return Err(GenerateError::Infeasible(what));
        }
    }
    Ok(parts)
}

/// A table with exactly these row and column sums, as near to the proportions of `seed` as fitting gets,
/// and with no cell above its cap.
pub(crate) fn fit(
    what: &'static str,
    rows: &[u64],
    columns: &[u64],
    seed: &Table,
    caps: Option<&Table>,
) -> Result<Table, GenerateError> {
    if rows.iter().sum::<u64>() != columns.iter().sum::<u64>() {
        return Err(GenerateError::Infeasible(what));
    }
    let mut shares: Vec<Vec<u128>> =
        seed.iter().map(|row| row.iter().map(|&cell| u128::from(cell)).collect()).collect();
    scale_rows(&mut shares, rows);
    for _ in 0..4 {
        scale_columns(&mut shares, columns);
        scale_rows(&mut shares, rows);
    }
    let mut table = cut(&shares)?;
    if let Some(caps) = caps {
        clamp(&mut table, caps);
    }
    repair(what, &mut table, rows, columns, caps)?;
    Ok(table)
}

/// Splits each cell of `whole` into a part inside and a part outside: the parts inside have these row and column sums.
///
/// Fitting keeps both parts in proportion to each other within the margins, so that no cell is emptied without need.
pub(crate) fn fit_inside(
    what: &'static str,
    whole: &Table,
    rows: &[u64],
    columns: &[u64],
) -> Result<Table, GenerateError> {
    let rest = |all: u64, inside: u64| all.checked_sub(inside).ok_or(GenerateError::Infeasible(what));
    let out_rows: Vec<u64> =
        whole.iter().zip(rows).map(|(row, &inside)| rest(row.iter().sum(), inside)).collect::<Result<_, _>>()?;
    let out_columns: Vec<u64> = columns
        .iter()
        .enumerate()
        .map(|(at, &inside)| rest(column_sum(whole, at), inside))
        .collect::<Result<_, _>>()?;
    let point = |table: &Table| -> Vec<Vec<u128>> {
        table.iter().map(|row| row.iter().map(|&cell| u128::from(cell) << POINT).collect()).collect()
    };
    let (mut inside, mut outside) = (point(whole), point(whole));
    for _ in 0..120 {
        for ((row, in_row), out_row) in whole.iter().zip(&mut inside).zip(&mut outside) {
            for ((cell, a), b) in row.iter().zip(in_row).zip(out_row) {
                let full = u128::from(*cell) << POINT;
                *a = (full * *a).checked_div(*a + *b).unwrap_or_default();
                *b = full - *a;
            }
        }
        scale_columns(&mut inside, columns);
        scale_columns(&mut outside, &out_columns);
        scale_rows(&mut inside, rows);
        scale_rows(&mut outside, &out_rows);
    }
    let mut table = cut(&inside)?;
    clamp(&mut table, whole);
    repair(what, &mut table, rows, columns, Some(whole))?;
    Ok(table)
}

/// Sum of one column.
pub(crate) fn column_sum(table: &Table, column: usize) -> u64 {
    table.iter().map(|row| row[column]).sum()
}

fn scale_rows(shares: &mut [Vec<u128>], rows: &[u64]) {
    for (row, &want) in shares.iter_mut().zip(rows) {
        let sum: u128 = row.iter().sum();
        for cell in row {
            *cell = (*cell * (u128::from(want) << POINT)).checked_div(sum).unwrap_or_default();
        }
    }
}

fn scale_columns(shares: &mut [Vec<u128>], columns: &[u64]) {
    for (column, &want) in columns.iter().enumerate() {
        let sum: u128 = shares.iter().map(|row| row[column]).sum();
        for row in shares.iter_mut() {
            row[column] = (row[column] * (u128::from(want) << POINT)).checked_div(sum).unwrap_or_default();
        }
    }
}

fn cut(shares: &[Vec<u128>]) -> Result<Table, GenerateError> {
    shares.iter().map(|row| row.iter().map(|&cell| narrow(cell >> POINT)).collect()).collect()
}

fn clamp(table: &mut Table, caps: &Table) {
    for (row, limits) in table.iter_mut().zip(caps) {
        for (cell, limit) in row.iter_mut().zip(limits) {
            *cell = (*cell).min(*limit);
        }
    }
}

/// What each row and column still lacks (negative: has too much).
struct Lack {
    rows: Vec<i64>,
    columns: Vec<i64>,
}

/// Moves single units until every margin is met.
fn repair(
    what: &'static str,
    table: &mut Table,
    rows: &[u64],
    columns: &[u64],
    caps: Option<&Table>,
) -> Result<(), GenerateError> {
    let room =
        |table: &Table, row: usize, column: usize| caps.is_none_or(|caps| table[row][column] < caps[row][column]);
    let mut lack = Lack {
        rows: table
            .iter()
            .zip(rows)
            .map(|(row, &want)| Ok(signed(want)? - signed(row.iter().sum())?))
            .collect::<Result<_, GenerateError>>()?,
        columns: columns
            .iter()
            .enumerate()
            .map(|(at, &want)| Ok(signed(want)? - signed(column_sum(table, at))?))
            .collect::<Result<_, GenerateError>>()?,
    };
    // Cut rows never hold too much. A column that does gives units, inside a row, to columns that lack some.
    while let Some(from) = lack.columns.iter().position(|&lacks| lacks < 0) {
        let mut moved = false;
        for row in 0..table.len() {
            let to = (0..columns.len()).find(|&to| lack.columns[to] > 0 && room(table, row, to));
            if let Some(to) = to
                && lack.columns[from] < 0
                && table[row][from] > 0
            {
                table[row][from] -= 1;
                table[row][to] += 1;
                lack.columns[from] += 1;
                lack.columns[to] -= 1;
                moved = true;
            }
        }
        if !moved {
            return Err(GenerateError::Infeasible(what));
        }
    }
    fill(table, &mut lack, room);
    if lack.rows.iter().chain(&lack.columns).any(|&lacks| lacks != 0) {
        return Err(GenerateError::Infeasible(what));
    }
    Ok(())
}

/// Gives each row what it lacks, one unit per column in turn, starting at another column in each row.
fn fill(table: &mut Table, lack: &mut Lack, room: impl Fn(&Table, usize, usize) -> bool) {
    let width = lack.columns.len();
    for row in 0..table.len() {
        let mut given = true;
        while lack.rows[row] > 0 && given {
            given = false;
            for step in 0..width {
                let column = (row + step) % width;
                if lack.rows[row] > 0 && lack.columns[column] > 0 && room(table, row, column) {
                    table[row][column] += 1;
                    lack.rows[row] -= 1;
                    lack.columns[column] -= 1;
                    given = true;
                }
            }
        }
    }
}

fn narrow(value: u128) -> Result<u64, GenerateError> {
    u64::try_from(value).map_err(|_| GenerateError::Overflow)
}

fn signed(value: u64) -> Result<i64, GenerateError> {
    i64::try_from(value).map_err(|_| GenerateError::Overflow)
}

fn usize_of(value: u64) -> Result<usize, GenerateError> {
    usize::try_from(value).map_err(|_| GenerateError::Overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn largest_remainders_round_up_and_ties_go_to_the_earlier_place() {
        assert_eq!(apportion("", 10, &[1, 1, 1]), Ok(vec![4, 3, 3]));
        assert_eq!(apportion("", 7, &[50, 30, 20]), Ok(vec![4, 2, 1]));
        assert_eq!(apportion("", 0, &[0, 0]), Ok(vec![0, 0]));
        assert_eq!(apportion("x", 1, &[0, 0]), Err(GenerateError::Infeasible("x")));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(apportion_capped("x", 5, &[1, 1], &[2, 2]), Err(GenerateError::Infeasible("x")));
        assert_eq!(fit("x", &[1], &[2], &vec![vec![1]], None), Err(GenerateError::Infeasible("x")));
        assert_eq!(
            fit("x", &[2, 2], &[4], &vec![vec![1], vec![1]], Some(&vec![vec![1], vec![3]])),
            Err(GenerateError::Infeasible("x"))
        );
        assert_eq!(fit_inside("x", &vec![vec![1, 1]], &[3], &[2, 1]), Err(GenerateError::Infeasible("x")));
    }

    fn sums(table: &Table) -> (Vec<u64>, Vec<u64>) {
        let width = table.first().map_or(0, Vec::len);
        (
            table.iter().map(|row| row.iter().sum()).collect(),
            (0..width).map(|column| column_sum(table, column)).collect(),
        )
    }

    fn table(cells: std::ops::Range<u64>) -> impl Strategy<Value = Table> {
        (1_usize..8, 1_usize..8).prop_flat_map(move |(height, width)| {
            prop::collection::vec(prop::collection::vec(cells.clone(), width), height)
        })
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_within_one_of_their_share(total in 0_u64..1_000_000, weights in prop::collection::vec(1_u64..10_000, 1..40)) {
            let parts = apportion("", total, &weights).unwrap();
            let sum: u64 = weights.iter().sum();
            prop_assert_eq!(parts.iter().sum::<u64>(), total);
            for (part, weight) in parts.iter().zip(&weights) {
                let floor = total * weight / sum;
                prop_assert!(*part == floor || *part == floor + 1);
            }
        }

        #[test]
        fn caps_hold(caps in prop::collection::vec(0_u64..100, 1..30), share in 0_u64..=100, noise in 1_u64..1000) {
            let weights: Vec<u64> = (0..caps.len() as u64).map(|at| 1 + at * noise % 17).collect();
            let total = caps.iter().sum::<u64>() * share / 100;
            let parts = apportion_capped("", total, &weights, &caps).unwrap();
            prop_assert_eq!(parts.iter().sum::<u64>(), total);
            prop_assert!(parts.iter().zip(&caps).all(|(part, cap)| part <= cap));
        }

        #[test]
        fn fitted_tables_meet_the_margins_of_any_other_table(want in table(0..2_000), noise in 1_u64..1_000) {
            let (rows, columns) = sums(&want);
            let seed: Table = want.iter().enumerate().map(|(row, cells)| (0..cells.len()).map(|column| 1 + (row as u64 * 7 + column as u64) * noise % 23).collect()).collect();
            let fitted = fit("", &rows, &columns, &seed, None).unwrap();
            prop_assert_eq!(sums(&fitted), (rows, columns));
        }

        #[test]
        fn parts_inside_stay_inside(whole in table(200..2_000), percent in 20_u64..80) {
            let inside: Table = whole.iter().map(|row| row.iter().map(|cell| cell * percent / 100).collect()).collect();
            let (rows, columns) = sums(&inside);
            let fitted = fit_inside("", &whole, &rows, &columns).unwrap();
            prop_assert!(fitted.iter().flatten().zip(whole.iter().flatten()).all(|(part, all)| part <= all));
            prop_assert_eq!(sums(&fitted), (rows, columns));
        }
    }
}
