//! From a record at a size to a plan: the manifest, the assertions, and whether both follow from a given plan.

use std::collections::{BTreeMap, BTreeSet};

use recount_audit::BallotRule;
use recount_audit::law::{Asked, Choice, LawAudit, LineClass, Reported, audit_of};
use recount_election::{AGAINST_ALL, Columns, Figures, Holds, StationIx};
use recount_seats::{Outcome, Quantity, Tally};
use recount_tally::claim::ContestIx;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, Reason, View};

use crate::formula::Sum;
use crate::manifest::{Manifest, Row};
use crate::plan::{Plan, SCHEMA, class_text, hash_of};
use crate::{Refusal, record};

/// What people choose before the seed.
#[derive(Debug, Clone)]
pub struct Choices {
    /// A name for people.
    pub title: String,
    /// The contest; none: the rulebook's only one.
    pub contest: Option<String>,
    /// The risk limit as a fraction.
    pub limit: String,
    /// The bet rule.
    pub bet: String,
    /// The source of findings.
    pub source: String,
    /// What one ballot may hold.
    pub ballot: [u32; 2],
    /// The bound, as a sum of lines; none: chosen.
    pub bound: Option<String>,
    /// Ballots in the box, as a sum of lines; none: votes and what is invalid, blank or for nobody.
    pub found: Option<String>,
    /// Classes of lines; others by the form.
    pub bases: BTreeMap<String, LineClass>,
    /// Audit the result without the stations that are missing.
    pub without_missing: bool,
    /// How stations are drawn apart.
    pub strata: Option<String>,
}

/// A plan with everything that it names.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The plan.
    pub plan: Plan,
    /// The stations.
    pub manifest: Manifest,
    /// The assertions.
    pub audit: LawAudit,
    /// The result under the law.
    pub outcome: Outcome,
    /// The tally that gave it.
    pub tally: Tally,
    /// How the bound was chosen, if it was not given.
    pub bound_chosen: Option<String>,
}

/// The record's contest and what the law makes of it.
struct Counted<'a> {
    fold: &'a Fold,
    contest: ContestIx,
    id: String,
    columns: &'a Columns,
    tally: Tally,
    outcome: Outcome,
}

fn counted<'a>(fold: &'a Fold, contest: Option<&str>) -> Result<Counted<'a>, Refusal> {
    let Some(law) = fold.law() else { return record("the record has no charter yet") };
    let contests = fold.rulebook_contests();
    let contest = match contest {
        Some(id) => fold.contest_ix(id),
        None if law.rulebook.contests.len() == 1 => contests.first().copied(),
        None => return record("the rulebook has several contests: name one"),
    };
    let Some(contest) = contest else { return record("there is no such contest in the register") };
    let Some(state) = fold.contest(contest) else { return record("there is no such contest") };
    let mut totals: Vec<(ContestIx, UnitTotals)> = Vec::new();
    for ix in contests {
        totals.push((ix, fold.totals(ix, View::LAW).map_err(|why| Refusal::Record(why.to_string()))?));
    }
    let borrowed: Vec<(ContestIx, &UnitTotals)> = totals.iter().map(|(ix, t)| (*ix, t)).collect();
    let tally = fold.tally_of(&borrowed).map_err(|why| Refusal::Record(why.to_string()))?;
    let outcome = fold.outcome_of(&tally).map_err(|why| Refusal::Record(why.to_string()))?;
    Ok(Counted { fold, contest, id: state.id.clone(), columns: &state.columns, tally, outcome })
}

