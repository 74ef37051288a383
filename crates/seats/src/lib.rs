//! recount-seats
