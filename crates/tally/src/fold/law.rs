//! The law in force: the latest rulebook and forms whose ruling acts.

use recount_election::Forms;
use recount_log::Hash;
use recount_record::VoidReason;
use recount_record::statement::Effect;
use recount_seats::Rulebook;

use super::{Blobs, Fold, Law};
use crate::claim::WordIx;
use crate::effects::Force;

/// Every rulebook and every set of forms that was ever put in force, with the index that did it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Laws {
    rulebooks: Vec<(u64, Rulebook, Hash)>,
    forms: Vec<(u64, Forms)>,
}

/// What one charter or ruling puts in force, read and found good.
#[derive(Debug, Clone, Default)]
pub(super) struct NewLaw {
    rulebook: Option<(Rulebook, Hash)>,
    forms: Option<Forms>,
}

impl NewLaw {
    pub fn is_empty(&self) -> bool {
        self.rulebook.is_none() && self.forms.is_none()
    }
}

/// Sources by the rulebook's `[standing]`, as numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceOrder {
    pub decides: Option<WordIx>,
    pub after_ruling: Option<WordIx>,
    /// Sources that stand in for the deciding one; empty unless the rulebook mixes sources.
    pub stand_in: Vec<WordIx>,
}

fn read(hash: Hash, what: &str, blobs: &dyn Blobs) -> Result<String, VoidReason> {
    let bytes = blobs.blob(&hash).ok_or_else(|| VoidReason::Blob(format!("the {what} {hash} is not there")))?;
    if recount_log::sha256(&bytes) != hash {
        return Err(VoidReason::Blob(format!("the {what} is not the one that was named")));
    }
    String::from_utf8(bytes).map_err(|_| VoidReason::Blob(format!("the {what} is not UTF-8 text")))
}

impl NewLaw {
    pub fn set_rulebook(&mut self, hash: Hash, blobs: &dyn Blobs) -> Result<(), VoidReason> {
        let text = read(hash, "rulebook", blobs)?;
        let rulebook = Rulebook::parse(&text).map_err(|e| VoidReason::Blob(format!("rulebook: {e}")))?;
        self.rulebook = Some((rulebook, hash));
        Ok(())
    }

    pub fn set_forms(&mut self, hash: Hash, blobs: &dyn Blobs) -> Result<(), VoidReason> {
        let text = read(hash, "forms", blobs)?;
        self.forms = Some(Forms::parse_toml(&text).map_err(|e| VoidReason::Blob(format!("forms: {e}")))?);
        Ok(())
    }

    /// What the effects of a ruling put in force.
    pub fn of(effects: &[Effect], blobs: &dyn Blobs) -> Result<NewLaw, VoidReason> {
        let mut law = NewLaw::default();
        for effect in effects {
            match effect {
                Effect::Replace { what, blob } if what == "rulebook" => law.set_rulebook(*blob, blobs)?,
                Effect::Replace { blob, .. } => law.set_forms(*blob, blobs)?,
                _ => {}
            }
        }
        Ok(law)
    }
}

impl Fold {
    /// Remembers a law; [`Fold::choose_law`] puts it in force.
    pub(super) fn enter_law(&mut self, index: u64, law: NewLaw) {
        self.laws.rulebooks.extend(law.rulebook.map(|(rulebook, hash)| (index, rulebook, hash)));
        self.laws.forms.extend(law.forms.map(|forms| (index, forms)));
    }

    /// Puts the latest rulebook and forms in force whose ruling acts (the charter's always do).
    pub(super) fn choose_law(&mut self) -> Result<(), VoidReason> {
        let acts = |index: &u64| self.rulings.get(index).is_none_or(|state| state.force == Force::InForce);
        let rulebook = self.laws.rulebooks.iter().rev().find(|(index, _, _)| acts(index));
        let forms = self.laws.forms.iter().rev().find(|(index, _)| acts(index));
        let (Some((a, rulebook, hash)), Some((b, forms))) = (rulebook, forms) else { return Ok(()) };
        let since = *a.max(b);
        self.law = Some(Law { since, rulebook: rulebook.clone(), rulebook_hash: *hash, forms: forms.clone() });
        let standing = rulebook.standing.clone();
        self.order = SourceOrder {
            decides: self.sources.intern(&standing.decides),
            after_ruling: standing.after_ruling.and_then(|word| self.sources.intern(&word)),
            stand_in: standing.preliminary.iter().filter_map(|word| self.sources.intern(word)).collect(),
        };
        if !standing.mix_sources {
            self.order.stand_in.clear();
        }
        self.totals = None;
        self.refresh()
    }
}
