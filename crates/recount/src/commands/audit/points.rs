//! Audits in the report of `verify`, in plain words.

use super::AuditCheck;
use super::assess::risk;
use crate::show;

/// What was derived again.
pub fn proved_points(check: &AuditCheck) -> Vec<String> {
    let Ok(own) = &check.result else { return Vec::new() };
    let mut points = vec![format!(
        "* Audit {}: the plan with its {} assertions over {} stations follows from the record at size {}.",
        check.index,
        show::number(own.of.1),
        show::number(own.of.0),
        show::number(own.size)
    )];
    if own.seed_holds && own.done.0 > 0 {
        let seats = match (own.complete, own.wrong) {
            (_, true) => "a full recount gives OTHER seats",
            (true, _) => "every seat is proved",
            _ => "not every seat is proved",
        };
        points.push(format!(
            "* Audit {}: seed and sample were derived again; {} counted again, {} assertions proved, largest risk {}: {seats}.",
            check.index,
            show::count(own.done.0 as u64, "station was", "stations were"),
            show::number(own.done.1 as u64),
            risk(own.risk)
        ));
    }
    for claim in own.claims.iter().flatten().filter(|claim| claim.differs.is_empty()) {
        let what = if claim.completed { "that the audit is over" } else { "what the audit came to" };
        points.push(format!("* Audit {}: statement {} says {what}; it follows.", check.index, claim.index));
    }
    points
}

/// What does not follow.
pub fn open_points(check: &AuditCheck) -> Vec<String> {
    let own = match &check.result {
        Ok(own) => own,
        Err(why) => return vec![format!("* Audit {}: {why}.", check.index)],
    };
    let mut points = Vec::new();
    if !own.seed_holds {
        points.push(format!(
            "* Audit {}: the seed that was stated is not the one that its contributions give.",
            check.index
        ));
    }
    for claim in &own.claims {
        match claim {
            Ok(claim) => points.extend(claim.differs.iter().map(|(what, claimed, derived)| {
                format!(
                    "* Audit {}: statement {} claims {claimed} for {what}; the findings give {derived}.",
                    check.index, claim.index
                )
            })),
            Err(why) => points.push(format!("* Audit {}: {why}.", check.index)),
        }
    }
    points
}
