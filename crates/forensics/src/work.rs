//! Work in numbered pieces, so that whoever has several processors may use them.
//!
//! Every piece is a pure function of its number and results come back in the order of the numbers: the same bytes on
//! one thread or eight. This crate starts no threads itself.

/// Somebody who works off numbered pieces.
pub trait Workers: Sync {
    /// The results of pieces `0..count`, in their order.
    fn map<T: Send>(&self, count: usize, piece: &(dyn Fn(usize) -> T + Sync)) -> Vec<T>;
}

/// One piece after the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Workers for Alone {
    fn map<T: Send>(&self, count: usize, piece: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
        (0..count).map(piece).collect()
    }
}
