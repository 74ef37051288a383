//! What has become of every statement: effective, superseded, contested or void, each with its reason.

use recount_election::StationIx;
use recount_record::VoidReason;

use crate::effects::Force;
use crate::fold::Fold;
use crate::standing::Fate;

/// What has become of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It has its effect.
    Effective,
    /// Another statement has taken its place.
    Superseded(SupersededBy),
    /// It is disputed; only a ruling decides.
    Contested(Contest),
    /// It has no effect.
    Void(VoidReason),
}

/// What took a statement's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupersededBy {
    /// A later statement of the same office.
    Statement(u64),
    /// A ruling that excluded or corrected it, or chose another.
    Ruling(u64),
}

/// Why a statement is contested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contest {
    /// It conflicts with the statement or ruling at this index, which stands.
    Conflict(u64),
    /// It stands, and others conflict with it.
    Challenged,
    /// Its signer's key was revoked as suspect from before it.
    Suspect,
    /// The ruling that opened its poll no longer acts.
    PollClosed,
    /// A register change that waits for a ruling.
    Waits,
}

impl Status {
    /// One of the four words.
    pub fn word(&self) -> &'static str {
        match self {
            Status::Effective => "effective",
            Status::Superseded(_) => "superseded",
            Status::Contested(_) => "contested",
            Status::Void(_) => "void",
        }
    }

    /// The reason in a sentence; empty for what is simply effective.
    pub fn reason(&self) -> String {
        match self {
            Status::Effective => String::new(),
            Status::Superseded(SupersededBy::Statement(by)) => format!("replaced by statement {by}"),
            Status::Superseded(SupersededBy::Ruling(by)) => format!("set aside by ruling {by}"),
            Status::Contested(Contest::Conflict(with)) => format!("conflicts with {with}, which stands until a ruling"),
            Status::Contested(Contest::Challenged) => "stands, and another statement says otherwise".to_owned(),
            Status::Contested(Contest::Suspect) => "its key was revoked as suspect from before it".to_owned(),
            Status::Contested(Contest::PollClosed) => "the ruling that opened its poll no longer acts".to_owned(),
            Status::Contested(Contest::Waits) => "a change of the register after polling opened waits for a ruling".to_owned(),
            Status::Void(why) => why.to_string(),
        }
    }
}

impl Fold {
    /// What has become of the statement at an index; `None` beyond the size.
    pub fn status(&self, index: u64) -> Option<Status> {
        let noted = self.noted().get(usize::try_from(index).ok()?)?;
        if let Some(why) = &noted.void {
            return Some(Status::Void((**why).clone()));
        }
        Some(match (noted.kind, noted.station) {
            ("protocol", Some(station)) => self.status_of_protocol(station, index),
            ("ruling", _) => match self.rulings().get(&index).map(|state| state.force) {
                Some(Force::Suspended(by) | Force::Reversed(by)) => Status::Superseded(SupersededBy::Ruling(by)),
                _ => Status::Effective,
            },
            ("register", _) if self.ledger().register().waiting().any(|own| own == index) => {
                Status::Contested(Contest::Waits)
            }
            ("copy", Some(station)) => {
                let stands = self.station(station).is_some_and(|state| state.copies.iter().any(|c| c.index == index));
                match (stands, self.later_copy(station, index)) {
                    (false, Some(by)) => Status::Superseded(SupersededBy::Statement(by)),
                    _ => Status::Effective,
                }
            }
            _ => Status::Effective,
        })
    }

    fn later_copy(&self, station: StationIx, index: u64) -> Option<u64> {
        let signer = self.noted().get(usize::try_from(index).ok()?)?.signer?;
        let copies = &self.station(station)?.copies;
        copies.iter().find(|copy| copy.signer == signer && copy.index > index).map(|copy| copy.index)
    }

    fn status_of_protocol(&self, station: StationIx, index: u64) -> Status {
        let claims = self.station(station).map_or(&[][..], |state| &state.claims);
        let Some(claim) = claims.iter().find(|claim| claim.index == index) else { return Status::Effective };
        if claim.slot.poll > 1 && self.repeated_before(station, claim.slot.contest, claim.slot.poll).is_none() {
            return Status::Contested(Contest::PollClosed);
        }
        let fates = self.fates(station, claim.slot);
        let challenged = fates.iter().any(|(_, fate)| matches!(fate, Fate::Conflicts(_)));
        match fates.iter().find(|(own, _)| own.index == index).map(|(_, fate)| *fate) {
            Some(Fate::Conflicts(with)) => Status::Contested(Contest::Conflict(with)),
            Some(Fate::Superseded(by)) => Status::Superseded(SupersededBy::Statement(by)),
            Some(Fate::Excluded(by) | Fate::Corrected(by) | Fate::PassedOver(by)) => {
                Status::Superseded(SupersededBy::Ruling(by))
            }
            _ if self.is_suspect(claim) => Status::Contested(Contest::Suspect),
            Some(Fate::Stands) if challenged => Status::Contested(Contest::Challenged),
            _ => Status::Effective,
        }
    }
}
