//! Everything that an audit says, derived again: what `verify` asks.

use recount_audit::law::LawAudit;
use recount_log::Hash;
use recount_tally::Fold;

use crate::assess::{Assessment, assess};
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
}

/// Reads an audit's blobs and checks that they follow from the record at the size that the plan names.
///
/// # Errors
/// [`Refusal`]: what does not follow.
pub fn open(trail: &Trail, plan: &[u8], manifest: &[u8], earlier: &Fold) -> Result<Opened, Refusal> {
    let own = |bytes: &[u8], hash: &Hash, what: &str| {
        if hash_of(bytes) == *hash { Ok(()) } else { record(format!("the {what} is not the one that the statement names")) }
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
        return record(format!("the plan does not follow from the record at its size: {}", difference(&derived.plan, &plan)));
    }
    Ok(Opened { trail: trail.clone(), plan, manifest: derived.manifest, audit: derived.audit })
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
    assess(fold, &trail, &opened.plan, &opened.manifest, &opened.audit)
}
