//! recount-log
