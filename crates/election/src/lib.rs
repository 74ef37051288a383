//! recount-election
