//! recount-tally
