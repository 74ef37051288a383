//! The text as it is written, with places; checked into the public types by `check`.

pub(super) use recount_rulebook::*;

pub(super) use super::meaning::{known, one_of, one_of_or, ratio, seats, seats_at, share};
