//! Audits as pages of the site.

use recount_assessment::trail::trails;
use recount_assessment::{check, page};
use recount_site::Annex;
use recount_store::Reader;
use recount_tally::Fold;

use super::open::audit;
use crate::read::AnySource;

/// The page of the record's last audit, in every language; none where no audit was planned. A plan that does not
/// follow from the record has no page: `verify` says why.
pub fn annexes(reader: &Reader<AnySource>, fold: &Fold) -> Vec<Annex> {
    let Some(trail) = trails(fold).pop() else { return Vec::new() };
    let Ok(audit) = audit(reader, fold, &trail) else { return Vec::new() };
    let Ok(now) = check::assess_opened(&audit, fold) else { return Vec::new() };
    let one = |language: &str| Annex {
        language: language.to_owned(),
        address: "audit/".to_owned(),
        title: page::title(language).to_owned(),
        menu: page::title(language).to_owned(),
        html: page::page(language, &audit, &now),
        since: fold.size(),
        styles: None,
    };
    page::LANGUAGES.into_iter().map(one).collect()
}
