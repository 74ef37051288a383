//! Reading an audit out of a record, and deriving all of it again.

use recount_assessment::assess::Assessment;
use recount_assessment::check::{self, ClaimCheck, Opened as Audit};
use recount_assessment::plan::Plan;
use recount_assessment::trail::{Trail, trails};
use recount_log::Hash;
use recount_store::{Reader, Source};
use recount_tally::Fold;
use serde_json::{Value, json};

use crate::commands::Record;
use crate::error::{CliError, Outcome, input};
use crate::read::{self, AnySource, Opened};

/// The largest plan or manifest that is read.
const BLOB_MAX: u64 = 1 << 30;

/// Which record, and which of its audits.
#[derive(Debug, Clone, clap::Args)]
pub struct Which {
    #[command(flatten)]
    pub record: Record,
    /// The audit, by the statement of its plan; by default the last.
    #[arg(long, value_name = "INDEX")]
    pub plan: Option<u64>,
}

/// A refusal of an audit, as a command's.
pub fn refused(why: impl std::fmt::Display) -> CliError {
    CliError::Input(why.to_string())
}

/// The audit asked for.
pub fn trail_of(fold: &Fold, plan: Option<u64>) -> Outcome<Trail> {
    let mut all = trails(fold);
    match plan {
        Some(index) => all
            .into_iter()
            .find(|trail| trail.index == index)
            .ok_or_else(|| CliError::Input(format!("statement {index} is no audit's plan"))),
        None => all.pop().ok_or_else(|| CliError::Input("no audit has been planned in this record".to_owned())),
    }
}

fn blob(reader: &Reader<AnySource>, hash: &Hash, what: &str) -> Outcome<Vec<u8>> {
    let found = reader.source().blob(hash, BLOB_MAX)?;
    found.ok_or_else(|| CliError::Input(format!("the {what} {hash} is not with the record")))
}

/// The plan of an audit as its blob says, not yet derived again.
pub fn plan_of(reader: &Reader<AnySource>, trail: &Trail) -> Outcome<Plan> {
    Plan::parse(&blob(reader, &trail.plan, "plan")?).map_err(refused)
}

/// Opens an audit: plan and manifest are derived again from the record at the plan's size.
pub fn audit(reader: &Reader<AnySource>, fold: &Fold, trail: &Trail) -> Outcome<Audit> {
    let (plan, manifest) = (blob(reader, &trail.plan, "plan")?, blob(reader, &trail.manifest, "manifest")?);
    let size = Plan::parse(&plan).map_err(refused)?.size;
    if size > fold.size() {
        return input(format!("the plan speaks of size {size}, and the record has {}", fold.size()));
    }
    // Every signature below was checked on the way here.
    let earlier = read::fold_record(reader, size, size)?;
    check::open(trail, &plan, &manifest, &earlier).map_err(refused)
}

/// Opens an audit and assesses it.
pub fn assessed(which: &Which) -> Outcome<(&'static Opened, Audit, Assessment)> {
    let opened = which.record.open()?;
    let trail = trail_of(&opened.fold, which.plan)?;
    let audit = audit(&opened.reader, &opened.fold, &trail)?;
    let assessment = check::assess_opened(&audit, &opened.fold).map_err(refused)?;
    Ok((opened, audit, assessment))
}

/// What `verify` found about one audit.
pub struct AuditCheck {
    /// The plan's statement.
    pub index: u64,
    /// What was derived, or why the plan does not follow from the record.
    pub result: Result<Checked, String>,
}

/// An audit that was derived again.
pub struct Checked {
    /// Its title.
    pub title: String,
    /// The size whose result is audited.
    pub size: u64,
    /// Stations in the manifest, assertions that are needed.
    pub of: (u64, u64),
    /// Stations assessed, assertions proved.
    pub done: (usize, usize),
    /// The largest risk.
    pub risk: f64,
    /// Whether the seats are proved.
    pub complete: bool,
    /// Whether a full recount gave other seats.
    pub wrong: bool,
    /// Whether the seed that was stated is the one that follows.
    pub seed_holds: bool,
    /// Claims computed again.
    pub claims: Vec<Result<ClaimCheck, String>>,
}

impl AuditCheck {
    /// Everything that was stated follows.
    pub fn holds(&self) -> bool {
        self.result.as_ref().is_ok_and(|own| {
            own.seed_holds && own.claims.iter().all(|claim| claim.as_ref().is_ok_and(|claim| claim.differs.is_empty()))
        })
    }

    /// For scripts.
    pub fn json(&self) -> Value {
        match &self.result {
            Err(why) => json!({ "plan": self.index, "holds": false, "why": why }),
            Ok(own) => json!({
                "plan": self.index, "holds": self.holds(), "title": own.title, "size": own.size, "stations": own.of.0,
                "assertions": own.of.1, "assessed": own.done.0, "proved": own.done.1,
                "risk_millionths": check::millionths(own.risk), "complete": own.complete, "wrong": own.wrong,
                "seed_holds": own.seed_holds,
                "claims": own.claims.iter().map(|claim| match claim {
                    Ok(claim) => json!({ "statement": claim.index, "completed": claim.completed, "holds": claim.differs.is_empty(),
                        "differs": claim.differs.iter().map(|(name, claimed, derived)| json!({ "what": name, "claimed": claimed, "derived": derived })).collect::<Vec<_>>() }),
                    Err(why) => json!({ "holds": false, "why": why }),
                }).collect::<Vec<_>>(),
            }),
        }
    }
}

/// Derives every audit of a record again.
pub fn check_all(opened: &Opened) -> Vec<AuditCheck> {
    let one = |trail: &Trail| AuditCheck {
        index: trail.index,
        result: checked(opened, trail).map_err(|why| why.to_string()),
    };
    trails(&opened.fold).iter().map(one).collect()
}

fn checked(opened: &Opened, trail: &Trail) -> Outcome<Checked> {
    let audit = audit(&opened.reader, &opened.fold, trail)?;
    let now = check::assess_opened(&audit, &opened.fold).map_err(refused)?;
    let seed = trail.seed();
    let stated = trail.closing.as_ref().and_then(|closing| closing.stated.clone());
    let mut claims = Vec::new();
    for claim in &trail.claims {
        let then = if claim.size == opened.size() {
            Ok(now.clone())
        } else if claim.size > claim.index {
            Err("it speaks of a size that was not reached".to_owned())
        } else {
            read::fold_record(&opened.reader, claim.size, claim.size)
                .map_err(|why| why.to_string())
                .and_then(|fold| check::assess_opened(&audit, &fold).map_err(|why| why.to_string()))
        };
        claims.push(then.map(|then| check::claim(claim, &then)));
    }
    Ok(Checked {
        title: audit.plan.title.clone(),
        size: audit.plan.size,
        of: (audit.plan.stations, audit.plan.assertions[0]),
        done: (now.assessed, now.proved()),
        risk: now.risk(),
        complete: now.complete,
        wrong: now.wrong(&audit.plan),
        seed_holds: stated.is_none() || stated == seed,
        claims,
    })
}