impl Counted<'_> {
    /// Lines that the law's bases rest on, as far as the stations state them.
    fn lines(&self) -> Vec<String> {
        let quantities = self.fold.law().map(|law| &law.rulebook.quantities);
        let lines = quantities.into_iter().flat_map(BTreeMap::values).filter_map(|quantity| match quantity {
            Quantity::Line { line, .. } => Some(line.clone()),
            Quantity::Sum(_) => None,
        });
        let lines: BTreeSet<String> = lines.filter(|line| self.columns.line(line).is_some()).collect();
        lines.into_iter().collect()
    }

    /// What is counted apart.
    fn choices(&self) -> Vec<Choice> {
        let mut choices: Vec<Choice> = self
            .columns
            .lists()
            .filter(|(_, id)| *id != AGAINST_ALL)
            .map(|(_, id)| Choice::List(id.to_owned()))
            .collect();
        if self.columns.list(AGAINST_ALL).is_some() {
            choices.push(Choice::AgainstAll);
        }
        choices.extend(self.lines().into_iter().map(Choice::Line));
        choices
    }

    /// Stations that count, with their figures; and the others, by reason.
    fn stations(&self) -> (Vec<(StationIx, Figures)>, BTreeMap<String, u64>) {
        let geography = self.fold.ledger().register().geography();
        let (mut counting, mut left) = (Vec::new(), BTreeMap::new());
        for (_, n) in geography.stations().iter().zip(0u32..) {
            let station = StationIx(n);
            if !self.fold.is_expected(station, self.contest) {
                continue;
            }
            let count = self.fold.count_station(station, self.contest, View::LAW);
            match (count.reason, count.figures) {
                (None, Some(figures)) => counting.push((station, figures)),
                (reason, _) => *left.entry(reason.map_or("missing", Reason::code).to_owned()).or_default() += 1,
            }
        }
        (counting, left)
    }

    /// What the forms say that a line holds.
    fn holds(&self, line: &str) -> Option<Holds> {
        let forms = self.fold.law().map(|law| &law.forms)?;
        let lines = forms.forms.iter().filter(|form| form.contest == self.id).flat_map(|form| &form.lines);
        lines.into_iter().find(|own| own.code == line).map(|own| own.holds)
    }

    fn default_class(&self, line: &str) -> LineClass {
        match self.holds(line) {
            Some(Holds::Ballots | Holds::Votes) => LineClass::Box,
            Some(Holds::Voters) => LineClass::Document("the signed register".to_owned()),
            _ => LineClass::Trusted("as published".to_owned()),
        }
    }

    fn found(&self, text: Option<&str>) -> Result<Sum, Refusal> {
        if let Some(text) = text {
            let sum = Sum::parse(text)?;
            sum.check(self.columns)?;
            return Ok(sum);
        }
        let mut parts = vec!["votes"];
        parts.extend(self.columns.list(AGAINST_ALL).map(|_| AGAINST_ALL));
        parts.extend(["invalid", "blank", "none_of_the_above"].into_iter().filter(|l| self.columns.line(l).is_some()));
        Sum::parse(&parts.join(" + "))
    }

    /// The smallest line of voters or ballots that covers the boxes nearly everywhere: signatures or ballots
    /// issued. Never a line of what was found in the box.
    fn bound(&self, stations: &[(StationIx, Figures)], found: &Sum) -> Result<Sum, Refusal> {
        let mut best: Option<(bool, u64, &str)> = None;
        for (column, line) in self.columns.lines() {
            let Some(holds) = self.holds(line).filter(|h| matches!(h, Holds::Voters | Holds::Ballots)) else {
                continue;
            };
            let (mut total, mut covers, mut same) = (0_u64, 0_usize, 0_usize);
            for (_, figures) in stations {
                let content = found.value(self.columns, figures).unwrap_or(0);
                let Some(value) = figures.get(column) else { continue };
                total = total.saturating_add(value);
                covers += usize::from(value >= content);
                same += usize::from(value == content);
            }
            let of_the_box = holds == Holds::Ballots && same * 100 >= stations.len() * 95;
            if covers * 100 < stations.len() * 95 || of_the_box {
                continue;
            }
            let key = (holds == Holds::Ballots, total, line);
            if best.is_none_or(|old| key.1 < old.1) {
                best = Some(key);
            }
        }
        match best {
            Some((_, _, line)) => Sum::parse(line),
            None => record("no line of the protocol bounds the ballots in a box: give one with --bound"),
        }
    }

    fn manifest(
        &self,
        stations: &[(StationIx, Figures)],
        bound: &Sum,
        found: &Sum,
        classes: &BTreeMap<String, LineClass>,
    ) -> Manifest {
        let choices = self.choices();
        let geography = self.fold.ledger().register().geography();
        let levels = self.fold.law().map(|law| law.rulebook.levels_used()).unwrap_or_default();
        let mut rows = Vec::with_capacity(stations.len());
        for (ix, figures) in stations {
            let Some(station) = geography.station(*ix) else { continue };
            let units = geography.ancestors(station.unit).filter_map(|unit| geography.unit(unit));
            let units = units.filter(|unit| unit.parent.is_some() && levels.contains(&unit.level));
            let of = |choice: &Choice| figure_of(self.columns, figures, choice);
            let own: Vec<Option<u64>> = choices.iter().map(of).collect();
            let content = found.value(self.columns, figures).unwrap_or(0);
            let documents = choices.iter().zip(&own).filter_map(|(choice, figure)| match choice {
                Choice::Line(line) if matches!(classes.get(line), Some(LineClass::Document(_))) => *figure,
                _ => None,
            });
            let least = documents.fold(content, u64::max);
            let bound = bound.value(self.columns, figures).unwrap_or(0).max(least);
            rows.push(Row {
                station: station.id.clone(),
                stratum: String::new(),
                units: units.map(|unit| unit.id.clone()).collect(),
                bound,
                found: content,
                figures: own,
            });
        }
        Manifest { choices, rows }
    }

    /// Gives every station its stratum.
    fn divide(&self, manifest: &mut Manifest, rule: &str) -> Result<(), Refusal> {
        let geography = self.fold.ledger().register().geography();
        let wrong = || Refusal::Record(format!("strata `{rule}`: write `unit LEVEL` or `attribute NAME`"));
        let (kind, name) = rule.split_once(' ').ok_or_else(wrong)?;
        for row in &mut manifest.rows {
            let station = geography.station_ix(&row.station).and_then(|ix| geography.station(ix));
            let found = station.and_then(|station| match kind {
                "unit" => {
                    let mut above = geography.ancestors(station.unit).filter_map(|unit| geography.unit(unit));
                    above.find(|unit| unit.level == name).map(|unit| unit.id.clone())
                }
                "attribute" => station.attributes.get(name).cloned(),
                _ => None,
            });
            let plain = |own: &String| !own.is_empty() && !own.contains([',', '"', '\n', '\r']);
            let Some(found) = found.filter(plain) else {
                return record(format!("station `{}` is in no stratum by `{rule}`", row.station));
            };
            row.stratum = found;
        }
        let count = manifest.strata().len();
        if !(2..=MOST_STRATA).contains(&count) {
            return record(format!("`{rule}` makes {count} strata: there must be 2 to {MOST_STRATA}"));
        }
        Ok(())
    }
}

