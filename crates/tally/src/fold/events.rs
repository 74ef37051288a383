//! What was said beside the figures of places: kept in order, shown, never added up.

use recount_record::statement::{Complaint, Lot, NoteStatement, Turnout};

/// A statement with its index.
#[derive(Debug, Clone)]
pub struct Event<T> {
    /// Index of the statement.
    pub index: u64,
    /// What it says.
    pub what: T,
}

/// Turnout, complaints, notes and lots in order of index.
#[derive(Debug, Clone, Default)]
pub struct Events {
    /// Turnout statements.
    pub turnouts: Vec<Event<Turnout>>,
    /// Complaints.
    pub complaints: Vec<Event<Complaint>>,
    /// Notes.
    pub notes: Vec<Event<NoteStatement>>,
    /// Lots drawn.
    pub lots: Vec<Event<Lot>>,
}
