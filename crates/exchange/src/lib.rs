//! recount-exchange
