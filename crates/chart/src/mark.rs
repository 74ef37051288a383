//! Marks of series: a colour and a shape each, so that pictures read without colour.

/// Colours in the stylesheet (`c0` ...); shapes repeat at another pace, so that pairs repeat late.
const COLOURS: usize = 8;
const SHAPES: usize = 7;

/// The class of a series' colour.
pub(crate) fn colour(series: usize) -> String {
    format!("c{}", series % COLOURS)
}

/// The dash of a series' line, in the stylesheet's classes.
pub(crate) fn dash(series: usize) -> String {
    format!("d{}", series % 5)
}

/// One mark at a place, `s` from its middle to its edge. Nobody's is hollow.
pub(crate) fn mark(owner: Option<usize>, x: u64, y: u64, s: u64) -> String {
    let Some(owner) = owner else {
        return format!("<circle class=\"open\" cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>", s * 4 / 5);
    };
    let class = colour(owner);
    let (left, right, up, down) = (x.saturating_sub(s), x + s, y.saturating_sub(s), y + s);
    let thin = s * 2 / 5;
    let points = match (owner + owner / COLOURS) % SHAPES {
        0 => return format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{s}\"/>"),
        1 => {
            let half = s * 9 / 10;
            let (x, y, side) = (x.saturating_sub(half), y.saturating_sub(half), half * 2);
            return format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\"/>");
        }
        2 => format!("{x},{up} {right},{down} {left},{down}"),
        3 => format!("{x},{up} {right},{y} {x},{down} {left},{y}"),
        4 => {
            let (l, r, t, b) = (x.saturating_sub(thin), x + thin, y.saturating_sub(thin), y + thin);
            format!(
                "{l},{up} {r},{up} {r},{t} {right},{t} {right},{b} {r},{b} {r},{down} {l},{down} {l},{b} {left},{b} {left},{t} {l},{t}"
            )
        }
        5 => format!("{left},{up} {right},{up} {x},{down}"),
        _ => format!("{left},{up} {right},{up} {x},{y} {right},{down} {left},{down} {x},{y}"),
    };
    format!("<polygon class=\"{class}\" points=\"{points}\"/>")
}

/// The colour and shape of a series as a small picture for a table's row.
#[must_use]
pub fn swatch(owner: Option<usize>) -> String {
    format!(
        "<svg class=\"swatch\" viewBox=\"0 0 40 40\" aria-hidden=\"true\" focusable=\"false\">{}</svg>",
        mark(owner, 20, 20, 16)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_that_share_a_colour_differ_in_shape() {
        for a in 0..20 {
            for b in 0..a {
                assert_ne!(mark(Some(a), 50, 50, 10), mark(Some(b), 50, 50, 10), "{a} and {b}");
            }
        }
    }
}
