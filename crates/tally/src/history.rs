//! What has become of every statement: effective, superseded, contested or void, each with its reason.

use recount_election::StationIx;
use recount_record::VoidReason;
use recount_record::ledger::KeyIx;

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

    /// A word for the reason, for scripts: that of [`VoidReason::code`], or `statement`, `ruling`, `conflict`, `challenged`,
    /// `suspect`, `poll_closed`, `waits`; empty for what is simply effective.
    pub fn code(&self) -> &'static str {
        match self {
            Status::Effective => "",
            Status::Superseded(SupersededBy::Statement(_)) => "statement",
            Status::Superseded(SupersededBy::Ruling(_)) => "ruling",
            Status::Contested(Contest::Conflict(_)) => "conflict",
            Status::Contested(Contest::Challenged) => "challenged",
            Status::Contested(Contest::Suspect) => "suspect",
            Status::Contested(Contest::PollClosed) => "poll_closed",
            Status::Contested(Contest::Waits) => "waits",
            Status::Void(why) => why.code(),
        }
    }

    /// Index of the other statement that made it so, if one did.
    pub fn by(&self) -> Option<u64> {
        match self {
            Status::Superseded(SupersededBy::Statement(by) | SupersededBy::Ruling(by)) => Some(*by),
            Status::Contested(Contest::Conflict(with)) => Some(*with),
            Status::Void(VoidReason::Duplicate { of }) => Some(*of),
            _ => None,
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
            Status::Contested(Contest::Waits) => {
                "a change of the register after polling opened waits for a ruling".to_owned()
            }
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
        let ruled = |by| Status::Superseded(SupersededBy::Ruling(by));
        let replaced = match (noted.kind, noted.station) {
            ("protocol", Some(station)) => return Some(self.status_of_protocol(station, index)),
            ("ruling", _) => match self.rulings().get(&index).map(|state| state.force) {
                Some(Force::Suspended(by) | Force::Reversed(by)) => Some(ruled(by)),
                _ => None,
            },
            ("lot", _) => self.effects().excluded(index).map(ruled),
            ("register", _) if self.ledger().register().is_waiting(index) => Some(Status::Contested(Contest::Waits)),
            ("copy", _) => self.replaced_copies.get(&index).map(|by| Status::Superseded(SupersededBy::Statement(*by))),
            _ => None,
        };
        let suspect = |ix: &KeyIx| self.ledger().keys().get(*ix).is_some_and(|key| key.is_suspect_at(index));
        Some(match replaced {
            Some(status) => status,
            None if noted.signer.iter().chain(&noted.cosigners).any(suspect) => Status::Contested(Contest::Suspect),
            None => Status::Effective,
        })
    }

    fn status_of_protocol(&self, station: StationIx, index: u64) -> Status {
        let claims = self.station(station).map_or(&[][..], |state| &state.claims);
        let at = claims.binary_search_by_key(&index, |claim| claim.index);
        let Some(claim) = at.ok().and_then(|at| claims.get(at)) else { return Status::Effective };
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
