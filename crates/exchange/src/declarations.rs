//! Declared results as JSON: one shape, whether the command line or the service tells it.

use recount_tally::Fold;
use recount_tally::declaration::DeclarationCheck;
use serde_json::{Value, json};

/// Every declaration of a record with what came of computing it again.
#[must_use]
pub fn declarations(fold: &Fold) -> Vec<Value> {
    let each = fold.declarations().iter().map(|state| {
        let (check, differences, why) = match &state.check {
            DeclarationCheck::Holds => ("holds", Vec::new(), None),
            DeclarationCheck::Pending => ("pending", Vec::new(), None),
            DeclarationCheck::NotComputable(why) => ("not_computable", Vec::new(), Some(why)),
            DeclarationCheck::Differs(of) => {
                let of = of.iter().map(|d| json!({ "what": d.what, "declared": d.declared, "derived": d.derived }));
                ("differs", of.collect(), None)
            }
        };
        let said = &state.declaration;
        json!({
            "statement": state.index, "contest": said.contest, "unit": said.unit, "source": said.source,
            "poll": said.poll, "size": said.size, "check": check, "differences": differences, "why": why,
        })
    });
    each.collect()
}
