//! How few votes or papers would change who is elected by name.

use recount_seats::{Language, Margin, Outcome as SeatOutcome, Turning, Words};

use super::words;
use crate::show;

/// Sentences that are printed; `--explain` has them all.
const MOST: usize = 40;

/// Prints the margins of everybody who stands by name, where there are any.
pub fn print(outcome: &SeatOutcome, language: Language) {
    let named = |margin: &&Margin| {
        !matches!(
            margin.turning,
            Turning::Test { .. } | Turning::Admission { .. } | Turning::GainsSeat | Turning::LosesSeat
        )
    };
    let words = Words::new(language, outcome);
    let mut sentences: Vec<String> = outcome.margins.iter().filter(named).map(|margin| words.margin(margin)).collect();
    if sentences.is_empty() {
        return;
    }
    show::heading(words::people(language));
    let more = sentences.len().saturating_sub(MOST);
    sentences.truncate(MOST);
    for sentence in sentences {
        show::item(sentence);
    }
    if more > 0 {
        show::paragraph(words::more(language, more));
    }
}
