//! The fold: statements of a record in the order of the log, one at a time or in bulk, with the same answer.

mod contests;
mod events;
mod figures;
mod law;
mod rulings;

use std::collections::BTreeMap;

use recount_election::{Forms, StationIx, UnitIx};
use recount_log::Hash;
use recount_record::ledger::{Authority, KeyIx, Place, Signed};
use recount_record::{Entry, EntryError, Kind, Ledger, VoidReason};
use recount_seats::Rulebook;

pub use contests::{ColumnUse, ContestState};
pub use events::{Event, Events};

use crate::chronicle::Chronicle;
use crate::claim::{Claim, ContestIx, Slot, WordIx, Words};
use crate::declaration::DeclarationState;
use crate::effects::{Effects, RulingState};
use crate::totals::Totals;

/// Statements for which room is made at once, at most.
const MOST_ROOM: usize = 1 << 20;

/// Where the blobs that statements name are found: rulebook and forms.
pub trait Blobs {
    /// The blob with this SHA-256, or `None` where it is withheld or lost.
    fn blob(&self, hash: &Hash) -> Option<Vec<u8>>;
}

impl Blobs for BTreeMap<Hash, Vec<u8>> {
    fn blob(&self, hash: &Hash) -> Option<Vec<u8>> {
        self.get(hash).cloned()
    }
}

/// The law by which the record is counted, from some index on.
#[derive(Debug, Clone)]
pub struct Law {
    /// Index of the charter or ruling that put it in force.
    pub since: u64,
    /// The rulebook.
    pub rulebook: Rulebook,
    /// SHA-256 of its text.
    pub rulebook_hash: Hash,
    /// The protocol forms.
    pub forms: Forms,
}

/// What was filed for one station.
#[derive(Debug, Clone, Default)]
pub struct StationState {
    /// Authorised protocols, in order of index.
    pub claims: Vec<Claim>,
    /// Authorised copies, in order of index.
    pub copies: Vec<Claim>,
}

/// One statement as the fold remembers it.
#[derive(Debug, Clone, Default)]
pub struct Noted {
    /// The word of its kind; empty if it could not be read.
    pub kind: &'static str,
    /// Its first signer, where one is known.
    pub signer: Option<KeyIx>,
    /// Further signers, of statements that are not void.
    pub cosigners: Box<[KeyIx]>,
    /// The station that it is about, if one.
    pub station: Option<StationIx>,
    /// Why it has no effect.
    pub void: Option<Box<VoidReason>>,
}

/// The state of a record at a size: a pure function of its first `size` entries. A clone stays that state, however the
/// original goes on.
#[derive(Debug, Clone)]
pub struct Fold {
    pub(crate) ledger: Ledger,
    pub(crate) law: Option<Law>,
    pub(crate) laws: law::Laws,
    pub(crate) order: law::SourceOrder,
    pub(crate) contests: Vec<ContestState>,
    pub(crate) contest_index: BTreeMap<String, ContestIx>,
    pub(crate) sources: Words,
    pub(crate) parts: Words,
    pub(crate) stations: Vec<StationState>,
    pub(crate) noted: Vec<Noted>,
    pub(crate) rulings: BTreeMap<u64, RulingState>,
    pub(crate) effects: Effects,
    pub(crate) events: Events,
    pub(crate) declarations: Vec<DeclarationState>,
    /// The first declaration of a unit's result: after it, nobody below supersedes.
    pub(crate) declared: BTreeMap<(u16, ContestIx, UnitIx), u64>,
    pub(crate) totals: Option<Totals>,
    named_blobs: BTreeMap<Hash, u64>,
    /// Copies that a later one of the same signer replaced, with its index.
    pub(crate) replaced_copies: BTreeMap<u64, u64>,
    templates: figures::Templates,
    chronicle: Option<Box<Chronicle>>,
}

impl Fold {
    /// The fold of an empty record of this origin.
    pub fn new(origin: &str) -> Fold {
        Fold {
            ledger: Ledger::new(origin),
            law: None,
            laws: law::Laws::default(),
            order: law::SourceOrder::default(),
            contests: Vec::new(),
            contest_index: BTreeMap::new(),
            sources: Words::default(),
            parts: Words::default(),
            stations: Vec::new(),
            noted: Vec::new(),
            rulings: BTreeMap::new(),
            effects: Effects::default(),
            events: Events::default(),
            declarations: Vec::new(),
            declared: BTreeMap::new(),
            totals: None,
            named_blobs: BTreeMap::new(),
            replaced_copies: BTreeMap::new(),
            templates: figures::Templates::default(),
            chronicle: None,
        }
    }

