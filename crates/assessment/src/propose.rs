//! From a record at a size to a plan: the manifest, the assertions, and whether both follow from a given plan.

use std::collections::BTreeMap;

use recount_audit::BallotRule;
use recount_audit::law::{Asked, Choice, LawAudit, LineClass, Reported, audit_of};
use recount_seats::{Outcome, Tally};
use recount_tally::Fold;

use crate::counted::{Counted, counted};
use crate::formula::Sum;
use crate::manifest::Manifest;
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