/// Strata that are joined; with more, each has so few stations that no sample says anything.
const MOST_STRATA: usize = 100;

/// A choice's figure in a protocol.
pub(crate) fn figure_of(columns: &Columns, figures: &Figures, choice: &Choice) -> Option<u64> {
    match choice {
        Choice::List(id) => figures.votes(columns, id),
        Choice::AgainstAll => figures.votes(columns, AGAINST_ALL),
        Choice::Line(line) => figures.line(columns, line),
    }
}

/// Trusted lines take the total of the count, stations or not; everything else must be the manifest's own sum.
fn reconcile(
    counted: &Counted<'_>,
    reported: &mut Reported,
    classes: &BTreeMap<String, LineClass>,
) -> Result<(), Refusal> {
    let national = counted.tally.units.iter().find(|unit| unit.parent.is_none()).map(|unit| unit.id.as_str());
    for total in counted.tally.totals.iter().filter(|total| total.contest == counted.id) {
        let own = if Some(total.unit.as_str()) == national {
            &mut reported.whole
        } else {
            match reported.units.get_mut(&total.unit) {
                Some(own) => own,
                None => continue,
            }
        };
        for (at, choice) in reported.choices.iter().enumerate() {
            let counted = match choice {
                Choice::List(id) => total.votes.get(id).copied().unwrap_or(0),
                Choice::AgainstAll => total.against_all.unwrap_or(0),
                Choice::Line(line) => total.lines.get(line).copied().unwrap_or(0),
            };
            let trusted = matches!(choice, Choice::Line(l) if matches!(classes.get(l), Some(LineClass::Trusted(_))));
            if trusted {
                own.votes[at] = counted;
            } else if own.votes[at] != counted {
                return record(format!(
                    "`{}` in `{}` is {counted} in the count and {} over the stations that can be drawn: class it as trusted",
                    choice.key(),
                    total.unit,
                    own.votes[at]
                ));
            }
        }
    }
    Ok(())
}

