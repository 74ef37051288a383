//! A count in words.

use std::fmt::Write;

use super::amount::Amount;
use super::sheet::{RankedOutcome, RankedTie, Round, RoundKind, TieBroken, TieQuestion};

impl RankedOutcome {
    /// The sheet as plain English text, one count after the other. Lines end with `\n`; candidates are
    /// called by their ids.
    pub fn describe(&self) -> String {
        let mut text = String::new();
        let _ = write!(text, "{} papers, {} to be elected", self.papers, self.seats);
        match &self.quota {
            Some(quota) => {
                let _ = writeln!(text, ", quota {quota}.");
            }
            None => text.push_str(", a majority of the votes in play elects.\n"),
        }
        for round in &self.rounds {
            self.round(&mut text, round);
        }
        for count in &self.depends_on_order {
            let _ = writeln!(
                text,
                "Count {count} took whole papers from piles whose papers differ: another physical order could give \
                 another result. The order given was used."
            );
        }
        if let Some(tie) = &self.tie {
            let _ = writeln!(text, "{}", tie.describe());
        }
        let elected: Vec<&str> = self.elected.iter().map(|elected| elected.candidate.as_str()).collect();
        let _ =
            writeln!(text, "Elected: {}.", if elected.is_empty() { "nobody".to_owned() } else { elected.join(", ") });
        if self.vacant > 0 {
            let _ = writeln!(text, "{} seats stay vacant.", self.vacant);
        }
        text
    }

    fn round(&self, text: &mut String, round: &Round) {
        for tie in &round.ties {
            let _ = writeln!(text, "{}", tie.describe());
        }
        let _ = writeln!(text, "Count {}: {}", round.count, round.what.describe());
        let held = self.candidates.iter().zip(&round.votes).zip(&round.received);
        for ((candidate, votes), received) in held.filter(|((_, votes), received)| shown(votes, received)) {
            let _ = write!(text, "  {candidate}: {votes}");
            if received.is_positive() && round.what != RoundKind::FirstPreferences {
                let _ = write!(text, " (+{received})");
            }
            text.push('\n');
        }
        if !round.exhausted.is_zero() {
            let _ = writeln!(text, "  exhausted: {}", round.exhausted);
        }
        if !round.lost.is_zero() {
            let _ = writeln!(text, "  lost by fractions: {}", round.lost);
        }
        for candidate in &round.elected {
            let as_last = self.elected.iter().any(|elected| elected.candidate == *candidate && !elected.reached);
            let how = if as_last { " as one of the last remaining" } else { "" };
            let _ = writeln!(text, "  {candidate} is elected{how}.");
        }
    }
}

fn shown(votes: &Amount, received: &Amount) -> bool {
    !votes.is_zero() || !received.is_zero()
}

impl RoundKind {
    /// What the count does, in a sentence.
    pub fn describe(&self) -> String {
        match self {
            Self::FirstPreferences => "first preferences.".to_owned(),
            Self::Surplus { of, surplus, value: Some(value) } => {
                format!("the surplus of {of}, {surplus} votes, is passed on at {value}.")
            }
            Self::Surplus { of, surplus, value: None } => {
                format!("the surplus of {of}, {surplus} votes, is passed on in whole papers.")
            }
            Self::Exclusion { of, value: Some(value) } => {
                format!("{} excluded; papers of value {value} move.", are(of))
            }
            Self::Exclusion { of, value: None } => format!("{} excluded.", are(of)),
            Self::Surpluses { iterations } => {
                format!("surpluses are passed on; the papers were gone through {iterations} times.")
            }
        }
    }
}

fn are(names: &[String]) -> String {
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}

fn asked(question: TieQuestion) -> &'static str {
    match question {
        TieQuestion::Exclusion => "who is excluded",
        TieQuestion::SurplusOrder => "whose surplus comes first",
        TieQuestion::Fraction => "who receives a paper for equal fractions",
    }
}

impl TieBroken {
    /// The tie and what settled it, in a sentence.
    pub fn describe(&self) -> String {
        let by = match self.by.as_str() {
            "lot" => "drawn by lot",
            "first_counts" => "by the earliest count in which they differ",
            _ => "by the latest earlier count in which they differ",
        };
        format!("Tie between {} ({}): {}, {by}.", self.between.join(", "), asked(self.question), self.taken.join(", "))
    }
}

impl RankedTie {
    /// The tie in a sentence, with what must be drawn.
    pub fn describe(&self) -> String {
        let remedy = if self.by_lot {
            format!("a lot must draw {} of them", self.take)
        } else {
            "the rules do not say what settles it".to_owned()
        };
        format!(
            "UNDETERMINED at count {}: {} are tied ({}); {remedy}.",
            self.count,
            self.between.join(", "),
            asked(self.question)
        )
    }
}
