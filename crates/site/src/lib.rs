//! Pages from a result: what is known, what it rests on, and how to check it.
//!
//! [`result_page`] turns a fold (a record at a size) into one static HTML page that reads without JavaScript; [`STYLESHEET`]
//! is the one file served beside it as `style.css`. It works for any election that the fold can count: with or without seats,
//! with one contest or many.
//!
//! It is deliberately not a second place where figures are made: every figure on the page comes from `recount-tally` and
//! `recount-seats`, and the page only checks, groups and words it. It does no I/O, knows no clock and no locale; the bytes
//! depend on the fold and the [`Frame`] alone. No share is printed without its denominator, and none at all if the invariants
//! of its base fail ([`invariants`]).
//!
//! Where things are: `page` is the order of the sections; one file per section below `sections`; `words` holds every English word
//! that a reader sees, so that translations replace one file.
//!
//! ```
//! use recount_site::{Frame, result_page};
//! use recount_tally::Fold;
//!
//! let fold = Fold::new("results.example.org/2027");
//! let page = result_page(&fold, &Frame::default());
//! assert!(page.starts_with("<!DOCTYPE html>"));
//! assert!(page.contains("The record has no charter yet"));
//! assert!(!page.contains("<script"));
//! ```

mod assets;
mod facts;
mod frame;
pub mod history;
pub mod invariants;
pub mod locale;
mod names;
mod number;
pub mod outlines;
mod page;
mod pages;
mod path;
mod sections;
mod site;
mod standing;
mod text;
mod touched;
mod words;

pub use assets::{asset, assets};
pub use frame::{Annex, Frame, Verified, Versions};
pub use page::{result_page, result_page_before};
pub use site::{Page, Site};
pub use standing::{State, annulled_whole_by, state};

/// The stylesheet that the page asks for as `style.css`, in the same folder.
pub const STYLESHEET: &str = include_str!("../assets/style.css");

/// A Content-Security-Policy under which the pages are complete: their own stylesheet, scripts and files and nothing else. The scripts
/// fetch the record from where they lie, and run the module that counts it a second time.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
