//! Pages from a result.
