//! Ranked ballots: small counts done by hand, an independent count per paper, properties, readers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[path = "ranked/by_hand.rs"]
mod by_hand;
#[path = "ranked/countback.rs"]
mod countback;
#[path = "ranked/properties.rs"]
mod properties;
#[path = "ranked/readers.rs"]
mod readers;
#[path = "ranked/reference.rs"]
mod reference;
#[path = "ranked/stage.rs"]
mod stage;
#[path = "ranked/support.rs"]
mod support;
#[path = "ranked/ties.rs"]
mod ties;
#[path = "shipped/wards.rs"]
mod wards;
