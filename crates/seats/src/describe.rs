//! An outcome in words. English; other languages come with the site's texts.

use std::fmt::Write;

use crate::outcome::{
    Admission, Exactness, Margin, Move, Outcome, Reading, ReadingResult, Step, StepKind, Test, Tie, Turning,
};

impl Outcome {
    /// The outcome as plain text: who is admitted and by how many votes, each step with its figures
    /// and article, seats, ties, readings. Lines end with `\n`; lists are called by their ids.
    pub fn describe(&self) -> String {
        let mut text = String::new();
        line(&mut text, &format!("Rulebook {}: {} seats.", self.rulebook, self.house));
        for admission in &self.admission {
            self.admission_line(&mut text, admission);
        }
        for stage in &self.stages {
            if let Some(quota) = stage.quota {
                let whole = quota.num / quota.den.max(1);
                line(&mut text, &format!("Quota of stage {}: {quota} votes (about {whole}).", stage.id));
            }
        }
        for step in &self.steps {
            line(&mut text, &format!("{}{}", step.describe(), self.article(step.law.as_deref())));
        }
        let mut seats: Vec<_> = self.seats.iter().filter(|(_, seats)| **seats > 0).collect();
        seats.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let seats: Vec<String> = seats.iter().map(|(list, seats)| format!("{list} {seats}")).collect();
        line(&mut text, &format!("Seats: {}.", or_none(&seats)));
        if self.vacant > 0 {
            line(&mut text, &format!("{} seats stay vacant.", self.vacant));
        }
        for tie in &self.undetermined {
            line(&mut text, &tie.describe());
        }
        for finding in &self.validity.findings {
            let verdict = match finding.voids {
                Some(true) => "VOID",
                Some(false) => "stands",
                None => "cannot be said",
            };
            line(&mut text, &format!("Validity, {}: {verdict} ({}).", finding.rule, finding.says));
        }
        for reading in &self.readings {
            line(&mut text, &reading.describe());
        }
        for note in &self.notes {
            line(&mut text, &format!("Note: {note}."));
        }
        text
    }

    fn admission_line(&self, text: &mut String, admission: &Admission) {
        let verdict = if admission.admitted { "admitted" } else { "not admitted" };
        line(text, &format!("{}: {} votes, {verdict}.", admission.list, admission.votes));
        // What decided: the tests it failed, or, if it passed them all, the closest one.
        let failed = admission.tests.iter().filter(|test| !test.passed);
        let closest = admission.tests.iter().min_by_key(|test| test.margin);
        let told: Vec<&Test> =
            if failed.clone().next().is_some() { failed.collect() } else { closest.into_iter().collect() };
        for test in told {
            line(text, &format!("  {}{}", test.describe(), self.article(test.law.as_deref())));
        }
    }

    fn article(&self, law: Option<&str>) -> String {
        law.and_then(|key| self.laws.get(key)).map_or_else(String::new, |cite| format!(" [{cite}]"))
    }
}

fn line(text: &mut String, what: &str) {
    text.push_str(what);
    text.push('\n');
}

fn or_none(parts: &[String]) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

impl Test {
    /// The test in a sentence, with its figures.
    pub fn describe(&self) -> String {
        let verdict = if self.passed { "passes" } else { "fails" };
        if self.needed == 0 {
            return format!("{verdict}: `{}` {} asked, it has {}.", self.base, self.share, self.base_value);
        }
        let asked = if self.strict { "more than " } else { "" };
        let distance = match self.margin {
            margin if margin >= 0 => format!("{margin} to spare"),
            margin => format!("{} short", margin.unsigned_abs()),
        };
        format!(
            "{verdict} {asked}{} of {} {} in {}: {} votes, {} needed, {distance}.",
            self.share, self.base, self.base_value, self.unit, self.votes, self.needed
        )
    }
}