    /// From now on the fold remembers what each statement did. To be asked of an empty fold: what was folded before is not told.
    #[must_use]
    pub fn keep_chronicle(mut self) -> Fold {
        self.chronicle.get_or_insert_with(|| Box::new(Chronicle::new()));
        self
    }

    /// What the record was like at every size, if this fold keeps it.
    pub fn chronicle(&self) -> Option<&Chronicle> {
        self.chronicle.as_deref()
    }

    /// Makes room for so many further statements, of a record whose size is known; within reason, for a size is but what
    /// somebody says.
    pub fn make_room(&mut self, statements: u64) {
        let statements = usize::try_from(statements).unwrap_or(MOST_ROOM).min(MOST_ROOM);
        self.noted.reserve(statements);
        self.stations.reserve(statements);
        self.ledger.make_room(statements);
    }

    /// How many statements were folded.
    pub fn size(&self) -> u64 {
        self.noted.len() as u64
    }

    /// Who may say what.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The law in force; `None` before the charter.
    pub fn law(&self) -> Option<&Law> {
        self.law.as_ref()
    }

    /// What was filed for a station.
    pub fn station(&self, station: StationIx) -> Option<&StationState> {
        self.stations.get(station.0 as usize)
    }

    /// Sources that any protocol named, in order of first appearance.
    pub fn sources(&self) -> &Words {
        &self.sources
    }

    /// Parts that any protocol named.
    pub fn parts(&self) -> &Words {
        &self.parts
    }

    /// Rulings by index.
    pub fn rulings(&self) -> &BTreeMap<u64, RulingState> {
        &self.rulings
    }

    /// What the rulings in force do.
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// Turnout, complaints, notes and lots.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Blobs that authorised statements name, each with the first statement that does.
    pub fn named_blobs(&self) -> &BTreeMap<Hash, u64> {
        &self.named_blobs
    }

    /// Every statement, in order.
    pub fn noted(&self) -> &[Noted] {
        &self.noted
    }

    /// Checks the signatures of an entry against the keys known now; see [`Ledger::signatures`].
    ///
    /// # Errors
    /// As there.
    pub fn signatures(&self, entry: &Entry<'_>, trusted: bool) -> Signed {
        self.ledger.signatures(entry, trusted)
    }

    /// Folds one entry, checking its signatures here.
    pub fn push(&mut self, entry: Result<Entry<'_>, EntryError>, blobs: &dyn Blobs) -> Option<&VoidReason> {
        let signed = match &entry {
            Ok(entry) => self.ledger.signatures(entry, false),
            Err(_) => Ok(Vec::new()),
        };
        self.push_signed(entry, signed, blobs)
    }

    /// Folds one entry whose signatures were checked against the keys known just before it. Returns why it is void, if it is.
    pub fn push_signed(
        &mut self,
        entry: Result<Entry<'_>, EntryError>,
        signed: Signed,
        blobs: &dyn Blobs,
    ) -> Option<&VoidReason> {
        match self.chronicle.take() {
            None => self.push_unseen(entry, signed, blobs),
            Some(mut chronicle) => {
                chronicle.push(self, entry, signed, blobs);
                self.chronicle = Some(chronicle);
                self.noted.last().and_then(|noted| noted.void.as_deref())
            }
        }
    }