/// Makes a plan for the result of a record as it stands.
///
/// # Errors
/// [`Refusal`] with the reason.
pub fn propose(fold: &Fold, choices: &Choices) -> Result<Proposal, Refusal> {
    let counted = counted(fold, choices.contest.as_deref())?;
    let (stations, left_out) = counted.stations();
    let missing: u64 = ["missing", "part_missing", "to_be_repeated"].iter().filter_map(|r| left_out.get(*r)).sum();
    if missing > 0 && !choices.without_missing {
        return record(format!(
            "{missing} stations are missing from the result: wait for them, or plan without them and say so (--without-missing)"
        ));
    }
    let mut classes = choices.bases.clone();
    for line in counted.lines() {
        classes.entry(line.clone()).or_insert_with(|| counted.default_class(&line));
    }
    let found = counted.found(choices.found.as_deref())?;
    let (bound, bound_chosen) = match &choices.bound {
        Some(text) => {
            let sum = Sum::parse(text)?;
            sum.check(counted.columns)?;
            (sum, None)
        }
        None => {
            let sum = counted.bound(&stations, &found)?;
            let text = sum.text().to_owned();
            (sum, Some(text))
        }
    };
    let mut manifest = counted.manifest(&stations, &bound, &found, &classes);
    if let Some(rule) = &choices.strata {
        counted.divide(&mut manifest, rule)?;
    }
    let rule = BallotRule { votes: choices.ballot[0], per_choice: choices.ballot[1] };
    let mut reported = manifest.reported(&counted.id, rule)?;
    reconcile(&counted, &mut reported, &classes)?;
    let Some(law) = fold.law() else { return record("the record has no charter yet") };
    let audit = audit_of(Asked {
        rulebook: &law.rulebook,
        tally: &counted.tally,
        outcome: &counted.outcome,
        reported: &reported,
        classes: &classes,
    })?;
    let needed = audit.needed();
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let plan = Plan {
        schema: SCHEMA.to_owned(),
        title: choices.title.clone(),
        contest: counted.id.clone(),
        size: fold.size(),
        rulebook: law.rulebook_hash.to_hex(),
        limit: choices.limit.clone(),
        bet: choices.bet.clone(),
        source: choices.source.clone(),
        ballot: choices.ballot,
        bound: bound.text().to_owned(),
        found: found.text().to_owned(),
        bases: classes.iter().map(|(line, class)| (line.clone(), class_text(class))).collect(),
        strata: choices.strata.clone(),
        without_missing: choices.without_missing,
        left_out,
        stations: count(manifest.rows.len()),
        ballots: manifest.ballots(),
        manifest: hash_of(manifest.to_csv().as_bytes()).to_hex(),
        assertions: [count(needed), count(audit.items.len() - needed)],
        assertions_sha256: hash_of(audit.text().as_bytes()).to_hex(),
        seats: counted.outcome.seats.clone(),
        leaves: audit.leaves.clone(),
    };
    plan.limit()?;
    plan.bet()?;
    if plan.strata.is_some() {
        plan.fixed_share()?;
    }
    Ok(Proposal { plan, manifest, audit, outcome: counted.outcome, tally: counted.tally, bound_chosen })
}

/// Derives a plan again from the record at the size that it names, with the choices that it states.
///
/// # Errors
/// [`Refusal`]: the plan cannot be derived there.
pub fn derive(fold: &Fold, plan: &Plan) -> Result<Proposal, Refusal> {
    propose(
        fold,
        &Choices {
            title: plan.title.clone(),
            contest: Some(plan.contest.clone()),
            limit: plan.limit.clone(),
            bet: plan.bet.clone(),
            source: plan.source.clone(),
            ballot: plan.ballot,
            bound: Some(plan.bound.clone()),
            found: Some(plan.found.clone()),
            bases: plan.classes()?,
            without_missing: plan.without_missing,
            strata: plan.strata.clone(),
        },
    )
}
