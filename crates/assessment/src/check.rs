//! Everything that an audit says, derived again: what `verify` asks.

use std::collections::BTreeMap;

use recount_audit::law::{Choice, LawAudit};
use recount_log::Hash;
use recount_seats::{Lots, Rulebook, Tally};
use recount_tally::Fold;

use crate::assess::{Assessment, Totals, assess};
use crate::manifest::Manifest;
use crate::plan::{Plan, hash_of};
use crate::propose::derive;
use crate::trail::{Claim, Trail};
use crate::{Refusal, record};

/// An audit whose plan was read and derived again.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its statements.
    pub trail: Trail,
    /// The plan.
    pub plan: Plan,
    /// The stations.
    pub manifest: Manifest,
    /// The assertions.
    pub audit: LawAudit,
    /// The law that was in force at the plan's size.
    pub rulebook: Rulebook,
    /// The tally that was put through it.
    pub tally: Tally,
}

/// Reads an audit's blobs and checks that they follow from the record at the size that the plan names.
///
/// # Errors
/// [`Refusal`]: what does not follow.
pub fn open(trail: &Trail, plan: &[u8], manifest: &[u8], earlier: &Fold) -> Result<Opened, Refusal> {
    let own = |bytes: &[u8], hash: &Hash, what: &str| {
        if hash_of(bytes) == *hash {
            Ok(())
        } else {
            record(format!("the {what} is not the one that the statement names"))
        }
    };
    own(plan, &trail.plan, "plan")?;
    own(manifest, &trail.manifest, "manifest")?;
    let plan = Plan::parse(plan)?;
    if plan.size > trail.index {
        return record("the plan speaks of a size that was not reached when it was filed");
    }
    if earlier.size() != plan.size {
        return record("the record was read at another size than the plan's");
    }
    let derived = derive(earlier, &plan)?;
    if derived.manifest.to_csv().as_bytes() != manifest {
        return record("the manifest does not follow from the record at the plan's size");
    }
    if derived.plan != plan {
        return record(format!(
            "the plan does not follow from the record at its size: {}",
            difference(&derived.plan, &plan)
        ));
    }
    let Some(law) = earlier.law() else { return record("the record had no law at the plan's size") };
    Ok(Opened {
        trail: trail.clone(),
        plan,
        manifest: derived.manifest,
        audit: derived.audit,
        rulebook: law.rulebook.clone(),
        tally: derived.tally,
    })
}

fn difference(derived: &Plan, stated: &Plan) -> &'static str {
    if derived.assertions_sha256 != stated.assertions_sha256 || derived.assertions != stated.assertions {
        "other assertions"
    } else if derived.seats != stated.seats {
        "other seats"
    } else if derived.manifest != stated.manifest {
        "another manifest"
    } else if derived.rulebook != stated.rulebook {
        "another rulebook"
    } else {
        "other figures"
    }
}

/// What came of deriving a claim again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimCheck {
    /// The claim's statement.
    pub index: u64,
    /// Whether it says that the audit is over.
    pub completed: bool,
    /// Figures that differ: name, claimed, derived.
    pub differs: Vec<(String, u64, u64)>,
}

/// The figures that a claim may state of an assessment.
pub fn figures(assessment: &Assessment) -> Vec<(String, u64)> {
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let needed = assessment.items.iter().filter(|item| item.needed).count();
    vec![
        ("assertions".to_owned(), count(needed)),
        ("complete".to_owned(), u64::from(assessment.complete)),
        ("proved".to_owned(), count(assessment.proved())),
        ("risk_millionths".to_owned(), millionths(assessment.risk())),
        ("stations".to_owned(), count(assessment.assessed)),
    ]
}

/// A risk in millionths, rounded up.
pub fn millionths(risk: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a million")]
    let whole = (risk.clamp(0.0, 1.0) * 1e6).ceil() as u64;
    whole
}

/// Compares a claim with the assessment at the size that it names.
pub fn claim(claim: &Claim, assessment: &Assessment) -> ClaimCheck {
    let derived = figures(assessment);
    let mut differs = Vec::new();
    for (name, claimed) in claim.figures.iter().filter(|(name, _)| name != "size") {
        match derived.iter().find(|(own, _)| own == name) {
            Some((_, own)) if own == claimed => {}
            Some((_, own)) => differs.push((name.clone(), *claimed, *own)),
            None => differs.push((name.clone(), *claimed, 0)),
        }
    }
    if claim.completed && !(assessment.complete || assessment.full_count) {
        differs.push(("complete".to_owned(), 1, 0));
    }
    ClaimCheck { index: claim.index, completed: claim.completed, differs }
}

/// Assesses an opened audit on a fold of the record.
///
/// # Errors
/// As [`assess`].
pub fn assess_opened(opened: &Opened, fold: &Fold) -> Result<Assessment, Refusal> {
    // The trail as it stood at the fold's size.
    let trail = crate::trail::trails(fold).into_iter().find(|trail| trail.index == opened.trail.index);
    let Some(trail) = trail else { return record("the audit had no plan at that size") };
    let again = |totals: &Totals| opened.seats_of(totals);
    assess(fold, &trail, &opened.plan, &opened.manifest, &opened.audit, &again)
}

impl Opened {
    /// A choice of the manifest (`list:ID`, `line:CODE`) in words: the list's name, or the line's code.
    pub fn words_of(&self, choice: &str) -> String {
        match Choice::parse(choice) {
            Some(Choice::List(id)) => {
                let list = self.tally.lists.iter().find(|own| own.id == id).map(|own| own.name.clone());
                let person = || self.tally.nominees.iter().find(|own| own.id == id).map(|own| own.name.clone());
                list.or_else(person).filter(|name| !name.is_empty()).unwrap_or(id)
            }
            Some(Choice::Line(line)) => line,
            _ => choice.to_owned(),
        }
    }

    /// The seats that recounted totals give under the law of the plan.
    fn seats_of(&self, totals: &Totals) -> Result<BTreeMap<String, u64>, String> {
        let mut tally = self.tally.clone();
        let national = tally.units.iter().find(|unit| unit.parent.is_none()).map(|unit| unit.id.clone());
        for total in tally.totals.iter_mut().filter(|total| total.contest == self.plan.contest) {
            let unit = (Some(&total.unit) != national.as_ref()).then(|| total.unit.clone());
            let Some(sums) = totals.get(&unit) else { continue };
            for (choice, sum) in self.manifest.choices.iter().zip(sums) {
                match choice {
                    Choice::List(id) => drop(total.votes.insert(id.clone(), *sum)),
                    Choice::AgainstAll => total.against_all = Some(*sum),
                    Choice::Line(line) if !self.trusted(line) => drop(total.lines.insert(line.clone(), *sum)),
                    Choice::Line(_) => {}
                }
            }
        }
        let outcome = recount_seats::run(&self.rulebook, &tally, &Lots::default()).map_err(|why| why.to_string())?;
        if outcome.undetermined.is_empty() { Ok(outcome.seats) } else { Err("a tie that a lot must settle".to_owned()) }
    }

    fn trusted(&self, line: &str) -> bool {
        self.plan.bases.get(line).is_some_and(|class| class.starts_with("trusted"))
    }
}