impl Step {
    /// The step in a sentence, with its figures.
    pub fn describe(&self) -> String {
        let Step { list, value, seats, held, .. } = self;
        let mut text = match self.what {
            StepKind::FullQuota => format!("{list}: {seats} for full quotas (votes / quota = {value})."),
            StepKind::Remainder => format!("Seat {}: {list}, remainder of {value} votes.", self.seat),
            StepKind::Quotient => {
                format!("Seat {}: {list}, which holds {held}, with the quotient {value}.", self.seat)
            }
            StepKind::Held => format!("{}: {} seats held at the outset", self.list, self.seats),
            StepKind::Minimum => format!("{list}: {seats} as its minimum."),
            StepKind::TakenBack => format!("{list}: {seats} taken back, remainder of {value} votes."),
            StepKind::Capped => format!("{list}: held at {seats}, would have {}.", value.num),
            StepKind::Bonus => format!("{list}: {seats} as the bonus of the largest list."),
            StepKind::Overhang => format!("{list}: keeps {seats} won elsewhere, its share was {}.", value.num),
            StepKind::CandidateVotes => format!("{list}: by the votes of its candidates."),
            StepKind::MoreVotes => format!("Seat {}: {list}, tied at {value}, has more votes.", self.seat),
            StepKind::Lot => format!("Seat {}: {list}, tied at {value}, drawn by lot.", self.seat),
        };
        if let Some(rival) = &self.over {
            let _ = write!(text, " Next: {} with {}.", rival.list, rival.value);
        }
        text
    }
}

impl Tie {
    /// The tie in a sentence, with what must be drawn.
    pub fn describe(&self) -> String {
        let remedy = if self.by_lot {
            format!("a lot must draw {} of them", self.seats)
        } else {
            "the rulebook does not say what settles it".to_owned()
        };
        let what = if self.what == StepKind::TakenBack { "to give back" } else { "to give" };
        format!(
            "UNDETERMINED at stage {}: {} are tied with {} seats {what}; {remedy}.",
            self.stage,
            self.between.join(", "),
            self.seats
        )
    }
}

impl Margin {
    /// The margin in a sentence.
    pub fn describe(&self) -> String {
        let turning = match &self.turning {
            Turning::Test { base, unit, meets: true, .. } => {
                format!("would meet the share of {base} in {unit}")
            }
            Turning::Test { base, unit, .. } => format!("would miss the share of {base} in {unit}"),
            Turning::Admission { stage, admitted: true } => format!("would be admitted by {stage}"),
            Turning::Admission { stage, .. } => format!("would not be admitted by {stage}"),
            Turning::GainsSeat => "would gain a seat".to_owned(),
            Turning::LosesSeat => "would lose a seat".to_owned(),
        };
        let Some(votes) = self.votes else {
            return format!("{} {turning} by no number of votes of this kind.", self.list);
        };
        let by = match &self.by {
            Move::GainedBaseFixed => "more, with the base fixed".to_owned(),
            Move::GainedNew => "more, if they are new".to_owned(),
            Move::LostBaseFixed => "fewer, with the base fixed".to_owned(),
            Move::LostBaseFalls => "fewer, if they stay away".to_owned(),
            Move::OthersGainNew => "new ones for others".to_owned(),
            Move::MovedFrom(list) => format!("moved to it from {list}"),
            Move::MovedTo(list) => format!("moved from it to {list}"),
        };
        let sure = match self.exactness {
            Exactness::Exact => "",
            Exactness::Suffices => " (enough; fewer are not excluded)",
        };
        let place = self.unit.as_ref().map_or_else(String::new, |unit| format!(" in {unit}"));
        format!("{} {turning} with {votes} votes {by}{place}{sure}.", self.list)
    }
}

impl Reading {
    /// The reading in a sentence, with the seats under it.
    pub fn describe(&self) -> String {
        let head = format!("Reading {} ({} = {}):", self.id, self.field, self.value);
        match &self.result {
            ReadingResult::Refused(refusal) => format!("{head} refused: {refusal}."),
            ReadingResult::Outcome(_) if !self.differs => format!("{head} the same seats."),
            ReadingResult::Outcome(outcome) => {
                let mut seats: Vec<_> = outcome.seats.iter().filter(|(_, seats)| **seats > 0).collect();
                seats.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
                let seats: Vec<String> = seats.iter().map(|(list, seats)| format!("{list} {seats}")).collect();
                format!("{head} {}.", or_none(&seats))
            }
        }
    }
}