    /// Folds one entry without telling the chronicle.
    pub(crate) fn push_unseen(
        &mut self,
        entry: Result<Entry<'_>, EntryError>,
        signed: Signed,
        blobs: &dyn Blobs,
    ) -> Option<&VoidReason> {
        let index = self.size();
        let (noted, verdict) = match entry {
            Err(why) => (Noted::default(), Err(VoidReason::Unreadable(why))),
            Ok(entry) => {
                let named = entry.lines.first().and_then(|line| self.ledger.keys().find(line.name())).map(|(ix, _)| ix);
                let kind = &entry.statement.kind;
                let mut noted = Noted { kind: kind.name(), signer: named, ..Noted::default() };
                let verdict = match self.ledger.apply(index, &entry, signed) {
                    Err(why) => {
                        noted.station = self.station_of(kind);
                        Err(why)
                    }
                    Ok(authority) => {
                        noted.station = match (kind, authority.place) {
                            (Kind::Protocol(_) | Kind::Copy(_), Place::Station(station)) => Some(station),
                            _ => self.station_of(kind),
                        };
                        if let Some((first, others)) = authority.signers.split_first() {
                            (noted.signer, noted.cosigners) = (Some(*first), others.into());
                        }
                        let verdict = self.take(index, &entry, authority, blobs);
                        if verdict.as_ref().is_err_and(VoidReason::lacks_signatures) {
                            self.ledger.forget(&entry.id);
                        }
                        verdict
                    }
                };
                (noted, verdict)
            }
        };
        self.noted.push(Noted { void: verdict.err().map(Box::new), ..noted });
        self.noted.last().and_then(|noted| noted.void.as_deref())
    }

    fn station_of(&self, kind: &Kind<'_>) -> Option<StationIx> {
        let id = match kind {
            Kind::Protocol(p) => &*p.station,
            Kind::Copy(c) => &*c.station,
            Kind::Turnout(t) => t.of.as_str(),
            Kind::Complaint(c) => match &c.about {
                recount_record::statement::About::Station { id, .. } => id.as_str(),
                _ => return None,
            },
            _ => return None,
        };
        self.ledger.register().geography().station_ix(id)
    }

    /// Takes an authorised statement into the count.
    fn take(
        &mut self,
        index: u64,
        entry: &Entry<'_>,
        authority: Authority,
        blobs: &dyn Blobs,
    ) -> Result<(), VoidReason> {
        match &entry.statement.kind {
            Kind::Charter(charter) => {
                let mut law = law::NewLaw::default();
                law.set_rulebook(charter.rulebook, blobs)?;
                law.set_forms(charter.forms, blobs)?;
                self.enter_law(index, law);
                self.choose_law()
            }
            Kind::Protocol(protocol) => self.take_protocol(index, protocol, authority),
            Kind::Copy(copy) => self.take_copy(index, copy, authority),
            Kind::Ruling(ruling) => self.take_ruling(index, ruling, &authority, blobs),
            Kind::Declaration(declaration) => self.take_declaration(index, declaration),
            Kind::Turnout(t) => {
                self.events.turnouts.push(Event { index, what: t.clone() });
                Ok(())
            }
            Kind::Complaint(c) => {
                self.events.complaints.push(Event { index, what: c.clone() });
                Ok(())
            }
            Kind::Note(n) => {
                self.events.notes.push(Event { index, what: n.clone() });
                Ok(())
            }
            Kind::Lot(lot) => {
                self.events.lots.push(Event { index, what: lot.clone() });
                Ok(())
            }
            Kind::Register(register) => {
                self.totals = None;
                self.refresh_lists(register)
            }
            Kind::Revocation(revocation) => {
                if revocation.suspect_from.is_some() {
                    // Coverage tells how many stations rest on suspect keys.
                    self.totals = None;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The units above a station, from the nearest up.
    pub(crate) fn units_above(&self, station: StationIx) -> impl Iterator<Item = UnitIx> + '_ {
        let geography = self.ledger.register().geography();
        let unit = geography.station(station).map(|s| s.unit);
        unit.into_iter().flat_map(move |unit| geography.ancestors(unit))
    }

    pub(crate) fn station_state_mut(&mut self, station: StationIx) -> &mut StationState {
        let at = station.0 as usize;
        if self.stations.len() <= at {
            self.stations.resize_with(at + 1, StationState::default);
        }
        &mut self.stations[at]
    }

    /// The place of an authorised statement about one station.
    fn placed(place: Place) -> Result<StationIx, VoidReason> {
        match place {
            Place::Station(station) => Ok(station),
            _ => Err(VoidReason::NotListed { what: "station", id: String::new() }),
        }
    }

    /// The word of a slot's source.
    pub fn source_name(&self, slot: Slot) -> &str {
        self.sources.get(slot.source)
    }

    /// The source by which the law decides.
    pub fn deciding_source(&self) -> Option<WordIx> {
        self.order.decides
    }
}
