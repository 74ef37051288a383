//! recount-record
